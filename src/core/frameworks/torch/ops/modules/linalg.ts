import { orthogonal } from '../../../../initializers/index.js';
import { type Runtime, type Value } from '../../../../python/values/index.js';
import type { Size, Tensor } from '../../tensor.js';
import { fn, op, structure, tensorArgument, type Family, type Table } from '../kit/define.js';
import { isTraced, makeConstant, opaque, unknownContent, type Content } from '../kit/make.js';
import { hasRank, isComplete, type Shape, type Sizes } from '../kit/sizes.js';
import { flag } from '../kit/values.js';
import { matmul } from '../products/matmul.js';
import { matrixProducts } from '../products/matmul.js';
import { outerProducts } from '../products/outer.js';
import { linalgReductions } from '../reduce/index.js';
import { tensorList } from '../shape/join.js';
import { moving } from '../shape/moving.js';
import { distributionOf } from '../storage/write.js';

/** A factor of a matrix: in forward an operation without a rule, before it a constant. */
function factor(rt: Runtime, x: Tensor, name: string, shape: Shape, content?: () => Content): Tensor {
  if (isTraced([x]) || !content)
    return opaque(rt, name, `InitScope has no rule for torch.linalg.${name}`, [x], { shape });
  return makeConstant(rt, name, shape, 'float', content());
}

/** Rows, columns and what stands before them. */
function matrixOf(x: Tensor): { lead: Sizes; m: Size; n: Size } | undefined {
  if (!hasRank(x.shape) || x.shape.length < 2) return undefined;
  const [m, n] = x.shape.slice(-2) as [Size, Size];
  return { lead: x.shape.slice(0, -2), m, n };
}

function smaller(a: Size, b: Size): Size {
  if (typeof a === 'number' && typeof b === 'number') return Math.min(a, b);
  return typeof a === 'number' ? b : a;
}

/** Columns of a random matrix made orthonormal are Haar distributed: what `orthogonal_` draws as well. */
const orthonormal = (x: Tensor, shape: Sizes) => (): Content => {
  const d = distributionOf(x);
  if (d.kind !== 'normal' || d.mean !== 0 || !isComplete(shape) || shape.length !== 2)
    return unknownContent('a factor of a matrix');
  return { distribution: orthogonal(1, shape) };
};

const qr = op('qr', "A, mode='reduced'", (x, a, rt) => {
  const s = matrixOf(x);
  if (!s) return opaque(rt, 'qr', 'a matrix of unknown shape', [x], { shape: x.shape });
  const complete = a.mode === 'complete' || a.mode === false;
  const k = complete ? s.m : smaller(s.m, s.n);
  const Q = [...s.lead, s.m, k];
  return structure({ Q: factor(rt, x, 'qr', Q, orthonormal(x, Q)), R: factor(rt, x, 'qr', [...s.lead, k, s.n]) });
});

const svd = (name: string, hermitian: boolean): Table[string] =>
  op(name, hermitian ? 'A, full_matrices=True, driver=None' : 'A, some=True, compute_uv=True', (x, args, rt) => {
    const a = args as Readonly<Record<string, Value>>;
    const s = matrixOf(x);
    if (!s) return opaque(rt, name, 'a matrix of unknown shape', [x], { shape: x.shape });
    const k = smaller(s.m, s.n);
    const full = hermitian ? flag(a['full_matrices'] ?? true, rt, true) : !flag(a['some'] ?? true, rt, true);
    const U = [...s.lead, s.m, full ? s.m : k];
    const V = hermitian ? [...s.lead, full ? s.n : k, s.n] : [...s.lead, s.n, full ? s.n : k];
    const u = factor(rt, x, name, U, orthonormal(x, U));
    const values = factor(rt, x, name, [...s.lead, k]);
    const v = factor(rt, x, name, V, orthonormal(x, V));
    return hermitian ? structure({ U: u, S: values, Vh: v }) : structure({ U: u, S: values, V: v });
  });

/** Results of the matrix's own shape. */
const square = (name: string): Table[string] =>
  op(name, 'A, *args, **kwargs', (x, _a, rt) => factor(rt, x, name, x.shape));

const eigen = (name: string, vectors: boolean, complex: boolean): Table[string] =>
  op(name, "A, UPLO='L'", (x, _a, rt) => {
    const values = opaque(rt, name, 'eigenvalues', [x], {
      shape: hasRank(x.shape) ? x.shape.slice(0, -1) : x.shape,
      dtype: complex ? 'complex' : 'float',
    });
    if (!vectors) return values;
    const v = opaque(rt, name, 'eigenvectors', [x], { shape: x.shape, dtype: complex ? 'complex' : 'float' });
    return structure({ eigenvalues: values, eigenvectors: v });
  });

