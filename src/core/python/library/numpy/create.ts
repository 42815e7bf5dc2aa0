import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import { Tuple, Unknown, type NativeFunction, type Value } from '../../values/index.js';
import { rest } from '../support/arguments.js';
import { isInt, realOf, toIndex, toReal, unwrap } from '../support/numbers.js';
import { callSymbol, firstUnknown } from '../support/unknowns.js';
import { asArray, filled, shapeFrom, shapeOnly } from './convert.js';
import { broadcastTo } from './broadcast.js';
import { FLOAT, INT, dtypeFrom, type DType } from './dtypes.js';
import { NdArray, count } from './ndarray.js';

/** The dtype that plain numbers come to. */
const typeOf = (values: readonly Value[]): DType => (values.every((v) => isInt(unwrap(v))) ? INT : FLOAT);

function constant(name: string, value: number): NativeFunction {
  return native(name, 'shape, dtype=None, *rest, **kwargs', ({ shape, dtype }, runtime) => {
    const sizes = shapeFrom(shape, runtime);
    if (sizes instanceof Unknown) return callSymbol(sizes, `np.${name}`, [shape]);
    return filled(sizes, dtypeFrom(dtype, FLOAT, runtime), () => value, runtime);
  });
}

function constantLike(name: string, value: number): NativeFunction {
  return native(name, 'a, dtype=None, *rest, **kwargs', ({ a, dtype }, runtime) => {
    const like = asArray(a, runtime);
    return like instanceof Unknown
      ? like
      : filled(like.shape, dtypeFrom(dtype, like.dtype, runtime), () => value, runtime);
  });
}

function reals(values: readonly Value[], runtime: Runtime): number[] | Unknown {
  const out: number[] = [];
  for (const v of values) {
    const x = toReal(v, runtime);
    if (x instanceof Unknown) return x;
    out.push(x);
  }
  return out;
}

/** Evenly spaced numbers, passed through `map`. */
function spaced(name: string, map: (x: number, base: number) => number): NativeFunction {
  return native(
    name,
    'start, stop, num=50, endpoint=True, retstep=False, base=10.0, dtype=None, axis=0',
    (args, runtime) => {
      const xs = reals([args.start, args.stop, args.num, args.base], runtime);
      if (xs instanceof Unknown) return callSymbol(xs, `np.${name}`, [args.start, args.stop, args.num]);
      const [start = 0, stop = 0, num = 0, base = 10] = xs;
      const steps = args.endpoint === false ? num : num - 1;
      const step = steps > 0 ? (stop - start) / steps : 0;
      const at = (i: number) => (i === num - 1 && args.endpoint !== false && num > 1 ? stop : start + i * step);
      const array = filled([num], dtypeFrom(args.dtype, FLOAT, runtime), (i) => map(at(i), base), runtime);
      return args.retstep === true ? new Tuple([array, step]) : array;
    },
  );
}

function arange(args: readonly Value[], dtype: Value, runtime: Runtime): Value {
  const xs = reals(args, runtime);
  if (xs instanceof Unknown) return callSymbol(xs, 'np.arange', args);
  const [a = 0, b, step = 1] = xs;
  const [start, stop] = b === undefined ? [0, a] : [a, b];
  const length = Math.max(0, Math.ceil((stop - start) / step));
  return filled([length], dtypeFrom(dtype, typeOf(args), runtime), (i) => start + i * step, runtime);
}

/** Ones on the diagonal that lies `k` to the right of the main one. */
function diagonal(rows: number, columns: number, k: number, dtype: DType, runtime: Runtime): NdArray {
  return filled([rows, columns], dtype, (i) => Number((i % columns) - Math.floor(i / columns) === k), runtime);
}

