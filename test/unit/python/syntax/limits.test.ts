import { describe, expect, it } from 'vitest';
import { parseExpression, parseModule, parseStatements } from '../../../../src/core/python/syntax/index.js';

describe('parseModule', () => {
  it('gives an empty module for an empty file', () => {
    for (const text of ['', '\n', '# comment', '\ufeff', '  \n\t\n']) {
      expect(parseModule(text)).toMatchObject({ module: { body: [], start: 0, end: text.length }, problems: [] });
    }
  });
  it('does not read a file beyond the limit', () => {
    const { module, problems } = parseModule('x = 1\n', { limit: 3 });
    expect(module.body).toEqual([]);
    expect(problems).toMatchObject([{ message: 'The file is larger than 0 KB and is not read' }]);
    const big = parseModule('#'.repeat(2 * 1024 * 1024 + 1));
    expect(big.problems[0]?.message).toBe('The file is larger than 2 MB and is not read');
  });
  it('survives deep nesting', () => {
    const deep = `${'('.repeat(20_000)}1${')'.repeat(20_000)}`;
    const { module, problems } = parseModule(`a = 1\nx = ${deep}\ndef f():\n    y = ${deep}\n    z = 1\n`);
    expect(problems.map((problem) => problem.message)).toEqual(Array(2).fill('Nested too deeply to be read'));
    expect(module.body).toMatchObject([
      { type: 'Assign' },
      { type: 'Broken', defines: 'x' },
      { type: 'FunctionDef', body: [{ type: 'Broken', defines: 'y' }, { type: 'Assign' }] },
    ]);
  });
  it('takes embedded data out of a big file', () => {
    const text = `a = 1\nDATA = [${'1234567, '.repeat(60_000)}]\ndef f(): pass\n`;
    const { module, problems } = parseModule(text);
    expect(module.body.map((s) => s.type)).toEqual(['Assign', 'Broken', 'FunctionDef']);
    expect(problems[0]?.message).toMatch(/^Data of \d+ KB is not read$/);
    expect(text.slice(module.body[2]?.start)).toBe('def f(): pass\n');
    const alsoBroken = parseModule(`${text}z = = 1\n`);
    expect(alsoBroken.module.body).toMatchObject([{}, { defines: 'DATA' }, {}, { type: 'Broken', defines: 'z' }]);
    expect(alsoBroken.problems.length).toBe(2);
  });
  it('refuses null bytes', () => {
    const { module, problems } = parseModule('x = \0\ny = 1\n');
    expect(problems).toMatchObject([{ message: 'Unexpected character U+0000', start: 4 }]);
    expect(module.body).toMatchObject([{ type: 'Broken', defines: 'x' }, { type: 'Assign' }]);
  });
  it('names the place of an error', () => {
    const text = 'def f():\n    é = g(1, 2 3)\n';
    const [problem] = parseModule(text).problems;
    expect(text.slice(problem?.start, problem?.end)).toBe('3)');
  });
});

describe('parseExpression', () => {
  it('reads one expression', () => {
    expect(parseExpression(' a + 1 ').expression).toMatchObject({ type: 'BinOp', start: 1, end: 6 });
    expect(parseExpression('a\n+ b').expression).toMatchObject({ type: 'BinOp', start: 0, end: 5 });
    expect(parseExpression('a, b').expression).toMatchObject({ type: 'Tuple' });
  });
  it('refuses anything else', () => {
    for (const text of ['', 'x = 1', 'a; b', 'a b', 'é é', 'a\nb', 'pass', '(', '('.repeat(50_000)]) {
      const { expression, problem } = parseExpression(text);
      expect(expression).toBeUndefined();
      expect(problem?.message).toBeTruthy();
    }
    expect(parseExpression('é é').problem).toMatchObject({ start: 2, end: 3 });
  });
});

describe('parseStatements', () => {
  it('reads statements', () => {
    expect(parseStatements('x = 1\ny')).toMatchObject({
      statements: [{ type: 'Assign' }, { type: 'Expr' }],
      problems: [],
    });
    expect(parseStatements('!ls\nx', { magics: true })).toMatchObject({ statements: [{ type: 'Expr' }], problems: [] });
  });
});
