import { Tuple, type NativeFunction, type Runtime, type Value } from '../../../../python/values/index.js';
import { kindOf } from '../../dtype.js';
import type { DType, Tensor } from '../../tensor.js';
import { op, type Family, type Table } from '../kit/define.js';
import { real } from '../kit/values.js';
import type { How } from './estimate.js';
import { reduce, type Over } from './over.js';

export const sumOf = (g: readonly number[]): number => g.reduce((a, b) => a + b, 0);
export const meanOf = (g: readonly number[]): number => sumOf(g) / g.length;
export const productOf = (g: readonly number[]): number => g.reduce((a, b) => a * b, 1);
export const largest = (g: readonly number[]): number =>
  g.reduce((a, b) => (b > a || Number.isNaN(b) ? b : a), -Infinity);
export const smallest = (g: readonly number[]): number =>
  g.reduce((a, b) => (b < a || Number.isNaN(b) ? b : a), Infinity);
export const lengthOf = (g: readonly number[]): number => Math.sqrt(sumOf(g.map((v) => v * v)));

/** Variance with n − correction below the line. */
export function varianceOf(g: readonly number[], correction: number): number {
  const mean = meanOf(g);
  return sumOf(g.map((v) => (v - mean) ** 2)) / Math.max(0, g.length - correction);
}

export function logSumExp(g: readonly number[]): number {
  const top = largest(g);
  return Number.isFinite(top) ? top + Math.log(sumOf(g.map((v) => Math.exp(v - top)))) : top;
}

const numbers = (g: readonly number[]): number[] => g.filter((v) => !Number.isNaN(v));

/** Sums and products of integers and booleans are integers; everything else is a float. */
function kindFor(x: Tensor, dtype: Value, keepsIntegers: boolean): DType {
  const asked = kindOf(dtype);
  if (asked) return asked;
  if (x.dtype === 'float' || x.dtype === 'complex') return x.dtype;
  return keepsIntegers ? 'int' : 'float';
}

const total = (name: string, how: How, f: (g: readonly number[]) => number, keepsIntegers: boolean): NativeFunction =>
  op(name, 'input, dim=None, keepdim=False, dtype=None, out=None', (x, a, rt) => {
    if (name === 'mean' && kindOf(a.dtype) === undefined && (x.dtype === 'int' || x.dtype === 'bool'))
      rt.raise(
        'RuntimeError',
        `mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: ${x.dtype === 'int' ? 'Long' : 'Bool'}`,
      );
    return reduce(rt, x, how, a, f, kindFor(x, a.dtype, keepsIntegers), name);
  });

interface Spread extends Over {
  readonly unbiased: Value;
  readonly correction: Value;
}

/** `var(unbiased)` and `var(dim, unbiased, keepdim)` beside `var(dim, correction=1, keepdim=False)`. */
const SPREAD = 'input, dim=None, unbiased=None, keepdim=False, correction=None, out=None';

function spreadArguments(a: Spread, rt: Runtime): Over & { readonly correction: number } {
  const short = typeof a.dim === 'boolean';
  const unbiased = short ? a.dim : a.unbiased;
  const correction = a.correction !== null ? real(a.correction, 'correction', rt) : unbiased === false ? 0 : 1;
  return { dim: short ? null : a.dim, keepdim: a.keepdim, correction };
}

function spread(rt: Runtime, x: Tensor, how: 'variance' | 'std', a: Spread): Tensor {
  const { correction, ...over } = spreadArguments(a, rt);
  const f = (g: readonly number[]): number => varianceOf(g, correction);
  return how === 'std'
    ? reduce(rt, x, how, over, (g) => Math.sqrt(f(g)), 'float')
    : reduce(rt, x, how, over, f, 'float', 'var');
}

const spreadAndMean = (name: string, how: 'variance' | 'std'): NativeFunction =>
  op(name, SPREAD, (x, a, rt) => {
    const { dim, keepdim } = spreadArguments(a, rt);
    return new Tuple([spread(rt, x, how, a), reduce(rt, x, 'mean', { dim, keepdim }, meanOf, 'float')]);
  });

const functions: Table = {
  sum: total('sum', 'sum', sumOf, true),
  nansum: total('nansum', 'sum', (g) => sumOf(numbers(g)), true),
  mean: total('mean', 'mean', meanOf, false),
  nanmean: total('nanmean', 'mean', (g) => meanOf(numbers(g)), false),
  prod: total('prod', 'prod', productOf, true),
  logsumexp: op('logsumexp', 'input, dim, keepdim=False, out=None', (x, a, rt) =>
    reduce(rt, x, 'logsumexp', a, logSumExp, 'float'),
  ),
  var: op('var', SPREAD, (x, a, rt) => spread(rt, x, 'variance', a)),
  std: op('std', SPREAD, (x, a, rt) => spread(rt, x, 'std', a)),
};

export const totals: Family = {
  torch: { ...functions, var_mean: spreadAndMean('var_mean', 'variance'), std_mean: spreadAndMean('std_mean', 'std') },
  methods: functions,
};
