import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import { Float, Tuple, Unknown, type NativeFunction, type Value } from '../../values/index.js';

import { builtinClass } from '../support/classes.js';
import { exceptionClass } from '../types/exceptions.js';
import { realOf } from '../support/numbers.js';
import { moduleOf, notEvaluated } from '../support/modules.js';
import { asArray, axesFrom } from './convert.js';
import { binaryFunction, broadcastShapes, broadcastTo } from './broadcast.js';
import { FLOAT, promote } from './dtypes.js';
import { OPERATORS } from './elementwise.js';
import { NdArray, count, result, type Lack } from './ndarray.js';
import { groups } from './reduce.js';
import { reshaped } from './layout.js';

function both(left: Value, right: Value, runtime: Runtime): [NdArray, NdArray] | Unknown {
  const [a, b] = [asArray(left, runtime), asArray(right, runtime)];
  if (a instanceof Unknown) return a;
  return b instanceof Unknown ? b : [a, b];
}

function lackOf(...arrays: readonly NdArray[]): Lack | null {
  const lacking = arrays.find((a) => a.lack)?.lack;
  return lacking ? { why: lacking.why } : null;
}

/** Matrix product; vectors count as rows or columns and lose that axis again. */
export function matmul(left: Value, right: Value, runtime: Runtime): Value {
  const pair = both(left, right, runtime);
  if (pair instanceof Unknown) return pair;
  const [a, b] = pair;
  if (a.shape.length === 0 || b.shape.length === 0)
    return binaryFunction(OPERATORS['*'] ?? never(), left, right, runtime);
  const x = a.shape.length === 1 ? reshaped(a, [1, -1], runtime) : a;
  const y = b.shape.length === 1 ? reshaped(b, [-1, 1], runtime) : b;
  const [m = 1, k = 1] = x.shape.slice(-2);
  const [k2 = 1, n = 1] = y.shape.slice(-2);
  if (k !== k2)
    runtime.raise(
      'ValueError',
      `matmul: Input operand 1 has a mismatch in its core dimension 0 (size ${k2} is different from ${k})`,
    );
  const batch = broadcastShapes(x.shape.slice(0, -2), y.shape.slice(0, -2), runtime);
  const kept = [...(a.shape.length === 1 ? [] : [m]), ...(b.shape.length === 1 ? [] : [n])];
  const type = promote(a.dtype, b.dtype);
  const work = count(batch) * m * n * k;
  const [p, q] = [broadcastTo(x, [...batch, m, k]).data, broadcastTo(y, [...batch, k, n]).data];
  if (!p || !q || work > 5_000_000) {
    return result(
      [...batch, ...kept],
      null,
      type,
      lackOf(a, b) ?? { why: runtime.unknown('this product is too large to be computed', 'a @ b') },
      runtime,
    );
  }
  runtime.spend(Math.ceil(work / 256));
  const data: number[] = [];
  for (let s = 0; s < count(batch); s++) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let t = 0; t < k; t++) sum += (p[(s * m + i) * k + t] ?? NaN) * (q[(s * k + t) * n + j] ?? NaN);
        data.push(sum);
      }
    }
  }
  return result([...batch, ...kept], data, type, null, runtime);
}

function never(): never {
  throw new Error('the table of operators has no product');
}

function outer(left: Value, right: Value, runtime: Runtime): Value {
  const pair = both(left, right, runtime);
  if (pair instanceof Unknown) return pair;
  const [a, b] = pair;
  return binaryFunction(
    OPERATORS['*'] ?? never(),
    reshaped(a, [-1, 1], runtime),
    reshaped(b, [1, -1], runtime),
    runtime,
  );
}

/** Factors of a random matrix: their shapes, and for the orthogonal ones the distribution of their entries. */
function factors(
  shapes: readonly (readonly [shape: readonly number[], orthogonal: boolean])[],
  a: NdArray,
  name: string,
  runtime: Runtime,
): Value {
  const why = a.lack?.why ?? runtime.unknown(`np.linalg.${name} is not computed`, `${name}()`);
  return new Tuple(
    shapes.map(([shape, orthogonal]) => {
      const std = 1 / Math.sqrt(Math.max(...shape));
      const isHaar = orthogonal && a.distribution?.kind === 'normal' && a.distribution.mean === 0;
      return new NdArray(shape, null, FLOAT, {
        why,
        distribution: isHaar ? { kind: 'orthogonal', mean: 0, std, gain: 1 } : undefined,
      });
    }),
  );
}

