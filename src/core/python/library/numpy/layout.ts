import { bounded } from '../../values/bounds.js';
import type { Runtime } from '../../values/runtime.js';
import { promote } from './dtypes.js';
import { NdArray, count } from './ndarray.js';

/** The same entries in another shape; one size may be -1. */
export function reshaped(a: NdArray, shape: readonly number[], runtime: Runtime): NdArray {
  const known = count(shape.filter((d) => d !== -1));
  const sizes = shape.map((d) => (d === -1 ? a.size / known : d));
  if (count(sizes) !== a.size || sizes.some((d) => !Number.isInteger(d))) {
    runtime.raise(
      'ValueError',
      `cannot reshape array of size ${a.size} into shape (${shape.join(',')}${shape.length === 1 ? ',' : ''})`,
    );
  }
  return new NdArray(sizes, a.data, a.dtype, a.lack);
}

export function permuted(a: NdArray, axes: readonly number[]): NdArray {
  const shape = axes.map((k) => a.shape[k] ?? 1);
  const { data } = a;
  if (!data) return new NdArray(shape, null, a.dtype, a.lack);
  const strides = axes.map((k) => count(a.shape.slice(k + 1)));
  const out = Array.from({ length: a.size }, (_, i) => {
    let at = 0;
    let left = i;
    for (let k = shape.length - 1; k >= 0; k--) {
      at += (left % (shape[k] ?? 1)) * (strides[k] ?? 0);
      left = Math.floor(left / (shape[k] ?? 1));
    }
    return data[at] ?? NaN;
  });
  return new NdArray(shape, out, a.dtype, a.lack);
}

export function transposed(a: NdArray): NdArray {
  return permuted(
    a,
    a.shape.map((_, k) => a.shape.length - 1 - k),
  );
}

/** Arrays one after another along an axis. */
export function concatenated(arrays: readonly NdArray[], axis: number, runtime: Runtime): NdArray {
  const [first] = arrays;
  if (!first) return runtime.raise('ValueError', 'need at least one array to concatenate');
  for (const a of arrays) {
    if (a.shape.length !== first.shape.length || a.shape.some((d, k) => k !== axis && d !== first.shape[k])) {
      runtime.raise(
        'ValueError',
        'all the input array dimensions except for the concatenation axis must match exactly',
      );
    }
  }
  const shape = first.shape.map((d, k) => (k === axis ? arrays.reduce((n, a) => n + (a.shape[k] ?? 0), 0) : d));
  const type = arrays.reduce((t, a) => promote(t, a.dtype), first.dtype);
  const lacking = arrays.find((a) => !a.data);
  if (lacking) return new NdArray(shape, null, type, lacking.lack && { why: lacking.lack.why });
  const outer = count(first.shape.slice(0, axis));
  const data: number[] = [];
  for (let o = 0; o < outer; o++) {
    for (const a of arrays) {
      const block = count(a.shape.slice(axis));
      for (let i = 0; i < block; i++) data.push(a.data?.[o * block + i] ?? NaN);
    }
  }
  return new NdArray(shape, data, type);
}

/** A new axis of length 1. */
export const withAxis = (a: NdArray, axis: number): NdArray =>
  new NdArray([...a.shape.slice(0, axis), 1, ...a.shape.slice(axis)], a.data, a.dtype, a.lack);
/** New axes in front, up to `rank`. */
export const leastRank = (a: NdArray, rank: number): NdArray =>
  a.shape.length >= rank ? a : leastRank(withAxis(a, 0), rank);

export const range = (start: number, stop: number): number[] =>
  Array.from({ length: bounded(Math.max(0, stop - start)) }, (_, i) => start + i);

/** The entries at these positions of an axis. */
export function take(a: NdArray, indices: readonly number[], axis: number): NdArray {
  const shape = a.shape.map((d, k) => (k === axis ? indices.length : d));
  const { data } = a;
  if (!data) return new NdArray(shape, null, a.dtype, a.lack);
  const inner = count(a.shape.slice(axis + 1));
  const length = a.shape[axis] ?? 1;
  const out: number[] = [];
  bounded(count(shape));
  for (let o = 0; o < count(a.shape.slice(0, axis)); o++) {
    for (const i of indices) for (let k = 0; k < inner; k++) out.push(data[(o * length + i) * inner + k] ?? NaN);
  }
  return new NdArray(shape, out, a.dtype, a.lack);
}

export function flipped(a: NdArray, axes: readonly number[]): NdArray {
  return axes.reduce((b, k) => take(b, range(0, b.shape[k] ?? 0).reverse(), k), a);
}

export function tiled(a: NdArray, times: readonly number[]): NdArray {
  const rank = Math.max(a.shape.length, times.length);
  let out = leastRank(a, rank);
  const counts = [...Array.from({ length: rank - times.length }, () => 1), ...times];
  for (const [k, n] of counts.entries()) {
    const length = out.shape[k] ?? 1;
    out = take(
      out,
      Array.from({ length: bounded(length * n) }, (_, i) => i % length),
      k,
    );
  }
  return out;
}
