import { at, bit, CLASSES } from './field.js';
import { floats } from './floats.js';

/** A role over which statistics are taken, with how many entries it has. */
export interface Averaged {
  readonly role: number;
  readonly count: number;
}

export interface Normalized {
  /** E[x·x′/v̂] by class, for pairs that differ in the averaged roles only. */
  readonly kernel: Float64Array;
  /** E[1/v̂]·E[v̂]. */
  readonly inverse: number;
}

/**
 * A matrix that only knows "same" and "different" along each role has these eigenvectors: constant or zero-sum along
 * each. Along one role of n entries the eigenvalues are K[same] + (n − 1)·K[differ] and K[same] − K[differ]: in place, role
 * by role, the classes of pairs become eigenvalues (index bit r: zero-sum along the r-th role).
 */
function toEigenvalues(k: Float64Array, roles: readonly Averaged[]): void {
  for (let r = 0; r < roles.length; r++) {
    const n = roles[r]!.count;
    for (let a = 0; a < k.length; a++) {
      if (a & (1 << r)) continue;
      const [same, differ] = [k[a]!, k[a | (1 << r)]!];
      k[a] = same + (n - 1) * differ;
      k[a | (1 << r)] = same - differ;
    }
  }
}

/** The inverse. */
function toClasses(k: Float64Array, roles: readonly Averaged[]): void {
  for (let r = 0; r < roles.length; r++) {
    const n = roles[r]!.count;
    for (let a = 0; a < k.length; a++) {
      if (a & (1 << r)) continue;
      const [constant, zeroSum] = [k[a]!, k[a | (1 << r)]!];
      k[a] = (constant + (n - 1) * zeroSum) / n;
      k[a | (1 << r)] = (constant - zeroSum) / n;
    }
  }
}

/** e^y on the grid of the integral below: its integrand lives within some decades about 1. */
const STEP = 0.3;
const GRID = Float64Array.from({ length: 67 }, (_, i) => Math.exp(-12 + STEP * i));

/**
 * Batch statistics over few entries, or over entries that share much, fluctuate, and what is divided by them with
 * them: E[x·x′/v̂] is not E[x·x′]/E[v̂]. For Gaussian x the share of each eigenspace a is λₐχ²ₐ/Σλχ², whose mean is
 * ∫ dₐλₐ/(1+2λₐt)·Π(1+2λt)^(−d/2) dt. `kernel` must be centred; eps is added to v̂.
 */
export function normalizedByOwnVariance(
  kernel: Float64Array,
  roles: readonly Averaged[],
  eps: number,
): Normalized | undefined {
  const n = roles.reduce((p, r) => p * r.count, 1);
  const count = 1 << roles.length;
  const values = floats(count);
  const halves = floats(count);
  for (let a = 0; a < count; a++) {
    let mask = 0;
    let multiplicity = 1;
    for (let r = 0; r < roles.length; r++) {
      if (!(a & (1 << r))) continue;
      mask |= bit(roles[r]!.role);
      multiplicity *= roles[r]!.count - 1;
    }
    values[a] = at(kernel, mask);
    halves[a] = 0.5 * multiplicity;
  }
  toEigenvalues(values, roles);
  let total = 0;
  for (let a = 0; a < count; a++) {
    values[a] = Math.max(0, values[a]!);
    total += values[a]! * 2 * halves[a]!;
  }
  if (!(total > 0) || n < 2) return undefined;
  const means = floats(count);
  let inverse = 0;
  // t = u/total.
  for (const u of GRID) {
    let log = (-u * n * eps) / total;
    for (let a = 0; a < count; a++) if (values[a]! > 0) log -= halves[a]! * Math.log1p(((2 * values[a]!) / total) * u);
    const f = (Math.exp(log) * u * STEP) / total;
    inverse += f;
    for (let a = 0; a < count; a++) means[a] = means[a]! + f / (1 + ((2 * values[a]!) / total) * u);
  }
  // Mean of Σ over the eigenspace, over n·(Σ/n + eps)/n: per eigenvector, of x·x′/v̂.
  for (let a = 0; a < count; a++) means[a] = n * means[a]! * values[a]!;
  toClasses(means, roles);
  const out = floats(CLASSES);
  for (let m = 0; m < CLASSES; m++) {
    let a = 0;
    for (let r = 0; r < roles.length; r++) if (m & bit(roles[r]!.role)) a |= 1 << r;
    out[m] = means[a]!;
  }
  return { kernel: out, inverse: inverse * (total + n * eps) };
}
