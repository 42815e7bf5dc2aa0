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

/** E[f(u)f(v)] for the value or the derivative of the activation, whichever is asked for. */
function pairOf(net: MeanFieldNetwork, q: number, c: number, derivative: boolean): number {
  const given = constants(net);
  const closed = net.activation.closedPair?.({ mean: 0, varianceU: q, varianceV: q, covariance: c * q }, given);
  if (closed !== undefined) return derivative ? closed.slope : closed.value;
  const f = (z: number): number => (derivative ? net.activation.derivative(z, given) : net.activation.value(z, given));
  return pairExpectation(f, f, 0, q, q, c * q, kinksOf(net.activation, given));
}

/** Correlation of the next layer at the variance fixed point q. */
export function correlationMap(net: MeanFieldNetwork, q: number, c: number): number {
  return (net.weightVariance * pairOf(net, q, c, false) + net.biasVariance) / q;
}

/** Slope of the correlation map: σw²·E[φ′(u)φ′(v)]. */
export function correlationSlope(net: MeanFieldNetwork, q: number, c: number): number {
  return net.weightVariance * pairOf(net, q, c, true);
}

/** Where the correlation of two different inputs ends up: 1 in the ordered phase (χ₁ ≤ 1), below it in the chaotic one. */
export function correlationFixedPoint(net: MeanFieldNetwork, q: number): number {
  if (chi(net, q) <= 1) return 1;
  // c ↦ map(c) − c is convex with a root at 1 and one below: regula falsi (Illinois) for the latter.
  const excess = (c: number): number => correlationMap(net, q, c) - c;
  let low = 0;
  let atLow = excess(low);
  if (atLow <= 1e-12) return 0;
  let high = 1 - 1e-6;
  let atHigh = excess(high);
  if (atHigh >= 0) return 1;
  for (let i = 0; i < 60 && high - low > 1e-11; i++) {
    const c = high - (atHigh * (high - low)) / (atHigh - atLow);
    const at = excess(c);
    if (Math.abs(at) < 1e-13) return c;
    if (at > 0) {
      low = c;
      atLow = at;
      atHigh /= 2;
    } else {
      high = c;
      atHigh = at;
      atLow /= 2;
    }
  }
  return (low + high) / 2;
}

/** Layers over which the variance, and the correlation of two inputs, forget where they started (e-fold). */
export interface DepthScales {
  readonly variance: number;
  readonly correlation: number;
}

/** ξ_q = −1/ln(dq′/dq) at q*, ξ_c = −1/ln(dc′/dc) at c*; infinite at criticality. */
export function depthScales(net: MeanFieldNetwork, q: number): DepthScales {
  const slopeQ = net.weightVariance * varianceMapSlope(net.activation, q, constants(net));
  const slopeC = correlationSlope(net, q, correlationFixedPoint(net, q));
  const scale = (s: number): number => (s >= 1 - 1e-15 ? Infinity : s <= 0 ? 0 : -1 / Math.log(s));
  return { variance: scale(slopeQ), correlation: scale(slopeC) };
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
