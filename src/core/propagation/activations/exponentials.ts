import { erf, exponentialBelowZero, normalCdf, normalDensity } from '../numerics/normal.js';
import type { Activation, ActivationMoments, Constants } from './types.js';

/** λ and α of Klambauer et al. 2017 (arXiv:1706.02515), as torch and Keras spell them. */
export const SELU_SCALE = 1.0507009873554805;
export const SELU_ALPHA = 1.6732632423543772;

interface ExponentialUnit {
  /** φ = scale·z above zero and scale·height·(e^{rate·z} − 1) below. */
  readonly scale: number;
  readonly height: number;
  readonly rate: number;
}

/** ELU family: the part above zero is linear, the part below an exponential whose truncated moments are closed. */
function exponentialUnitMoments(u: ExponentialUnit, mean: number, variance: number): ActivationMoments {
  const std = Math.sqrt(variance);
  const t = mean / std;
  const above = normalCdf(t);
  const below = normalCdf(-t);
  const density = normalDensity(t);
  const first = mean * above + std * density;
  const second = (mean * mean + variance) * above + mean * std * density;
  const e1 = exponentialBelowZero(u.rate, mean, variance);
  const e2 = exponentialBelowZero(2 * u.rate, mean, variance);
  const h = u.height;
  const s = u.scale;
  const squareBelow = e2 - 2 * e1 + below;
  const meanBelow = e1 - below;
  return {
    mean: s * (first + h * meanBelow),
    second: s * s * (second + h * h * squareBelow),
    slopeMean: s * (above + h * u.rate * e1),
    slopeSecond: s * s * (above + h * h * u.rate * u.rate * e2),
    cross: s * s * (first + h * h * u.rate * (e2 - e1)),
  };
}

function exponentialUnit(
  name: string,
  label: string,
  constants: Constants,
  unit: (c: Constants) => ExponentialUnit,
  gainNote?: string,
): Activation {
  return {
    name,
    label,
    constants,
    ...(gainNote === undefined ? {} : { gainNote }),
    value(z, c) {
      const u = unit(c);
      return z > 0 ? u.scale * z : u.scale * u.height * Math.expm1(u.rate * z);
    },
    derivative(z, c) {
      const u = unit(c);
      return z > 0 ? u.scale : u.scale * u.height * u.rate * Math.exp(u.rate * z);
    },
    kinks: () => [0],
    // E[(e^{rz}−1)²; z<0] is a difference of near-equal terms once r²·variance is tiny: quadrature keeps the digits there.
    closed(mean, variance, c) {
      const u = unit(c);
      return u.rate * u.rate * variance < 0.01 ? undefined : exponentialUnitMoments(u, mean, variance);
    },
    saturated: (z, c) => z < 0 && Math.exp(unit(c).rate * z) < 0.05,
  };
}

const exp: Activation = {
  name: 'exp',
  label: 'exp',
  constants: {},
  value: (z) => Math.exp(z),
  derivative: (z) => Math.exp(z),
  closed(mean, variance) {
    const second = Math.exp(2 * mean + 2 * variance);
    const first = Math.exp(mean + variance / 2);
    return { mean: first, second, slopeMean: first, slopeSecond: second, cross: second };
  },
  closedPair(p) {
    const value = Math.exp(2 * p.mean + (p.varianceU + p.varianceV) / 2 + p.covariance);
    return { value, slope: value };
  },
};

const expm1: Activation = {
  name: 'expm1',
  label: 'expm1',
  constants: {},
  value: (z) => Math.expm1(z),
  derivative: (z) => Math.exp(z),
};

/** exp(−z²/2); E over N(μ,q) is a product of Gaussians. */
const gaussian: Activation = {
  name: 'gaussian',
  label: 'Gaussian',
  constants: {},
  value: (z) => Math.exp(-0.5 * z * z),
  derivative: (z) => -z * Math.exp(-0.5 * z * z),
  closed(mean, q) {
    const w1 = 1 + q;
    const w2 = 1 + 2 * q;
    const first = Math.exp((-0.5 * mean * mean) / w1) / Math.sqrt(w1);
    const second = Math.exp((-mean * mean) / w2) / Math.sqrt(w2);
    // Under the Gaussian tilted by φ² the pre-activation has mean μ/(1+2q) and variance q/(1+2q).
    return {
      mean: first,
      second,
      slopeMean: (-mean / w1) * first,
      slopeSecond: second * (q / w2 + (mean / w2) ** 2),
      cross: (-mean / w2) * second,
    };
  },
};

