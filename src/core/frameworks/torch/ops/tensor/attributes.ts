import type { GradientStop } from '../../../../model/index.js';
import { Tuple, type Runtime, type Value } from '../../../../python/values/index.js';
import { torchState } from '../../context.js';
import { cpu } from '../../device.js';
import { dtypeValue } from '../../dtype.js';
import { torchSize } from '../../size.js';
import { Tensor } from '../../tensor.js';
import { partOf } from '../kit/complex.js';
import { isTraced, opaque } from '../kit/make.js';
import { hasRank, product } from '../kit/sizes.js';
import { reversed, transpose } from '../shape/permute.js';

/** The same entries in an object of its own, cut off from the parameter's role. */
export function sameEntries(x: Tensor): Tensor {
  const t = new Tensor(x.shape, x.dtype, x.storage, x.value, x.region);
  t.declaredAt = x.declaredAt;
  // In forward a parameter's entries stay the parameter's.
  if (isTraced([x]) && x.value === null) t.value = torchState().tracer.valueOf(x);
  return t;
}

/** The same, which no gradient passes (`.data`, `.detach()`). */
export function detached(rt: Runtime, x: Tensor, by: GradientStop = 'detach'): Tensor {
  const t = new Tensor(x.shape, x.dtype, x.storage, x.value, x.region);
  t.declaredAt = x.declaredAt;
  if (isTraced([x])) t.value = torchState().tracer.detach(rt, x, by);
  return t;
}

type Attribute = (x: Tensor, rt: Runtime) => Value;

const sizes = (x: Tensor): Value => (hasRank(x.shape) ? torchSize(x.shape) : x.shape);
const part =
  (name: 'real' | 'imag'): Attribute =>
  (x, rt) =>
    x.dtype === 'complex'
      ? (partOf(rt, x, name) ?? opaque(rt, name, 'a part of complex numbers', [x], { shape: x.shape }))
      : x;

/** Attributes that are computed when they are read. */
export const ATTRIBUTES: Readonly<Record<string, Attribute>> = {
  shape: sizes,
  dtype: (x) => dtypeValue(x.dtype),
  device: () => cpu,
  data: (x, rt) => detached(rt, x),
  // Before `backward`, which isn't followed, it is None.
  grad: (_, rt) => rt.unknown('gradients are not computed here'),
  grad_fn: () => null,
  requires_grad: (x) => x.requiresGrad,
  is_leaf: (x) => x.value === null,
  ndim: (x) => (hasRank(x.shape) ? x.shape.length : x.shape),
  T: (x, rt) => reversed(rt, x),
  mT: (x, rt) => transpose(rt, x, -2, -1),
  H: (x, rt) => transpose(rt, x, -2, -1),
  mH: (x, rt) => transpose(rt, x, -2, -1),
  real: part('real'),
  imag: part('imag'),
  is_cuda: () => false,
  is_cpu: () => true,
  is_mps: () => false,
  is_xpu: () => false,
  is_meta: () => false,
  is_quantized: () => false,
  is_sparse: () => false,
  is_nested: () => false,
  layout: () => 'torch.strided',
  itemsize: () => 4,
  nbytes: (x, rt) => rt.binary('*', countOf(x), 4),
  name: () => null,
  names: (x) => (hasRank(x.shape) ? new Tuple(x.shape.map(() => null)) : x.shape),
  output_nr: () => 0,
  _version: () => 0,
  batch_sizes: (x) => (hasRank(x.shape) ? (x.shape[0] ?? 1) : x.shape),
};

export function countOf(x: Tensor): Value {
  return hasRank(x.shape) ? product(x.shape) : x.shape;
}
