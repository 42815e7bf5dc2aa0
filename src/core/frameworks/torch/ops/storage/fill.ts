import { constant, normal, uniform } from '../../../../initializers/index.js';
import type { Distribution } from '../../../../model/index.js';
import type { NativeFunction, Runtime, Value } from '../../../../python/values/index.js';
import type { Tensor } from '../../tensor.js';
import { coin, integersBetween } from '../creation/random.js';
import { broadcastShapes } from '../kit/broadcast.js';
import { mapped } from '../kit/draws.js';
import { op, type Table } from '../kit/define.js';
import { entries, MAX_ENTRIES } from '../kit/entries.js';
import { isTraced, makeConstant, setter, type Content } from '../kit/make.js';
import { isComplete } from '../kit/sizes.js';
import { numberOf, real, tensorOf, Undetermined } from '../kit/values.js';
import { tensorFrom } from '../creation/from-data.js';
import { Unknown } from '../../../../python/values/index.js';
import { spread } from '../kit/broadcast.js';
import { count } from './layout.js';
import { assignInPlace, contentOf, distributionOf, writeDistribution } from './write.js';

/** Sets every entry: of the storage that the tensor views, or of the value that it has in forward. */
export function fill(rt: Runtime, x: Tensor, what: string, content: Content): Tensor {
  if (isTraced([x]) && x.value !== null) assignInPlace(x, makeConstant(rt, what, x.shape, x.dtype, content), what, rt);
  else writeDistribution(x, content.distribution, setter(what, rt), content.data ?? null);
  return x;
}

function filledWith(x: Tensor, value: number): Content {
  const size = isComplete(x.shape) ? count(x.shape) : Infinity;
  return { distribution: constant(value), data: size <= MAX_ENTRIES ? new Array<number>(size).fill(value) : null };
}

/** Methods that draw every entry anew from a distribution of their arguments. */
const drawn = (
  name: string,
  signature: string,
  distribution: (numbers: Readonly<Record<string, number>>, x: Tensor) => Distribution,
): NativeFunction => {
  const parameters = signature.split(',').map((p) => (p.split('=')[0] ?? '').trim());
  const full: string = `input, ${signature}, generator=None`;
  return op(name, full, (x, args, rt) => {
    const a = args as Readonly<Record<string, Value>>;
    const numbers: Record<string, number> = {};
    let unknown: Unknown | undefined;
    for (const p of parameters) {
      const v = a[p] ?? null;
      if (v === null) continue;
      const n = numberOf(v);
      if (n !== undefined) numbers[p] = n;
      else if (v instanceof Unknown) unknown = v;
      else if (tensorOf(v)) unknown = rt.unknown('an argument that is a tensor');
      else real(v, p, rt);
    }
    return fill(rt, x, name, {
      distribution: unknown ? { kind: 'unknown', reason: unknown.reason } : distribution(numbers, x),
    });
  });
};

const NORMAL_LIMIT = 2 ** 24;

const fillMethod = op('fill_', 'input, value', (x, a, rt) => {
  const n = numberOf(a.value);
  if (n !== undefined) return fill(rt, x, 'fill_', filledWith(x, n));
  const reason = a.value instanceof Unknown ? a.value.reason : 'filled with a value that is not known';
  return fill(rt, x, 'fill_', { distribution: { kind: 'unknown', reason } });
});

const copy = op('copy_', 'input, src, non_blocking=False', (x, a, rt) => {
  const source = tensorOf(a.src) ?? tensorOf(tensorFrom(rt, 'copy_', a.src, null));
  if (!source) throw new Undetermined(rt.unknown('what is copied'));
  broadcastShapes(rt, x.shape, source.shape);
  if (isTraced([x, source])) {
    // A copy of a computed value into a parameter or buffer happens while running, not at initialization.
    if (x.value !== null) assignInPlace(x, source, 'copy_', rt);
    return x;
  }
  const { distribution } = contentOf(source);
  writeDistribution(x, distribution, setter(source.storage?.setBy.what ?? 'copy_', rt), copied(x, source));
  return x;
});

function copied(x: Tensor, source: Tensor): readonly number[] | null {
  const data = entries(source);
  if (!data || !isComplete(x.shape) || !isComplete(source.shape) || count(x.shape) > MAX_ENTRIES) return null;
  return spread(data, source.shape, x.shape);
}

/** 1 with probability p, which may be a tensor's entries. */
const bernoulli = op('bernoulli_', 'input, p=0.5, generator=None', (x, a, rt) => {
  const p = numberOf(a.p) ?? (tensorOf(a.p) ? distributionOf(tensorOf(a.p) as Tensor).mean : undefined);
  return fill(rt, x, 'bernoulli_', {
    distribution: p === undefined ? { kind: 'unknown', reason: 'a probability that is not known' } : coin(p),
  });
});

const fillDiagonal = op('fill_diagonal_', 'input, fill_value, wrap=False', (x, a, rt) => {
  const diagonal = rt.callMethod(x, 'diagonal');
  const t = tensorOf(diagonal);
  if (t && !isTraced([x])) rt.callMethod(t, 'fill_', [a.fill_value]);
  return x;
});

/** Sets entries; each returns the tensor itself. */
export const fills: Table = {
  fill_: fillMethod,
  zero_: op('zero_', 'input', (x, _a, rt) => fill(rt, x, 'zero_', filledWith(x, 0))),
  copy_: copy,
  bernoulli_: bernoulli,
  fill_diagonal_: fillDiagonal,
  normal_: drawn('normal_', 'mean=0.0, std=1.0', (a) => normal(a['mean'], a['std'])),
  uniform_: drawn('uniform_', 'from=0.0, to=1.0', (a) => uniform(a['from'], a['to'])),
  exponential_: drawn('exponential_', 'lambd=1.0', (a) =>
    mapped(uniform(0, 1), (u) => -Math.log(1 - u) / (a['lambd'] ?? 1), 'exponential_'),
  ),
  log_normal_: drawn('log_normal_', 'mean=1.0, std=2.0', (a) =>
    mapped(normal(a['mean'], a['std']), Math.exp, 'log_normal_'),
  ),
  cauchy_: drawn('cauchy_', 'median=0.0, sigma=1.0', () => ({
    kind: 'unknown',
    reason: 'a Cauchy distribution has no variance',
  })),
  geometric_: drawn('geometric_', 'p', (a) => {
    const p = a['p'] ?? 0.5;
    return mapped(uniform(0, 1), (u) => Math.ceil(Math.log(1 - u) / Math.log(1 - p)), 'geometric_');
  }),
  random_: drawn('random_', 'from=None, to=None', (a, x) => {
    const [from, to] = [a['from'], a['to']];
    if (to !== undefined) return integersBetween(from ?? 0, to);
    return integersBetween(0, from ?? (x.dtype === 'bool' ? 2 : NORMAL_LIMIT));
  }),
};
