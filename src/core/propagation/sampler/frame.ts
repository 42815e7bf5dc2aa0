import type { Kernels } from '../kernels/index.js';
import { Workspace } from './workspace.js';

/**
 * Orthonormal rows of some length, held as transform·base so that they need not be formed: base is the batch itself, and
 * transform the inverse of its Cholesky factor.
 */
export interface Frame {
  readonly rank: number;
  readonly length: number;
  /** rows×length. */
  readonly base: Float32Array;
  readonly rows: number;
  /** rank×rows, lower triangular; undefined where the base is orthonormal itself. */
  readonly transform: Float64Array | undefined;
}

/** What every row of `values` has along each row of the frame: values·frameᵀ, rows×rank, in the workspace under `name`. */
export function coefficients(
  kernels: Kernels,
  frame: Frame,
  values: Float32Array,
  rows: number,
  name: string,
): Float64Array {
  const workspace = Workspace.of(kernels);
  const { rank, base, length: k, transform } = frame;
  const n = frame.rows;
  const products = workspace.singles('frame.products', rows * n);
  kernels.multiply({ a: values, b: base, c: products, m: rows, n, k, transposeB: true });
  if (transform === undefined) return workspace.widened(name, products, rows * n);
  const wide = workspace.widened('frame.wide', products, rows * n);
  const out = workspace.doubles(name, rows * rank);
  kernels.multiplyDoubles({ a: wide, b: transform, c: out, m: rows, n: rank, k: n, transposeB: true });
  return out;
}

/** out (rows×length) += factor·weights·frame, weights being rows×rank. */
export function addCombination(
  kernels: Kernels,
  frame: Frame,
  weights: Float64Array,
  rows: number,
  out: Float32Array,
  factor: number,
): void {
  const workspace = Workspace.of(kernels);
  const { rank, base, length: n, rows: k, transform } = frame;
  let combined = weights;
  if (transform !== undefined) {
    combined = workspace.doubles('frame.combined', rows * k);
    kernels.multiplyDoubles({ a: weights, b: transform, c: combined, m: rows, n: k, k: rank });
  }
  const a = workspace.narrowed('frame.narrow', combined, rows * k);
  kernels.multiply({ a, b: base, c: out, m: rows, n, k, alpha: factor, beta: 1 });
}

/** frame·otherᵀ for explicit rows `other` (count×length): rank×count, in the workspace under `name`. */
export function productsWith(
  kernels: Kernels,
  frame: Frame,
  other: Float32Array,
  count: number,
  name: string,
): Float64Array {
  const workspace = Workspace.of(kernels);
  const { rank, base, length: k, rows: m, transform } = frame;
  const products = workspace.singles('frame.products', m * count);
  kernels.multiply({ a: base, b: other, c: products, m, n: count, k, transposeB: true });
  if (transform === undefined) return workspace.widened(name, products, m * count);
  const wide = workspace.widened('frame.wide', products, m * count);
  const out = workspace.doubles(name, rank * count);
  kernels.multiplyDoubles({ a: transform, b: wide, c: out, m: rank, n: count, k: m, triangular: true });
  return out;
}
