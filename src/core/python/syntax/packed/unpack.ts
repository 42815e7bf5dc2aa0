import type { FunctionDef, Statement } from '../ast.js';
import { withLazyBody } from '../lazy-body.js';
import { DIGITS, TAG, type PackedModule } from './format.js';

const VALUES = new Uint8Array(128);
for (let i = 0; i < DIGITS.length; i++) VALUES[DIGITS.charCodeAt(i)] = i;

/** The statements of a packed module. */
export function unpackStatements(module: PackedModule): readonly Statement[] {
  return new Unpacker(module, 0, 0).value() as readonly Statement[];
}

/** Offsets of a packed module's lines, the first included. */
export function unpackLines(module: PackedModule): number[] {
  const reader = new Digits(module.lines, 0);
  const starts = [0];
  while (!reader.done) starts.push(starts[starts.length - 1]! + reader.next());
  return starts;
}

class Digits {
  constructor(
    private readonly code: string,
    protected at: number,
  ) {}

  get done(): boolean {
    return this.at >= this.code.length;
  }

  next(): number {
    let result = 0;
    let shift = 0;
    for (;;) {
      const digit = VALUES[this.code.charCodeAt(this.at++)]!;
      if (digit < 32) return result | (digit << shift);
      result |= (digit & 31) << shift;
      shift += 5;
    }
  }
}

class Unpacker extends Digits {
  constructor(
    private readonly module: PackedModule,
    at: number,
    private lastStart: number,
  ) {
    super(module.code, at);
  }

  value(): unknown {
    const tag = this.next();
    switch (tag) {
      case TAG.null:
        return null;
      case TAG.true:
        return true;
      case TAG.false:
        return false;
      case TAG.text:
        return this.module.strings[this.next()];
      case TAG.number:
        return Number(this.module.strings[this.next()]);
      case TAG.bigint:
        return BigInt(this.module.strings[this.next()]!);
      case TAG.list:
        return this.list();
      default:
        return this.node(tag - TAG.shape);
    }
  }

  private list(): unknown[] {
    const length = this.next();
    const items: unknown[] = [];
    for (let i = 0; i < length; i++) items.push(this.value());
    return items;
  }

  private node(shape: number): Record<string, unknown> {
    const { type, keys } = this.module.shapes[shape]!;
    const node: Record<string, unknown> = type === null ? {} : { type };
    for (const key of keys) {
      if (key === 'start') {
        const n = this.next();
        this.lastStart += (n & 1) === 1 ? -((n + 1) >> 1) : n >> 1;
        node['start'] = this.lastStart;
      } else if (key === 'end') node['end'] = (node['start'] as number) + this.next();
      else if (key === 'body' && type === 'FunctionDef') this.later(node);
      else node[key] = this.value();
    }
    return node;
  }

  /** A function's body is read when somebody looks at it. */
  private later(node: Record<string, unknown>): void {
    this.next();
    const length = this.next();
    const around = this.next();
    const { module, at } = this;
    this.at += length;
    withLazyBody(
      node as unknown as FunctionDef,
      () => new Unpacker(module, at, around).value() as readonly Statement[],
    );
  }
}
