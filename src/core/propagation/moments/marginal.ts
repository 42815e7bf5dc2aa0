import { normalDensity } from '../numerics/normal.js';
import type { Marginal } from './field.js';
import { affineOf, floats, scaledBy } from './floats.js';
import { Lazy } from './lazy.js';

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

/** A distribution on nodes whose polynomials are made when a function is expanded in them, which few are. */
class OnNodes implements Marginal {
  #basis: readonly Float64Array[] | undefined;

  constructor(
    readonly nodes: Float64Array,
    readonly weights: Float64Array,
  ) {}

  get basis(): readonly Float64Array[] {
    return (this.#basis ??= orthonormalBasis(this.nodes, this.weights, 6));
  }
}

/** A distribution that is computed when somebody asks: after most sums and concatenations comes a layer that does not. */
export class Deferred implements Marginal {
  readonly #made: Lazy<Marginal>;

  constructor(make: () => Marginal | undefined) {
    this.#made = new Lazy(() => make() ?? GAUSSIAN);
  }

  get nodes(): Float64Array {
    return this.#made.value.nodes;
  }

  get weights(): Float64Array {
    return this.#made.value.weights;
  }

  get basis(): readonly Float64Array[] {
    return this.#made.value.basis;
  }
}

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
  const nodes = affineOf(values, -mean / root, 1 / root);
  return { marginal: new OnNodes(nodes, scaledBy(weights, 1 / mass)), mean, variance };
}

/** Weighted values, and for a symmetric grid their even and odd halves. */
let scratch = new Float64Array(1024);

/** Coefficients of four polynomials at a time: a sum of its own waits for each addition before. */
function addCoefficients(
  out: Float64Array,
  values: Float64Array,
  from: number,
  n: number,
  basis: readonly Float64Array[],
  first: number,
  step: number,
): void {
  for (let k = first; k < basis.length; k += 4 * step) {
    const p = basis[k]!;
    const q = basis[k + step] ?? p;
    const r = basis[k + 2 * step] ?? p;
    const s = basis[k + 3 * step] ?? p;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let i = 0; i < n; i++) {
      const v = values[from + i]!;
      a += v * p[i]!;
      b += v * q[i]!;
      c += v * r[i]!;
      d += v * s[i]!;
    }
    out[k] = a;
    if (k + step < basis.length) out[k + step] = b;
    if (k + 2 * step < basis.length) out[k + 2 * step] = c;
    if (k + 3 * step < basis.length) out[k + 3 * step] = d;
  }
}

/** E[f·pₖ] of every polynomial. */
function coefficients(f: Float64Array, { weights, basis }: Marginal, isSymmetric: boolean): Float64Array {
  const n = f.length;
  const out = floats(basis.length);
  if (scratch.length < n) scratch = new Float64Array(n);
  if (!isSymmetric) {
    for (let i = 0; i < n; i++) scratch[i] = weights[i]! * f[i]!;
    addCoefficients(out, scratch, 0, n, basis, 0, 1);
    return out;
  }
  const half = n >> 1;
  for (let i = 0; i < half; i++) {
    const w = weights[i]!;
    const left = f[i]!;
    const right = f[n - 1 - i]!;
    scratch[i] = w * (left + right);
    scratch[half + i] = w * (left - right);
  }
  addCoefficients(out, scratch, 0, half, basis, 0, 2);
  addCoefficients(out, scratch, half, half, basis, 1, 2);
  return out;
}

/**
 * E[f(x)f(x′)] for pairs with correlation ρ, from the expansion of f in the distribution's orthonormal
 * polynomials: Σ aₖ²ρᵏ (Mehler's formula; exact for the Gaussian).
 */
export class Expansion {
  private readonly squares: Float64Array;
  /** E[f²]. */
  readonly second: number;
  readonly mean: number;

  constructor(f: Float64Array, marginal: Marginal, exact?: { readonly mean: number; readonly second: number }) {
    this.second = exact?.second ?? secondMoment(f, marginal.weights);
    const found = coefficients(f, marginal, marginal === GAUSSIAN);
    this.mean = exact?.mean ?? found[0]!;
    found[0] = this.mean;
    this.squares = floats(found.length + 1);
    let used = 0;
    for (let k = 0; k < found.length; k++) {
      const square = Math.max(0, Math.min(found[k]! ** 2, this.second - used));
      this.squares[k] = square;
      used += square;
    }
    this.squares[found.length] = Math.max(0, this.second - used);
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

function secondMoment(f: Float64Array, weights: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < f.length; i++) sum += weights[i]! * (f[i]! * f[i]!);
  return sum;
}
