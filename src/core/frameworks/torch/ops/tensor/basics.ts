import type { NativeFunction } from '../../../../python/values/index.js';
import { Float, List, Tuple, Unknown, type Runtime, type Value } from '../../../../python/values/index.js';
import { touch } from '../../../../python/values/index.js';
import { DTypeValue, kindOf } from '../../dtype.js';
import { Storage, Tensor, type DType } from '../../tensor.js';
import { axisOf } from '../kit/axes.js';
import { op, type Table } from '../kit/define.js';
import { entries } from '../kit/entries.js';
import { compute, isTraced, makeConstant } from '../kit/make.js';
import { hasRank, isComplete, product } from '../kit/sizes.js';
import { flag, numberOf, tensorOf, toPython } from '../kit/values.js';
import { torchSize } from '../../size.js';
import { contiguous, isContiguous, layoutOf } from '../storage/layout.js';
import { contentOf } from '../storage/write.js';
import { compute as node } from '../kit/make.js';
import { countOf, detached } from './attributes.js';
import { mapEntries } from '../pointwise/apply.js';
import { viewAs } from '../shape/reshape.js';

/** Another kind of number; floats of every width are one kind here. */
export function toKind(rt: Runtime, x: Tensor, kind: DType | undefined): Tensor {
  if (kind === undefined || kind === x.dtype) return x;
  const isWidening = kind === 'float' || kind === 'complex' || (kind === 'int' && x.dtype === 'bool');
  if (isTraced([x])) {
    const [factor, offset] = [1, 0];
    if (isWidening) return node(rt, { kind: 'affine', factor, offset }, [x], { shape: x.shape, dtype: kind });
    return node(rt, { kind: 'opaque', name: 'to', reason: 'rounded to integers' }, [x], {
      shape: x.shape,
      dtype: kind,
    });
  }
  const f =
    kind === 'bool'
      ? (v: number) => Number(v !== 0)
      : kind === 'int' && x.dtype !== 'bool'
        ? Math.trunc
        : (v: number) => v;
  if (isWidening) return makeConstant(rt, 'to', x.shape, kind, contentOf(x));
  return mapEntries(rt, x, { kind: 'opaque', name: 'to', reason: 'rounded to integers' }, f, kind);
}

/** `.to(…)`: a dtype among the arguments counts, a device doesn't. */
const to = op('to', 'input, *args, dtype=None, device=None, **kwargs', (x, a, rt) => {
  const args = (a.args as Tuple).items;
  const other = args.map((v) => tensorOf(v)).find((t) => t !== undefined);
  const kind =
    kindOf(a.dtype) ??
    args.map((v) => (v instanceof DTypeValue ? v.kind : undefined)).find((k) => k !== undefined) ??
    other?.dtype;
  return toKind(rt, x, kind);
});

const type = op('type', 'input, dtype=None, non_blocking=False', (x, a, rt) => {
  if (a.dtype === null)
    return {
      float: 'torch.FloatTensor',
      int: 'torch.LongTensor',
      bool: 'torch.BoolTensor',
      complex: 'torch.ComplexFloatTensor',
    }[x.dtype];
  return toKind(rt, x, kindOf(a.dtype));
});

const cast = (name: string, kind: DType): NativeFunction =>
  op(name, 'input, **kwargs', (x, _a, rt) => toKind(rt, x, kind));
const same = (name: string): NativeFunction => op(name, 'input, *args, **kwargs', (x) => x);
const answer = (name: string, value: (x: Tensor, rt: Runtime) => Value): NativeFunction =>
  op(name, 'input', (x, _a, rt) => value(x, rt));

function clone(rt: Runtime, x: Tensor): Tensor {
  if (isTraced([x])) {
    const t = detached(x);
    t.requiresGrad = x.requiresGrad;
    return t;
  }
  return x.storage === null ? detached(x) : makeConstant(rt, 'clone', x.shape, x.dtype, contentOf(x));
}

/** A tensor of its own with the same entries: what `copy.deepcopy` of a module makes of its parameters. */
function deepCopy(x: Tensor): Tensor {
  const t = shallowCopy(x);
  if (x.storage) {
    const { distribution, data, setBy, rows } = { ...contentOf(x), rows: x.storage.rows };
    const own = hasRank(x.shape) && typeof x.shape[0] === 'number' ? x.shape[0] : rows;
    t.storage = new Storage(distribution, setBy ?? x.storage.setBy, x.region ? own : rows, data ?? null);
    t.region = null;
  }
  return t;
}

/** Another object for the same storage. */
function shallowCopy(x: Tensor): Tensor {
  const t = new Tensor(x.shape, x.dtype, x.storage, x.value, x.region);
  Object.assign(t, { role: x.role, requiresGrad: x.requiresGrad, declaredAt: x.declaredAt, isLazy: x.isLazy });
  t.extras = x.extras && new Map(x.extras);
  return t;
}

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

