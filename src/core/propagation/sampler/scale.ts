import type { Kernels } from '../kernels/index.js';

/** Floats keep all their digits, and so do their squares in a Gram matrix, while the root mean square is within these. */
const LARGEST = 2 ** 24;

/**
 * Brings values whose size has run away back to about one, by a power of two (which rounds nothing); the answer is the
 * exponent that they are to be thought multiplied by. Zero where nothing had to be done.
 */
export function takeExponent(kernels: Kernels, values: Float32Array): number {
  const size = Math.sqrt(kernels.sums(values).squares / values.length);
  if (!(size > 0 && size < Infinity) || (size < LARGEST && size > 1 / LARGEST)) return 0;
  const exponent = Math.round(Math.log2(size));
  // In two steps: a single factor may be beyond floats itself.
  const half = Math.trunc(exponent / 2);
  kernels.scale(values, 2 ** -half);
  kernels.scale(values, 2 ** (half - exponent));
  return exponent;
}
