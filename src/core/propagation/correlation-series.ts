import { activationMoments, type PairMoments } from './activations/index.js';
import { kinksOf } from './activations/moments.js';
import { chi, type MeanFieldNetwork } from './meanfield.js';
import { overGaussian } from './numerics/quadrature.js';

/** Enough for functions with kinks, whose coefficients fall slowly, and little to compute. */
const TERMS = 192;

/**
 * E[f(u)f(v)] of a pair with correlation c as a power series: Σ aₖ²cᵏ, aₖ the coefficients of f in orthonormal Hermite
 * polynomials (Mehler). One integral over one variable serves all c; what the terms leave of E[f²] goes to the last
 * power, so that c = 1 is exact.
 */
function coefficients(f: (z: number) => number, q: number, kinks: readonly number[], total: number): Float64Array {
  const a = new Float64Array(TERMS);
  const std = Math.sqrt(q);
  overGaussian(0, q, kinks, (x, w) => {
    if (w === 0) return;
    const z = x / std;
    const value = w * f(x);
    let [before, polynomial] = [0, 1];
    for (let k = 0; k < TERMS; k++) {
      a[k] = a[k]! + value * polynomial;
      [before, polynomial] = [polynomial, (z * polynomial - Math.sqrt(k) * before) / Math.sqrt(k + 1)];
    }
  });
  const squares = a.map((x) => x * x);
  const rest = total - squares.reduce((sum, x) => sum + x, 0);
  squares[TERMS - 1] = squares[TERMS - 1]! + Math.max(0, rest);
  return squares;
}

function at(squares: Float64Array, c: number): number {
  let sum = 0;
  for (let k = TERMS - 1; k >= 0; k--) sum = sum * c + squares[k]!;
  return sum;
}

type Map = (correlation: number) => number;

/** E[φ(u)φ(v)] and E[φ′(u)φ′(v)] by correlation: the closed form where there is one, else the series. */
function pairsAt(net: MeanFieldNetwork, q: number): { readonly value: Map; readonly slope: Map } {
  const { activation } = net;
  const c = net.constants ?? activation.constants;
  const closed = (correlation: number): PairMoments | undefined =>
    activation.closedPair?.({ mean: 0, varianceU: q, varianceV: q, covariance: correlation * q }, c);
  if (closed(0.5) !== undefined)
    return { value: (x) => closed(x)?.value ?? NaN, slope: (x) => closed(x)?.slope ?? NaN };
  const kinks = kinksOf(activation, c);
  const { second, slopeSecond } = activationMoments(activation, 0, q, c);
  const values = coefficients((z) => activation.value(z, c), q, kinks, second);
  const slopes = coefficients((z) => activation.derivative(z, c), q, kinks, slopeSecond);
  return { value: (x) => at(values, x), slope: (x) => at(slopes, x) };
}

/**
 * Where the correlation of two different inputs ends at the variance fixed point q (1 in the ordered phase, χ₁ ≤ 1,
 * below it in the chaotic one), and the slope of the correlation map there.
 */
export function correlationLimit(
  net: MeanFieldNetwork,
  q: number,
): { readonly correlation: number; readonly slope: number } {
  const { weightVariance, biasVariance } = net;
  const slopeAtOne = chi(net, q);
  if (slopeAtOne <= 1) return { correlation: 1, slope: slopeAtOne };
  const { value, slope } = pairsAt(net, q);
  // Convex, above c at 0 and, with a slope above 1 at 1, below c just before that.
  let [low, high] = [0, 1 - 1e-9];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if ((weightVariance * value(middle) + biasVariance) / q > middle) low = middle;
    else high = middle;
  }
  const correlation = high < 1e-12 ? 0 : (low + high) / 2;
  return { correlation, slope: weightVariance * slope(correlation) };
}
