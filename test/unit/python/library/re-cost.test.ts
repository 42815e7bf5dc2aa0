import { describe, expect, it } from 'vitest';
import { isExplosive } from '../../../../src/core/python/library/modules/re-cost.js';

describe('patterns that may take exponential time', () => {
  it.each(['(a+)+$', '(?:x+x+)+y', '((a|aa)+)+$', '(\\w*)*!', '([a-z]+){2,}', '(?P<n>(\\d+)+)x'.replace('?P', '?')])(
    '%s',
    (pattern) => {
      expect(isExplosive(pattern)).toBe(true);
    },
  );

  it.each([
    'a+b*',
    '(?:\\w+\\.)*\\w+',
    '(blocks|layers)\\.(\\d+)',
    '[(a+)+]',
    '^(\\d+)(?:-(\\d+))?$',
    '(ab)+',
    '\\(a+\\)+',
  ])('not %s', (pattern) => {
    expect(isExplosive(pattern)).toBe(false);
  });
});
