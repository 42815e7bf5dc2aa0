import { Tuple, type Runtime, type Value } from '../../../../python/values/index.js';
import type { Tensor } from '../../tensor.js';
import { fn, op, tensorArgument, type Family, type Table } from '../kit/define.js';
import { hasRank } from '../kit/sizes.js';
import { itemsOf, real, tensorOf } from '../kit/values.js';
import { arithmetic, operand } from '../pointwise/arithmetic.js';
import { activate } from '../pointwise/activations.js';
import { power } from '../pointwise/unary.js';
import { reduce, reduceOpaquely, type Over } from './over.js';
import { largest, lengthOf, smallest, sumOf } from './totals.js';

/** (Σ|x|^p)^(1/p), and its limits. */
export function vectorNorm(rt: Runtime, x: Tensor, p: number, over: Over): Tensor {
  if (p === 2) return reduce(rt, x, 'norm', over, lengthOf, 'float');
  if (p === 0) {
    const count = (g: readonly number[]): number => g.filter((v) => v !== 0).length;
    return reduceOpaquely(rt, x, 'norm', 'the number of entries that are not zero', over, count, 'float');
  }
  const sizes = activate(rt, x, 'abs');
  if (p === Infinity) return reduce(rt, sizes, 'max', over, largest);
  if (p === -Infinity) return reduce(rt, sizes, 'min', over, smallest);
  return power(rt, reduce(rt, power(rt, sizes, p), 'sum', over, sumOf), 1 / p);
}

/** Norms of matrices that need singular values or sums by rows. */
function matrixNorm(rt: Runtime, x: Tensor, order: Value, over: Over): Tensor {
  if (order === null || order === 'fro') return vectorNorm(rt, x, 2, over);
  const name = `norm of order ${rt.str(order)}`;
  const unknown = (): number => NaN;
  return reduceOpaquely(
    rt,
    x,
    'matrix_norm',
    `InitScope has no rule for the ${name} of a matrix`,
    over,
    unknown,
    'float',
  );
}

/** `torch.norm`, `Tensor.norm`: a vector's norm unless `p` names a matrix'. */
const norm = op('norm', "input, p='fro', dim=None, keepdim=False, out=None, dtype=None", (x, a, rt) => {
  if (a.p === 'nuc') return matrixNorm(rt, x, a.p, a);
  return vectorNorm(rt, x, orderOf(a.p, rt), a);
});

function orderOf(p: Value, rt: Runtime): number {
  if (p === null || p === 'fro') return 2;
  if (p === 'inf' || p === '-inf') return p === 'inf' ? Infinity : -Infinity;
  return real(p, 'p', rt);
}

const vectorNormFunction = op('vector_norm', 'x, ord=2, dim=None, keepdim=False, dtype=None, out=None', (x, a, rt) =>
  vectorNorm(rt, x, orderOf(a.ord, rt), a),
);

const linalgNorm = op('norm', 'A, ord=None, dim=None, keepdim=False, dtype=None, out=None', (x, a, rt) => {
  const over: Over = { dim: a.dim, keepdim: a.keepdim };
  if (a.ord === null) return vectorNorm(rt, x, 2, over);
  const axes = a.dim === null ? (hasRank(x.shape) ? x.shape.length : 1) : (itemsOf(a.dim, rt)?.length ?? 1);
  return axes === 2 ? matrixNorm(rt, x, a.ord, over) : vectorNorm(rt, x, orderOf(a.ord, rt), over);
});

const matrixNormFunction = fn('matrix_norm', "A, ord='fro', dim=None, keepdim=False, dtype=None, out=None", (a, rt) => {
  const x = tensorArgument(a.A, 'matrix_norm', 'A', rt);
  const dim = a.dim ?? new Tuple([-2, -1]);
  return matrixNorm(rt, x, a.ord, { dim, keepdim: a.keepdim });
});

/** ‖input − other‖. */
const dist = op('dist', 'input, other, p=2', (x, a, rt) => {
  const other = operand(tensorArgument(a.other, 'dist', 'other', rt), rt);
  const difference = other && tensorOf(arithmetic(rt, 'subtract', { tensor: x, dtype: x.dtype }, other));
  if (!difference) return rt.unknown('a distance');
  return vectorNorm(rt, difference, real(a.p, 'p', rt), { dim: null, keepdim: false });
});

const functions: Table = { norm, dist };

export const norms: Family = { torch: functions, methods: functions };

/** torch.linalg's. */
export const linalgNorms: Table = {
  norm: linalgNorm,
  vector_norm: vectorNormFunction,
  matrix_norm: matrixNormFunction,
};
