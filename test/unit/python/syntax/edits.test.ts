import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseModule, type ast } from '../../../../src/core/python/syntax/index.js';

const COUNT = 8;

/** A file of classes with docstrings, calls over several lines and functions between them. */
const PARTS = Array.from({ length: COUNT }, (_, i) =>
  i % 3 === 2
    ? `def build${i}(width=${i}):\n    layers = [\n        nn.Linear(width, 1),\n    ]\n    return Net${i - 1}(*layers)\n\n\n`
    : `@register("n${i}")\nclass Net${i}(nn.Module):\n    """Net ${i}: it's one."""\n\n` +
      `    def __init__(self, width: int = ${i}):\n        super().__init__()\n` +
      `        self.a = nn.Linear(\n            width, {"k": ${i}}["k"],\n        )\n        if width > 1:\n            self.b = f"{width!r}"\n` +
      `\n    def forward(self, x):\n        """Runs."""\n        return self.a(x)\n\n\n`,
);
const SOURCE = PARTS.join('');
const PIECES = [
  '(',
  ')',
  '[',
  '}',
  '"',
  "'",
  '"""',
  '\n',
  '    ',
  ':',
  '=',
  '.',
  '\\',
  '#',
  'def ',
  'class X',
  '@',
  'é',
  '\0',
  'if a',
  'else:',
  ',',
];

function definitions(body: readonly ast.Statement[]): string[] {
  return body.flatMap((s) => {
    if (s.type === 'FunctionDef') return [s.name];
    return s.type === 'ClassDef' ? [s.name, ...definitions(s.body).map((name) => `${s.name}.${name}`)] : [];
  });
}

function partAt(offset: number): number {
  let end = 0;
  return PARTS.findIndex((part) => offset < (end += part.length));
}

const edit = fc.record({
  at: fc.integer({ min: 0, max: SOURCE.length - 1 }),
  remove: fc.integer({ min: 0, max: 3 }),
  insert: fc.constantFrom('', ...PIECES),
});

describe('a file with random edits', () => {
  it('is always read, whatever the text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc
        .array(fc.constantFrom(...PIECES, 'x', ' ', '\t', 'return', 'f"{', '%', '\r'), { maxLength: 60 })
        .map((p) => p.join('')),
    );
    fc.assert(
      fc.property(text, fc.boolean(), (source, magics) => {
        const { module, problems } = parseModule(source, { magics });
        for (const { start, end } of [...module.body, ...problems]) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(source.length);
        }
      }),
      { numRuns: 800 },
    );
  });

  it('keeps the definitions away from the edit', () => {
    const whole = parseModule(SOURCE);
    expect(whole.problems).toEqual([]);
    const all = definitions(whole.module.body);
    fc.assert(
      fc.property(edit, ({ at, remove, insert }) => {
        const found = new Set(
          definitions(parseModule(SOURCE.slice(0, at) + insert + SOURCE.slice(at + remove)).module.body),
        );
        const near = new Set([partAt(at), partAt(Math.min(at + remove, SOURCE.length - 1))]);
        const lost = all.filter((name) => !found.has(name) && !near.has(Number(/\d+/.exec(name)?.[0])));
        expect(lost).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('keeps the other methods of the class', () => {
    const source = PARTS[0]! + PARTS[1]!;
    const at = source.indexOf('super()');
    for (const insert of [
      '(',
      ')',
      '[',
      '"',
      'x = ',
      'if',
      '.',
      'self.c = nn.\n        ',
      '"""',
      'def ',
      '= = 1\n        ',
    ]) {
      const found = definitions(parseModule(source.slice(0, at) + insert + source.slice(at)).module.body);
      expect(found, insert).toEqual(
        expect.arrayContaining(['Net0', 'Net0.forward', 'Net1', 'Net1.__init__', 'Net1.forward']),
      );
    }
  });
});
