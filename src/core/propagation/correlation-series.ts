import { kinksOf } from './activations/moments.js';
import { chi, varianceMap, type MeanFieldNetwork } from './meanfield.js';
import { overGaussian } from './numerics/quadrature.js';

const TERMS = 64;

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

/** Where the correlation of two inputs ends at the variance fixed point q, and the slope of the correlation map there. */
export function correlationLimit(
  net: MeanFieldNetwork,
  q: number,
): { readonly correlation: number; readonly slope: number } {
  const { activation, weightVariance, biasVariance } = net;
  const c = net.constants ?? activation.constants;
  const slopeAtOne = chi(net, q);
  if (slopeAtOne <= 1) return { correlation: 1, slope: slopeAtOne };
  const kinks = kinksOf(activation, c);
  const second = (varianceMap(net, q) - biasVariance) / weightVariance;
  const values = coefficients((z) => activation.value(z, c), q, kinks, second);
  const slopes = coefficients((z) => activation.derivative(z, c), q, kinks, slopeAtOne / weightVariance);
  // Convex, above c at 0 and, with a slope above 1 at 1, below c just before that.
  let [low, high] = [0, 1 - 1e-9];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if ((weightVariance * at(values, middle) + biasVariance) / q > middle) low = middle;
    else high = middle;
  }
  const correlation = high < 1e-12 ? 0 : (low + high) / 2;
  return { correlation, slope: weightVariance * at(slopes, correlation) };
}
