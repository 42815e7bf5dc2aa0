import { bounded } from '../../values/bounds.js';
import { native } from '../../values/native.js';
import { Tuple, Unknown, type NativeFunction, type Value } from '../../values/index.js';
import { rest } from '../support/arguments.js';
import { toIndex } from '../support/numbers.js';
import { broadcastTo } from './broadcast.js';
import { asArray, axesFrom, shapeFrom } from './convert.js';
import { onArray, oneAxis } from './define.js';
import { flipped, leastRank, permuted, range, reshaped, take, tiled, transposed, withAxis } from './layout.js';
import { NdArray } from './ndarray.js';

/** Functions that arrange the entries of one array anew. */
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
    bounded(times.length === 1 ? length * (times[0] ?? 0) : times.reduce((x, y) => x + y, 0));
    return take(
      flat,
      range(0, length).flatMap((i) => Array.from({ length: times[times.length === 1 ? 0 : i] ?? 0 }, () => i)),
      k,
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
