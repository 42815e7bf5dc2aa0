import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import { List, Tuple, Unknown, type NativeFunction, type Value } from '../../values/values.js';
import { rest } from '../support/arguments.js';
import { isInt, toIndex, unwrap } from '../support/numbers.js';
import { asArray, axesFrom, filled, shapeFrom } from './convert.js';
import { broadcastTo } from './broadcast.js';
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

function arraysFrom(value: Value, runtime: Runtime): NdArray[] | Unknown {
  if (value instanceof Unknown) return value;
  const out: NdArray[] = [];
  for (const item of runtime.toArray(value)) {
    const a = asArray(item, runtime);
    if (a instanceof Unknown) return a;
    out.push(a);
  }
  return out;
}

function oneAxis(value: Value, rank: number, runtime: Runtime): number | Unknown {
  const axes = axesFrom(value, rank, runtime);
  return axes instanceof Unknown ? axes : (axes?.[0] ?? 0);
}

/** A function of one array that gives an array. */
function onArray(
  name: string,
  signature: string,
  body: (a: NdArray, args: Readonly<Record<string, Value>>, runtime: Runtime) => Value,
): NativeFunction {
  return native(name, signature, (args: Readonly<Record<string, Value>>, runtime) => {
    const [first = null] = Object.values(args);
    const a = asArray(first, runtime);
    return a instanceof Unknown ? a.as(`np.${name}()`) : body(a, args, runtime);
  });
}

const withAxis = (a: NdArray, axis: number): NdArray =>
  new NdArray([...a.shape.slice(0, axis), 1, ...a.shape.slice(axis)], a.data, a.dtype, a.lack);
const leastRank = (a: NdArray, rank: number): NdArray => (a.shape.length >= rank ? a : leastRank(withAxis(a, 0), rank));

function stacking(name: string, prepare: (a: NdArray) => NdArray, axisOf: (rank: number) => number): NativeFunction {
  return native(name, 'tup, *rest, **kwargs', ({ tup }, runtime) => {
    const arrays = arraysFrom(tup, runtime);
    if (arrays instanceof Unknown) return arrays;
    const prepared = arrays.map(prepare);
    return concatenated(prepared, axisOf(prepared[0]?.shape.length ?? 1), runtime);
  });
}

/** Pieces along an axis, of equal size or at given places. */
function split(a: NdArray, sections: Value, axis: number, runtime: Runtime): Value {
  const length = a.shape[axis] ?? 0;
  let cuts: number[];
  if (isInt(unwrap(sections))) {
    const n = Number(unwrap(sections));
    const [least, extra] = [Math.floor(length / n), length % n];
    cuts = Array.from({ length: n - 1 }, (_, i) => (i + 1) * least + Math.min(i + 1, extra));
  } else {
    const given = shapeFrom(sections, runtime);
    if (given instanceof Unknown) return given;
    cuts = given;
  }
  const bounds = [0, ...cuts, length];
  return new List(bounds.slice(1).map((end, i) => take(a, range(bounds[i] ?? 0, end), axis)));
}

const range = (start: number, stop: number): number[] =>
  Array.from({ length: Math.max(0, stop - start) }, (_, i) => start + i);

/** The entries at these positions of an axis. */
export function take(a: NdArray, indices: readonly number[], axis: number): NdArray {
  const shape = a.shape.map((d, k) => (k === axis ? indices.length : d));
  const { data } = a;
  if (!data) return new NdArray(shape, null, a.dtype, a.lack);
  const inner = count(a.shape.slice(axis + 1));
  const length = a.shape[axis] ?? 1;
  const out: number[] = [];
  for (let o = 0; o < count(a.shape.slice(0, axis)); o++) {
    for (const i of indices) for (let k = 0; k < inner; k++) out.push(data[(o * length + i) * inner + k] ?? NaN);
  }
  return new NdArray(shape, out, a.dtype, a.lack);
}

function flipped(a: NdArray, axes: readonly number[]): NdArray {
  return axes.reduce((b, k) => take(b, range(0, b.shape[k] ?? 0).reverse(), k), a);
}

function tiled(a: NdArray, times: readonly number[]): NdArray {
  const rank = Math.max(a.shape.length, times.length);
  let out = leastRank(a, rank);
  const counts = [...Array.from({ length: rank - times.length }, () => 1), ...times];
  for (const [k, n] of counts.entries()) {
    const length = out.shape[k] ?? 1;
    out = take(
      out,
      Array.from({ length: length * n }, (_, i) => i % length),
      k,
    );
  }
  return out;
}

