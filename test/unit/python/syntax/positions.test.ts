import { describe, expect, it } from 'vitest';
import { LineIndex, parseExpression, parseModule } from '../../../../src/core/python/syntax/index.js';
import { nodesOf } from './walk.js';

const SOURCE = `# Modell für Ähnlichkeit 🙂
from größe import Maß as M, x

@dekoriert(M)
class Netz(nn.Module, metaclass=M):  # 模型
    """Über 🙂 etwas"""

    def __init__(self, größe: int = 3, *args, **kw) -> None:
        self.α = nn.Linear(größe, x); y = f"é{self.α!r:>{größe}}🙂{x}" + M
        名前 = {"ключ": x, **kw}; z = 名前["ключ"]
        text = """é
🙂 mehr""" + y; print(text, "é", z)

    async def forward(self, x):
        return [await self.α(ü) for ü in x if ü]
`;

function checkPlaces(text: string): number {
  const { module, problems } = parseModule(text);
  expect(problems).toEqual([]);
  let names = 0;
  for (const node of nodesOf(module.body)) {
    const slice = text.slice(node.start, node.end);
    expect(node.end).toBeGreaterThanOrEqual(node.start);
    if (node.type === 'Name') {
      expect(slice).toBe(node['id']);
      names++;
    }
    if (node.type === 'Attribute') expect(slice.endsWith(String(node['attr']))).toBe(true);
    if (node.type === 'FunctionDef' || node.type === 'ClassDef') {
      const range = node['nameRange'] as { start: number; end: number };
      expect(text.slice(range.start, range.end)).toBe(node['name']);
    }
  }
  return names;
}

describe('places', () => {
  it('of names are where their text is', () => {
    expect(checkPlaces(SOURCE)).toBe(29);
  });
  it('hold with other line ends', () => {
    checkPlaces(SOURCE.replaceAll('\n', '\r\n'));
    checkPlaces(SOURCE.replaceAll('\n', '\r'));
  });
  it('hold after a byte order mark and form feeds', () => {
    checkPlaces(`\ufeff${SOURCE}`);
    checkPlaces(SOURCE.replaceAll('\n\n', '\n\f\n').replace('    async', '\f    async'));
    checkPlaces('def f():\n  x\n  \f  y\n\fz = x\f+ y\n');
  });
  it('hold with tabs', () => {
    checkPlaces(SOURCE.replaceAll('    ', '\t'));
  });
  it('of names on the far side of a continued line', () => {
    const text = 'async \\\n  def \\\n  f(): pass\nclass \\\r\n A: pass\n';
    checkPlaces(text);
  });
  it('in a file with broken statements are those of the file', () => {
    const text = SOURCE.replace('y = f', 'y = = f').replace('import Maß', 'import 1');
    const { module, problems } = parseModule(text);
    expect(problems.length).toBe(2);
    for (const node of nodesOf(module.body)) {
      if (node.type === 'Name') expect(text.slice(node.start, node.end)).toBe(node['id']);
    }
    expect(problems.map(({ start, end }) => text.slice(start, end))[0]).toContain('1 as M');
  });
  it('lie within those of their parents', () => {
    const text = 'class A:\n  def f(self):\n    x\n    y = (1,\n  def g(self):\n    if a b:\n       c\n';
    const check = (value: unknown, start: number, end: number): void => {
      if (Array.isArray(value)) for (const item of value) check(item, start, end);
      else if (typeof value === 'object' && value !== null) {
        const [own] = nodesOf({ ...value });
        if (own && 'start' in value) {
          expect(own.start).toBeGreaterThanOrEqual(start);
          expect(own.end).toBeLessThanOrEqual(end);
        }
        for (const field of Object.values(value)) check(field, own?.start ?? start, own?.end ?? end);
      }
    };
    check(parseModule(text).module, 0, text.length);
  });
});

describe('names in compatibility form', () => {
  it('are compared in normal form KC', () => {
    const { expression } = parseExpression('ﬁ');
    expect(expression).toMatchObject({ type: 'Name', id: 'fi', start: 0, end: 1 });
  });
});

describe('LineIndex', () => {
  const text = 'a\nbé\r\n🙂c\rd\n';
  const lines = new LineIndex(text);
  it('finds lines and columns', () => {
    expect(lines.lineCount).toBe(5);
    const places = [0, 1, 2, 4, 6, 8, 9, 10].map((o) => `${lines.lineAt(o)},${lines.columnAt(o)}`);
    expect(places.join(' ')).toBe('1,0 1,1 2,0 2,2 3,0 3,2 3,3 4,0');
    expect(lines.lineAt(text.length)).toBe(5);
    expect(lines.lineEnd(2)).toBe(4);
  });
  it('turns UTF-8 columns into offsets', () => {
    expect(lines.offsetAt(1, 1)).toBe(1);
    expect(lines.offsetAt(2, 3)).toBe(4);
    expect(lines.offsetAt(3, 4)).toBe(text.indexOf('c'));
    expect(lines.offsetAt(4, 0)).toBe(text.indexOf('d'));
    expect(lines.offsetAt(9, 0)).toBe(text.length);
    expect(lines.offsetAt(1, 99)).toBeLessThanOrEqual(text.length);
  });
  it('counts a lone surrogate as three bytes', () => {
    expect(new LineIndex('\ud800x').offsetAt(1, 3)).toBe(1);
  });
});
