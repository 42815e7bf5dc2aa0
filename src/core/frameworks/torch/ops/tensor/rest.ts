import { touch, type NativeFunction, type Tuple, type Value } from '../../../../python/values/index.js';
import type { DType } from '../../tensor.js';
import { broadcastShapes } from '../kit/broadcast.js';
import { op, opaqueFunction, type Table } from '../kit/define.js';
import { opaque, setter } from '../kit/make.js';
import { hasRank } from '../kit/sizes.js';
import { shapeFrom, tensorOf } from '../kit/values.js';
import { matrices } from '../creation/matrices.js';
import { flattenAxes } from '../shape/reshape.js';
import { splitting } from '../shape/split.js';
import { writeDistribution } from '../storage/write.js';

/** Functions without a rule whose result has the shape of their argument (broadcast with a second one). */
const sameShape = (name: string, dtype?: DType): NativeFunction =>
  op(name, 'input, other=None, *args, **kwargs', (x, a, rt) => {
    const other = tensorOf(a.other);
    const shape = other ? broadcastShapes(rt, x.shape, other.shape) : x.shape;
    const reason = `InitScope has no rule for torch.${name}`;
    return opaque(rt, name, reason, other ? [x, other] : [x], { shape, dtype: dtype ?? x.dtype });
  });

const SAME: readonly string[] = [
  'angle',
  'conj_physical',
  'gcd',
  'lcm',
  'igamma',
  'igammac',
  'ldexp',
  'logaddexp2',
  'mvlgamma',
  'nextafter',
  'polygamma',
  'put',
  'renorm',
  'index_reduce',
  'cholesky_inverse',
];
const TESTS: readonly string[] = ['isneginf', 'isposinf', 'isreal', 'signbit'];

/** No rule, and a shape that isn't known either. */
const NOTHING_KNOWN: readonly string[] = [
  'addr',
  'frexp',
  'histogram',
  'istft',
  'lu',
  'lu_solve',
  'cholesky_solve',
  'triangular_solve',
  'ormqr',
  'orgqr',
  'geqrf',
  'sum_to_size',
  'values',
  'indices',
  'to_padded_tensor',
];

const square = (name: string): NativeFunction =>
  op(name, 'input, *args, **kwargs', (x, _a, rt) => {
    const rows = hasRank(x.shape) ? (x.shape.length === 2 ? x.shape[0]! : undefined) : x.shape;
    return opaque(rt, name, `InitScope has no rule for torch.${name}`, [x], {
      shape: rows === undefined ? [] : [rows, rows],
    });
  });

const asStrided = op('as_strided', 'input, size, stride, storage_offset=None', (x, a, rt) =>
  opaque(rt, 'as_strided', 'entries read by strides of their own', [x], {
    shape: shapeFrom([a.size], rt),
    dtype: x.dtype,
  }),
);

/** Another size in place: what is new is memory as it was found. */
const resize = op('resize_', 'input, *size, memory_format=None', (x, a, rt) => {
  touch(x);
  x.shape = shapeFrom((a.size as Tuple).items, rt);
  writeDistribution(x, { kind: 'uninitialized' }, setter('resize_', rt));
  return x;
});

const storage = op('storage', 'input', (_x, _a, rt) => rt.unknown('the storage of a tensor'));
const sparse = op('to_sparse', 'input, *args, **kwargs', (x) => x);

const ALIASES: Readonly<Record<string, string>> = {
  unsafe_chunk: 'chunk',
  unsafe_split: 'split',
  narrow_copy: 'narrow',
};

const both: Table = {
  ...Object.fromEntries(SAME.map((n) => [n, sameShape(n)])),
  ...Object.fromEntries(TESTS.map((n) => [n, sameShape(n, 'bool')])),
  ...Object.fromEntries(NOTHING_KNOWN.map((n) => [n, opaqueFunction(`torch.${n}`)])),
  as_strided: asStrided,
  cov: square('cov'),
  corrcoef: square('corrcoef'),
  diagflat: op('diagflat', 'input, offset=0', (x, a, rt) =>
    rt.call(matrices.torch?.['diag'] as Value, [flattenAxes(rt, x, 0, -1), a.offset]),
  ),
  ...Object.fromEntries(
    Object.entries(ALIASES).flatMap(([name, own]) => {
      const f = splitting.methods?.[own];
      return f ? [[name, f] as const] : [];
    }),
  ),
};

/** Less common functions, on torch and on tensors alike. */
export const restFunctions: Table = {
  ...both,
  sparse_coo_tensor: opaqueFunction('torch.sparse_coo_tensor'),
};

export const restMethods: Table = {
  ...both,
  resize_: resize,
  resize_as_: op('resize_as_', 'input, the_template', (x, a, rt) => {
    const other = tensorOf(a.the_template);
    return other && hasRank(other.shape) ? rt.callMethod(x, 'resize_', [...other.shape]) : x;
  }),
  storage,
  untyped_storage: storage,
  to_sparse: sparse,
  to_sparse_csr: sparse,
  coalesce: sparse,
  is_coalesced: op('is_coalesced', 'input', () => true),
  is_same_size: op('is_same_size', 'input, other', (x, a, rt) => {
    const other = tensorOf(a.other);
    return other ? rt.compare('==', rt.getAttr(x, 'shape'), rt.getAttr(other, 'shape')) : false;
  }),
  is_signed: op('is_signed', 'input', (x) => x.dtype !== 'bool'),
  is_conj: op('is_conj', 'input', () => false),
  is_neg: op('is_neg', 'input', () => false),
  is_inference: op('is_inference', 'input', () => false),
  set_: op('set_', 'input, *args', (x, a, rt) => {
    const [source] = (a.args as Tuple).items;
    if (source !== undefined && tensorOf(source)) x.setAttribute('data', source, rt);
    return x;
  }),
};
