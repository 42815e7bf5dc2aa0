import { at, type Field, type Marginal } from './field.js';
import { GAUSSIAN, standardized } from './marginal.js';

/** A distribution on values: those of a curve at its nodes, or a field's marginal. */
export interface Sampled {
  readonly values: Float64Array;
  readonly weights: Float64Array;
}

/** The distribution of one entry of a field, from its marginal or as a Gaussian. */
export function sampledField(x: Field): Sampled {
  const marginal = x.marginal ?? GAUSSIAN;
  const std = Math.sqrt(Math.max(0, at(x.kernel, 0) - x.mean * x.mean));
  return { values: marginal.nodes.map((t) => x.mean + std * t), weights: marginal.weights };
}

const BINS = 80;

interface Histogram {
  readonly low: number;
  readonly step: number;
  readonly masses: Float64Array;
}

/** Bins of equal width; each node's mass is shared between the two nearest bins, so that the mean is kept. */
function histogram(s: Sampled, step: number): Histogram {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < s.values.length; i++) {
    if (s.weights[i]! < 1e-9) continue;
    low = Math.min(low, s.values[i]!);
    high = Math.max(high, s.values[i]!);
  }
  // Zero falls on a bin: a rectifier's kink does too.
  low = Math.floor(low / step) * step;
  const masses = new Float64Array(Math.ceil((high - low) / step) + 2);
  for (let i = 0; i < s.values.length; i++) {
    const w = s.weights[i]!;
    if (w < 1e-9) continue;
    const x = (s.values[i]! - low) / step;
    const k = Math.min(masses.length - 2, Math.max(0, Math.floor(x)));
    masses[k] = masses[k]! + w * (1 - (x - k));
    masses[k + 1] = masses[k + 1]! + w * (x - k);
  }
  return { low, step, masses };
}

/**
 * Shape of the distribution of a sum of independent entries, at least one of which is not Gaussian: a residual
 * stream that ends in a rectifier grows more and more skew, which moments of order two do not see.
 */
export function marginalOfSum(a: Sampled, b: Sampled): Marginal | undefined {
  const range = (s: Sampled): number => {
    let low = Infinity;
    let high = -Infinity;
    for (let i = 0; i < s.values.length; i++) {
      if (s.weights[i]! < 1e-9) continue;
      low = Math.min(low, s.values[i]!);
      high = Math.max(high, s.values[i]!);
    }
    return high - low;
  };
  const step = Math.max(range(a), range(b)) / BINS;
  if (!(step > 0) || !Number.isFinite(step)) return undefined;
  const x = histogram(a, step);
  const y = histogram(b, step);
  const n = x.masses.length + y.masses.length - 1;
  const weights = new Float64Array(n);
  for (let i = 0; i < x.masses.length; i++) {
    const w = x.masses[i]!;
    if (w === 0) continue;
    for (let j = 0; j < y.masses.length; j++) weights[i + j] = weights[i + j]! + w * y.masses[j]!;
  }
  const values = new Float64Array(n);
  for (let i = 0; i < n; i++) values[i] = x.low + y.low + i * step;
  return standardized(values, weights).marginal;
}

/**
 * Which entries of a term of a sum carry gradient, when those of the sum do: a rectifier after the sum lets gradient
 * through where the sum is positive, and there its terms tend to be positive too. `carried` and `base` are weights on
 * the sum's values.
 */
export function carriedByTerm(
  term: Sampled,
  other: Sampled,
  sum: Sampled,
  carried: Float64Array,
): Float64Array | undefined {
  const n = sum.values.length;
  const low = sum.values[0]!;
  const step = (sum.values[n - 1]! - low) / (n - 1);
  if (!(step > 0)) return undefined;
  const ratio = carried.map((c, i) => (sum.weights[i]! > 1e-14 ? c / sum.weights[i]! : 0));
  const h = histogram(other, step);
  const out = term.weights.map((w, i) => {
    if (w < 1e-12) return 0;
    let mean = 0;
    for (let k = 0; k < h.masses.length; k++) {
      const mass = h.masses[k]!;
      if (mass === 0) continue;
      const x = (term.values[i]! + h.low + k * h.step - low) / step;
      mean += mass * ratio[Math.max(0, Math.min(n - 1, Math.round(x)))]!;
    }
    return w * mean;
  });
  let total = 0;
  for (const v of out) total += v;
  return total > 0 ? out.map((v) => v / total) : undefined;
}
