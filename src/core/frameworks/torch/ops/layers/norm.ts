import { normal } from '../../../../initializers/index.js';
import { isKnown, type Operation } from '../../../../model/index.js';
import type { Runtime, Value } from '../../../../python/values/index.js';
import type { Tensor } from '../../tensor.js';
import { axisNumber } from '../kit/axes.js';
import { op, optionalTensor, type Family } from '../kit/define.js';
import { compute, constantContent, unknownContent, type Content } from '../kit/make.js';
import { hasRank, product, shapeText, symbol, type Shape } from '../kit/sizes.js';
import { flag, integer, numberOf, real, shapeFrom, tensorOf } from '../kit/values.js';
import { arithmetic } from '../pointwise/arithmetic.js';
import { affine, power } from '../pointwise/unary.js';
import { along, biasField, parameterOf } from '../products/weights.js';
import { reduceAxes } from '../reduce/reduce.js';
import { distributionOf } from '../storage/write.js';
import { pooled } from './pool.js';
import { reshapeTo } from '../shape/reshape.js';

type Normalize = Extract<Operation, { kind: 'normalize' }>;

/** The node, with scale and shift in it where they are parameters and behind it where they are computed. */
function normalized(
  rt: Runtime,
  x: Tensor,
  how: Omit<Normalize, 'kind' | 'weight' | 'bias'>,
  weight: Tensor | null,
  bias: Tensor | null,
  axis: number,
): Tensor {
  const id = parameterOf(weight);
  const inside = weight === null || id !== undefined;
  const operation: Normalize = {
    kind: 'normalize',
    ...how,
    ...(id === undefined ? {} : { weight: id }),
    ...(inside ? biasField(bias) : {}),
  };
  let y = compute(rt, operation, [x], { shape: x.shape }, () => normalizedContent(x, how));
  if (weight && !inside) y = along(rt, 'multiply', y, weight, axis);
  if (bias && (!inside || parameterOf(bias) === undefined)) y = along(rt, 'add', y, bias, axis);
  return y;
}

/** Of tensors from before forward: rows of unit length have a mean square of 1/n. */
function normalizedContent(x: Tensor, { over, axis = 0 }: Pick<Normalize, 'over' | 'axis'>): Content {
  const before = distributionOf(x);
  const n = hasRank(x.shape) ? x.shape[axis] : undefined;
  if (over !== 'l2' || !isKnown(before) || typeof n !== 'number') return unknownContent('normalised before forward');
  const square = before.mean ** 2 + before.std ** 2;
  if (square === 0) return constantContent(0);
  const scale = 1 / Math.sqrt(n * square);
  return { distribution: normal(before.mean * scale, before.std * scale) };
}

const epsOf = (v: Value, rt: Runtime): number => (v === null ? 2 ** -23 : real(v, 'eps', rt));

const batchNorm = op(
  'batch_norm',
  'input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-5',
  (x, a, rt) => {
    const weight = optionalTensor(a.weight, 'batch_norm', 'weight', rt);
    const bias = optionalTensor(a.bias, 'batch_norm', 'bias', rt);
    const eps = epsOf(a.eps, rt);
    checkChannels(rt, x, weight);
    const [mean, variance] = [tensorOf(a.running_mean), tensorOf(a.running_var)];
    if (flag(a.training, rt, true) || !mean || !variance)
      return normalized(rt, x, { over: 'batch', eps }, weight, bias, 1);
    return withRunning(rt, x, { mean, variance, eps }, weight, bias);
  },
);

/** Evaluation mode: statistics are those of the buffers, a plain scale and shift at the start. */
function withRunning(
  rt: Runtime,
  x: Tensor,
  s: { mean: Tensor; variance: Tensor; eps: number },
  weight: Tensor | null,
  bias: Tensor | null,
): Tensor {
  const [mean, variance] = [constantOf(s.mean), constantOf(s.variance)];
  let y: Tensor;
  if (mean !== undefined && variance !== undefined) {
    const factor = 1 / Math.sqrt(variance + s.eps);
    y = affine(rt, x, factor, -mean * factor);
  } else {
    const centred = along(rt, 'add', x, affine(rt, s.mean, -1, 0), 1);
    y = along(rt, 'multiply', centred, power(rt, affine(rt, s.variance, 1, s.eps), -0.5), 1);
  }
  if (weight) y = along(rt, 'multiply', y, weight, 1);
  return bias ? along(rt, 'add', y, bias, 1) : y;
}

function constantOf(t: Tensor): number | undefined {
  const d = distributionOf(t);
  return d.kind === 'constant' ? d.mean : undefined;
}

function checkChannels(rt: Runtime, x: Tensor, weight: Tensor | null): void {
  if (!hasRank(x.shape) || !weight || !hasRank(weight.shape)) return;
  const [own, theirs] = [x.shape[1], weight.shape[0]];
  if (typeof own === 'number' && typeof theirs === 'number' && own !== theirs)
    rt.raise('RuntimeError', `running_mean should contain ${String(own)} elements not ${String(theirs)}`);
}

