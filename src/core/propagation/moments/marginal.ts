import { normalDensity } from '../numerics/normal.js';
import type { Marginal } from './field.js';
import { floats } from './floats.js';

/** Terms of the expansion of a function in orthonormal polynomials; the rest is put on the next power. */
const DEGREE = 14;
const STEP = 0.05;
const REACH = 8.5;

/** Orthonormal polynomials of a discrete distribution (Stieltjes' procedure). */
export function orthonormalBasis(nodes: Float64Array, weights: Float64Array, degree: number): Float64Array[] {
  const n = nodes.length;
  const basis: Float64Array[] = [new Float64Array(n).fill(1)];
  let before = new Float64Array(n);
  let beforeNorm = 0;
  for (let k = 0; k < degree; k++) {
    const current = basis[k]!;
    let centre = 0;
    for (let i = 0; i < n; i++) centre += weights[i]! * nodes[i]! * current[i]! ** 2;
    const next = new Float64Array(n);
    let norm = 0;
    for (let i = 0; i < n; i++) {
      const v = (nodes[i]! - centre) * current[i]! - beforeNorm * before[i]!;
      next[i] = v;
      norm += weights[i]! * v * v;
    }
    if (!(norm > 1e-12)) break;
    const root = Math.sqrt(norm);
    for (let i = 0; i < n; i++) next[i] = next[i]! / root;
    basis.push(next);
    before = current as Float64Array<ArrayBuffer>;
    beforeNorm = root;
  }
  return basis;
}

function gaussian(): Marginal {
  const n = Math.round((2 * REACH) / STEP);
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    // Zero lies between two nodes: a rectifier's slope jumps there.
    const t = -REACH + (i + 0.5) * STEP;
    nodes[i] = t;
    weights[i] = STEP * normalDensity(t);
  }
  return { nodes, weights, basis: orthonormalBasis(nodes, weights, DEGREE) };
}

/** The standard normal on a grid fine enough for kinks (error of E[φ²] about 1e-5). */
export const GAUSSIAN: Marginal = gaussian();

/** A distribution standardized to mean 0 and variance 1. */
export function standardized(
  values: Float64Array,
  weights: Float64Array,
): { marginal: Marginal | undefined; mean: number; variance: number } {
  let mass = 0;
  let mean = 0;
  for (let i = 0; i < values.length; i++) {
    mass += weights[i]!;
    mean += weights[i]! * values[i]!;
  }
  mean /= mass;
  let variance = 0;
  for (let i = 0; i < values.length; i++) variance += weights[i]! * (values[i]! - mean) ** 2;
  variance /= mass;
  if (!(variance > 0)) return { marginal: undefined, mean, variance: 0 };
  const root = Math.sqrt(variance);
  const nodes = values.map((v) => (v - mean) / root);
  const w = weights.map((x) => x / mass);
  return { marginal: { nodes, weights: w, basis: orthonormalBasis(nodes, w, 6) }, mean, variance };
}

/**
 * E[f(x)f(x′)] for pairs with correlation ρ, from the expansion of f in the distribution's orthonormal
 * polynomials: Σ aₖ²ρᵏ (Mehler's formula; exact for the Gaussian).
 */
export class Expansion {
  private readonly squares: number[] = [];
  /** E[f²]. */
  readonly second: number;
  readonly mean: number;

  constructor(
    f: Float64Array,
    marginal: Marginal,
    exact?: { readonly mean: number; readonly second: number },
    weights: Float64Array = marginal.weights,
  ) {
    let second = 0;
    for (let i = 0; i < f.length; i++) second += weights[i]! * (f[i]! * f[i]!);
    this.second = exact?.second ?? second;
    const weighted = floats(f.length);
    for (let i = 0; i < f.length; i++) weighted[i] = weights[i]! * f[i]!;
    let used = 0;
    let mean = 0;
    marginal.basis.forEach((p, k) => {
      let a = 0;
      for (let i = 0; i < weighted.length; i++) a += weighted[i]! * p[i]!;
      if (k === 0) {
        mean = exact?.mean ?? a;
        a = mean;
      }
      const square = Math.max(0, Math.min(a * a, this.second - used));
      this.squares.push(square);
      used += square;
    });
    this.mean = mean;
    this.squares.push(Math.max(0, this.second - used));
  }

  /** E[f(x)f(x′)] at correlation ρ. */
  at(correlation: number): number {
    if (correlation >= 1) return this.second;
    const r = Math.max(-1, correlation);
    let sum = 0;
    for (let k = this.squares.length - 1; k >= 0; k--) sum = sum * r + this.squares[k]!;
    return sum;
  }
}
