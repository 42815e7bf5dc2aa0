import { overGaussian, pairExpectation } from '../numerics/quadrature.js';
import { sameConstants } from './table.js';
import type { Activation, ActivationMoments, Constants, GaussianPair, PairMoments } from './types.js';

interface Known<T> {
  readonly mean: number;
  readonly constants: Constants;
  readonly result: T;
}

type Integral<T> = (activation: Activation, mean: number, variance: number, c: Constants) => T;

const MOST_KEPT = 4096;

/** The same integral, whose results are kept: layers of one network ask for the same, and so does its next simulation. */
export function kept<T>(integral: Integral<T>): Integral<T> {
  const known = new Map<Activation, Map<number, Known<T>[]>>();
  let count = 0;
  return (activation, mean, variance, constants) => {
    let byVariance = known.get(activation);
    let entries = byVariance?.get(variance);
    if (entries !== undefined)
      for (const k of entries) if (k.mean === mean && sameConstants(k.constants, constants)) return k.result;
    if (count++ >= MOST_KEPT) {
      known.clear();
      byVariance = entries = undefined;
      count = 1;
    }
    const result = integral(activation, mean, variance, constants);
    if (byVariance === undefined) known.set(activation, (byVariance = new Map<number, Known<T>[]>()));
    if (entries === undefined) byVariance.set(variance, (entries = []));
    entries.push({ mean, constants, result });
    return result;
  };
}

const NO_KINKS: readonly number[] = [];
export function kinksOf(activation: Activation, c: Constants): readonly number[] {
  return activation.kinks?.(c) ?? NO_KINKS;
}

/** By quadrature only: what the closed forms are tested against. */
export function momentsByQuadrature(
  activation: Activation,
  mean: number,
  variance: number,
  c: Constants = activation.constants,
): ActivationMoments {
  let first = 0;
  let second = 0;
  let slopeMean = 0;
  let slopeSecond = 0;
  let cross = 0;
  overGaussian(mean, variance, kinksOf(activation, c), (z, w) => {
    if (w === 0) return;
    const v = activation.value(z, c);
    const d = activation.derivative(z, c);
    first += w * v;
    second += w * v * v;
    slopeMean += w * d;
    slopeSecond += w * d * d;
    cross += w * v * d;
  });
  return { mean: first, second, slopeMean, slopeSecond, cross };
}

/**
 * E[φ], E[φ²], E[φ′], E[φ′²], E[φφ′] for z ~ N(mean, variance): the closed form where there is one, else quadrature
 * (right to 1e-10 for variances from 1e-12 to 1e4). Results of quadrature are kept.
 */
export function activationMoments(
  activation: Activation,
  mean: number,
  variance: number,
  c: Constants = activation.constants,
): ActivationMoments {
  if (!(variance > 0)) {
    const v = activation.value(mean, c);
    const d = activation.derivative(mean, c);
    return { mean: v, second: v * v, slopeMean: d, slopeSecond: d * d, cross: v * d };
  }
  const closed = activation.closed?.(mean, variance, c);
  if (closed !== undefined) return closed;
  return keptMoments(activation, mean, variance, c);
}

const keptMoments = kept(momentsByQuadrature);

/** E[φ(u)φ(v)] and E[φ′(u)φ′(v)] for a jointly normal pair. */
export function activationPair(
  activation: Activation,
  pair: GaussianPair,
  c: Constants = activation.constants,
): PairMoments {
  const closed = activation.closedPair?.(pair, c);
  if (closed !== undefined) return closed;
  const kinks = kinksOf(activation, c);
  const over = (f: (z: number) => number): number =>
    pairExpectation(f, f, pair.mean, pair.varianceU, pair.varianceV, pair.covariance, kinks);
  return { value: over((z) => activation.value(z, c)), slope: over((z) => activation.derivative(z, c)) };
}

/** What an activation does to a standard normal: the columns of a gain table. */
export interface ActivationSummary extends ActivationMoments {
  /** E[φ²] − E[φ]². */
  readonly variance: number;
  /** 1/√E[φ²]: the weight gain that keeps E[z²] = 1. */
  readonly gain: number;
  /** 1/√E[φ′²]: the gain that keeps the gradient's variance. */
  readonly backwardGain: number;
  /** E[φ′²]/E[φ²]: growth of the gradient per layer at `gain`. */
  readonly chi: number;
  /** d q_{l+1}/d q_l at q = 1 and `gain`: above 1 the fixed point is unstable. */
  readonly slope: number;
}

/** By activation and constants: every layer that follows an activation asks for the same. */
const SUMMARIES = new WeakMap<Activation, WeakMap<Constants, ActivationSummary>>();

/** Moments at z ~ N(0,1) and what follows from them. */
export function summarize(activation: Activation, c: Constants = activation.constants): ActivationSummary {
  let known = SUMMARIES.get(activation);
  if (known === undefined) SUMMARIES.set(activation, (known = new WeakMap()));
  let summary = known.get(c);
  if (summary === undefined) known.set(c, (summary = summarized(activation, c)));
  return summary;
}

function summarized(activation: Activation, c: Constants): ActivationSummary {
  const m = activationMoments(activation, 0, 1, c);
  return {
    ...m,
    variance: m.second - m.mean * m.mean,
    gain: 1 / Math.sqrt(m.second),
    backwardGain: 1 / Math.sqrt(m.slopeSecond),
    chi: m.slopeSecond / m.second,
    slope: varianceMapSlope(activation, 1, c) / m.second,
  };
}

/**
 * dE[φ(z)²]/dq for z ~ N(0, q): a fourth-order difference of the closed form where there is one, else
 * E[φ² (z² − q)]/2q², which needs no second derivative of φ.
 */
export function varianceMapSlope(
  activation: Activation,
  variance: number,
  c: Constants = activation.constants,
): number {
  const at = (factor: number): number | undefined => activation.closed?.(0, variance * factor, c)?.second;
  const h = 1e-3;
  const [far, near, nearBelow, farBelow] = [at(1 + 2 * h), at(1 + h), at(1 - h), at(1 - 2 * h)];
  if (far !== undefined && near !== undefined && nearBelow !== undefined && farBelow !== undefined)
    return (8 * (near - nearBelow) - (far - farBelow)) / (12 * h * variance);
  return keptSlope(activation, 0, variance, c);
}

const keptSlope = kept((activation, mean, variance, c) => {
  let sum = 0;
  overGaussian(mean, variance, kinksOf(activation, c), (z, w) => {
    if (w === 0) return;
    const v = activation.value(z, c);
    sum += w * v * v * (z * z - variance);
  });
  return sum / (2 * variance * variance);
});

/** Share of units that pass hardly any gradient, for z ~ N(mean, variance). */
export function saturatedShare(
  activation: Activation,
  mean: number,
  variance: number,
  c: Constants = activation.constants,
): number {
  const saturated = activation.saturated?.bind(activation);
  if (saturated === undefined) return 0;
  if (!(variance > 0)) return saturated(mean, c) ? 1 : 0;
  return keptShare(activation, mean, variance, c);
}

const keptShare = kept((activation, mean, variance, c) => {
  let share = 0;
  overGaussian(mean, variance, kinksOf(activation, c), (z, w) => {
    if (activation.saturated?.(z, c) === true) share += w;
  });
  return Math.min(1, share);
});
