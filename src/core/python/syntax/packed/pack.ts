import type * as ast from '../ast.js';
import { parseModule } from '../parse.js';
import { DIGITS, TAG, type PackedModule, type Shape } from './format.js';

/** What a tree is made of, seen as plain data. */
type Plain = null | boolean | number | bigint | string | readonly Plain[] | { readonly [key: string]: Plain };

/** Packs a module that parses without problems; throws on any other. Runs when InitScope is built. */
export function packModule(source: string): PackedModule {
  const { module, problems, lines } = parseModule(source);
  if (problems[0]) throw new Error(`line ${lines.lineAt(problems[0].start)}: ${problems[0].message}`);
  const packer = new Packer();
  const code = packer.pack(module.body as unknown as Plain);
  let deltas = '';
  for (let line = 2; line <= lines.lineCount; line++)
    deltas += digits(lines.lineStart(line) - lines.lineStart(line - 1));
  return {
    length: source.length,
    lines: deltas,
    names: topLevelNames(module.body),
    strings: packer.strings,
    shapes: packer.shapes,
    code,
  };
}

/** Names that a module's definitions and assignments bind; imports are not the module's own. */
function topLevelNames(body: readonly ast.Statement[]): string[] {
  const names = new Set<string>();
  for (const s of body) {
    if (s.type === 'ClassDef' || s.type === 'FunctionDef') names.add(s.name);
    else if (s.type === 'AnnAssign' && s.target.type === 'Name') names.add(s.target.id);
    else if (s.type === 'Assign')
      for (const target of s.targets)
        for (const t of target.type === 'Tuple' ? target.elements : [target]) if (t.type === 'Name') names.add(t.id);
  }
  return [...names];
}

class Packer {
  readonly strings: string[] = [];
  readonly shapes: Shape[] = [];
  private readonly stringIds = new Map<string, number>();
  private readonly shapeIds = new Map<string, number>();
  private lastStart = 0;

  pack(value: Plain): string {
    if (value === null) return digits(TAG.null);
    if (typeof value === 'boolean') return digits(value ? TAG.true : TAG.false);
    if (typeof value === 'string') return digits(TAG.text) + this.text(value);
    if (typeof value === 'number') return digits(TAG.number) + this.text(String(value));
    if (typeof value === 'bigint') return digits(TAG.bigint) + this.text(String(value));
    if (isList(value)) return digits(TAG.list) + digits(value.length) + value.map((v) => this.pack(v)).join('');
    return this.object(value);
  }

  private object(node: Readonly<Record<string, Plain>>): string {
    const type = typeof node['type'] === 'string' ? node['type'] : null;
    // A key without a value is as good as absent.
    const keys = Object.keys(node).filter((key) => key !== 'type' && node[key] !== undefined);
    let code = digits(TAG.shape + this.shape(type, keys));
    for (const key of keys) {
      const value = node[key]!;
      if (key === 'start') {
        code += digits(folded(Number(value) - this.lastStart));
        this.lastStart = Number(value);
      } else if (key === 'end') code += digits(Number(value) - Number(node['start']));
      else code += type === 'FunctionDef' && key === 'body' ? this.later(value) : this.pack(value);
    }
    return code;
  }

  /** What follows does not depend on whether the value has been read. */
  private later(value: Plain): string {
    const around = this.lastStart;
    const code = this.pack(value);
    this.lastStart = around;
    return digits(TAG.later) + digits(code.length) + digits(around) + code;
  }

  private text(value: string): string {
    return digits(index(this.stringIds, value, () => this.strings.push(value)));
  }

  private shape(type: string | null, keys: readonly string[]): number {
    return index(this.shapeIds, `${String(type)}:${keys.join()}`, () => this.shapes.push({ type, keys }));
  }
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}

/** 0, −1, 1, −2, … become 0, 1, 2, 3, … */
function folded(n: number): number {
  return n < 0 ? -2 * n - 1 : 2 * n;
}

function index(ids: Map<string, number>, key: string, add: () => number): number {
  let id = ids.get(key);
  if (id === undefined) ids.set(key, (id = add() - 1));
  return id;
}

function digits(n: number): string {
  let rest = n;
  let out = '';
  while (rest >= 32) {
    out += DIGITS[(rest & 31) | 32]!;
    rest >>>= 5;
  }
  return out + DIGITS[rest]!;
}
