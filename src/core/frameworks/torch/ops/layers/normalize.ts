import type { Operation } from '../../../../model/index.js';
import type { Value } from '../../../../python/values/index.js';
import { torchState } from '../../context.js';
import type { Tensor } from '../../tensor.js';
import { isWeight } from '../../trace.js';
import { axisOf } from '../kit/axes.js';
import { op, optionalTensor, type Family } from '../kit/define.js';
import { compute, opaque } from '../kit/make.js';
import { hasRank, sameSize, shapeText } from '../kit/sizes.js';
import { flag, integer, itemsOf, real, sizeOf } from '../kit/values.js';

type Normalize = Extract<Operation, { kind: 'normalize' }>;

/** Scale and shift, where they are parameters. */
function affine(weight: Tensor | null, bias: Tensor | null): Pick<Normalize, 'weight' | 'bias'> {
  const { tracer } = torchState();
  if (!tracer.active) return {};
  return {
    ...(weight && isWeight(weight) ? { weight: tracer.parameterId(weight) } : {}),
    ...(bias && isWeight(bias) ? { bias: tracer.parameterId(bias) } : {}),
  };
}

const batchNorm = op(
  'batch_norm',
  'input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-05, cudnn_enabled=False',
  (x, a, rt) => {
    const weight = optionalTensor(a.weight, 'batch_norm', 'weight', rt);
    const bias = optionalTensor(a.bias, 'batch_norm', 'bias', rt);
    const mean = optionalTensor(a.running_mean, 'batch_norm', 'running_mean', rt);
    const features = (weight ?? mean)?.shape;
    const channels = hasRank(x.shape) ? x.shape[1] : undefined;
    if (
      features !== undefined &&
      hasRank(features) &&
      channels !== undefined &&
      sameSize(features[0] ?? 0, channels) === false
    )
      rt.raise('RuntimeError', `running_mean should contain ${String(channels)} elements not ${String(features[0])}`);
    const training = flag(a.training, rt, true) || mean === null;
    const eps = real(a.eps, 'eps', rt);
    // In evaluation a fresh BatchNorm has running mean 0 and variance 1: it only scales.
    const op: Operation = training
      ? { kind: 'normalize', over: 'batch', eps, ...affine(weight, bias) }
      : { kind: 'affine', factor: 1 / Math.sqrt(1 + eps), offset: 0 };
    return compute(rt, op, [x], { shape: x.shape });
  },
);

function lastAxes(x: Tensor, normalized: Value, name: string, rt: Parameters<typeof itemsOf>[1]): number {
  const items = itemsOf(normalized, rt) ?? [normalized];
  const sizes = items.map((s) => sizeOf(s, rt));
  if (hasRank(x.shape)) {
    const own = x.shape.slice(x.shape.length - sizes.length);
    if (sizes.length > x.shape.length || own.some((d, i) => sameSize(d, sizes[i] ?? 0) === false))
      rt.raise(
        'RuntimeError',
        `Given normalized_shape=${shapeText(sizes)}, expected input with shape [*, ${shapeText(sizes).slice(1)}, but got input of size${shapeText(x.shape)} in ${name}`,
      );
  }
  return sizes.length;
}

const layerNorm = op(
  'layer_norm',
  'input, normalized_shape, weight=None, bias=None, eps=1e-05, cudnn_enable=True',
  (x, a, rt) => {
    const parts = affine(
      optionalTensor(a.weight, 'layer_norm', 'weight', rt),
      optionalTensor(a.bias, 'layer_norm', 'bias', rt),
    );
    return compute(
      rt,
      {
        kind: 'normalize',
        over: 'layer',
        dims: lastAxes(x, a.normalized_shape, 'layer_norm', rt),
        eps: real(a.eps, 'eps', rt),
        ...parts,
      },
      [x],
      { shape: x.shape },
    );
  },
);

/** torch's rms_norm uses the machine epsilon of the input's type when eps is None: 2⁻²³ for float32. */
const FLOAT32_EPS = 2 ** -23;

const rmsNorm = op('rms_norm', 'input, normalized_shape, weight=None, eps=None', (x, a, rt) => {
  const parts = affine(optionalTensor(a.weight, 'rms_norm', 'weight', rt), null);
  return compute(
    rt,
    {
      kind: 'normalize',
      over: 'rms',
      dims: lastAxes(x, a.normalized_shape, 'rms_norm', rt),
      eps: a.eps === null ? FLOAT32_EPS : real(a.eps, 'eps', rt),
      ...parts,
    },
    [x],
    { shape: x.shape },
  );
});

const groupNorm = op('group_norm', 'input, num_groups, weight=None, bias=None, eps=1e-05', (x, a, rt) => {
  const groups = integer(a.num_groups, 'num_groups', rt);
  const channels = hasRank(x.shape) ? x.shape[1] : undefined;
  if (typeof channels === 'number' && channels % groups !== 0)
    rt.raise(
      'RuntimeError',
      `Expected number of channels in input to be divisible by num_groups, but got input of shape ${shapeText(x.shape)} and num_groups=${String(groups)}`,
    );
  const parts = affine(
    optionalTensor(a.weight, 'group_norm', 'weight', rt),
    optionalTensor(a.bias, 'group_norm', 'bias', rt),
  );
  return compute(rt, { kind: 'normalize', over: 'group', groups, eps: real(a.eps, 'eps', rt), ...parts }, [x], {
    shape: x.shape,
  });
});

const instanceNorm = op(
  'instance_norm',
  'input, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True, momentum=0.1, eps=1e-05',
  (x, a, rt) => {
    const parts = affine(
      optionalTensor(a.weight, 'instance_norm', 'weight', rt),
      optionalTensor(a.bias, 'instance_norm', 'bias', rt),
    );
    return compute(rt, { kind: 'normalize', over: 'instance', eps: real(a.eps, 'eps', rt), ...parts }, [x], {
      shape: x.shape,
    });
  },
);

const normalize = op('normalize', 'input, p=2.0, dim=1, eps=1e-12, out=None', (x, a, rt) => {
  const p = real(a.p, 'p', rt);
  const items = itemsOf(a.dim, rt);
  if (p !== 2 || items)
    return opaque(rt, 'normalize', `unit vectors in the ${String(p)}-norm have no rule`, [x], { shape: x.shape });
  const axis = hasRank(x.shape) ? axisOf(a.dim, x.shape.length, rt) : integer(a.dim, 'dim', rt);
  return compute(rt, { kind: 'normalize', over: 'l2', axis, eps: real(a.eps, 'eps', rt) }, [x], { shape: x.shape });
});

const localResponseNorm = op('local_response_norm', 'input, size, alpha=0.0001, beta=0.75, k=1.0', (x, a, rt) => {
  // x / (k + alpha·mean of x² over a few channels)^beta; with the usual alpha of 1e-4 the sum hardly counts at initialization.
  const factor = real(a.k, 'k', rt) ** -real(a.beta, 'beta', rt);
  return compute(rt, { kind: 'affine', factor, offset: 0 }, [x], { shape: x.shape });
});

const shared = {
  batch_norm: batchNorm,
  layer_norm: layerNorm,
  group_norm: groupNorm,
  instance_norm: instanceNorm,
  rms_norm: rmsNorm,
};
export const normalizeFamily: Family = {
  torch: shared,
  functional: { ...shared, normalize, local_response_norm: localResponseNorm },
};
