const SLAB = 8192;
let slab = new ArrayBuffer(8 * SLAB);
let used = 0;

/**
 * n zeros. Arrays are cut from a common buffer: a buffer of its own costs ten times as much as the sixteen numbers of a
 * kernel. Only for what lives as long as one simulation, since a part keeps its whole buffer alive.
 */
export function floats(n: number): Float64Array {
  if (n > SLAB / 8) return new Float64Array(n);
  if (used + n > SLAB) {
    slab = new ArrayBuffer(8 * SLAB);
    used = 0;
  }
  const part = new Float64Array(slab, 8 * used, n);
  used += n;
  return part;
}

/** f of every entry. */
export function mapped(a: Float64Array, f: (value: number, index: number) => number): Float64Array {
  const out = floats(a.length);
  for (let i = 0; i < a.length; i++) out[i] = f(a[i]!, i);
  return out;
}

/** factor·a: without a function, whose every answer would be a number on the heap. */
export function scaledBy(a: Float64Array, factor: number): Float64Array {
  const out = floats(a.length);
  for (let i = 0; i < a.length; i++) out[i] = a[i]! * factor;
  return out;
}

export function sumOf(a: Float64Array, b: Float64Array): Float64Array {
  const out = floats(a.length);
  for (let i = 0; i < a.length; i++) out[i] = a[i]! + b[i]!;
  return out;
}

export function differenceOf(a: Float64Array, b: Float64Array): Float64Array {
  const out = floats(a.length);
  for (let i = 0; i < a.length; i++) out[i] = a[i]! - b[i]!;
  return out;
}

export function productOf(a: Float64Array, b: Float64Array): Float64Array {
  const out = floats(a.length);
  for (let i = 0; i < a.length; i++) out[i] = a[i]! * b[i]!;
  return out;
}

export function filled(n: number, value: number): Float64Array {
  return floats(n).fill(value);
}

/** a + b·t for every t. */
export function affineOf(t: Float64Array, a: number, b: number): Float64Array {
  const out = floats(t.length);
  for (let i = 0; i < t.length; i++) out[i] = a + b * t[i]!;
  return out;
}

export function allFinite(a: Float64Array): boolean {
  // 0·∞ and 0·NaN are NaN. Two sums: one alone waits for each addition before.
  let even = 0;
  let odd = 0;
  const n = a.length;
  for (let i = 0; i + 1 < n; i += 2) {
    even += 0 * a[i]!;
    odd += 0 * a[i + 1]!;
  }
  if (n % 2 === 1) odd += 0 * a[n - 1]!;
  return even + odd === 0;
}
