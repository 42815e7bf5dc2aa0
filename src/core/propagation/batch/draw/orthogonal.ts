import type { Kernels } from '../../kernels/types.js';
import type { Tensor } from '../tensor/tensor.js';

/**
 * gain·Q with Q Haar-distributed: the normalised columns (or rows) of a Gaussian matrix. The Gram matrix of the longer
 * side's vectors is taken in doubles and factorised; G·R⁻¹ with R's positive diagonal is Haar (Mezzadri 2007).
 */
export function fillOrthogonal(k: Kernels, t: Tensor, gain: number): void {
  const rows = t.shape[0] ?? 1;
  const columns = t.data.length / rows;
  const [count, length] = rows <= columns ? [rows, columns] : [columns, rows];
  // `count` vectors of `length` entries, as rows.
  const g = k.allocate(count * length);
  k.normal(g, 0, 1);
  orthonormalize(k, g, count, length);
  // A second pass removes what the first lost where the matrix is square and badly conditioned.
  orthonormalize(k, g, count, length);
  if (rows <= columns) for (let i = 0; i < g.length; i++) t.data[i] = gain * g[i]!;
  else
    for (let i = 0; i < count; i++)
      for (let j = 0; j < length; j++) t.data[j * columns + i] = gain * g[i * length + j]!;
  k.free(g);
}

/** Rows of `g` become orthonormal: g ← L⁻¹g with LLᵀ their Gram matrix. */
function orthonormalize(k: Kernels, g: Float32Array, count: number, length: number): void {
  const [gram, inverse] = [k.allocateDoubles(count * count), k.allocateDoubles(count * count)];
  k.gram(g, count, length, gram);
  k.cholesky(gram, count, 0);
  k.invertLower(gram, count, inverse);
  const l = k.allocate(count * count);
  l.set(inverse);
  const copy = k.allocate(g.length);
  copy.set(g);
  k.multiply({ a: l, b: copy, c: g, m: count, n: length, k: count, triangular: true });
  k.free(gram, inverse, l, copy);
}
