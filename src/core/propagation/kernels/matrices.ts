import type { Kernels } from './types.js';

type Matrix = Float32Array | Float64Array;
type Product<T extends Matrix> = Omit<Parameters<Kernels['multiply']>[0], 'a' | 'b' | 'c'> & {
  readonly a: T;
  readonly b: T;
  readonly c: T;
};

/** C = α·op(A)·op(B) + β·C, row by row, summed in doubles. */
export function multiplyMatrices<T extends Matrix>(options: Product<T>): void {
  const { a, b, c, m, n, k, transposeA, transposeB, triangular, alpha = 1, beta = 0 } = options;
  const row = new Float64Array(n);
  for (let i = 0; i < m; i++) {
    row.fill(0);
    const depth = triangular ? Math.min(k, i + 1) : k;
    if (transposeB) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < depth; p++) sum += a[transposeA ? p * m + i : i * k + p]! * b[j * k + p]!;
        row[j] = sum;
      }
    } else {
      for (let p = 0; p < depth; p++) {
        const x = a[transposeA ? p * m + i : i * k + p]!;
        if (x === 0) continue;
        const from = p * n;
        for (let j = 0; j < n; j++) row[j] = row[j]! + x * b[from + j]!;
      }
    }
    const to = i * n;
    for (let j = 0; j < n; j++) c[to + j] = alpha * row[j]! + (beta === 0 ? 0 : beta * c[to + j]!);
  }
}

export function gramMatrix(x: Float32Array, rows: number, columns: number, out: Float64Array): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let p = 0; p < columns; p++) sum += x[i * columns + p]! * x[j * columns + p]!;
      out[i * rows + j] = sum;
      out[j * rows + i] = sum;
    }
  }
}

export function choleskyFactor(a: Float64Array, n: number, least: number): number {
  let smallest = 1;
  for (let i = 0; i < n; i++) {
    let pivot = a[i * n + i]!;
    const diagonal = pivot;
    for (let j = 0; j < i; j++) {
      let sum = a[i * n + j]!;
      for (let p = 0; p < j; p++) sum -= a[i * n + p]! * a[j * n + p]!;
      sum /= a[j * n + j]!;
      a[i * n + j] = sum;
      pivot -= sum * sum;
    }
    const ratio = diagonal > 0 ? pivot / diagonal : 0;
    if (!(ratio >= smallest)) smallest = ratio;
    if (!(ratio > least)) return ratio;
    a[i * n + i] = Math.sqrt(pivot);
    a.fill(0, i * n + i + 1, (i + 1) * n);
  }
  return smallest;
}

export function invertLowerTriangle(l: Float64Array, n: number, out: Float64Array): void {
  out.fill(0, 0, n * n);
  for (let i = 0; i < n; i++) {
    const inverse = 1 / l[i * n + i]!;
    for (let p = 0; p < i; p++) {
      const x = inverse * l[i * n + p]!;
      for (let j = 0; j <= p; j++) out[i * n + j] = out[i * n + j]! - x * out[p * n + j]!;
    }
    out[i * n + i] = inverse;
  }
}
