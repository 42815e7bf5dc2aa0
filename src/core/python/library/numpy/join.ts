import { bounded } from '../../values/bounds.js';
import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import { List, Tuple, Unknown, type NativeFunction, type Value } from '../../values/index.js';
import { isInt, unwrap } from '../support/numbers.js';
import { broadcastTo } from './broadcast.js';
import { asArray, filled, shapeFrom } from './convert.js';
import { onArray, oneAxis } from './define.js';
import { concatenated, leastRank, range, reshaped, take, withAxis } from './layout.js';
import { NdArray, count } from './ndarray.js';

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
    cuts = Array.from({ length: bounded(n - 1) }, (_, i) => (i + 1) * least + Math.min(i + 1, extra));
  } else {
    const given = shapeFrom(sections, runtime);
    if (given instanceof Unknown) return given;
    cuts = given;
  }
  const bounds = [0, ...cuts, length];
  return new List(bounds.slice(1).map((end, i) => take(a, range(bounds[i] ?? 0, end), axis)));
}

/** Functions that put arrays together, take them apart or surround them. */
export const joining: readonly NativeFunction[] = [
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
];
