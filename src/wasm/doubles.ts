import { multiplyAddDoubles, sumDoubles } from './common';

/** Small matrices of doubles, row-major: what is left of a layer once its width is summed out. */

function dot(a: usize, b: usize, count: i32): f64 {
  let low = f64x2.splat(0);
  let high = low;
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    low = multiplyAddDoubles(v128.load(a), v128.load(b), low);
    high = multiplyAddDoubles(v128.load(a, 16), v128.load(b, 16), high);
    a += 32;
    b += 32;
  }
  let sum = sumDoubles(f64x2.add(low, high));
  for (; i < count; i++) {
    sum += load<f64>(a) * load<f64>(b);
    a += 8;
    b += 8;
  }
  return sum;
}

/** c += x·b over `count` entries. */
// @ts-expect-error: decorator
@inline
function addRow(c: usize, b: usize, count: i32, x: f64): void {
  const factor = f64x2.splat(x);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    v128.store(c, multiplyAddDoubles(v128.load(b), factor, v128.load(c)));
    v128.store(c, multiplyAddDoubles(v128.load(b, 16), factor, v128.load(c, 16)), 16);
    c += 32;
    b += 32;
  }
  for (; i < count; i++) {
    store<f64>(c, load<f64>(c) + load<f64>(b) * x);
    c += 8;
    b += 8;
  }
}

/** C (m×n) = alpha·op(A)·op(B) + beta·C; flags as for singles. */
export function multiplyDoubles(
  a: usize,
  b: usize,
  c: usize,
  m: i32,
  n: i32,
  k: i32,
  flags: i32,
  alpha: f64,
  beta: f64,
): void {
  const transposeA = (flags & 1) != 0;
  const transposeB = (flags & 2) != 0;
  const triangular = (flags & 4) != 0;
  for (let i = 0; i < m; i++) {
    const row = c + ((<usize>(i * n)) << 3);
    const depth = triangular ? min(k, i + 1) : k;
    if (transposeB && !transposeA) {
      const from = a + ((<usize>(i * k)) << 3);
      for (let j = 0; j < n; j++) {
        const at = row + ((<usize>j) << 3);
        const sum = alpha * dot(from, b + ((<usize>(j * k)) << 3), depth);
        store<f64>(at, beta == 0 ? sum : load<f64>(at) * beta + sum);
      }
      continue;
    }
    for (let j = 0; j < n; j++) {
      const at = row + ((<usize>j) << 3);
      store<f64>(at, beta == 0 ? 0 : load<f64>(at) * beta);
    }
    for (let p = 0; p < depth; p++) {
      const x = alpha * load<f64>(a + ((<usize>(transposeA ? p * m + i : i * k + p)) << 3));
      if (x == 0) continue;
      if (!transposeB) addRow(row, b + ((<usize>(p * n)) << 3), n, x);
      else {
        for (let j = 0; j < n; j++) {
          const at = row + ((<usize>j) << 3);
          store<f64>(at, load<f64>(at) + x * load<f64>(b + ((<usize>(j * k + p)) << 3)));
        }
      }
    }
  }
}

/**
 * Lower Cholesky factor in place, zeros above the diagonal; the answer is the smallest ratio of a pivot to its diagonal
 * entry. Gives up (with that ratio) as soon as it is not above `least`.
 */
export function cholesky(a: usize, n: i32, least: f64): f64 {
  let smallest: f64 = 1;
  const stride = (<usize>n) << 3;
  for (let i = 0; i < n; i++) {
    const row = a + (<usize>i) * stride;
    for (let j = 0; j < i; j++) {
      const other = a + (<usize>j) * stride;
      const at = row + ((<usize>j) << 3);
      store<f64>(at, (load<f64>(at) - dot(row, other, j)) / load<f64>(other + ((<usize>j) << 3)));
    }
    const at = row + ((<usize>i) << 3);
    const diagonal = load<f64>(at);
    const pivot = diagonal - dot(row, row, i);
    const ratio = diagonal > 0 ? pivot / diagonal : 0;
    // Also for NaN.
    if (!(ratio >= smallest)) smallest = ratio;
    if (!(ratio > least)) return ratio;
    store<f64>(at, Math.sqrt(pivot));
    for (let j = i + 1; j < n; j++) store<f64>(row + ((<usize>j) << 3), 0);
  }
  return smallest;
}

/** out = inverse of the lower triangular l. */
export function invertLower(l: usize, n: i32, out: usize): void {
  const stride = (<usize>n) << 3;
  memory.fill(out, 0, (<usize>n) * stride);
  for (let i = 0; i < n; i++) {
    const row = l + (<usize>i) * stride;
    const to = out + (<usize>i) * stride;
    const inverse = 1 / load<f64>(row + ((<usize>i) << 3));
    for (let p = 0; p < i; p++) {
      addRow(to, out + (<usize>p) * stride, p + 1, -inverse * load<f64>(row + ((<usize>p) << 3)));
    }
    store<f64>(to + ((<usize>i) << 3), inverse);
  }
}
