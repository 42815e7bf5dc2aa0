import { normalCdf, normalDensity } from '../numerics/normal.js';

/** Step along the logits' axis. */
const STEP = 0.1;
/** How far out the logits are followed, in standard deviations. */
const REACH = 8.5;
/** e^{−e^y} is 1 below and 0 above these, to all digits. */
const LOWEST = -38;
const HIGHEST = 4;
/** e^{−e^y} at multiples of the step between those. */
const SURVIVAL = Float64Array.from({ length: Math.round((HIGHEST - LOWEST) / STEP) + 1 }, (_, i) =>
  Math.exp(-Math.exp(LOWEST + i * STEP)),
);
/** Standard deviation of logits from which on the integral would only get longer. */
const WIDE = 10;

/** E[log Σ exp(l)] − E[l] for n iid N(0, s²) logits. */
export function logSumExpMean(n: number, variance: number): number {
  if (n <= 1) return 0;
  // The delta method, with the exact mean of the exponentials where n is large.
  if (variance < 1) return Math.log(n) + (variance / 2) * (1 - 1 / n);
  const std = Math.sqrt(variance);
  if (std <= WIDE) return integrated(n, std);
  // The largest logit alone, s·E[max of n normals], and what those near it add: fewer, as 1/s, the wider they lie.
  const largest = largestMean(n);
  return std * largest + ((integrated(n, WIDE) - WIDE * largest) * WIDE) / std;
}

/**
 * E[log S] = ∫ (e^{−u} − E[e^{−uS}])/u du with u = e^x, and E[e^{−uS}] = E[e^{−e^{x+l}}]ⁿ. Both integrals run over one
 * grid, so that the double exponential is looked up. The logits may go in larger steps: their density is as wide as s, and
 * the double exponential is analytic within ±iπ/2, so that steps of 0.4 leave e^{−π²/0.4}.
 */
function integrated(n: number, std: number): number {
  const stride = Math.max(1, Math.min(4, Math.floor((0.5 * std) / STEP)));
  const count = Math.ceil((REACH * std) / (stride * STEP));
  const weights = Float64Array.from(
    { length: 2 * count + 1 },
    (_, i) => ((stride * STEP) / std) * normalDensity(((i - count) * stride * STEP) / std),
  );
  const last = SURVIVAL.length - 1;
  let total = 0;
  const from = Math.floor((-Math.log(n) - 9 * std - 8) / STEP);
  // Until no sum is so small: two logits may both lie several deviations below 0.
  let below = 1;
  for (let k = from; k * STEP < HIGHEST || below > 1e-12; k++) {
    let plain = 0;
    let place = k - count * stride - Math.round(LOWEST / STEP);
    for (let i = 0; i < weights.length; i++, place += stride) {
      if (place > last) break;
      plain += weights[i]! * (place < 0 ? 1 : SURVIVAL[place]!);
    }
    below = Math.pow(plain, n);
    total += STEP * (Math.exp(-Math.exp(k * STEP)) - below);
  }
  return total;
}

/** E of the largest of n standard normals: ∫ (1 − Φⁿ) above 0 less ∫ Φⁿ below. */
function largestMean(n: number): number {
  const h = 0.05;
  let total = 0;
  for (let t = 0.5 * h; t < 9; t += h) total += h * (1 - Math.pow(normalCdf(t), n) - Math.pow(normalCdf(-t), n));
  return total;
}