export const reshaping: readonly NativeFunction[] = [
  onArray('reshape', 'a, newshape=-1, *rest, **kwargs', (a, args, runtime) => {
    const shape = shapeFrom(args['newshape'] ?? -1, runtime);
    return shape instanceof Unknown ? shape : reshaped(a, shape, runtime);
  }),
  onArray('ravel', 'a, *rest, **kwargs', (a, _args, runtime) => reshaped(a, [-1], runtime)),
  onArray('transpose', 'a, axes=None', (a, args, runtime) => {
    const axes = axesFrom(args['axes'] ?? null, a.shape.length, runtime);
    return axes instanceof Unknown ? axes : axes === undefined ? transposed(a) : permuted(a, axes);
  }),
  onArray('swapaxes', 'a, axis1, axis2', (a, args, runtime) => {
    const axes = axesFrom(new Tuple([args['axis1'] ?? 0, args['axis2'] ?? 0]), a.shape.length, runtime);
    if (axes instanceof Unknown || !axes) return axes ?? a;
    const [p = 0, q = 0] = axes;
    return permuted(
      a,
      a.shape.map((_, k) => (k === p ? q : k === q ? p : k)),
    );
  }),
  onArray('moveaxis', 'a, source, destination', (a, args, runtime) => {
    const from = axesFrom(args['source'] ?? 0, a.shape.length, runtime);
    const to = axesFrom(args['destination'] ?? 0, a.shape.length, runtime);
    if (from instanceof Unknown || to instanceof Unknown || !from || !to)
      return runtime.unknown('these axes are not known', 'np.moveaxis()');
    const order = a.shape.map((_, k) => k).filter((k) => !from.includes(k));
    for (const [at, axis] of to.map((d, i) => [d, from[i] ?? 0] as const).sort((x, y) => x[0] - y[0]))
      order.splice(at, 0, axis);
    return permuted(a, order);
  }),
  onArray('expand_dims', 'a, axis', (a, args, runtime) => {
    const given = shapeFrom(args['axis'] ?? 0, runtime);
    if (given instanceof Unknown) return given;
    const rank = a.shape.length + given.length;
    return given
      .map((k) => (k < 0 ? k + rank : k))
      .sort((x, y) => x - y)
      .reduce(withAxis, a);
  }),
  onArray('squeeze', 'a, axis=None', (a, args, runtime) => {
    const axes = axesFrom(args['axis'] ?? null, a.shape.length, runtime);
    if (axes instanceof Unknown) return axes;
    return new NdArray(
      a.shape.filter((d, k) => d !== 1 || (axes !== undefined && !axes.includes(k))),
      a.data,
      a.dtype,
      a.lack,
    );
  }),
  onArray('atleast_1d', 'a', (a) => leastRank(a, 1)),
  onArray('atleast_2d', 'a', (a) => leastRank(a, 2)),
  onArray('broadcast_to', 'a, shape', (a, args, runtime) => {
    const shape = shapeFrom(args['shape'] ?? -1, runtime);
    return shape instanceof Unknown ? shape : broadcastTo(a, shape);
  }),
  onArray('flip', 'a, axis=None', (a, args, runtime) => {
    const axes = axesFrom(args['axis'] ?? null, a.shape.length, runtime);
    return axes instanceof Unknown ? axes : flipped(a, axes ?? a.shape.map((_, k) => k));
  }),
  onArray('fliplr', 'a', (a) => flipped(a, [1])),
  onArray('flipud', 'a', (a) => flipped(a, [0])),
  onArray('roll', 'a, shift, axis=None', (a, args, runtime) => {
    const shift = toIndex(args['shift'] ?? 0, runtime);
    const axis = args['axis'] ?? null;
    if (shift instanceof Unknown) return shift;
    const k = axis === null ? 0 : oneAxis(axis, a.shape.length, runtime);
    if (k instanceof Unknown) return k;
    const flat = axis === null ? reshaped(a, [-1], runtime) : a;
    const n = flat.shape[k] ?? 1;
    const rolled = take(
      flat,
      range(0, n).map((i) => (((i - shift) % n) + n) % n),
      k,
    );
    return axis === null ? reshaped(rolled, a.shape, runtime) : rolled;
  }),
  onArray('tile', 'a, reps', (a, args, runtime) => {
    const times = shapeFrom(args['reps'] ?? 1, runtime);
    return times instanceof Unknown ? times : tiled(a, times);
  }),
  onArray('repeat', 'a, repeats, axis=None', (a, args, runtime) => {
    const flat = args['axis'] === null ? reshaped(a, [-1], runtime) : a;
    const k = oneAxis(args['axis'] ?? 0, flat.shape.length, runtime);
    const times = shapeFrom(args['repeats'] ?? 1, runtime);
    if (k instanceof Unknown || times instanceof Unknown)
      return runtime.unknown('the number of repeats is not known', 'np.repeat()');
    const length = flat.shape[k] ?? 1;
    return take(
      flat,
      range(0, length).flatMap((i) => Array.from({ length: times[times.length === 1 ? 0 : i] ?? 0 }, () => i)),
      k,
    );
  }),
  native('concatenate', 'arrays, axis=0, **kwargs', ({ arrays, axis }, runtime) => {
    const list = arraysFrom(arrays, runtime);
    if (list instanceof Unknown) return list;
    if (axis === null)
      return concatenated(
        list.map((a) => reshaped(a, [-1], runtime)),
        0,
        runtime,
      );
    const k = oneAxis(axis, list[0]?.shape.length ?? 1, runtime);
    return k instanceof Unknown ? k : concatenated(list, k, runtime);
  }),
  native('stack', 'arrays, axis=0, **kwargs', ({ arrays, axis }, runtime) => {
    const list = arraysFrom(arrays, runtime);
    if (list instanceof Unknown) return list;
    const k = oneAxis(axis, (list[0]?.shape.length ?? 0) + 1, runtime);
    return k instanceof Unknown
      ? k
      : concatenated(
          list.map((a) => withAxis(a, k)),
          k,
          runtime,
        );
  }),
  stacking(
    'vstack',
    (a) => leastRank(a, 2),
    () => 0,
  ),
  stacking(
    'row_stack',
    (a) => leastRank(a, 2),
    () => 0,
  ),
  stacking(
    'hstack',
    (a) => leastRank(a, 1),
    (rank) => (rank === 1 ? 0 : 1),
  ),
  stacking(
    'column_stack',
    (a) => (a.shape.length < 2 ? new NdArray([a.size, 1], a.data, a.dtype, a.lack) : a),
    () => 1,
  ),
  native('append', 'arr, values, axis=None', ({ arr, values, axis }, runtime) => {
    const list = arraysFrom(new Tuple([arr, values]), runtime);
    if (list instanceof Unknown) return list;
    if (axis === null)
      return concatenated(
        list.map((a) => reshaped(a, [-1], runtime)),
        0,
        runtime,
      );
    const k = oneAxis(axis, list[0]?.shape.length ?? 1, runtime);
    return k instanceof Unknown ? k : concatenated(list, k, runtime);
  }),
  ...['split', 'array_split'].map((name) =>
    onArray(name, 'a, indices_or_sections, axis=0', (a, args, runtime) => {
      const k = oneAxis(args['axis'] ?? 0, a.shape.length, runtime);
      return k instanceof Unknown ? k : split(a, args['indices_or_sections'] ?? 1, k, runtime);
    }),
  ),
  onArray('pad', 'a, pad_width, mode="constant", **kwargs', (a, args, runtime) => {
    const widths = asArray(args['pad_width'] ?? 0, runtime);
    if (widths instanceof Unknown || !widths.data || args['mode'] !== 'constant')
      return runtime.unknown('np.pad in this mode is not evaluated', 'np.pad()');
    const pairs = broadcastTo(widths, [a.shape.length, 2]).data ?? [];
    const shape = a.shape.map((d, k) => d + (pairs[2 * k] ?? 0) + (pairs[2 * k + 1] ?? 0));
    const strides = shape.map((_, k) => count(shape.slice(k + 1)));
    return filled(
      shape,
      a.dtype,
      (i) => {
        let at = 0;
        for (const [k, stride] of strides.entries()) {
          const place = (Math.floor(i / stride) % (shape[k] ?? 1)) - (pairs[2 * k] ?? 0);
          if (place < 0 || place >= (a.shape[k] ?? 0)) return 0;
          at += place * count(a.shape.slice(k + 1));
        }
        return a.data?.[at] ?? NaN;
      },
      runtime,
    );
  }),
  native('take', 'a, indices, axis=None', ({ a, indices, axis }, runtime) => {
    const array = asArray(a, runtime);
    const wanted = shapeFrom(indices, runtime);
    if (array instanceof Unknown) return array;
    if (wanted instanceof Unknown) return wanted;
    const flat = axis === null ? reshaped(array, [-1], runtime) : array;
    const k = oneAxis(axis ?? 0, flat.shape.length, runtime);
    if (k instanceof Unknown) return k;
    const n = flat.shape[k] ?? 1;
    return take(
      flat,
      wanted.map((i) => (i < 0 ? i + n : i)),
      k,
    );
  }),
];

/** `a.reshape(2, 3)` as well as `a.reshape((2, 3))`. */
export function spreadSizes(args: Value): Value {
  const given = rest(args);
  const [only] = given;
  return given.length === 1 && only !== undefined ? only : new Tuple(given);
}
