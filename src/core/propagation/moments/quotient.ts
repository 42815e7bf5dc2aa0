import { at, bit, newKernel } from './field.js';
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

/** Eigenvalues of a kernel over one or two roles: constant along a role, or varying along it. */
interface Spectrum {
  readonly values: readonly number[];
  readonly multiplicities: readonly number[];
}

/**
 * A matrix that only knows "same" and "different" along each role has these eigenvectors: constant or zero-sum along
 * each. Index bit r: zero-sum along the r-th role.
 */
function spectrumOf(kernel: Float64Array, base: number, roles: readonly Averaged[]): Spectrum {
  const values: number[] = [];
  const multiplicities: number[] = [];
  for (let a = 0; a < 1 << roles.length; a++) {
    let value = 0;
    let multiplicity = 1;
    for (let m = 0; m < 1 << roles.length; m++) {
      let mask = base;
      let weight = 1;
      roles.forEach(({ role, count }, r) => {
        if (m & (1 << r)) {
          mask |= bit(role);
          weight *= a & (1 << r) ? -1 : count - 1;
        }
      });
      value += weight * at(kernel, mask);
    }
    roles.forEach(({ count }, r) => {
      multiplicity *= a & (1 << r) ? count - 1 : 1;
    });
    values.push(Math.max(0, value));
    multiplicities.push(multiplicity);
  }
  return { values, multiplicities };
}

/** The kernel's class average from eigenvalues: the inverse of the above. */
function classValue(spectrum: Float64Array, mask: number, roles: readonly Averaged[]): number {
  let sum = 0;
  spectrum.forEach((value, a) => {
    let weight = 1;
    roles.forEach(({ role, count }, r) => {
      const differs = (mask & bit(role)) !== 0;
      const zeroSum = (a & (1 << r)) !== 0;
      weight *= zeroSum ? (differs ? -1 / count : (count - 1) / count) : 1 / count;
    });
    sum += weight * value;
  });
  return sum;
}

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
  const { values, multiplicities } = spectrumOf(kernel, 0, roles);
  let total = 0;
  values.forEach((v, a) => (total += v * multiplicities[a]!));
  if (!(total > 0) || n < 2) return undefined;
  const count = values.length;
  const means = floats(count);
  const twice = Float64Array.from(values, (v) => (2 * v) / total);
  const halves = Float64Array.from(multiplicities, (m) => 0.5 * m);
  let inverse = 0;
  // t = e^y/total: the integrand lives within some decades about 1.
  const step = 0.3;
  for (let y = -12; y <= 8; y += step) {
    const u = Math.exp(y);
    let log = (-u * n * eps) / total;
    for (let a = 0; a < count; a++) if (twice[a]! > 0) log -= halves[a]! * Math.log1p(twice[a]! * u);
    const f = (Math.exp(log) * u * step) / total;
    inverse += f;
    for (let a = 0; a < count; a++) means[a] = means[a]! + f / (1 + twice[a]! * u);
  }
  // Mean of Σ over the eigenspace, over n·(Σ/n + eps)/n: per eigenvector, of x·x′/v̂.
  const spectrum = means.map((m, a) => n * m * values[a]!);
  return {
    kernel: newKernel((m) => classValue(spectrum, m, roles)),
    inverse: inverse * (total + n * eps),
  };
}
