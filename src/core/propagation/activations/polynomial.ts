import { partialMoments } from '../numerics/normal.js';
import type { Activation, ActivationMoments, Constants } from './types.js';

/** φ(z) = c₀ + c₁z + c₂z² + … on (low, high). */
export interface Piece {
  readonly low: number;
  readonly high: number;
  readonly coefficients: readonly number[];
}

/** Moments of a piecewise polynomial under N(mean, variance), from moments of the truncated normal. Exact for every mean. */
export function polynomialMoments(pieces: readonly Piece[], mean: number, variance: number): ActivationMoments {
  const std = Math.sqrt(variance);
  let first = 0;
  let second = 0;
  let slopeMean = 0;
  let slopeSecond = 0;
  let cross = 0;
  for (const { low, high, coefficients: a } of pieces) {
    if (a.every((x) => x === 0)) continue;
    const moments = partialMoments(mean, std, low, high, 2 * (a.length - 1));
    for (let i = 0; i < a.length; i++) {
      const ai = a[i]!;
      first += ai * moments[i]!;
      if (i > 0) slopeMean += i * ai * moments[i - 1]!;
      for (let j = 0; j < a.length; j++) {
        const product = ai * a[j]!;
        if (product === 0) continue;
        second += product * moments[i + j]!;
        if (j > 0) cross += j * product * moments[i + j - 1]!;
        if (i > 0 && j > 0) slopeSecond += i * j * product * moments[i + j - 2]!;
      }
    }
  }
  return { mean: first, second, slopeMean, slopeSecond, cross };
}

const NONE: readonly number[] = [];

function coefficientsAt(pieces: readonly Piece[], z: number): readonly number[] {
  for (const p of pieces) if (z > p.low && z <= p.high) return p.coefficients;
  return NONE;
}

/** Builds an activation from its pieces. A point on a boundary belongs to the piece below it. */
export function piecewise(
  description: Omit<Activation, 'value' | 'derivative' | 'kinks' | 'closed'>,
  make: (c: Constants) => readonly Piece[],
): Activation {
  // Asked for at every node of a grid with the same constants.
  const made = new WeakMap<Constants, readonly Piece[]>();
  const pieces = (c: Constants): readonly Piece[] => {
    let known = made.get(c);
    if (known === undefined) {
      known = make(c);
      made.set(c, known);
    }
    return known;
  };
  return {
    ...description,
    value(z, c) {
      const a = coefficientsAt(pieces(c), z);
      let sum = 0;
      for (let i = a.length - 1; i >= 0; i--) sum = sum * z + a[i]!;
      return sum;
    },
    derivative(z, c) {
      const a = coefficientsAt(pieces(c), z);
      let sum = 0;
      for (let i = a.length - 1; i > 0; i--) sum = sum * z + i * a[i]!;
      return sum;
    },
    kinks: (c) =>
      pieces(c)
        .map((p) => p.high)
        .filter(Number.isFinite),
    closed: (mean, variance, c) => polynomialMoments(pieces(c), mean, variance),
  };
}