function norm(value: Value, order: Value, axis: Value, keepDims: boolean, runtime: Runtime): Value {
  const a = asArray(value, runtime);
  if (a instanceof Unknown) return a;
  const axes = axesFrom(axis, a.shape.length, runtime);
  if (axes instanceof Unknown) return axes;
  const p = order === null ? 2 : realOf(order);
  if (p === undefined) return runtime.unknown('this norm is not computed', 'np.linalg.norm()');
  const { shape, kept, members } = groups(a, axes);
  const one = (xs: readonly number[]): number => {
    if (p === Infinity) return Math.max(...xs.map(Math.abs));
    if (p === 1) return xs.reduce((s, x) => s + Math.abs(x), 0);
    return xs.reduce((s, x) => s + Math.abs(x) ** p, 0) ** (1 / p);
  };
  return result(keepDims ? kept : shape, a.data ? members.map(one) : null, FLOAT, lackOf(a), runtime);
}

export const linear: readonly NativeFunction[] = [
  native('matmul', 'a, b, *rest, **kwargs', ({ a, b }, runtime) => matmul(a, b, runtime)),
  native('dot', 'a, b, out=None', ({ a, b }, runtime) => matmul(a, b, runtime)),
  native('outer', 'a, b', ({ a, b }, runtime) => outer(a, b, runtime)),
  native('inner', 'a, b', ({ a, b }, runtime) => matmul(a, b, runtime)),
  native('vdot', 'a, b', ({ a, b }, runtime) => matmul(a, b, runtime)),
  native('kron', 'a, b', ({ a, b }, runtime) => {
    const pair = both(a, b, runtime);
    if (pair instanceof Unknown) return pair;
    const [x, y] = pair;
    const [m = 1, n = 1, p = 1, q = 1] = [...x.shape.slice(-2), ...y.shape.slice(-2)];
    if (x.shape.length !== 2 || y.shape.length !== 2 || !x.data || !y.data)
      return runtime.unknown('this product is not computed', 'np.kron()');
    const data: number[] = [];
    for (let i = 0; i < m * p; i++) {
      for (let j = 0; j < n * q; j++)
        data.push((x.data[Math.floor(i / p) * n + Math.floor(j / q)] ?? NaN) * (y.data[(i % p) * q + (j % q)] ?? NaN));
    }
    return new NdArray([m * p, n * q], data, promote(x.dtype, y.dtype));
  }),
  native('trace', 'a, *rest, **kwargs', ({ a }, runtime) => {
    const x = asArray(a, runtime);
    if (x instanceof Unknown || !x.data) return x instanceof Unknown ? x : x.entry(0, runtime);
    const [m = 1, n = 1] = x.shape;
    let sum = 0;
    for (let i = 0; i < Math.min(m, n); i++) sum += x.data[i * n + i] ?? NaN;
    return x.kind === 'int' ? sum : new Float(sum);
  }),
];

export const linalg = moduleOf(
  'numpy.linalg',
  () => [
    [
      native('norm', 'x, ord=None, axis=None, keepdims=False', ({ x, ord, axis, keepdims }, runtime) =>
        norm(x, ord, axis, keepdims === true, runtime),
      ),
      native('qr', 'a, mode="reduced"', ({ a }, runtime) => {
        const x = asArray(a, runtime);
        if (x instanceof Unknown) return x;
        const [m = 1, n = 1] = x.shape;
        const k = Math.min(m, n);
        return factors(
          [
            [[m, k], true],
            [[k, n], false],
          ],
          x,
          'qr',
          runtime,
        );
      }),
      native('svd', 'a, full_matrices=True, compute_uv=True, *rest', ({ a, full_matrices: full }, runtime) => {
        const x = asArray(a, runtime);
        if (x instanceof Unknown) return x;
        const [m = 1, n = 1] = x.shape;
        const k = Math.min(m, n);
        return factors(
          [
            [[m, full === false ? k : m], true],
            [[k], false],
            [[full === false ? k : n, n], true],
          ],
          x,
          'svd',
          runtime,
        );
      }),
      native('multi_dot', 'arrays', ({ arrays }, runtime) => {
        const [first = 0, ...others] = runtime.toArray(arrays);
        return others.reduce((product, b) => matmul(product, b, runtime), first);
      }),
    ],
    { LinAlgError: builtinClass('LinAlgError', [exceptionClass('ValueError')], 'numpy.linalg') },
  ],
  notEvaluated('np.linalg'),
);
