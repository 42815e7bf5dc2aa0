import { describe, expect, it } from 'vitest';
import { ignoreEdit } from '../../../src/core/advice/ignore-edit.js';

function ignored(source: string, word: string): string {
  const { at, text } = ignoreEdit(source, source.indexOf(word), 'IS101');
  return source.slice(0, at) + text + source.slice(at);
}

describe('the comment that leaves a finding out', () => {
  it('comes behind the line', () => {
    expect(ignored('a = 1\ninit(w)  \nb = 2\n', 'init')).toBe('a = 1\ninit(w)  # initscope: ignore[IS101]  \nb = 2\n');
    expect(ignored('init(w)', 'init')).toBe('init(w)  # initscope: ignore[IS101]');
    expect(ignored('init(w)  # noqa\r\n', 'init')).toBe('init(w)  # noqa  # initscope: ignore[IS101]\r\n');
  });

  it('is added to one that is there', () => {
    expect(ignored('init(w)  # initscope: ignore[IS109]\n', 'init')).toBe(
      'init(w)  # initscope: ignore[IS109, IS101]\n',
    );
    expect(ignored("init('# initscope: ignore[]')\n", 'init')).toBe(
      "init('# initscope: ignore[]')  # initscope: ignore[IS101]\n",
    );
  });

  it('comes above a line that goes on behind a backslash', () => {
    expect(ignored('  init(w) + \\\n    1\n', 'init')).toBe('  # initscope: ignore[IS101]\n  init(w) + \\\n    1\n');
  });
});
