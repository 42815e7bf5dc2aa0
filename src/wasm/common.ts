// AssemblyScript, not TypeScript: compiled to WebAssembly by scripts/lib/wasm.mjs. Addresses are plain numbers into
// the memory that src/core/propagation/kernels/webassembly.ts hands out.

/** Fused where the build may use relaxed SIMD; two roundings, the same on every machine, elsewhere. */
// @ts-expect-error: decorator
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** The same for doubles. */
// @ts-expect-error: decorator
@inline
export function multiplyAddDoubles(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(a, b, c);
  return f64x2.add(f64x2.mul(a, b), c);
}

/** Both lanes added. */
// @ts-expect-error: decorator
@inline
export function sumDoubles(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

/** One vector whose lanes are the sums of the lanes of a, b, c and d. */
// @ts-expect-error: decorator
@inline
export function sumsOfFour(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** The first place above the module's own data. */
export function scratchStart(): usize {
  return (__heap_base + 63) & ~63;
}

/** Where this instance works on copies: packed operands, the generators' state, what is left of a vector. */
let area: usize = scratchStart();

const SCRATCH_BYTES: usize = 192 * 1024;

export function scratchBytes(): usize {
  return SCRATCH_BYTES;
}

// @ts-expect-error: decorator
@inline
export function scratch(): usize {
  return area;
}

/** For instances that share a memory: each has a scratch area of its own, and all arrays are above them. */
export function setScratch(address: usize): void {
  area = address;
}
