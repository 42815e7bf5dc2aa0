import {
  BoundMethod,
  Float,
  Instance,
  List,
  PyObject,
  Range,
  Tuple,
  Unknown,
  View,
  type Runtime,
  type Value,
} from '../../../../python/values/index.js';
import { Tensor, type Size } from '../../tensor.js';
import { entries } from './entries.js';
import type { Shape } from './sizes.js';

/** Thrown where an operation meets an Unknown that it can't do without; `op()` turns it into an opaque result. */
export class Undetermined extends Error {
  constructor(
    readonly unknown: Unknown,
    /** What is known of the result's shape all the same. */
    readonly shape?: Shape,
  ) {
    super(unknown.reason);
  }
}

export function tensorOf(v: Value | undefined): Tensor | undefined {
  if (v instanceof Tensor) return v;
  return v instanceof Instance && v.payload instanceof Tensor ? v.payload : undefined;
}

/** A Python or one-entry tensor number as a JavaScript one. */
export function numberOf(v: Value | undefined): number | undefined {
  if (typeof v === 'number') return v;
  if (v instanceof Float) return v.value;
  if (typeof v === 'boolean') return v ? 1 : 0;
  if (typeof v === 'bigint') return Number(v);
  if (v instanceof Tensor) {
    const data = entries(v);
    return data?.length === 1 ? data[0] : undefined;
  }
  return v instanceof Instance && v.payload !== undefined ? numberOf(v.payload) : undefined;
}

export function typeName(v: Value): string {
  if (v === null) return 'NoneType';
  if (v instanceof PyObject) return v.typeName;
  return { number: 'int', bigint: 'int', boolean: 'bool', string: 'str' }[typeof v as string] ?? typeof v;
}

/** The number, or Undetermined; a TypeError in Python for anything that is no number. */
export function real(v: Value, what: string, rt: Runtime): number {
  const n = numberOf(v);
  if (n !== undefined) return n;
  throw undetermined(v, what, rt);
}

function undetermined(v: Value, what: string, rt: Runtime): Undetermined {
  if (v instanceof Unknown) return new Undetermined(v);
  if (v instanceof PyObject && !(v instanceof Tuple) && !(v instanceof List)) {
    const number = asPythonNumber(v, rt);
    if (number !== undefined) return new Undetermined(number);
  }
  return rt.raise('TypeError', `${what} must be a number, not ${typeName(v)}`);
}

/** Objects that act as numbers (a tensor's `item()` that isn't known, a numpy scalar). */
function asPythonNumber(v: PyObject, rt: Runtime): Unknown | undefined {
  if (v instanceof Tensor) return rt.unknown('the entries of this tensor are not known');
  if (v instanceof BoundMethod) return undefined;
  return rt.findAttr(v, '__float__') || rt.findAttr(v, '__index__')
    ? rt.unknown('the value of this number is not known')
    : undefined;
}

export function integer(v: Value, what: string, rt: Runtime): number {
  const n = real(plainNumber(v, rt), what, rt);
  return Number.isInteger(n) ? n : rt.raise('TypeError', `${what} must be an int, not ${typeName(v)}`);
}

/** numpy scalars and the like, through `item()`. */
export function plainNumber(v: Value, rt: Runtime): Value {
  if (!(v instanceof PyObject) || v instanceof Float || v instanceof Unknown || v instanceof Tensor) return v;
  if (v instanceof Tuple || v instanceof List || (v instanceof Instance && numberOf(v) !== undefined)) return v;
  const item = rt.findAttr(v, 'item');
  return item === undefined ? v : rt.call(item);
}

export function flag(v: Value, rt: Runtime, assumed = false): boolean {
  return typeof v === 'boolean' ? v : rt.isTrue(v, assumed);
}

/** One size of a shape. */
export function sizeOf(v: Value, rt: Runtime): Size {
  if (typeof v === 'number') return v;
  if (v instanceof Unknown) return v;
  const n = numberOf(v);
  if (n !== undefined) return v instanceof Float && !Number.isInteger(n) ? notSize(v, rt) : n;
  if (v instanceof Tensor) return rt.unknown('a size computed from a tensor');
  const plain = plainNumber(v, rt);
  return plain === v ? notSize(v, rt) : sizeOf(plain, rt);
}

function notSize(v: Value, rt: Runtime): never {
  return rt.raise('TypeError', `'${typeName(v)}' object cannot be interpreted as an integer`);
}

/** Items of a tuple, list or the like; `undefined` for anything else. */
export function itemsOf(v: Value, rt: Runtime): readonly Value[] | undefined {
  if (v instanceof Tuple || v instanceof List) return v.items;
  if (v instanceof Range) return rt.toArray(v);
  if (v instanceof View) return v.items();
  if (v instanceof Instance && v.payload !== undefined) return itemsOf(v.payload, rt);
  return undefined;
}

/** `size` or `*size` as users pass it. Unknown when its length isn't known. */
export function shapeFrom(args: readonly Value[], rt: Runtime): readonly Size[] | Unknown {
  const [first] = args;
  if (args.length === 1 && first !== undefined) {
    const items = itemsOf(first, rt);
    if (items) return items.map((s) => sizeOf(s, rt));
    if (first instanceof Tensor) {
      const data = entries(first);
      if (data && first.shape instanceof Array && first.shape.length === 1) return data;
    } else if (first instanceof PyObject && !(first instanceof Unknown) && numberOf(first) === undefined) {
      const plain = plainNumber(first, rt);
      if (plain === first) return rt.toArray(first).map((s) => sizeOf(s, rt));
    }
  }
  return args.map((s) => sizeOf(s, rt));
}

/** An int or a sequence of them, spread to `n` numbers as torch's `_ntuple` does. */
export function perAxis(v: Value, n: number, what: string, rt: Runtime): number[] {
  const items = itemsOf(v, rt);
  if (!items) {
    const one = integer(v, what, rt);
    return Array.from({ length: n }, () => one);
  }
  const all = items.map((i) => integer(i, what, rt));
  const [only] = all;
  if (all.length === 1 && only !== undefined) return Array.from({ length: n }, () => only);
  if (all.length !== n)
    rt.raise(
      'RuntimeError',
      `expected ${what} to be a single integer value or a list of ${String(n)} values, but got ${what}=[${all.join(', ')}]`,
    );
  return all;
}

/** Tensors among arguments, lists of tensors opened. */
export function tensorsIn(args: Iterable<Value>): Tensor[] {
  const out: Tensor[] = [];
  for (const v of args) {
    const t = tensorOf(v);
    if (t) out.push(t);
    else if (v instanceof Tuple || v instanceof List) out.push(...tensorsIn(v.items));
  }
  return out;
}

export function isNumber(v: Value): boolean {
  return typeof v === 'number' || typeof v === 'boolean' || typeof v === 'bigint' || v instanceof Float;
}

/** A Python number of the tensor's kind. */
export function toPython(n: number, dtype: Tensor['dtype']): Value {
  if (dtype === 'bool') return n !== 0;
  return dtype === 'int' ? n : new Float(n);
}
