import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import { Unknown, type NativeFunction, type Value } from '../../values/index.js';
import { toReal } from '../support/numbers.js';
import { callSymbol } from '../support/unknowns.js';
import { asArray, astype, axesFrom } from './convert.js';
import { BOOL, FLOAT, INT, dtypeFrom, type DType } from './dtypes.js';
import { NdArray, count, result } from './ndarray.js';

type Fold = (values: readonly number[], option: number) => number;
/** The dtype of the outcome: the array's own, an int for sums of ints and bools, a float, an index, a truth. */
type Outcome = 'own' | 'sum' | 'float' | 'index' | 'bool';

const total = (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0);
const mean = (xs: readonly number[]) => total(xs) / xs.length;
function variance(xs: readonly number[], less: number): number {
  const m = mean(xs);
  return xs.reduce((s, x) => s + (x - m) ** 2, 0) / (xs.length - less);
}
const largest = (xs: readonly number[]) => xs.reduce((a, b) => (a > b || Number.isNaN(a) ? a : b), -Infinity);
const smallest = (xs: readonly number[]) => xs.reduce((a, b) => (a < b || Number.isNaN(a) ? a : b), Infinity);

export function quantile(xs: readonly number[], q: number): number {
  const sorted = [...xs].sort((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? NaN;
  return low + ((sorted[Math.ceil(at)] ?? low) - low) * (at - Math.floor(at));
}

/** Functions that make one number of the numbers along one or more axes. */
const FOLDS: Readonly<Record<string, readonly [Fold, Outcome]>> = {
  sum: [total, 'sum'],
  nansum: [(xs) => total(xs.filter((x) => !Number.isNaN(x))), 'sum'],
  prod: [(xs) => xs.reduce((a, b) => a * b, 1), 'sum'],
  product: [(xs) => xs.reduce((a, b) => a * b, 1), 'sum'],
  mean: [mean, 'float'],
  average: [mean, 'float'],
  nanmean: [(xs) => mean(xs.filter((x) => !Number.isNaN(x))), 'float'],
  median: [(xs) => quantile(xs, 0.5), 'float'],
  std: [(xs, ddof) => Math.sqrt(variance(xs, ddof)), 'float'],
  var: [variance, 'float'],
  max: [largest, 'own'],
  amax: [largest, 'own'],
  min: [smallest, 'own'],
  amin: [smallest, 'own'],
  nanmax: [(xs) => largest(xs.filter((x) => !Number.isNaN(x))), 'own'],
  nanmin: [(xs) => smallest(xs.filter((x) => !Number.isNaN(x))), 'own'],
  ptp: [(xs) => largest(xs) - smallest(xs), 'own'],
  argmax: [(xs) => xs.indexOf(largest(xs)), 'index'],
  argmin: [(xs) => xs.indexOf(smallest(xs)), 'index'],
  any: [(xs) => Number(xs.some((x) => x !== 0)), 'bool'],
  all: [(xs) => Number(xs.every((x) => x !== 0)), 'bool'],
  count_nonzero: [(xs) => xs.filter((x) => x !== 0).length, 'index'],
};

function outcomeType(array: NdArray, outcome: Outcome): DType {
  if (outcome === 'own') return array.dtype;
  if (outcome === 'bool') return BOOL;
  if (outcome === 'index') return INT;
  if (outcome === 'float') return array.kind === 'float' ? array.dtype : FLOAT;
  return array.kind === 'bool' || array.kind === 'int' ? INT : array.dtype;
}

/** The entries that each place of the outcome is made of. */
export function groups(
  array: NdArray,
  axes: readonly number[] | undefined,
): { shape: number[]; kept: number[]; members: number[][] } {
  const reduced = axes ?? array.shape.map((_, k) => k);
  const shape = array.shape.filter((_, k) => !reduced.includes(k));
  const kept = array.shape.map((d, k) => (reduced.includes(k) ? 1 : d));
  const members: number[][] = Array.from({ length: count(shape) }, () => []);
  const strides = array.shape.map((_, k) => count(array.shape.slice(k + 1)));
  const target = array.shape.map((_, k) =>
    reduced.includes(k) ? 0 : count(array.shape.slice(k + 1).filter((__, m) => !reduced.includes(k + 1 + m))),
  );
  const { data } = array;
  for (let i = 0; data && i < data.length; i++) {
    let at = 0;
    for (let k = 0; k < strides.length; k++)
      at += (Math.floor(i / (strides[k] ?? 1)) % (array.shape[k] ?? 1)) * (target[k] ?? 0);
    members[at]?.push(data[i] ?? NaN);
  }
  return { shape, kept, members };
}

export function reduce(
  name: string,
  input: Value,
  axis: Value,
  keepDims: boolean,
  dtype: Value,
  option: number,
  runtime: Runtime,
): Value {
  const fold = FOLDS[name];
  if (input instanceof Unknown || !fold)
    return input instanceof Unknown ? callSymbol(input, `np.${name}`, [input]) : null;
  let array = asArray(input, runtime);
  if (array instanceof Unknown) return callSymbol(array, `np.${name}`, [array]);
  if (dtype !== null) array = astype(array, dtypeFrom(dtype, array.dtype, runtime));
  const axes = axesFrom(axis, array.shape.length, runtime);
  if (axes instanceof Unknown) return axes;
  const [apply, outcome] = fold;
  runtime.spend(Math.ceil(array.size / 256));
  const { shape, kept, members } = groups(array, axes);
  if (array.size === 0 && (outcome === 'own' || outcome === 'index'))
    runtime.raise('ValueError', 'zero-size array to reduction operation which has no identity');
  const data = array.data ? members.map((m) => apply(m, option)) : null;
  const lack = array.lack && { why: array.lack.why.as(`np.${name}(${array.lack.why.symbol})`) };
  return result(keepDims ? kept : shape, data, outcomeType(array, outcome), lack, runtime);
}

/** Running sums and products. */
function cumulative(name: string, combine: (a: number, b: number) => number): NativeFunction {
  return native(name, 'a, axis=None, dtype=None, out=None', ({ a, axis }, runtime) => {
    let array = asArray(a, runtime);
    if (array instanceof Unknown) return callSymbol(array, `np.${name}`, [a]);
    if (axis === null) array = new NdArray([array.size], array.data, array.dtype, array.lack);
    const axes = axesFrom(axis ?? 0, array.shape.length, runtime);
    if (axes instanceof Unknown) return axes;
    const k = axes?.[0] ?? 0;
    const type = array.kind === 'bool' ? INT : array.dtype;
    const stride = count(array.shape.slice(k + 1));
    const length = array.shape[k] ?? 1;
    const data = array.data && [...array.data];
    for (let i = 0; data && i < data.length; i++) {
      if (Math.floor(i / stride) % length > 0) data[i] = combine(data[i - stride] ?? NaN, data[i] ?? NaN);
    }
    return new NdArray(array.shape, data, type, array.lack && { why: array.lack.why });
  });
}

function weighted(a: Value, weights: Value, runtime: Runtime): Value {
  const product = runtime.binary('*', asArray(a, runtime), asArray(weights, runtime));
  return runtime.binary(
    '/',
    reduce('sum', product, null, false, null, 0, runtime),
    reduce('sum', weights, null, false, null, 0, runtime),
  );
}

/** Percentiles and quantiles. */
function ranks(name: string, scale: number): NativeFunction {
  return native(name, 'a, q, axis=None, **kwargs', ({ a, q }, runtime) => {
    const [array, at] = [asArray(a, runtime), asArray(q, runtime)];
    if (array instanceof Unknown) return array;
    if (at instanceof Unknown) return at;
    const { data } = array;
    if (!data || !at.data)
      return array.lack?.why.as(`np.${name}()`) ?? runtime.unknown('the entries of this array are not known');
    return result(
      at.shape,
      at.data.map((p) => quantile(data, p / scale)),
      FLOAT,
      null,
      runtime,
    );
  });
}

export const reductions: readonly NativeFunction[] = [
  ...Object.keys(FOLDS)
    .filter((name) => name !== 'average')
    .map((name) => {
      const hasOption = name === 'std' || name === 'var';
      return native(
        name,
        'a, axis=None, *rest, dtype=None, out=None, ddof=0, keepdims=False, **kwargs',
        (args, runtime) => {
          const option = hasOption ? toReal(args.ddof, runtime) : 0;
          if (option instanceof Unknown) return option;
          return reduce(name, args.a, args.axis, args.keepdims === true, args.dtype, option, runtime);
        },
      );
    }),
  native('average', 'a, axis=None, weights=None, **kwargs', ({ a, axis, weights }, runtime) =>
    weights === null ? reduce('mean', a, axis, false, null, 0, runtime) : weighted(a, weights, runtime),
  ),
  cumulative('cumsum', (a, b) => a + b),
  cumulative('cumprod', (a, b) => a * b),
  ranks('percentile', 100),
  ranks('quantile', 1),
];
