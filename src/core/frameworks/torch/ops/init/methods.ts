import { constant, identity, mixture, uniform } from '../../../../initializers/index.js';
import type { Distribution } from '../../../../model/index.js';
import type { Runtime, Value } from '../../../../python/values/index.js';
import type { Tensor } from '../../tensor.js';
import { integersBetween } from '../creation/random.js';
import { op, type Table } from '../kit/define.js';
import { mapped } from '../kit/draws.js';
import { entries } from '../kit/entries.js';
import { isTraced, unknownContent, type Content } from '../kit/make.js';
import { hasRank, isComplete } from '../kit/sizes.js';
import { flag, numberOf, tensorOf } from '../kit/values.js';
import { contiguous, count } from '../storage/layout.js';
import { distributionOf } from '../storage/write.js';
import { coinOf, filledWith, normalOf, printed, uniformOf } from './checks.js';
import { amount, fill, withAmounts, type Amount } from './fill.js';

type Arguments = Readonly<Record<string, Value>>;

/** An in-place method that draws every entry from a distribution of numbers. */
function drawn<K extends string>(
  name: string,
  parameters: string,
  names: readonly K[],
  draw: (numbers: Readonly<Record<K, number>>, rt: Runtime) => Distribution,
): Table {
  const signature = `input, ${parameters}, generator=None`;
  const method = op(name, signature, (x, args, rt) => {
    const a = args as Arguments;
    const given = Object.fromEntries(names.map((n) => [n, amount(a[n] ?? null, n, rt)])) as Record<K, Amount>;
    fill(x, { distribution: withAmounts(given, (numbers) => draw(numbers, rt)) }, name, rt);
    return a['input'] as Value;
  });
  return { [name]: method };
}

function demand(ok: boolean, message: string, rt: Runtime): void {
  if (!ok) rt.raise('RuntimeError', message);
}

/** A distribution given as a function of a uniform number, with moments known in closed form. */
function transformed(f: (u: number) => number, mean: number, std: number, what: string): Distribution {
  const shape = mapped(uniform(0, 1), f, what);
  return shape.kind === 'mixture' ? { ...shape, mean, std } : shape;
}

function exponential(lambd: number, rt: Runtime): Distribution {
  demand(lambd > 0, `exponential_ expects lambda > 0.0, but found lambda=${printed(lambd)}`, rt);
  return transformed((u) => -Math.log1p(-u) / lambd, 1 / lambd, 1 / lambd, 'exponential_');
}

function logNormal(mean: number, std: number, rt: Runtime): Distribution {
  demand(std > 0, `log_normal_ expects std > 0.0, but found std=${printed(std)}`, rt);
  const shape = mapped(normalOf(mean, std, rt), Math.exp, 'log_normal_');
  if (shape.kind !== 'mixture') return shape;
  const average = Math.exp(mean + std ** 2 / 2);
  return { ...shape, mean: average, std: average * Math.sqrt(Math.expm1(std ** 2)) };
}

/** Trials up to the first success. */
function geometric(p: number, rt: Runtime): Distribution {
  demand(p > 0 && p < 1, `geometric_ expects p to be in (0, 1), but got p=${printed(p)}`, rt);
  const step = Math.log1p(-p);
  return transformed((u) => Math.max(1, Math.ceil(Math.log1p(-u) / step)), 1 / p, Math.sqrt(1 - p) / p, 'geometric_');
}

/** `random_()`, `random_(to)`, `random_(from, to)`; without bounds, all that a float32 or an int64 can count. */
function integers(t: Tensor, a: Arguments, rt: Runtime): Distribution {
  const [first, second] = [a['from'] ?? null, a['to'] ?? null];
  const usual = t.dtype === 'int' ? 2 ** 63 : t.dtype === 'bool' ? 2 : 2 ** 24 + 1;
  const [from, to] = first !== null && second === null ? [0, first] : [first ?? 0, second ?? usual];
  return withAmounts({ from: amount(from, 'from', rt), to: amount(to, 'to', rt) }, (n) => {
    demand(n.from < n.to, `random_ expects 'from' to be less than 'to', but got from=${n.from} >= to=${n.to}`, rt);
    return integersBetween(n.from, n.to);
  });
}

