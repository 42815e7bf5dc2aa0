import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseModule, type ast } from '../../../../src/core/python/syntax/index.js';
import { outlineOf } from '../../../../src/core/python/syntax/outline.js';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const files = ['src/core/frameworks/torch/library', 'examples', 'test/golden/models'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('.py') && f !== 'syntax_error.py')
    .map((f) => path.join(folder, f)),
);

/** The tree as plain data, with every docstring that an outline leaves out emptied. */
function plain(text: string, outline: boolean): unknown {
  return JSON.parse(
    JSON.stringify(parseModule(text, { outline }).module.body, (key, value: unknown) =>
      key === 'value' && typeof value === 'string' && value.length > 40 ? '' : value,
    ),
  );
}

const BODY = 'print("a body that is long enough to be worth leaving out of an outline")';

describe('an outline', () => {
  it.each(files)('%s: gives the same tree as the whole', (file) => {
    const text = readFileSync(path.join(root, file), 'utf8');
    expect(plain(text, true)).toEqual(plain(text, false));
  });

  const cases: Readonly<Record<string, string>> = {
    'decorators, defaults and annotations': `@a(1)\ndef f(x: int = 2, *, y=3) -> str:\n    ${BODY}\n    return x\n`,
    'methods and private names': `class A:\n    def __f(self):\n        self.__x = 1\n        ${BODY}\n\n    def g(self):\n        return self.__x\n`,
    'async functions and nested ones': `async def f():\n  def g():\n    return 1\n  ${BODY}\n  return await g()\n`,
    generators: `def f():\n    ${BODY}\n    yield 1\n\ndef g():\n    ${BODY}\n    return (yield)\n`,
    'line ends of Windows': `class A:\r\n    def f(self):\r\n        ${BODY}\r\n        return 1\r\n\r\n    x = 1\r\n`,
    tabs: `class A:\n\tdef f(self):\n\t\t${BODY}\n\t\treturn 1\n\tx = 1\n`,
    'comments between and at odd places': `def f():\n# ${BODY}\n    # ${BODY}\n    ${BODY}\n  # ${BODY}\n    return 1\n# ${BODY}\nx = 1\n`,
    'strings over several lines': `def f():\n    x = """\ndef g():\n    ${BODY}\n"""\n    return x\n\ny = """\n${BODY} """ + "a"\n`,
    'a header over several lines': `def f(\n    a,\n    b=(1,\n2),\n):  # ${BODY}\n    ${BODY}\n    return a\nx = f(1)\n`,
    'both sides of a condition': `if a:\n    def f():\n        ${BODY}\nelse:\n    def f():\n        ${BODY}\n        return 2\n`,
    'nothing after the last body': `def f():\n    ${BODY}\n    return 1`,
    'bodies on the line of the header': `def f(): ${BODY}\nclass A: pass\n`,
    'characters outside of ASCII': `# ünïcödé ${BODY}\ndef f():\n    ${BODY}\n    return "ü"\n\nzwölf = "𝔘" + f()\n`,
  };
  it.each(Object.entries(cases))('%s', (_, text) => {
    expect(plain(text, true)).toEqual(plain(text, false));
  });

  it('leaves out bodies, docstrings and comments', () => {
    const doc = '"""Some words that say what this is about, at length, as one does."""';
    const text = `${doc}\n# ${BODY}\nclass A:\n    ${doc}\n\n    def f(self):\n        ${doc}\n        ${BODY}\n`;
    expect(outlineOf(text)?.text).toBe('""\nclass A:\n    ""\n\n    def f(self):\n        0\n');
  });

  it('says where a body does not parse, when somebody asks for it', () => {
    const text = `def f():\n    ${BODY}\n    x = = 1\n\ndef g():\n    return 1\n`;
    const { module, problems } = parseModule(text, { outline: true });
    expect(problems).toEqual([]);
    const [f, g] = module.body as ast.FunctionDef[];
    expect(f?.body).toMatchObject([{ type: 'Broken', start: text.indexOf('print'), end: text.indexOf('\n\ndef g') }]);
    expect(g?.body).toMatchObject([{ type: 'Return' }]);
  });

  it('gives way to the careful reading where the rest does not parse', () => {
    const text = `def f():\n    ${BODY}\n    return 1\n\nx = = 1\n`;
    const { module, problems } = parseModule(text, { outline: true });
    expect(problems).toHaveLength(1);
    expect(module.body.map((s) => s.type)).toEqual(['FunctionDef', 'Broken']);
  });
});
