import { bounded } from '../../values/bounds.js';
import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import { Tuple, Unknown, type NativeFunction, type Value } from '../../values/index.js';
import { isInt, realOf, unwrap } from '../support/numbers.js';
import { asArray, shapeFrom } from './convert.js';
import { broadcastShapes, positions } from './broadcast.js';
import { BOOL, FLOAT, INT, promote } from './dtypes.js';
import { nonzero } from './indexing.js';
import { NdArray, count, result } from './ndarray.js';

/** The entries of an array that must be known, or why they aren't. */
function entries(value: Value, runtime: Runtime): (NdArray & { readonly data: readonly number[] }) | Unknown {
  const a = asArray(value, runtime);
  if (a instanceof Unknown) return a;
  if (!a.data) return a.lack?.why ?? runtime.unknown('the entries of this array are not known', 'array');
  return a as NdArray & { readonly data: readonly number[] };
}

/** A function of one array whose entries are known. */
function known(
  name: string,
  signature: string,
  body: (
    a: NdArray & { readonly data: readonly number[] },
    args: Readonly<Record<string, Value>>,
    runtime: Runtime,
  ) => Value,
): NativeFunction {
  return native(name, signature, (args: Readonly<Record<string, Value>>, runtime) => {
    const a = entries(Object.values(args)[0] ?? null, runtime);
    return a instanceof Unknown ? a.as(`np.${name}()`) : body(a, args, runtime);
  });
}

function where(condition: Value, x: Value, y: Value, runtime: Runtime): Value {
  const [c, a, b] = [asArray(condition, runtime), asArray(x, runtime), asArray(y, runtime)];
  for (const v of [c, a, b]) if (v instanceof Unknown) return v;
  if (c instanceof Unknown || a instanceof Unknown || b instanceof Unknown) return null;
  const shape = broadcastShapes(broadcastShapes(c.shape, a.shape, runtime), b.shape, runtime);
  const type = promote(a.dtype, b.dtype);
  const [pc, pa, pb] = [c, a, b].map((v) => positions(v.shape, shape)) as [
    (i: number) => number,
    (i: number) => number,
    (i: number) => number,
  ];
  const lacking = [c, a, b].find((v) => !v.data);
  if (lacking) return result(shape, null, type, lacking.lack && { why: lacking.lack.why }, runtime);
  const data = Array.from({ length: bounded(count(shape)) }, (_, i) =>
    c.data?.[pc(i)] !== 0 ? (a.data?.[pa(i)] ?? NaN) : (b.data?.[pb(i)] ?? NaN),
  );
  return result(shape, data, type, null, runtime);
}

function close(a: number, b: number, rtol: number, atol: number): boolean {
  return a === b || Math.abs(a - b) <= atol + rtol * Math.abs(b);
}

function compareAll(
  name: string,
  test: (x: number, y: number, rtol: number, atol: number) => boolean,
  each: boolean,
): NativeFunction {
  return native(name, 'a, b, rtol=1e-05, atol=1e-08, **kwargs', ({ a, b, rtol, atol }, runtime) => {
    const [x, y] = [entries(a, runtime), entries(b, runtime)];
    if (x instanceof Unknown) return x;
    if (y instanceof Unknown) return y;
    if (name === 'array_equal' && (x.shape.length !== y.shape.length || x.shape.some((d, k) => d !== y.shape[k])))
      return false;
    const shape = broadcastShapes(x.shape, y.shape, runtime);
    const [p, q] = [positions(x.shape, shape), positions(y.shape, shape)];
    const tests = Array.from({ length: bounded(count(shape)) }, (_, i) =>
      test(x.data[p(i)] ?? NaN, y.data[q(i)] ?? NaN, realOf(rtol) ?? 0, realOf(atol) ?? 0),
    );
    return each ? result(shape, tests.map(Number), BOOL, null, runtime) : tests.every(Boolean);
  });
}

/** Positions in sorted order, along the last axis. */
function order(xs: readonly number[]): number[] {
  return xs.map((_, i) => i).sort((i, j) => (xs[i] ?? 0) - (xs[j] ?? 0) || i - j);
}

function rows(a: NdArray & { readonly data: readonly number[] }): number[][] {
  const length = a.shape.at(-1) ?? 1;
  return Array.from({ length: a.size / Math.max(1, length) }, (_, r) => a.data.slice(r * length, (r + 1) * length));
}

