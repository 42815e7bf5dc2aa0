import { bounded } from '../../values/bounds.js';
import type { Runtime } from '../../values/runtime.js';
import { ELLIPSIS, List, Slice, Tuple, Unknown, type Value } from '../../values/index.js';
import { toIndex } from '../support/numbers.js';
import { slicePositions } from '../support/sequences.js';
import { broadcastShapes, broadcastTo, positions } from './broadcast.js';
import { asArray } from './convert.js';
import { INT } from './dtypes.js';
import { NdArray, count, result } from './ndarray.js';

/** What an index names: a shape and, for each of its places, the position in the array. */
interface Selection {
  readonly shape: readonly number[];
  readonly at: readonly number[];
}

/** One axis of an index: a number, positions to keep as an axis, an array of positions, or a new axis. */
type Part =
  | { readonly kind: 'one'; readonly at: number }
  | { readonly kind: 'some'; readonly at: readonly number[] }
  | { readonly kind: 'array'; readonly array: NdArray }
  | { readonly kind: 'new' };

function isMask(value: Value): boolean {
  if (value instanceof NdArray) return value.kind === 'bool';
  return value instanceof List && value.items.length > 0 && value.items.every((v) => typeof v === 'boolean');
}

/** Number of axes that an index item takes. */
function axesTaken(item: Value, runtime: Runtime): number {
  if (item === null) return 0;
  if (!isMask(item)) return 1;
  const mask = asArray(item, runtime);
  return mask instanceof Unknown ? 1 : mask.shape.length;
}

function parse(array: NdArray, index: Value, runtime: Runtime): Part[] | Unknown {
  const items = index instanceof Tuple ? [...index.items] : [index];
  const taken = items.reduce((n: number, item) => n + (item === ELLIPSIS ? 0 : axesTaken(item, runtime)), 0);
  const free = array.shape.length - taken;
  if (free < 0) runtime.raise('IndexError', 'too many indices for array');
  const all = new Slice(null, null, null);
  const dots = items.indexOf(ELLIPSIS);
  const padding: Value[] = Array.from({ length: free }, () => all);
  if (dots >= 0) items.splice(dots, 1, ...padding);
  else items.push(...padding);
  const parts: Part[] = [];
  let axis = 0;
  for (const item of items) {
    const length = array.shape[axis] ?? 0;
    if (item === null) {
      parts.push({ kind: 'new' });
      continue;
    }
    const read = part(item, length, runtime);
    if (read instanceof Unknown) return read;
    parts.push(...read);
    axis += axesTaken(item, runtime);
  }
  return parts;
}

function part(item: Value, length: number, runtime: Runtime): Part[] | Unknown {
  if (item instanceof Slice) {
    const at = slicePositions(item, length, runtime);
    return at instanceof Unknown ? at : [{ kind: 'some', at }];
  }
  if (item instanceof List || item instanceof Tuple || item instanceof NdArray) {
    const array = asArray(item, runtime);
    if (array instanceof Unknown) return array;
    if (!array.data) return array.lack?.why ?? runtime.unknown('this index is not known');
    if (array.kind === 'bool') return nonzero(array).map((a) => ({ kind: 'array', array: a }));
    const data = array.data.map((i) => place(i, length, runtime));
    return [{ kind: 'array', array: new NdArray(array.shape, data, INT) }];
  }
  const i = toIndex(item, runtime);
  return i instanceof Unknown ? i : [{ kind: 'one', at: place(i, length, runtime) }];
}

function place(i: number, length: number, runtime: Runtime): number {
  const at = i < 0 ? i + length : i;
  if (at < 0 || at >= length) runtime.raise('IndexError', `index ${i} is out of bounds for axis with size ${length}`);
  return at;
}

/** Positions of the entries that aren't zero, an array an axis. */
export function nonzero(array: NdArray): NdArray[] {
  const found: number[] = [];
  for (const [i, x] of (array.data ?? []).entries()) if (x !== 0) found.push(i);
  return array.shape.map((d, k) => {
    const stride = count(array.shape.slice(k + 1));
    return new NdArray(
      [found.length],
      found.map((i) => Math.floor(i / stride) % d),
      INT,
    );
  });
}

function select(array: NdArray, index: Value, runtime: Runtime): Selection | Unknown {
  const parts = parse(array, index, runtime);
  if (parts instanceof Unknown) return parts;
  const arrays = parts.flatMap((p) => (p.kind === 'array' ? [p.array] : []));
  const common = arrays.reduce<readonly number[]>((s, a) => broadcastShapes(s, a.shape, runtime), []);
  const spread = arrays.map((a) => broadcastTo(a, common).data ?? []);
  const first = parts.findIndex((p) => p.kind === 'array');
  const last = parts.length - 1 - [...parts].reverse().findIndex((p) => p.kind === 'array');
  const together = parts.slice(first, last + 1).every((p) => p.kind === 'array');
  // The axes of index arrays stand where those were, or in front when others lie between them.
  const dims: { readonly sizes: readonly number[]; readonly offsets: readonly number[] }[] = [];
  const strideOf = strides(array);
  let axis = 0;
  let k = 0;
  let base = 0;
  const advanced: number[] = Array.from({ length: bounded(count(common)) }, () => 0);
  let placed = false;
  for (const p of parts) {
    if (p.kind === 'new') dims.push({ sizes: [1], offsets: [0] });
    else if (p.kind === 'one') base += p.at * (strideOf[axis++] ?? 0);
    else if (p.kind === 'some') {
      const stride = strideOf[axis++] ?? 0;
      dims.push({ sizes: [p.at.length], offsets: p.at.map((i) => i * stride) });
    } else {
      const stride = strideOf[axis++] ?? 0;
      for (const [i, at] of (spread[k++] ?? []).entries()) advanced[i] = (advanced[i] ?? 0) + at * stride;
      if (!placed) {
        placed = true;
        const entry = { sizes: common, offsets: advanced };
        if (together) dims.push(entry);
        else dims.unshift(entry);
      }
    }
  }
  const shape = dims.flatMap((d) => d.sizes);
  runtime.allocate(count(shape));
  const at = dims.reduce<number[]>((before, d) => before.flatMap((b) => d.offsets.map((o) => b + o)), [base]);
  return { shape, at };
}

function strides(array: NdArray): number[] {
  return array.shape.map((_, k) => count(array.shape.slice(k + 1)));
}

/** `a[index]`. */
export function getItem(array: NdArray, index: Value, runtime: Runtime): Value {
  const selection = select(array, index, runtime);
  if (selection instanceof Unknown) return selection.as('array[…]');
  const data = array.data;
  return result(selection.shape, data && selection.at.map((i) => data[i] ?? NaN), array.dtype, array.lack, runtime);
}

/** `a[index] = value`. */
export function setItem(array: NdArray, index: Value, value: Value, runtime: Runtime): void {
  const { data } = array;
  if (!data) return;
  const selection = select(array, index, runtime);
  const given = asArray(value, runtime);
  if (selection instanceof Unknown || given instanceof Unknown || !given.data) {
    const why = selection instanceof Unknown ? selection : given instanceof Unknown ? given : given.lack?.why;
    runtime.note(`what is assigned into this array is not known${why ? `: ${why.reason}` : ''}`);
    return;
  }
  const source = positions(given.shape, selection.shape);
  const changed = [...data];
  for (const [i, at] of selection.at.entries()) {
    const x = given.data[source(i)] ?? NaN;
    changed[at] = array.kind === 'int' ? Math.trunc(x) : x;
  }
  array.set(changed);
}
