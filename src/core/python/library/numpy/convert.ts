import type { Runtime } from '../../values/runtime.js';
import {
  Dict,
  Instance,
  Iterator,
  List,
  NativeObject,
  PySet,
  Range,
  Tuple,
  Unknown,
  View,
  type Value,
} from '../../values/index.js';
import { isInt, realOf, toIndex, unwrap } from '../support/numbers.js';
import { BOOL, FLOAT, INT, cast, dtypeFrom, promote, type DType } from './dtypes.js';
import { MAX_ENTRIES, NdArray, count } from './ndarray.js';

/** What a nested list comes to while it is read. */
interface Reading {
  readonly data: number[];
  dtype: DType;
  unknown: Unknown | undefined;
}

/** An array of anything that numpy makes one of; Unknown where that can't be known or isn't numbers. */
export function asArray(value: Value, runtime: Runtime, dtype: Value = null): NdArray | Unknown {
  const array = plainArray(value, runtime);
  if (array instanceof Unknown || dtype === null) return array;
  return astype(array, dtypeFrom(dtype, array.dtype, runtime));
}

function plainArray(value: Value, runtime: Runtime): NdArray | Unknown {
  if (value instanceof NdArray || value instanceof Unknown) return value;
  if (value instanceof NativeObject) {
    const lists = runtime.findAttr(value, 'tolist');
    const known = lists === undefined ? undefined : runtime.call(lists, []);
    if (known instanceof List || (known !== undefined && realOf(known) !== undefined))
      return plainArray(known, runtime);
    return runtime.unknown('the entries of this object are not known to numpy', 'array');
  }
  const reading: Reading = { data: [], dtype: BOOL, unknown: undefined };
  const shape = read(value, reading, runtime, true);
  if (!shape) return reading.unknown ?? runtime.unknown('arrays of anything but numbers are not evaluated', 'array');
  const dtype = count(shape) === 0 ? FLOAT : reading.dtype;
  if (reading.unknown) return new NdArray(shape, null, dtype === BOOL ? FLOAT : dtype, { why: reading.unknown });
  return new NdArray(shape, reading.data, dtype);
}

function read(value: Value, into: Reading, runtime: Runtime, top: boolean): number[] | undefined {
  const v = unwrap(value);
  if (v instanceof Unknown) {
    into.unknown ??= v;
    into.data.push(NaN);
    return [];
  }
  const number = realOf(v);
  if (number !== undefined) {
    into.dtype = promote(into.dtype, typeof v === 'boolean' ? BOOL : isInt(v) ? INT : FLOAT);
    into.data.push(number);
    return [];
  }
  if (v instanceof NdArray) {
    into.dtype = promote(into.dtype, v.dtype);
    if (v.data) for (const x of v.data) into.data.push(x);
    else {
      into.unknown ??= v.lack?.why ?? runtime.unknown('the entries of this array are not known');
      for (let i = 0; i < v.size; i++) into.data.push(NaN);
    }
    return [...v.shape];
  }
  const isSequence = v instanceof List || v instanceof Tuple || v instanceof Range || v instanceof View;
  if (!isSequence && !(top && (v instanceof Iterator || v instanceof PySet))) return tensorLike(v, into, runtime);
  const items = runtime.toArray(v);
  let inner: number[] | undefined = [];
  for (const [i, item] of items.entries()) {
    const shape = read(item, into, runtime, false);
    if (!shape || (i > 0 && (shape.length !== inner.length || shape.some((d, k) => d !== inner?.[k]))))
      return undefined;
    inner = shape;
    if (into.data.length > MAX_ENTRIES) return undefined;
  }
  return [items.length, ...inner];
}

/** Scalars of tensors and of objects that turn into numbers. */
function tensorLike(v: Value, into: Reading, runtime: Runtime): number[] | undefined {
  if (!(v instanceof NativeObject || v instanceof Instance)) return undefined;
  const method = runtime.findAttr(v, 'item') ?? runtime.findAttr(v, '__float__');
  return method === undefined || v instanceof Dict ? undefined : read(runtime.call(method, []), into, runtime, false);
}

export function astype(array: NdArray, dtype: DType): NdArray {
  if (array.dtype === dtype) return array;
  return new NdArray(array.shape, array.data?.map((x) => cast(x, dtype)) ?? null, dtype, array.lack);
}

/** A shape given as a number or a sequence of numbers. */
export function shapeFrom(value: Value, runtime: Runtime): number[] | Unknown {
  const v = unwrap(value);
  if (v instanceof Unknown) return v;
  if (isInt(v)) return [Number(v)];
  const items = v instanceof NdArray ? [...v.iterate(runtime)] : runtime.toArray(v);
  const shape: number[] = [];
  for (const item of items) {
    const n = toIndex(item, runtime);
    if (n instanceof Unknown) return n;
    shape.push(n);
  }
  return shape;
}

/** Axes given as a number, a tuple or None, made non-negative; `undefined` for all. */
export function axesFrom(value: Value, rank: number, runtime: Runtime): number[] | undefined | Unknown {
  if (value === null) return undefined;
  const axes = shapeFrom(value, runtime);
  if (axes instanceof Unknown) return axes;
  return axes.map((a) => {
    const axis = a < 0 ? a + rank : a;
    if (axis < 0 || axis >= rank)
      runtime.raise('ValueError', `axis ${a} is out of bounds for array of dimension ${rank}`);
    return axis;
  });
}

/** Shape only: the entries are many or aren't known. */
export function shapeOnly(shape: readonly number[], dtype: DType, why: Unknown): NdArray {
  return new NdArray(shape, null, dtype, { why });
}

/** An array filled by `entry`, or its shape alone where there are too many entries. */
export function filled(
  shape: readonly number[],
  dtype: DType,
  entry: (i: number) => number,
  runtime: Runtime,
): NdArray {
  const size = count(shape);
  if (size > MAX_ENTRIES)
    return shapeOnly(shape, dtype, runtime.unknown('this array has too many entries to be kept', 'array'));
  runtime.allocate(size);
  return new NdArray(
    shape,
    Array.from({ length: size }, (_, i) => entry(i)),
    dtype,
  );
}
