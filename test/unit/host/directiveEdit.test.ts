import { describe, expect, it } from 'vitest';
import { directiveEdit } from '../../../src/host/directiveEdit.js';
import type { Answer } from '../../../src/protocol/question.js';

function written(text: string, answer: Answer, { about = 'Net(width)', eol = '\n' } = {}): string {
  const edit = directiveEdit(text, about, answer, eol);
  return text.slice(0, edit.start) + edit.text + text.slice(edit.end);
}

const answer = { entry: 'Net(64)', input: '8, 64' };

describe('a new directive', () => {
  it('stands at the top', () => {
    expect(written('import torch\n', answer)).toBe('# initscope: entry=Net(64) input=8,64\nimport torch\n');
    expect(written('', answer)).toBe('# initscope: entry=Net(64) input=8,64\n');
  });

  it('stands behind what must come first', () => {
    const head = '#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n# A license.\n\n"""The model.\n\nIn two lines."""\n';
    expect(written(`${head}import torch\n`, answer)).toBe(
      `${head}# initscope: entry=Net(64) input=8,64\nimport torch\n`,
    );
    expect(written('"""Only this."""', answer)).toBe('"""Only this."""\n# initscope: entry=Net(64) input=8,64\n');
    expect(written('# A license.\nimport torch\n', answer)).toBe(
      '# initscope: entry=Net(64) input=8,64\n# A license.\nimport torch\n',
    );
  });

  it('keeps the line ends of the file', () => {
    expect(written("'''Doc.'''\r\nx = 1\r\n", answer, { eol: '\r\n' })).toBe(
      "'''Doc.'''\r\n# initscope: entry=Net(64) input=8,64\r\nx = 1\r\n",
    );
  });
});

describe('a directive that is there', () => {
  it('is replaced when it speaks of the same model, and keeps its setup', () => {
    expect(
      written('x = 1\r\n  # initscope: entry=Net(1, input=3) setup=a = 2\r\ny = 2\r\n', answer, { eol: '\r\n' }),
    ).toBe('x = 1\r\n  # initscope: entry=Net(64) input=8,64 setup=a = 2\r\ny = 2\r\n');
    expect(written('# initscope: input=1,3\n', { input: '1,4' })).toBe('# initscope: input=1,4\n');
    expect(written('# initscope: entry=m.Net(2)\n', { input: '1,4' }, { about: 'm.Net(2)' })).toBe(
      '# initscope: entry=m.Net(2) input=1,4\n',
    );
  });

  it('stays, with one more below it, when it speaks of another', () => {
    expect(written('# initscope: entry=Other(1)\nimport torch\n', answer)).toBe(
      '# initscope: entry=Other(1)\n# initscope: entry=Net(64) input=8,64\nimport torch\n',
    );
  });

  it('loses its input when the answer has none', () => {
    expect(written('# initscope: entry=Net(1) input=1,2\n', { entry: 'Net(2)' })).toBe('# initscope: entry=Net(2)\n');
  });
});
