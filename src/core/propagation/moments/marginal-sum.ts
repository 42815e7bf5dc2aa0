import { at, type Field, type Marginal } from './field.js';
import { Deferred, GAUSSIAN, standardized } from './marginal.js';
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

/** Bins over the range of the wider term: a rectifier's kink falls between two, so that its error is of second order. */
const BINS = 200;

/** Mass below which a node's end of the range is not worth bins. */
const NEGLIGIBLE = 1e-7;

interface Histogram {
  readonly low: number;
  readonly step: number;
  readonly masses: Float64Array;
}

function range(s: Sampled): readonly [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < s.values.length; i++) {
    if (s.weights[i]! < NEGLIGIBLE) continue;
    low = Math.min(low, s.values[i]!);
    high = Math.max(high, s.values[i]!);
  }
  return [low, high];
}

/** True when zero has a probability of its own, as a rectifier's output has. */
function hasAtom(s: Sampled): boolean {
  let mass = 0;
  for (let i = 0; i < s.values.length; i++) if (s.values[i] === 0) mass += s.weights[i]!;
  return mass > 0.05;
}

/**
 * Bins of equal width with centres at (k + offset)·step; each node's mass is shared between the two nearest bins, so that
 * the mean is kept.
 */
function histogram(s: Sampled, step: number, offset: number): Histogram {
  const [from, to] = range(s);
  const low = (Math.floor(from / step - offset) + offset) * step;
  const masses = floats(Math.ceil((to - low) / step) + 2);
  for (let i = 0; i < s.values.length; i++) {
    const w = s.weights[i]!;
    if (w < NEGLIGIBLE) continue;
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
export function marginalOfSum(terms: () => readonly [Sampled, Sampled]): Marginal {
  return new Deferred(() => convolved(...terms()));
}

function convolved(a: Sampled, b: Sampled): Marginal | undefined {
  const [lowA, highA] = range(a);
  const [lowB, highB] = range(b);
  const step = Math.max(highA - lowA, highB - lowB) / BINS;
  if (!(step > 0) || !Number.isFinite(step)) return undefined;
  // Where neither term or both have an atom at zero, zero is a bin's centre; a smooth term beside an atom, or two, put it on an edge.
  const atoms = [hasAtom(a), hasAtom(b)] as const;
  const x = histogram(a, step, 0);
  const y = histogram(b, step, atoms[0] && atoms[1] ? 0 : 0.5);
  const first = atoms[1] && !atoms[0] ? histogram(a, step, 0.5) : x;
  const second = atoms[1] && !atoms[0] ? histogram(b, step, 0) : y;
  const n = first.masses.length + second.masses.length - 1;
  const weights = floats(n);
  const [mx, my] = [first.masses, second.masses];
  for (let i = 0; i < mx.length; i++) {
    const w = mx[i]!;
    if (w === 0) continue;
    for (let j = 0; j < my.length; j++) weights[i + j]! += w * my[j]!;
  }
  const values = floats(n);
  for (let i = 0; i < n; i++) values[i] = first.low + second.low + i * step;
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
  // Bins that an atom of the term meets the sum's bins with.
  const h = histogram(other, step, hasAtom(term) ? low / step - Math.floor(low / step) : 0);
  // The other term's bins are as wide as the sum's: a node of this term meets the sum from one bin on, and many share it.
  const lowest = -h.masses.length;
  const means = floats(n - lowest + 1).fill(NaN);
  const meanFrom = (first: number): number => {
    // Beyond either end all bins are met alike.
    const place = Math.max(lowest, Math.min(n, first));
    let mean = means[place - lowest]!;
    if (Number.isNaN(mean)) means[place - lowest] = mean = correlatedFrom(place, h.masses, ratio);
    return mean;
  };
  const size = term.weights.length;
  const out = floats(size);
  let total = 0;
  for (let i = 0; i < size; i++) {
    const w = term.weights[i]!;
    if (w < 1e-12) continue;
    const position = (term.values[i]! + h.low - low) / step;
    const first = Math.floor(position + 1e-9);
    const beyond = Math.max(0, position - first);
    const mean = (1 - beyond) * meanFrom(first) + (beyond > 1e-6 ? beyond * meanFrom(first + 1) : 0);
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
  // Four sums at a time: a sum of its own waits for each addition before.
  let a = 0;
  let b = 0;
  let c = 0;
  let k = inside;
  for (; k + 3 < beyond; k += 4) {
    sum += masses[k]! * values[first + k]!;
    a += masses[k + 1]! * values[first + k + 1]!;
    b += masses[k + 2]! * values[first + k + 2]!;
    c += masses[k + 3]! * values[first + k + 3]!;
  }
  sum += a + b + c;
  for (; k < beyond; k++) sum += masses[k]! * values[first + k]!;
  for (; k < n; k++) sum += masses[k]! * values[last]!;
  return sum;
}

/** Shape of the distribution of an entry of a concatenation, whose parts have these shares of the entries. */
export function marginalOfParts(parts: () => readonly Sampled[], shares: readonly number[]): Marginal {
  return new Deferred(() => mixture(parts(), shares));
}

function mixture(parts: readonly Sampled[], shares: readonly number[]): Marginal | undefined {
  const ranges = parts.map(range);
  const low = Math.min(...ranges.map(([a]) => a));
  const high = Math.max(...ranges.map(([, b]) => b));
  const step = (high - low) / (1.5 * BINS);
  if (!(step > 0) || !Number.isFinite(step)) return undefined;
  const offset = parts.some(hasAtom) ? 0 : 0.5;
  const first = (Math.floor(low / step - offset) + offset) * step;
  const n = Math.ceil((high - first) / step) + 2;
  const weights = floats(n);
  parts.forEach((part, i) => {
    const h = histogram(part, step, offset);
    const shift = Math.round((h.low - first) / step);
    const share = shares[i] ?? 0;
    for (let k = 0; k < h.masses.length; k++) {
      const place = Math.max(0, Math.min(n - 1, k + shift));
      weights[place] = weights[place]! + share * h.masses[k]!;
    }
  });
  const values = floats(n);
  for (let i = 0; i < n; i++) values[i] = first + i * step;
  return standardized(values, weights).marginal;
}

/** Which entries of a part carry gradient when those of the whole do (`carried` on its values), and how much of it is this part's. */
export function carriedByPart(
  part: Sampled,
  whole: Sampled,
  carried: Float64Array,
): { readonly weights: Float64Array; readonly share: number } | undefined {
  const n = whole.values.length;
  const low = whole.values[0]!;
  const step = (whole.values[n - 1]! - low) / (n - 1);
  if (!(step > 0)) return undefined;
  const ratio = (i: number): number => {
    const k = Math.max(0, Math.min(n - 1, i));
    return whole.weights[k]! > 1e-12 ? carried[k]! / whole.weights[k]! : 0;
  };
  let total = 0;
  const weights = mapped(part.weights, (w, i) => {
    const place = (part.values[i]! - low) / step;
    const k = Math.floor(place + 1e-9);
    const t = Math.max(0, place - k);
    const own = w * ((1 - t) * ratio(k) + t * ratio(k + 1));
    total += own;
    return own;
  });
  return total > 0 ? { weights: mapped(weights, (w) => w / total), share: total } : undefined;
}
