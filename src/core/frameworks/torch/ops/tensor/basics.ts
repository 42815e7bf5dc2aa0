import {
  Tuple,
  touch,
  Unknown,
  type NativeFunction,
  type Runtime,
  type Value,
} from '../../../../python/values/index.js';
import { torchSize } from '../../size.js';
import type { Tensor } from '../../tensor.js';
import { axisOf } from '../kit/axes.js';
import { op, type Table } from '../kit/define.js';
import { compute } from '../kit/make.js';
import { hasRank, isComplete } from '../kit/sizes.js';
import { flag } from '../kit/values.js';
import { viewAs } from '../shape/reshape.js';
import { contiguous, isContiguous, layoutOf } from '../storage/layout.js';
import { countOf } from './attributes.js';
import { casts } from './casts.js';
import { copies } from './copies.js';
import { reading } from './reading.js';

const same = (name: string): NativeFunction => op(name, 'input, *args, **kwargs', (x) => x);
const answer = (name: string, value: (x: Tensor, rt: Runtime) => Value): NativeFunction =>
  op(name, 'input', (x, _a, rt) => value(x, rt));

const size = op('size', 'input, dim=None', (x, a, rt) => {
  if (!hasRank(x.shape)) return a.dim === null ? x.shape : x.shape.as('?');
  if (a.dim !== null && x.shape.length === 0)
    rt.raise('IndexError', 'Dimension specified as 0 but tensor has no dimensions');
  return a.dim === null ? torchSize(x.shape) : x.shape[axisOf(a.dim, x.shape.length, rt)]!;
});

const stride = op('stride', 'input, dim=None', (x, a, rt) => {
  const strides = layoutOf(x)?.strides ?? (isComplete(x.shape) ? contiguous(x.shape).strides : undefined);
  if (!strides) return rt.unknown('the strides of a tensor of unknown size');
  return a.dim === null ? new Tuple(strides) : (strides[axisOf(a.dim, strides.length, rt)] ?? 1);
});

const requiresGrad = op('requires_grad_', 'input, requires_grad=True', (x, a, rt) => {
  touch(x);
  x.requiresGrad = flag(a.requires_grad, rt, true);
  return x;
});

/** Devices, memory and autograd make no difference here. */
const SAME = [
  'cuda',
  'cpu',
  'xpu',
  'mps',
  'pin_memory',
  'to_dense',
  'share_memory_',
  'dequantize',
  'rename',
  'align_to',
  'refine_names',
  'conj',
  'resolve_conj',
  'resolve_neg',
  'positive',
];
const NOTHING = [
  'backward',
  'retain_grad',
  'register_hook',
  'register_post_accumulate_grad_hook',
  'record_stream',
  '__enter__',
  '__exit__',
];

export const basics: Table = {
  ...casts,
  ...copies,
  ...reading,
  ...Object.fromEntries(SAME.map((name) => [name, same(name)])),
  ...Object.fromEntries(NOTHING.map((name) => [name, op(name, 'input, *args, **kwargs', () => null)])),
  alias: answer('alias', (x, rt) => viewAs(rt, x)),
  size,
  stride,
  dim: answer('dim', (x) => (hasRank(x.shape) ? x.shape.length : x.shape)),
  ndimension: answer('ndimension', (x) => (hasRank(x.shape) ? x.shape.length : x.shape)),
  numel: answer('numel', countOf),
  nelement: answer('nelement', countOf),
  element_size: answer('element_size', () => 4),
  storage_offset: answer('storage_offset', (x) => layoutOf(x)?.offset ?? 0),
  data_ptr: answer('data_ptr', (_x, rt) => rt.unknown('the address of a tensor')),
  is_contiguous: op('is_contiguous', 'input, memory_format=None', (x) => isContiguous(x)),
  is_floating_point: answer('is_floating_point', (x) => x.dtype === 'float'),
  is_complex: answer('is_complex', (x) => x.dtype === 'complex'),
  is_pinned: answer('is_pinned', () => false),
  is_shared: answer('is_shared', () => false),
  get_device: answer('get_device', () => -1),
  __len__: answer('__len__', (x) => (hasRank(x.shape) ? (x.shape[0] ?? 0) : x.shape)),
  __hash__: answer('__hash__', (_x, rt) => rt.unknown('the hash of a tensor')),
  requires_grad_: requiresGrad,
  // Lazy layers give their parameters a size in the first forward.
  materialize: op('materialize', 'input, shape, device=None, dtype=None', (x, a, rt) => {
    touch(x);
    x.shape = rt.toArray(a.shape).map((d) => (typeof d === 'number' || d instanceof Unknown ? d : 0));
    x.isLazy = false;
    x.wasLazy = true;
    return null;
  }),
  apply_: op('apply_', 'input, callable', (x) => x),
  view_as_real: answer('view_as_real', (x, rt) => complexParts(rt, x)),
  new_empty_strided: op('new_empty_strided', 'input, size, stride, **kwargs', (x, a, rt) =>
    rt.callMethod(x, 'new_empty', [a.size]),
  ),
};

function complexParts(rt: Runtime, x: Tensor): Tensor {
  const shape = hasRank(x.shape) ? [...x.shape, 2] : x.shape;
  return compute(rt, { kind: 'opaque', name: 'view_as_real', reason: 'complex numbers as pairs' }, [x], {
    shape,
    dtype: 'float',
  });
}

/** torch.xxx for the same. */
export const basicFunctions: Table = {
  clone: basics['clone']!,
  detach: basics['detach']!,
  conj: same('conj'),
  is_floating_point: basics['is_floating_point']!,
  is_complex: basics['is_complex']!,
  real: op('real', 'input', (x, _a, rt) => rt.getAttr(x, 'real')),
  imag: op('imag', 'input', (x, _a, rt) => rt.getAttr(x, 'imag')),
  view_as_real: basics['view_as_real']!,
  view_as_complex: op('view_as_complex', 'input', (x, _a, rt) =>
    compute(rt, { kind: 'opaque', name: 'view_as_complex', reason: 'pairs as complex numbers' }, [x], {
      shape: hasRank(x.shape) ? x.shape.slice(0, -1) : x.shape,
      dtype: 'complex',
    }),
  ),
  numel: basics['numel']!,
};
