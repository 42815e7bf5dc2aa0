import { constant, mixture, normal } from '../../../../initializers/index.js';
import type { Distribution } from '../../../../model/index.js';
import { type Runtime, type Value } from '../../../../python/values/index.js';
import type { Tensor } from '../../tensor.js';
import { broadcastShapes } from '../kit/broadcast.js';
import { fn, op, type Family } from '../kit/define.js';
import { isTraced, opaque, unknownContent, type Content } from '../kit/make.js';
import { hasRank, type Shape } from '../kit/sizes.js';
import { itemsOf, numberOf, shapeFrom, sizeOf, tensorOf } from '../kit/values.js';
import { distributionOf } from '../storage/write.js';
import { made, OPTIONS } from './options.js';

/** Integers low, …, high − 1, equally likely. */
export function integersBetween(low: number, high: number): Distribution {
  const n = high - low;
  if (n <= 1) return constant(low);
  const std = Math.sqrt((n * n - 1) / 12);
  return { kind: 'uniform', mean: (low + high - 1) / 2, std, low, high: high - 1 };
}

function range(a: Value, b: Value): Content {
  const [low, high] = b === null ? [0, numberOf(a)] : [numberOf(a), numberOf(b)];
  return low === undefined || high === undefined
    ? unknownContent('random integers below a limit that is not known')
    : { distribution: integersBetween(low, high) };
}

/** 1 with probability p. */
export function coin(p: number): Distribution {
  return mixture([
    { fraction: 1 - p, distribution: constant(0) },
    { fraction: p, distribution: constant(1) },
  ]);
}

/** N(mean, std²) where either may be a tensor. */
function gaussian(a: { mean: Value; std: Value; size: Value }, rt: Runtime): readonly [Shape, Content] {
  const [mean, std] = [tensorOf(a.mean), tensorOf(a.std)];
  const shape =
    mean && std
      ? broadcastShapes(rt, mean.shape, std.shape)
      : ((mean ?? std)?.shape ?? shapeFrom(itemsOf(a.size, rt) ? [a.size] : [], rt));
  const [m, s] = [summary(a.mean, mean), summary(a.std, std)];
  if (!m || !s) return [shape, unknownContent('drawn about values that are not known')];
  // The mixture of normals over the means and deviations given.
  return [shape, { distribution: normal(m.mean, Math.sqrt(m.std ** 2 + s.mean ** 2 + s.std ** 2)) }];
}

function summary(v: Value, t: Tensor | undefined): { mean: number; std: number } | undefined {
  const n = numberOf(v);
  if (n !== undefined) return { mean: n, std: 0 };
  const d = t?.storage ? distributionOf(t) : undefined;
  return d?.mean === undefined ? undefined : { mean: d.mean, std: d.std };
}

export const random: Family = {
  torch: {
    randint: fn('randint', `low, high=None, size=None, ${OPTIONS}`, (a, rt) => {
      const short = a.size === null;
      const shape = shapeFrom([short ? a.high : a.size], rt);
      return made(rt, 'randint', shape, a, 'int', short ? range(a.low, null) : range(a.low, a.high));
    }),
    randint_like: op('randint_like', `input, low, high=None, ${OPTIONS}`, (x, a, rt) =>
      made(rt, 'randint_like', x.shape, a, x.dtype, range(a.low, a.high)),
    ),
    randperm: fn('randperm', `n, ${OPTIONS}`, (a, rt) =>
      made(rt, 'randperm', [sizeOf(a.n, rt)], a, 'int', range(a.n, null)),
    ),
    normal: fn('normal', `mean=0.0, std=1.0, size=None, ${OPTIONS}`, (a, rt) => {
      const tensors = [tensorOf(a.mean), tensorOf(a.std)].filter((t) => t !== undefined);
      const [shape, content] = gaussian(a, rt);
      if (isTraced(tensors)) return opaque(rt, 'normal', 'random numbers about computed values', tensors, { shape });
      return made(rt, 'normal', shape, a, 'float', content);
    }),
    bernoulli: op('bernoulli', `input, p=None, ${OPTIONS}`, (x, a, rt) => bernoulli(x, a.p, rt)),
    multinomial: op('multinomial', 'input, num_samples, replacement=False, generator=None', (x, a, rt) => {
      const shape = hasRank(x.shape) ? [...x.shape.slice(0, -1), sizeOf(a.num_samples, rt)] : x.shape;
      return opaque(rt, 'multinomial', 'indices drawn at random', [x], { shape, dtype: 'int' });
    }),
    poisson: op('poisson', 'input, generator=None', (x, _a, rt) =>
      opaque(rt, 'poisson', 'counts drawn at random', [x], { shape: x.shape, dtype: x.dtype }),
    ),
  },
  methods: {
    bernoulli: op('bernoulli', `input, p=None, ${OPTIONS}`, (x, a, rt) => bernoulli(x, a.p, rt)),
  },
};

function bernoulli(x: Tensor, p: Value, rt: Runtime): Tensor {
  const options = { dtype: null, requires_grad: false };
  const probability = p === null ? (x.storage && !isTraced([x]) ? distributionOf(x).mean : undefined) : numberOf(p);
  if (probability === undefined || isTraced([x]))
    return opaque(rt, 'bernoulli', 'drawn at random', [x], { shape: x.shape, dtype: x.dtype });
  return made(rt, 'bernoulli', x.shape, options, x.dtype, { distribution: coin(probability) });
}
