import { at, type Field, type Marginal } from './field.js';
import { GAUSSIAN, standardized } from './marginal.js';
import { affineOf, floats, mapped } from './floats.js';

/** A distribution on values: those of a curve at its nodes, or a field's marginal. */
export interface Sampled {
  readonly values: Float64Array;
  readonly weights: Float64Array;
}

/** The distribution of one entry of a field, from its marginal or as a Gaussian. */
export function sampledField(x: Field): Sampled {
  const marginal = x.marginal ?? GAUSSIAN;
  const std = Math.sqrt(Math.max(0, at(x.kernel, 0) - x.mean * x.mean));
  return { values: affineOf(marginal.nodes, x.mean, std), weights: marginal.weights };
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
  const masses = floats(Math.ceil((high - low) / step) + 2);
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
  const weights = floats(n);
  const [mx, my] = [x.masses, y.masses];
  for (let i = 0; i < mx.length; i++) {
    const w = mx[i]!;
    if (w === 0) continue;
    for (let j = 0; j < my.length; j++) weights[i + j]! += w * my[j]!;
  }
  const values = floats(n);
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
  const ratio = mapped(carried, (c, i) => (sum.weights[i]! > 1e-14 ? c / sum.weights[i]! : 0));
  const h = histogram(other, step);
  // The other term's bins are as wide as the sum's: a node of this term meets the sum from one bin on, and many share it.
  const means = new Map<number, number>();
  const size = term.weights.length;
  const out = floats(size);
  let total = 0;
  for (let i = 0; i < size; i++) {
    const w = term.weights[i]!;
    if (w < 1e-12) continue;
    const first = Math.round((term.values[i]! + h.low - low) / step);
    let mean = means.get(first);
    if (mean === undefined) {
      mean = correlatedFrom(first, h.masses, ratio);
      means.set(first, mean);
    }
    out[i] = w * mean;
    total += w * mean;
  }
  return total > 0 ? mapped(out, (v) => v / total) : undefined;
}

/** Σ masses[k]·values[first + k], the values going on constant beyond either end. */
function correlatedFrom(first: number, masses: Float64Array, values: Float64Array): number {
  const last = values.length - 1;
  const n = masses.length;
  const inside = Math.max(0, Math.min(n, -first));
  const beyond = Math.max(inside, Math.min(n, last + 1 - first));
  let sum = 0;
  for (let k = 0; k < inside; k++) sum += masses[k]! * values[0]!;
  for (let k = inside; k < beyond; k++) sum += masses[k]! * values[first + k]!;
  for (let k = beyond; k < n; k++) sum += masses[k]! * values[last]!;
  return sum;
}
