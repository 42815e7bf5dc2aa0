import { erfcx, normalDensity, normalInterval } from '../propagation/numerics/normal.js';
import { gaussLegendre } from '../propagation/numerics/quadrature.js';

/** Standard deviation of a standard normal cut to ±2: what Keras and JAX divide by. */
export const TRUNCATED_STD = 0.8796256610342398;

const RULE = gaussLegendre(24);

/** √(π/2)·e^{x²/2}·erfc(x/√2): Mills' ratio, x ≥ 0. */
function mills(x: number): number {
  return Math.sqrt(Math.PI / 2) * erfcx(x * Math.SQRT1_2);
}

/** Mean and variance of a standard normal cut to [a, b], for an interval no wider than 1: its density hardly changes. */
function narrow(a: number, b: number): { mean: number; variance: number } {
  const middle = (a + b) / 2;
  const half = (b - a) / 2;
  let total = 0;
  let first = 0;
  let second = 0;
  RULE.nodes.forEach((x, i) => {
    const d = half * x;
    const w = RULE.weights[i]! * Math.exp(-d * (middle + d / 2));
    total += w;
    first += w * d;
    second += w * d * d;
  });
  const mean = first / total;
  return { mean: middle + mean, variance: second / total - mean * mean };
}

/**
 * Mean and variance of N(0,1) cut to [a, b] (Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions 1,
 * §13.10.1), by Mills' ratio where both bounds lie in one tail, so that nothing underflows.
 */
export function standardTruncatedMoments(a: number, b: number): { mean: number; variance: number } {
  if (!(a < b)) return { mean: a, variance: 0 };
  if (a < 0 && b <= 0) {
    const mirrored = standardTruncatedMoments(-b, -a);
    return { mean: -mirrored.mean, variance: mirrored.variance };
  }
  if (b - a <= 1) return narrow(a, b);
  let atLow: number;
  let atHigh: number;
  if (a > 0) {
    const fall = Number.isFinite(b) ? Math.exp((a - b) * ((a + b) / 2)) : 0;
    const mass = mills(a) - (fall === 0 ? 0 : fall * mills(b));
    atLow = 1 / mass;
    atHigh = fall / mass;
  } else {
    const mass = normalInterval(a, b);
    atLow = Number.isFinite(a) ? normalDensity(a) / mass : 0;
    atHigh = Number.isFinite(b) ? normalDensity(b) / mass : 0;
  }
  const mean = atLow - atHigh;
  const edges = (atLow === 0 ? 0 : a * atLow) - (atHigh === 0 ? 0 : b * atHigh);
  if (a > 30) {
    // Exponential tail: 1 + a·h − h² cancels to about 1/a².
    const x = 1 / (a * a);
    return { mean, variance: x * (1 - x * (6 - 50 * x)) };
  }
  return { mean, variance: Math.max(0, 1 + edges - mean * mean) };
}