/** The lower or upper triangle. */
function triangle(name: 'tril' | 'triu'): NativeFunction {
  return native(name, 'm, k=0', ({ m, k }, runtime) => {
    const a = asArray(m, runtime);
    const offset = toIndex(k, runtime);
    if (a instanceof Unknown) return a;
    if (offset instanceof Unknown) return offset;
    const columns = a.shape.at(-1) ?? 1;
    const rows = a.shape.at(-2) ?? 1;
    const keep = (i: number): boolean => {
      const distance = (i % columns) - (Math.floor(i / columns) % rows);
      return name === 'tril' ? distance <= offset : distance >= offset;
    };
    return new NdArray(
      a.shape,
      a.data?.map((x, i) => (keep(i) ? x : 0)) ?? null,
      a.dtype,
      a.lack && { why: a.lack.why },
    );
  });
}

function meshgrid(inputs: readonly Value[], indexing: Value, runtime: Runtime): Value {
  const arrays: NdArray[] = [];
  for (const input of inputs) {
    const a = asArray(input, runtime);
    if (a instanceof Unknown) return a;
    arrays.push(a);
  }
  const order = arrays.map((_, i) => i);
  // 'xy' swaps the first two axes.
  if (indexing !== 'ij' && order.length >= 2) [order[0], order[1]] = [1, 0];
  const shape = order.map((i) => arrays[i]?.size ?? 1);
  return new Tuple(
    arrays.map((a, i) => {
      const own = shape.map((_, k) => (order[k] === i ? a.size : 1));
      return broadcastTo(new NdArray(own, a.data, a.dtype, a.lack), shape);
    }),
  );
}

