import { normalDensity } from './normal.js';

/** Nodes and weights of the n-point Gauss–Legendre rule on [−1, 1] (Newton iteration on the Legendre polynomial). */
export function gaussLegendre(n: number): { readonly nodes: number[]; readonly weights: number[] } {
  const nodes: number[] = [];
  const weights: number[] = [];
  for (let i = 0; i < n; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let iteration = 0; iteration < 100; iteration++) {
      let previous = 1;
      let value = x;
      for (let k = 2; k <= n; k++) {
        const next = ((2 * k - 1) * x * value - (k - 1) * previous) / k;
        previous = value;
        value = next;
      }
      slope = (n * (x * value - previous)) / (x * x - 1);
      const step = value / slope;
      x -= step;
      if (Math.abs(step) < 1e-16) break;
    }
    nodes.push(x);
    weights.push(2 / ((1 - x * x) * slope * slope));
  }
  return { nodes, weights };
}

interface Rule {
  readonly nodes: readonly number[];
  readonly weights: readonly number[];
}

const RULE: Rule = gaussLegendre(20);
/** For integrals within integrals: still right to 1e-9. */
const COARSE: Rule = gaussLegendre(10);

/** How far out the Gaussian is integrated, in standard deviations: its tail beyond is 1e-33. */
const REACH = 12;
const COARSE_REACH = 9;
const COARSE_LADDER = [1, 2, 3.5, 6, 10, 18, 40] as const;
/** Distances from a kink (and from 0) at which panels are cut: an activation's own scale is of order 1 and its curvature fades outwards. */
const LADDER = [0.06, 0.12, 0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 36, 64, 128, 512] as const;

/**
 * Cuts, in standard deviations from the mean, for integrating a function with the given kinks against
 * N(mean, std²): every kink, panels one standard deviation wide, and a ladder about each kink and zero, so that
 * neither a Gaussian much wider than the function nor one much narrower is under-resolved. (Gauss–Hermite is off
 * by 9 % for tanh at variance 10.)
 */
export function gaussianPanels(mean: number, std: number, kinks: readonly number[], coarse = false): number[] {
  const cuts: number[] = [];
  const reach = coarse ? COARSE_REACH : REACH;
  for (let j = -reach; j <= reach; j++) cuts.push(j);
  const add = (z: number): void => {
    const t = (z - mean) / std;
    if (t > -reach && t < reach) cuts.push(t);
  };
  // A ladder only helps where the Gaussian is wider than its steps.
  const ladder = coarse ? (std < 0.7 ? [] : COARSE_LADDER) : LADDER;
  for (const centre of [0, ...kinks]) {
    add(centre);
    for (const d of ladder) {
      add(centre - d);
      add(centre + d);
    }
  }
  cuts.sort((a, b) => a - b);
  return cuts.filter((c, i) => i === 0 || c - cuts[i - 1]! > 1e-12);
}

/** Calls `visit(z, weight)` at every node of the composite rule for E over N(mean, variance); weights add to 1. */
export function overGaussian(
  mean: number,
  variance: number,
  kinks: readonly number[],
  visit: (z: number, weight: number) => void,
  coarse = false,
): void {
  const std = Math.sqrt(variance);
  if (!(std > 0)) {
    visit(mean, 1);
    return;
  }
  const cuts = gaussianPanels(mean, std, kinks, coarse);
  const { nodes, weights } = coarse ? COARSE : RULE;
  for (let i = 0; i + 1 < cuts.length; i++) {
    const a = cuts[i]!;
    const b = cuts[i + 1]!;
    const half = 0.5 * (b - a);
    const middle = 0.5 * (a + b);
    for (let k = 0; k < nodes.length; k++) {
      const t = middle + half * nodes[k]!;
      visit(mean + std * t, normalDensity(t) * half * weights[k]!);
    }
  }
}

/** E[f(z)], z ~ N(mean, variance). `coarse` trades digits (1e-9) for speed. */
export function expectation(
  f: (z: number) => number,
  mean: number,
  variance: number,
  kinks: readonly number[] = [],
  coarse = false,
): number {
  let sum = 0;
  const visit = (z: number, w: number): void => {
    if (w > 0) sum += w * f(z);
  };
  overGaussian(mean, variance, kinks, visit, coarse);
  return sum;
}

/**
 * E[f(u)·g(v)] for a bivariate normal with equal means and the given variances and covariance. v given u is
 * normal, so this is a quadrature within a quadrature, cut at the kinks of both.
 */
export function pairExpectation(
  f: (z: number) => number,
  g: (z: number) => number,
  mean: number,
  varianceU: number,
  varianceV: number,
  covariance: number,
  kinks: readonly number[] = [],
): number {
  const slope = varianceU > 0 ? covariance / varianceU : 0;
  const rest = Math.max(0, varianceV - slope * covariance);
  if (rest <= 1e-14 * varianceV) return expectation((u) => f(u) * g(mean + slope * (u - mean)), mean, varianceU, kinks);
  return expectation(
    (u) => f(u) * expectation(g, mean + slope * (u - mean), rest, kinks, true),
    mean,
    varianceU,
    kinks,
  );
}