const scalar = (name: string, axes = 2): Table[string] =>
  op(name, 'A, *args, **kwargs', (x, _a, rt) =>
    factor(rt, x, name, hasRank(x.shape) ? x.shape.slice(0, x.shape.length - axes) : x.shape),
  );

const solve = op('solve', 'A, B, left=True', (x, a, rt) => {
  const b = tensorArgument(a.B, 'solve', 'B', rt);
  return opaque(rt, 'solve', 'a system of equations', [x, b], { shape: b.shape });
});

const pinv = op('pinv', 'A, *args, **kwargs', (x, _a, rt) => {
  const s = matrixOf(x);
  return factor(rt, x, 'pinv', s ? [...s.lead, s.n, s.m] : x.shape);
});

const slogdet = op('slogdet', 'A', (x, _a, rt) => {
  const shape: Shape = hasRank(x.shape) ? x.shape.slice(0, -2) : x.shape;
  return structure({ sign: factor(rt, x, 'slogdet', shape), logabsdet: factor(rt, x, 'slogdet', shape) });
});

const {
  matmul: matmulFunction,
  matrix_power,
  cross,
  diagonal,
} = {
  ...(matrixProducts.methods ?? {}),
  ...(outerProducts.methods ?? {}),
  ...(moving.methods ?? {}),
};

/** A product of several, two at a time. */
function chain(rt: Runtime, all: readonly Tensor[]): Tensor {
  const [first, ...rest] = all;
  if (!first || rest.length === 0) return rt.raise('RuntimeError', 'multi_dot(): expected at least 2 tensors');
  return rest.reduce((x, y) => matmul(rt, x, y), first);
}

/** torch.linalg */
export const linalg: Record<string, Value> = {
  ...linalgReductions,
  qr,
  svd: svd('svd', true),
  svdvals: op('svdvals', 'A, driver=None', (x, _a, rt) => {
    const s = matrixOf(x);
    return factor(rt, x, 'svdvals', s ? [...s.lead, smaller(s.m, s.n)] : x.shape);
  }),
  eig: eigen('eig', true, true),
  eigh: eigen('eigh', true, false),
  eigvals: eigen('eigvals', false, true),
  eigvalsh: eigen('eigvalsh', false, false),
  inv: square('inv'),
  pinv,
  cholesky: square('cholesky'),
  matrix_exp: square('matrix_exp'),
  det: scalar('det'),
  matrix_rank: scalar('matrix_rank'),
  cond: scalar('cond'),
  slogdet,
  solve,
  solve_triangular: op('solve_triangular', 'A, B, upper, left=True, unitriangular=False', (_x, a, rt) => {
    const b = tensorArgument(a.B, 'solve_triangular', 'B', rt);
    return opaque(rt, 'solve_triangular', 'a system of equations', [b], { shape: b.shape });
  }),
  lstsq: op('lstsq', 'A, B, rcond=None, driver=None', (x, a, rt) => {
    const b = tensorArgument(a.B, 'lstsq', 'B', rt);
    const [s, t] = [matrixOf(x), matrixOf(b)];
    const shape: Shape = s && t ? [...s.lead, s.n, t.n] : b.shape;
    return structure({ solution: opaque(rt, 'lstsq', 'a least-squares solution', [x, b], { shape }) });
  }),
  multi_dot: fn('multi_dot', 'tensors', (a, rt) => chain(rt, tensorList(rt, 'multi_dot', a.tensors))),
  householder_product: op('householder_product', 'A, tau', (x, _a, rt) =>
    factor(rt, x, 'householder_product', x.shape),
  ),
  vecdot: op('vecdot', 'x, y, dim=-1', (x, a, rt) => rt.callMethod(rt.binary('*', x, a.y), 'sum', [a.dim])),
  matmul: matmulFunction as Value,
  matrix_power: matrix_power as Value,
  cross: cross as Value,
  diagonal: diagonal as Value,
};

const shared: Table = {
  inverse: square('inverse'),
  pinverse: pinv,
  det: scalar('det'),
  logdet: scalar('logdet'),
  slogdet,
  cholesky: square('cholesky'),
  matrix_exp: square('matrix_exp'),
  qr,
  svd: svd('svd', false),
};

/** The same names on torch and on tensors. */
export const linalgFamily: Family = { torch: shared, methods: shared };