/** The one entry as a Python number. */
function item(x: Tensor, rt: Runtime): Value {
  const data = entries(x);
  if (data?.length === 1) return toPython(data[0]!, x.dtype);
  if (isComplete(x.shape) && (product(x.shape) as number) !== 1)
    rt.raise('RuntimeError', `a Tensor with ${String(product(x.shape))} elements cannot be converted to Scalar`);
  return rt.unknown(
    isTraced([x]) ? 'the value of a tensor that is computed in forward' : 'the entry of this tensor is not known',
  );
}

/** Entries as nested lists. */
function toList(x: Tensor, rt: Runtime): Value {
  const data = entries(x);
  if (!isComplete(x.shape)) return rt.unknown('the entries of a tensor of unknown size');
  const unknown = rt.unknown('an entry of a tensor that is not known');
  const { shape } = x;
  if ((product(shape) as number) > 1e5) return unknown;
  let next = 0;
  const build = (axis: number): Value => {
    if (axis === shape.length) {
      const v = data?.[next++];
      return v === undefined ? unknown : toPython(v, x.dtype);
    }
    return new List(Array.from({ length: shape[axis]! }, () => build(axis + 1)));
  };
  return build(0);
}

const asNumber = (name: string, convert: (n: number) => Value): NativeFunction =>
  answer(name, (x, rt) => {
    const v = item(x, rt);
    const n = numberOf(v);
    return n === undefined ? v : convert(n);
  });

/** numpy's array of the entries, where numpy and the entries are known. */
function numpy(x: Tensor, rt: Runtime): Value {
  const module = rt.importModule('numpy');
  if (module instanceof Unknown) return module;
  const list = toList(x, rt);
  if (list instanceof Unknown || !entries(x)) {
    const empty = rt.findAttr(module, 'empty');
    if (!hasRank(x.shape) || empty === undefined) return rt.unknown('the entries of a tensor');
    return rt.call(empty, [new Tuple(x.shape)]);
  }
  return rt.callMethod(module, 'array', [list]);
}

const requiresGrad = op('requires_grad_', 'input, requires_grad=True', (x, a, rt) => {
  touch(x);
  x.requiresGrad = flag(a.requires_grad, rt, true);
  return x;
});

const CASTS: Readonly<Record<string, DType>> = {
  float: 'float',
  double: 'float',
  half: 'float',
  bfloat16: 'float',
  int: 'int',
  long: 'int',
  short: 'int',
  char: 'int',
  byte: 'int',
  bool: 'bool',
  cfloat: 'complex',
  cdouble: 'complex',
};

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
  to,
  type,
  type_as: op('type_as', 'input, other', (x, a, rt) => toKind(rt, x, tensorOf(a.other)?.dtype)),
  ...Object.fromEntries(Object.entries(CASTS).map(([name, kind]) => [name, cast(name, kind)])),
  ...Object.fromEntries(SAME.map((name) => [name, same(name)])),
  ...Object.fromEntries(NOTHING.map((name) => [name, op(name, 'input, *args, **kwargs', () => null)])),
  contiguous: op('contiguous', 'input, memory_format=None', (x, _a, rt) =>
    isTraced([x]) || x.storage === null || isContiguous(x)
      ? x
      : makeConstant(rt, 'contiguous', x.shape, x.dtype, contentOf(x)),
  ),
  clone: op('clone', 'input, memory_format=None', (x, _a, rt) => clone(rt, x)),
  __deepcopy__: op('__deepcopy__', 'input, memo=None', (x) => deepCopy(x)),
  __copy__: op('__copy__', 'input', (x) => shallowCopy(x)),
  detach: answer('detach', (x) => detached(x)),
  detach_: same('detach_'),
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
  item: answer('item', item),
  tolist: answer('tolist', toList),
  numpy: op('numpy', 'input, force=False', (x, _a, rt) => numpy(x, rt)),
  __array__: op('__array__', 'input, dtype=None', (x, _a, rt) => numpy(x, rt)),
  __float__: asNumber('__float__', (n) => new Float(n)),
  __int__: asNumber('__int__', Math.trunc),
  __index__: asNumber('__index__', Math.trunc),
  __bool__: asNumber('__bool__', (n) => n !== 0),
  __len__: answer('__len__', (x) => (hasRank(x.shape) ? (x.shape[0] ?? 0) : x.shape)),
  __hash__: answer('__hash__', (_x, rt) => rt.unknown('the hash of a tensor')),
  requires_grad_: requiresGrad,
  // Lazy layers give their parameters a size in the first forward.
  materialize: op('materialize', 'input, shape, device=None, dtype=None', (x, a, rt) => {
    touch(x);
    x.shape = rt.toArray(a.shape).map((d) => (typeof d === 'number' || d instanceof Unknown ? d : 0));
    x.isLazy = false;
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