function trailing(rt: Runtime, x: Tensor, normalizedShape: Value): number {
  const shape = shapeFrom([normalizedShape], rt);
  if (!hasRank(shape)) return 1;
  if (hasRank(x.shape)) {
    const own = x.shape.slice(-shape.length);
    if (
      own.length < shape.length ||
      own.some((s, i) => typeof s === 'number' && typeof shape[i] === 'number' && s !== shape[i])
    )
      rt.raise(
        'RuntimeError',
        `Given normalized_shape=${shapeText(shape)}, expected input with shape [*, ${shape.map(symbol).join(', ')}], but got input of size${shapeText(x.shape)}`,
      );
  }
  return shape.length;
}

const layerNorm = op('layer_norm', 'input, normalized_shape, weight=None, bias=None, eps=1e-5', (x, a, rt) => {
  const dims = trailing(rt, x, a.normalized_shape);
  const weight = optionalTensor(a.weight, 'layer_norm', 'weight', rt);
  const bias = optionalTensor(a.bias, 'layer_norm', 'bias', rt);
  return normalized(rt, x, { over: 'layer', dims, eps: epsOf(a.eps, rt) }, weight, bias, -1);
});

const rmsNorm = op('rms_norm', 'input, normalized_shape, weight=None, eps=None', (x, a, rt) => {
  const dims = trailing(rt, x, a.normalized_shape);
  return normalized(
    rt,
    x,
    { over: 'rms', dims, eps: epsOf(a.eps, rt) },
    optionalTensor(a.weight, 'rms_norm', 'weight', rt),
    null,
    -1,
  );
});

const groupNorm = op('group_norm', 'input, num_groups, weight=None, bias=None, eps=1e-5', (x, a, rt) => {
  const groups = integer(a.num_groups, 'num_groups', rt);
  const channels = hasRank(x.shape) ? x.shape[1] : undefined;
  if (typeof channels === 'number' && channels % groups !== 0)
    rt.raise(
      'RuntimeError',
      `Expected number of channels in input to be divisible by num_groups, but got input of shape ${shapeText(x.shape)} and num_groups=${String(groups)}`,
    );
  const weight = optionalTensor(a.weight, 'group_norm', 'weight', rt);
  const bias = optionalTensor(a.bias, 'group_norm', 'bias', rt);
  return normalized(rt, x, { over: 'group', groups, eps: epsOf(a.eps, rt) }, weight, bias, 1);
});

const instanceNorm = op(
  'instance_norm',
  'input, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True, momentum=0.1, eps=1e-5',
  (x, a, rt) => {
    const weight = optionalTensor(a.weight, 'instance_norm', 'weight', rt);
    const bias = optionalTensor(a.bias, 'instance_norm', 'bias', rt);
    return normalized(rt, x, { over: 'instance', eps: epsOf(a.eps, rt) }, weight, bias, 1);
  },
);

/** Unit length along an axis; other norms than the second by division. */
const normalize = op('normalize', 'input, p=2.0, dim=1, eps=1e-12', (x, a, rt) => {
  const rank = hasRank(x.shape) ? x.shape.length : 0;
  const axis = rank === 0 ? 0 : axisNumber(integer(a.dim, 'dim', rt), rank, rt);
  if (numberOf(a.p) === 2) return normalized(rt, x, { over: 'l2', axis, eps: epsOf(a.eps, rt) }, null, null, -1);
  const length = reduceAxes(rt, x, 'norm', [axis], true);
  return arithmetic(rt, 'divide', { tensor: x, dtype: x.dtype }, { tensor: length, dtype: 'float' });
});

/** x / (k + alpha·mean of x² over neighbouring channels)^beta, step by step as torch computes it. */
const localResponseNorm = op('local_response_norm', 'input, size, alpha=1e-4, beta=0.75, k=1.0', (x, a, rt) => {
  const size = integer(a.size, 'size', rt);
  const square = power(rt, x, 2);
  if (!hasRank(x.shape)) return x;
  const [n = 1, c = 1, ...rest] = x.shape;
  const [first = 1, ...others] = rest;
  const planes: Shape = rest.length > 1 ? [n, 1, c, first, product(others)] : [n, 1, c, 1, first];
  const before = Math.floor(size / 2);
  const window = {
    kernel: [size, 1, 1],
    stride: [1, 1, 1],
    dilation: [1, 1, 1],
    padding: [
      [before, size - 1 - before],
      [0, 0],
      [0, 0],
    ] as const,
  };
  const mean = pooled(rt, reshapeTo(rt, square, planes), {
    kind: 'pool',
    reduce: 'average',
    window,
    countPadding: true,
    ceil: false,
  });
  const divisor = power(
    rt,
    affine(rt, reshapeTo(rt, mean, x.shape), real(a.alpha, 'alpha', rt), real(a.k, 'k', rt)),
    real(a.beta, 'beta', rt),
  );
  return arithmetic(rt, 'divide', { tensor: x, dtype: x.dtype }, { tensor: divisor, dtype: 'float' });
});

const shared = {
  batch_norm: batchNorm,
  layer_norm: layerNorm,
  group_norm: groupNorm,
  instance_norm: instanceNorm,
  rms_norm: rmsNorm,
};

export const norms: Family = {
  torch: shared,
  functional: { ...shared, normalize, local_response_norm: localResponseNorm },
};