/** sin(ωz) or cos(ωz): everything follows from E[e^{iωz}]. */
function wave(name: 'sin' | 'cos'): Activation {
  const isSine = name === 'sin';
  return {
    name,
    label: name,
    constants: { omega: 1 },
    value: (z, c) => (isSine ? Math.sin((c['omega'] ?? 1) * z) : Math.cos((c['omega'] ?? 1) * z)),
    derivative(z, c) {
      const w = c['omega'] ?? 1;
      return isSine ? w * Math.cos(w * z) : -w * Math.sin(w * z);
    },
    closed(mean, q, c) {
      const w = c['omega'] ?? 1;
      const damp = Math.exp(-0.5 * w * w * q);
      const double = Math.exp(-2 * w * w * q) * Math.cos(2 * w * mean);
      const twist = Math.exp(-2 * w * w * q) * Math.sin(2 * w * mean);
      const sine = damp * Math.sin(w * mean);
      const cosine = damp * Math.cos(w * mean);
      // (1 − e^{−2ω²q})/2 by expm1 where the mean is zero, so that tiny variances keep their digits.
      const sineSquare = mean === 0 ? -Math.expm1(-2 * w * w * q) / 2 : (1 - double) / 2;
      const cosineSquare = (1 + double) / 2;
      return isSine
        ? {
            mean: sine,
            second: sineSquare,
            slopeMean: w * cosine,
            slopeSecond: w * w * cosineSquare,
            cross: (w * twist) / 2,
          }
        : {
            mean: cosine,
            second: cosineSquare,
            slopeMean: -w * sine,
            slopeSecond: w * w * sineSquare,
            cross: (-w * twist) / 2,
          };
    },
    closedPair(p, c) {
      const w = c['omega'] ?? 1;
      const k = w * w;
      const sum = Math.exp(-0.5 * k * (p.varianceU + p.varianceV + 2 * p.covariance)) * Math.cos(2 * w * p.mean);
      const difference = Math.exp(-0.5 * k * (p.varianceU + p.varianceV - 2 * p.covariance));
      const sines = (difference - sum) / 2;
      const cosines = (difference + sum) / 2;
      return isSine ? { value: sines, slope: k * cosines } : { value: cosines, slope: k * sines };
    },
  };
}

/** Williams 1997: the error-function network's kernel. Closed for mean zero. */
const erfActivation: Activation = {
  name: 'erf',
  label: 'erf',
  constants: {},
  value: (z) => erf(z),
  derivative: (z) => (2 / Math.sqrt(Math.PI)) * Math.exp(-z * z),
  closed(mean, q) {
    if (mean !== 0) return undefined;
    return {
      mean: 0,
      second: (2 / Math.PI) * Math.asin((2 * q) / (1 + 2 * q)),
      slopeMean: 2 / Math.sqrt(Math.PI * (1 + 2 * q)),
      slopeSecond: 4 / Math.PI / Math.sqrt(1 + 4 * q),
      cross: 0,
    };
  },
  closedPair(p) {
    if (p.mean !== 0) return undefined;
    const product = (1 + 2 * p.varianceU) * (1 + 2 * p.varianceV);
    return {
      value: (2 / Math.PI) * Math.asin((2 * p.covariance) / Math.sqrt(product)),
      slope: 4 / Math.PI / Math.sqrt(product - 4 * p.covariance * p.covariance),
    };
  },
  saturated: (z) => Math.abs(z) > 1.5,
};

export const EXPONENTIALS: readonly Activation[] = [
  exponentialUnit('elu', 'ELU', { alpha: 1 }, (c) => ({ scale: 1, height: c['alpha'] ?? 1, rate: 1 })),
  exponentialUnit('celu', 'CELU', { alpha: 1 }, (c) => ({
    scale: 1,
    height: c['alpha'] ?? 1,
    rate: 1 / (c['alpha'] ?? 1),
  })),
  exponentialUnit(
    'selu',
    'SELU',
    {},
    () => ({ scale: SELU_SCALE, height: SELU_ALPHA, rate: 1 }),
    "calculate_gain('selu') = 3/4 makes the variance decay; the self-normalising fixed point needs gain 1 (LeCun normal)",
  ),
  exp,
  expm1,
  gaussian,
  wave('sin'),
  wave('cos'),
  erfActivation,
];
