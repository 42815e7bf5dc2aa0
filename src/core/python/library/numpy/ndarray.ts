import type { KnownDistribution } from '../../../model/distribution.js';
import { touch, type Mutable } from '../../values/journal.js';
import type { Runtime } from '../../values/runtime.js';
import type { ClassValue } from '../../values/index.js';
import { List, NativeObject, Unknown, type Value } from '../../values/index.js';
import { type DType, scalar, type Kind } from './dtypes.js';

/** Arrays with more entries than this are known by their shape alone. */
export const MAX_ENTRIES = 1_000_000;

/** Attributes and operators of arrays, filled by protocol.ts (kept apart so that this file needs no operation). */
export interface ArrayProtocol {
  getAttribute(array: NdArray, name: string, runtime: Runtime): Value | undefined;
  getItem(array: NdArray, index: Value, runtime: Runtime): Value;
  setItem(array: NdArray, index: Value, value: Value, runtime: Runtime): void;
  binary(op: string, array: NdArray, other: Value, reflected: boolean, runtime: Runtime): Value | undefined;
  unary(op: '-' | '+' | '~', array: NdArray, runtime: Runtime): Value;
  readonly cls: ClassValue;
}
let protocol: ArrayProtocol;
export function setArrayProtocol(p: ArrayProtocol): void {
  protocol = p;
}

/** What is known of entries that aren't computed. */
export interface Lack {
  readonly why: Unknown;
  /** Set for random arrays: the distribution that every entry is drawn from. */
  readonly distribution?: KnownDistribution | undefined;
}

/**
 * A numpy array: real numbers, row by row, or, for what is large or random, the shape with the reason why the
 * entries aren't known. Slices are copies: writing to one doesn't change the array that it was taken from.
 */
export class NdArray extends NativeObject implements Mutable {
  readonly typeName = 'ndarray';
  constructor(
    readonly shape: readonly number[],
    public data: readonly number[] | null,
    readonly dtype: DType,
    readonly lack: Lack | null = null,
  ) {
    super();
  }

  get kind(): Kind {
    return this.dtype.kind;
  }
  get size(): number {
    return count(this.shape);
  }
  get distribution(): KnownDistribution | undefined {
    return this.lack?.distribution;
  }
  /** One entry, as Python sees it. */
  entry(at: number, runtime: Runtime): Value {
    if (this.data) return scalar(this.data[at] ?? NaN, this.kind);
    return (this.lack?.why ?? runtime.unknown('the entries of this array are not known')).as('array[…]');
  }
  set(data: readonly number[]): void {
    touch(this);
    this.data = data;
  }
  save(): () => void {
    const { data } = this;
    return () => {
      this.data = data;
    };
  }

  override getAttribute(name: string, runtime: Runtime): Value | undefined {
    return protocol.getAttribute(this, name, runtime);
  }
  override getItem(index: Value, runtime: Runtime): Value {
    return protocol.getItem(this, index, runtime);
  }
  override setItem(index: Value, value: Value, runtime: Runtime): boolean {
    protocol.setItem(this, index, value, runtime);
    return true;
  }
  override binary(op: string, other: Value, reflected: boolean, runtime: Runtime): Value | undefined {
    return protocol.binary(op, this, other, reflected, runtime);
  }
  override unary(op: '-' | '+' | '~', runtime: Runtime): Value {
    return protocol.unary(op, this, runtime);
  }
  override *iterate(runtime: Runtime): Iterable<Value> {
    if (this.shape.length === 0) runtime.raise('TypeError', 'iteration over a 0-d array');
    for (let i = 0; i < (this.shape[0] ?? 0); i++) yield this.row(i, runtime);
  }
  /** `a[i]` for 0 ≤ i < length. */
  row(i: number, runtime: Runtime): Value {
    const rest = this.shape.slice(1);
    if (rest.length === 0) return this.entry(i, runtime);
    const size = count(rest);
    return new NdArray(rest, this.data?.slice(i * size, (i + 1) * size) ?? null, this.dtype, this.lack);
  }
  override length(runtime: Runtime): Value {
    return this.shape[0] ?? runtime.raise('TypeError', 'len() of unsized object');
  }
  override truth(runtime: Runtime): boolean | Unknown {
    if (this.size === 0) return false;
    if (this.size > 1)
      runtime.raise(
        'ValueError',
        'The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()',
      );
    const entry = this.entry(0, runtime);
    return entry instanceof Unknown ? entry : this.data?.[0] !== 0;
  }
  override classOf(): ClassValue {
    return protocol.cls;
  }
  override repr(runtime: Runtime): string {
    if (!this.data || this.size > 1000)
      return `array(shape=(${this.shape.join(', ')}${this.shape.length === 1 ? ',' : ''}))`;
    const pad = ' '.repeat('array('.length);
    return `array(${nested(this, runtime, pad)})`;
  }
}

export function count(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** Entries as nested lists: `tolist()`. */
export function toLists(array: NdArray, runtime: Runtime): Value {
  if (array.shape.length === 0) return array.entry(0, runtime);
  return new List(
    Array.from({ length: array.shape[0] ?? 0 }, (_, i) => {
      const row = array.row(i, runtime);
      return row instanceof NdArray ? toLists(row, runtime) : row;
    }),
  );
}

function nested(array: NdArray, runtime: Runtime, pad: string): string {
  if (array.shape.length === 0) return runtime.repr(array.entry(0, runtime)).replace(/\.0$/, '.');
  const rows = Array.from({ length: array.shape[0] ?? 0 }, (_, i) => {
    const row = array.row(i, runtime);
    return row instanceof NdArray ? nested(row, runtime, `${pad} `) : runtime.repr(row).replace(/\.0$/, '.');
  });
  return `[${rows.join(array.shape.length === 1 ? ', ' : `,\n${pad} `)}]`;
}

/** An array, or the plain number when it has no axes: numpy's scalars are Python's numbers here. */
export function result(
  shape: readonly number[],
  data: readonly number[] | null,
  type: DType,
  lack: Lack | null,
  runtime: Runtime,
): Value {
  if (shape.length > 0) return new NdArray(shape, data, type, lack);
  if (data) return scalar(data[0] ?? NaN, type.kind);
  return (lack?.why ?? runtime.unknown('the entries of this array are not known')).as('array[…]');
}