export const selection: readonly NativeFunction[] = [
  native('where', 'condition, *branches', ({ condition, branches }, runtime) => {
    const [x, y] = branches instanceof Tuple ? branches.items : [];
    if (x !== undefined && y !== undefined) return where(condition, x, y, runtime);
    const c = entries(condition, runtime);
    return c instanceof Unknown ? c : new Tuple(nonzero(c));
  }),
  known('nonzero', 'a', (a) => new Tuple(nonzero(a))),
  known('flatnonzero', 'a', (a) => nonzero(new NdArray([a.size], a.data, a.dtype))[0] ?? null),
  known('argwhere', 'a', (a) => {
    const found = nonzero(a);
    const n = found[0]?.size ?? 0;
    return new NdArray(
      [n, found.length],
      Array.from(
        { length: n * found.length },
        (_, i) => found[i % found.length]?.data?.[Math.floor(i / found.length)] ?? NaN,
      ),
      INT,
    );
  }),
  known('unique', 'ar, return_index=False, return_inverse=False, return_counts=False, **kwargs', (a, args) => {
    const values = [...new Set(a.data)].sort((x, y) => x - y);
    const vector = (data: readonly number[]) => new NdArray([data.length], data, INT);
    const unique = new NdArray([values.length], values, a.dtype);
    const extra: Value[] = [];
    if (args['return_index'] === true) extra.push(vector(values.map((v) => a.data.indexOf(v))));
    if (args['return_inverse'] === true) extra.push(vector(a.data.map((v) => values.indexOf(v))));
    if (args['return_counts'] === true) extra.push(vector(values.map((v) => a.data.filter((x) => x === v).length)));
    return extra.length === 0 ? unique : new Tuple([unique, ...extra]);
  }),
  known(
    'sort',
    'a, axis=-1, *rest, **kwargs',
    (a) =>
      new NdArray(
        a.shape,
        rows(a).flatMap((r) => r.sort((x, y) => x - y)),
        a.dtype,
      ),
  ),
  known('argsort', 'a, axis=-1, *rest, **kwargs', (a) => new NdArray(a.shape, rows(a).flatMap(order), INT)),
  known('diff', 'a, n=1, axis=-1', (a) => {
    const parts = rows(a).map((r) => r.slice(1).map((x, i) => x - (r[i] ?? NaN)));
    return new NdArray([...a.shape.slice(0, -1), (a.shape.at(-1) ?? 1) - 1], parts.flat(), a.dtype);
  }),
  known('isin', 'element, test_elements, **kwargs', (a, args, runtime) => {
    const tests = entries(args['test_elements'] ?? null, runtime);
    return tests instanceof Unknown
      ? tests
      : new NdArray(
          a.shape,
          a.data.map((x) => Number(tests.data.includes(x))),
          BOOL,
        );
  }),
  known('searchsorted', 'a, v, side="left", sorter=None', (a, args, runtime) => {
    const v = entries(args['v'] ?? null, runtime);
    if (v instanceof Unknown) return v;
    const find = (x: number) => {
      const at = a.data.findIndex((y) => (args['side'] === 'right' ? y > x : y >= x));
      return at < 0 ? a.size : at;
    };
    return result(v.shape, v.data.map(find), INT, null, runtime);
  }),
  known('bincount', 'x, weights=None, minlength=0', (a, args) => {
    const n = Math.max(Number(unwrap(args['minlength'] ?? 0)), ...a.data.map((x) => x + 1), 0);
    return new NdArray(
      [n],
      Array.from({ length: bounded(n) }, (_, i) => a.data.filter((x) => x === i).length),
      INT,
    );
  }),
  known('interp', 'x, xp, fp, *rest, **kwargs', (a, args, runtime) => {
    const [xs, ys] = [entries(args['xp'] ?? null, runtime), entries(args['fp'] ?? null, runtime)];
    if (xs instanceof Unknown) return xs;
    if (ys instanceof Unknown) return ys;
    return result(
      a.shape,
      a.data.map((x) => interpolate(x, xs.data, ys.data)),
      FLOAT,
      null,
      runtime,
    );
  }),
  compareAll('isclose', close, true),
  compareAll('allclose', close, false),
  compareAll('array_equal', (x, y) => x === y, false),
  native('isscalar', 'element', ({ element }) =>
    element instanceof Unknown
      ? element
      : isInt(unwrap(element)) || realOf(element) !== undefined || typeof element === 'string',
  ),
  native('ndim', 'a', ({ a }, runtime) => {
    const array = asArray(a, runtime);
    return array instanceof Unknown ? array : array.shape.length;
  }),
  native('shape', 'a', ({ a }, runtime) => {
    const array = asArray(a, runtime);
    return array instanceof Unknown ? array : new Tuple(array.shape);
  }),
  native('size', 'a, axis=None', ({ a, axis }, runtime) => {
    const array = asArray(a, runtime);
    if (array instanceof Unknown) return array;
    return axis === null ? array.size : (array.shape.at(Number(unwrap(axis))) ?? 1);
  }),
  native('unravel_index', 'indices, shape', ({ indices, shape }, runtime) => {
    const sizes = shapeFrom(shape, runtime);
    const at = entries(indices, runtime);
    if (sizes instanceof Unknown) return sizes;
    if (at instanceof Unknown) return at;
    return new Tuple(
      sizes.map((d, k) => {
        const stride = count(sizes.slice(k + 1));
        return result(
          at.shape,
          at.data.map((i) => Math.floor(i / stride) % d),
          INT,
          null,
          runtime,
        );
      }),
    );
  }),
];

function interpolate(x: number, xs: readonly number[], ys: readonly number[]): number {
  const right = xs.findIndex((k) => k >= x);
  if (right <= 0) return right === 0 ? (ys[0] ?? NaN) : (ys.at(-1) ?? NaN);
  const [a = 0, b = 0, p = 0, q = 0] = [xs[right - 1], xs[right], ys[right - 1], ys[right]];
  return p + ((q - p) * (x - a)) / (b - a);
}
