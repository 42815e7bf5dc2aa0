import {
  activationMoments,
  activationPair,
  varianceMapSlope,
  type Activation,
  type Constants,
} from './activations/index.js';
import { pairExpectation } from './numerics/quadrature.js';
import { kinksOf } from './activations/moments.js';

/**
 * Mean-field theory of deep networks z = W·φ(z) + b with Var(W) = σw²/fan_in and Var(b) = σb²
 * (Poole et al. 2016, arXiv:1606.05340; Schoenholz et al. 2017, arXiv:1611.01232). q is E[z²], c the correlation of
 * two inputs' pre-activations.
 */
export interface MeanFieldNetwork {
  readonly activation: Activation;
  readonly constants?: Constants | undefined;
  /** σw² = fan_in·Var(W). */
  readonly weightVariance: number;
  /** σb². */
  readonly biasVariance: number;
}

function constants(net: MeanFieldNetwork): Constants {
  return net.constants ?? net.activation.constants;
}

/** q of the next layer: σw²·E[φ(√q·z)²] + σb². */
export function varianceMap(net: MeanFieldNetwork, q: number): number {
  return net.weightVariance * activationMoments(net.activation, 0, q, constants(net)).second + net.biasVariance;
}

/** Factor on the gradient's second moment per layer going back: σw²·E[φ′²]. */
export function chi(net: MeanFieldNetwork, q: number): number {
  return net.weightVariance * activationMoments(net.activation, 0, q, constants(net)).slopeSecond;
}

/**
 * The fixed point that iteration from `start` reaches; 0 when it decays to zero, undefined when it grows without
 * bound. Steffensen's acceleration where the map converges slowly.
 */
export function fixedPoint(net: MeanFieldNetwork, start = 1): number | undefined {
  let q = start;
  for (let i = 0; i < 400; i++) {
    const a = varianceMap(net, q);
    const b = varianceMap(net, a);
    const curvature = b - 2 * a + q;
    let next = b;
    if (Math.abs(curvature) > 1e-300) {
      const accelerated = q - (a - q) ** 2 / curvature;
      // Only towards where the iteration itself is heading.
      if (accelerated > 0 && Number.isFinite(accelerated) && (accelerated - q) * (a - q) > 0) next = accelerated;
    }
    if (next > 1e100) return undefined;
    if (next < 1e-13) return net.biasVariance === 0 ? 0 : next;
    if (Math.abs(next - q) <= 1e-14 * next) return next;
    q = next;
  }
  return q;
}

/** Correlation of the next layer at the variance fixed point q. */
export function correlationMap(net: MeanFieldNetwork, q: number, c: number): number {
  const pair = { mean: 0, varianceU: q, varianceV: q, covariance: c * q };
  return (net.weightVariance * activationPair(net.activation, pair, constants(net)).value + net.biasVariance) / q;
}

/** dq′/dq at q: how fast the variance approaches its fixed point. */
export function varianceSlope(net: MeanFieldNetwork, q: number): number {
  return net.weightVariance * varianceMapSlope(net.activation, q, constants(net));
}

/** Layers over which something that shrinks by `factor` a layer falls to 1/e; none at and beyond criticality, nor for what is gone at once. */
export function depthScale(factor: number): number | undefined {
  return factor <= 0 || factor >= 1 - 1e-12 ? undefined : -1 / Math.log(factor);
}

/** σw² on the edge of chaos (χ₁ = 1) for a bias variance, and the fixed point there. */
export function edgeOfChaos(
  activation: Activation,
  biasVariance: number,
  constantsOfIt: Constants = activation.constants,
): { weightVariance: number; q: number } | undefined {
  // Parametrized by q: σw² = 1/E[φ′²] at q, and σb² = q − σw²·E[φ²].
  const biasAt = (q: number): number => {
    const m = activationMoments(activation, 0, q, constantsOfIt);
    return q - m.second / m.slopeSecond;
  };
  const weightAt = (q: number): number => 1 / activationMoments(activation, 0, q, constantsOfIt).slopeSecond;
  if (biasVariance === 0) {
    const tiny = 1e-10;
    return Math.abs(biasAt(tiny)) <= 1e-3 * tiny ? { weightVariance: weightAt(tiny), q: 0 } : undefined;
  }
  let low = 1e-12;
  let high = 1e-3;
  while (biasAt(high) < biasVariance) {
    high *= 2;
    if (high > 1e6) return undefined;
  }
  for (let i = 0; i < 200 && high - low > 1e-14 * high; i++) {
    const middle = (low + high) / 2;
    if (biasAt(middle) < biasVariance) low = middle;
    else high = middle;
  }
  const q = (low + high) / 2;
  return { weightVariance: weightAt(q), q };
}

/** Kernels of an infinitely wide network: NNGP (forward) and NTK (training), for two inputs. */
export interface Kernels {
  readonly nngp: readonly [number, number, number];
  readonly ntk: readonly [number, number, number];
}

/**
 * NNGP and NTK (Jacot et al. 2018) after `hidden` layers and a linear read-out, in NTK parametrization, from the
 * inputs' kernel [k11, k12, k22] (already multiplied by σw² and with σb² added).
 */
export function kernels(net: MeanFieldNetwork, input: readonly [number, number, number], hidden: number): Kernels {
  const c = constants(net);
  const f = (z: number): number => net.activation.value(z, c);
  const d = (z: number): number => net.activation.derivative(z, c);
  const pair = (q1: number, q2: number, covariance: number): { value: number; slope: number } => {
    if (net.activation.closedPair !== undefined || q1 === q2)
      return activationPair(net.activation, { mean: 0, varianceU: q1, varianceV: q2, covariance }, c);
    const kinks = kinksOf(net.activation, c);
    return {
      value: pairExpectation(f, f, 0, q1, q2, covariance, kinks),
      slope: pairExpectation(d, d, 0, q1, q2, covariance, kinks),
    };
  };
  let k = input;
  let theta = input;
  for (let l = 0; l < hidden; l++) {
    const [q1, cross, q2] = k;
    const one = pair(q1, q1, q1);
    const both = pair(q1, q2, cross);
    const two = pair(q2, q2, q2);
    const next = (x: number): number => net.weightVariance * x + net.biasVariance;
    const grown: readonly [number, number, number] = [next(one.value), next(both.value), next(two.value)];
    theta = [
      grown[0] + theta[0] * net.weightVariance * one.slope,
      grown[1] + theta[1] * net.weightVariance * both.slope,
      grown[2] + theta[2] * net.weightVariance * two.slope,
    ];
    k = grown;
  }
  return { nngp: k, ntk: theta };
}