export const creation: readonly NativeFunction[] = [
  ...['array', 'asarray', 'ascontiguousarray', 'asanyarray', 'asfarray', 'fromiter'].map((name) =>
    native(name, 'object, dtype=None, *rest, **kwargs', ({ object, dtype }, runtime) => {
      const array = asArray(object, runtime, dtype);
      if (array instanceof Unknown || name !== 'array' || array !== object) return array;
      return new NdArray(array.shape, array.data, array.dtype, array.lack);
    }),
  ),
  constant('zeros', 0),
  constant('ones', 1),
  constantLike('zeros_like', 0),
  constantLike('ones_like', 1),
  native('empty', 'shape, dtype=None, *rest, **kwargs', ({ shape, dtype }, runtime) => {
    const sizes = shapeFrom(shape, runtime);
    if (sizes instanceof Unknown) return callSymbol(sizes, 'np.empty', [shape]);
    // Entries that are assigned one by one are known afterwards; numpy's own are whatever was in memory.
    return filled(sizes, dtypeFrom(dtype, FLOAT, runtime), () => 0, runtime);
  }),
  constantLike('empty_like', 0),
  native('full', 'shape, fill_value, dtype=None, *rest, **kwargs', ({ shape, fill_value: value, dtype }, runtime) => {
    const sizes = shapeFrom(shape, runtime);
    if (sizes instanceof Unknown) return callSymbol(sizes, 'np.full', [shape]);
    const x = realOf(value);
    if (x === undefined)
      return shapeOnly(sizes, FLOAT, firstUnknown([value]) ?? runtime.unknown('this fill value is no number'));
    return filled(sizes, dtypeFrom(dtype, typeOf([value]), runtime), () => x, runtime);
  }),
  native('full_like', 'a, fill_value, dtype=None, *rest, **kwargs', ({ a, fill_value: value, dtype }, runtime) => {
    const like = asArray(a, runtime);
    if (like instanceof Unknown) return like;
    return filled(like.shape, dtypeFrom(dtype, like.dtype, runtime), () => realOf(value) ?? NaN, runtime);
  }),
  native('arange', '*args, dtype=None, **kwargs', ({ args, dtype }, runtime) => arange(rest(args), dtype, runtime)),
  spaced('linspace', (x) => x),
  spaced('logspace', (x, base) => base ** x),
  native('geomspace', 'start, stop, num=50, endpoint=True', ({ start, stop, num }, runtime) => {
    const xs = reals([start, stop, num], runtime);
    if (xs instanceof Unknown) return xs;
    const [a = 1, b = 1, n = 1] = xs;
    return filled([n], FLOAT, (i) => a * (b / a) ** (n > 1 ? i / (n - 1) : 0), runtime);
  }),
  native('eye', 'N, M=None, k=0, dtype=None, **kwargs', ({ N, M, k, dtype }, runtime) => {
    const sizes = shapeFrom(new Tuple([N, M ?? N, k]), runtime);
    if (sizes instanceof Unknown) return callSymbol(sizes, 'np.eye', [N]);
    const [rows = 0, columns = 0, offset = 0] = sizes;
    return diagonal(rows, columns, offset, dtypeFrom(dtype, FLOAT, runtime), runtime);
  }),
  native('identity', 'n, dtype=None', ({ n, dtype }, runtime) => {
    const size = toIndex(n, runtime);
    return size instanceof Unknown ? size : diagonal(size, size, 0, dtypeFrom(dtype, FLOAT, runtime), runtime);
  }),
  native('tri', 'N, M=None, k=0, dtype=None', ({ N, M, k, dtype }, runtime) => {
    const sizes = shapeFrom(new Tuple([N, M ?? N, k]), runtime);
    if (sizes instanceof Unknown) return sizes;
    const [rows = 0, columns = 0, offset = 0] = sizes;
    return filled(
      [rows, columns],
      dtypeFrom(dtype, FLOAT, runtime),
      (i) => Number((i % columns) - Math.floor(i / columns) <= offset),
      runtime,
    );
  }),
  triangle('tril'),
  triangle('triu'),
  native('diag', 'v, k=0', ({ v, k }, runtime) => {
    const a = asArray(v, runtime);
    const offset = toIndex(k, runtime);
    if (a instanceof Unknown) return a;
    if (offset instanceof Unknown) return offset;
    const data = a.data;
    if (!data) return runtime.unknown('the entries of this array are not known', 'np.diag()');
    if (a.shape.length === 1) {
      const n = a.size + Math.abs(offset);
      const start = Math.max(0, -offset);
      return filled(
        [n, n],
        a.dtype,
        (i) => ((i % n) - Math.floor(i / n) === offset ? (data[Math.floor(i / n) - start] ?? 0) : 0),
        runtime,
      );
    }
    const [rows = 0, columns = 0] = a.shape;
    const [r, c] = [Math.max(0, -offset), Math.max(0, offset)];
    return filled(
      [Math.max(0, Math.min(rows - r, columns - c))],
      a.dtype,
      (i) => data[(r + i) * columns + c + i] ?? NaN,
      runtime,
    );
  }),
  native('meshgrid', '*xi, indexing="xy", **kwargs', ({ xi, indexing }, runtime) =>
    meshgrid(rest(xi), indexing, runtime),
  ),
  native('copy', 'a, **kwargs', ({ a }, runtime) => {
    const array = asArray(a, runtime);
    return array instanceof Unknown ? array : new NdArray(array.shape, array.data, array.dtype, array.lack);
  }),
  native('indices', 'dimensions, **kwargs', ({ dimensions }, runtime) => {
    const shape = shapeFrom(dimensions, runtime);
    if (shape instanceof Unknown) return shape;
    const size = count(shape);
    return filled(
      [shape.length, ...shape],
      INT,
      (i) => {
        const axis = Math.floor(i / size);
        const stride = count(shape.slice(axis + 1));
        return Math.floor((i % size) / stride) % (shape[axis] ?? 1);
      },
      runtime,
    );
  }),
  native('hanning', 'M', ({ M }, runtime) => window(M, (x) => 0.5 - 0.5 * Math.cos(x), runtime)),
  native('hamming', 'M', ({ M }, runtime) => window(M, (x) => 0.54 - 0.46 * Math.cos(x), runtime)),
];

function window(length: Value, shape: (angle: number) => number, runtime: Runtime): Value {
  const n = toIndex(length, runtime);
  return n instanceof Unknown
    ? n
    : filled([n], FLOAT, (i) => (n === 1 ? 1 : shape((2 * Math.PI * i) / (n - 1))), runtime);
}