function bernoulli(p: Value, rt: Runtime): Content {
  const tensor = tensorOf(p);
  if (tensor && numberOf(p) === undefined) {
    const mean = isTraced([tensor]) ? undefined : distributionOf(tensor).mean;
    return mean === undefined ? unknownContent('the probabilities are not known') : { distribution: coinOf(mean) };
  }
  const distribution = withAmounts({ p: amount(p, 'p', rt) }, (n) => {
    demand(n.p >= 0 && n.p <= 1, `bernoulli_ expects p to be in [0, 1], but got p=${printed(n.p)}`, rt);
    return coinOf(n.p);
  });
  return { distribution };
}

function diagonal(t: Tensor, a: Arguments, rt: Runtime): Content {
  if (!hasRank(t.shape)) return unknownContent('a diagonal of a tensor of unknown shape');
  demand(t.shape.length >= 2, 'dimensions must larger than 1', rt);
  const value = amount(a['fill_value'] ?? null, 'fill_value', rt);
  if (!isComplete(t.shape) || typeof value !== 'number') return unknownContent('a diagonal of unknown length or value');
  const { shape } = t;
  const isMatrix = shape.length === 2;
  demand(isMatrix || new Set(shape).size === 1, 'all dimensions of input must be of equal length', rt);
  const [rows, columns] = shape as readonly [number, number, ...number[]];
  // One step along every axis; with `wrap` the diagonal starts again below a tall matrix.
  const step = contiguous(shape).strides.reduce((sum, s) => sum + s, 0);
  const wraps = isMatrix && flag(a['wrap'] ?? false, rt);
  const places = wraps ? Math.ceil((rows * columns) / step) : Math.min(rows, columns);
  const data = entries(t)?.slice() ?? null;
  if (data) for (let i = 0; i < places; i++) data[i * step] = value;
  const before = distributionOf(t);
  if (isMatrix && !wraps && before.kind === 'constant' && before.mean === 0)
    return { distribution: identity(shape, value), data };
  const share = places / count(shape);
  const parts = [
    { fraction: 1 - share, distribution: before },
    { fraction: share, distribution: constant(value) },
  ];
  return { distribution: mixture(parts), data };
}

/** Tensor's methods that draw or fill every entry in place. */
export const randomMethods: Table = {
  ...drawn('normal_', 'mean=0.0, std=1.0', ['mean', 'std'], (n, rt) => normalOf(n.mean, n.std, rt)),
  ...drawn('uniform_', 'from=0.0, to=1.0', ['from', 'to'], (n, rt) => uniformOf(n.from, n.to, rt)),
  ...drawn('exponential_', 'lambd=1.0', ['lambd'], (n, rt) => exponential(n.lambd, rt)),
  ...drawn('log_normal_', 'mean=1.0, std=2.0', ['mean', 'std'], (n, rt) => logNormal(n.mean, n.std, rt)),
  ...drawn('geometric_', 'p', ['p'], (n, rt) => geometric(n.p, rt)),
  ...drawn('cauchy_', 'median=0.0, sigma=1.0', ['median', 'sigma'], (n, rt) => {
    demand(n.sigma > 0, `cauchy_ expects sigma > 0.0, but found sigma=${printed(n.sigma)}`, rt);
    return { kind: 'unknown', reason: 'a Cauchy distribution has neither mean nor variance' };
  }),
  fill_: op('fill_', 'input, value', (x, a, rt) => {
    fill(x, filledWith(x, a.value, rt), 'fill_', rt);
    return a.input;
  }),
  zero_: op('zero_', 'input', (x, a, rt) => {
    fill(x, filledWith(x, 0, rt), 'zero_', rt);
    return a.input;
  }),
  bernoulli_: op('bernoulli_', 'input, p=0.5, generator=None', (x, a, rt) => {
    fill(x, bernoulli(a.p, rt), 'bernoulli_', rt);
    return a.input;
  }),
  random_: op('random_', 'input, from=None, to=None, generator=None', (x, a, rt) => {
    fill(x, { distribution: integers(x, a, rt) }, 'random_', rt);
    return a.input;
  }),
  fill_diagonal_: op('fill_diagonal_', 'input, fill_value, wrap=False', (x, a, rt) => {
    fill(x, diagonal(x, a, rt), 'fill_diagonal_', rt);
    return a.input;
  }),
};
