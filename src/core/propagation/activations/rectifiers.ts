import { piecewise, polynomialMoments, type Piece } from './polynomial.js';
import type { Activation, ActivationMoments, Constants, GaussianPair, PairMoments } from './types.js';

const INFINITY = Number.POSITIVE_INFINITY;
const piece = (low: number, high: number, ...coefficients: number[]): Piece => ({ low, high, coefficients });

/** z → z for z > 0 and a·z below. */
const leaky = (a: number): readonly Piece[] => [piece(-INFINITY, 0, 0, a), piece(0, INFINITY, 0, 1)];

/**
 * Arc-cosine kernels of degree 1 and 0 (Cho & Saul 2009), extended to a slope below zero:
 * φ_a = (1−a)·relu + a·identity, so E[φ_a φ_a] = (1−a)²K + a(1−a)c + a²c. Means must be zero.
 */
function leakyPair(pair: GaussianPair, a: number): PairMoments | undefined {
  if (pair.mean !== 0) return undefined;
  const scale = Math.sqrt(pair.varianceU * pair.varianceV);
  if (scale === 0) return { value: 0, slope: (1 + a * a) / 2 };
  const cosine = Math.max(-1, Math.min(1, pair.covariance / scale));
  const angle = Math.acos(cosine);
  const relu = (scale / (2 * Math.PI)) * (Math.sin(angle) + (Math.PI - angle) * cosine);
  const both = (Math.PI - angle) / (2 * Math.PI);
  return {
    value: (1 - a) ** 2 * relu + a * (1 - a) * pair.covariance + a * a * pair.covariance,
    slope: (1 - a) ** 2 * both + a * (1 - a) + a * a,
  };
}

/** With slope a drawn afresh for every entry (RReLU in training), a and a² enter by their means; pairs draw separately. */
function randomLeaky(mean: number, variance: number, lower: number, upper: number): ActivationMoments {
  const at = (a: number): ActivationMoments => leakyMoments(mean, variance, a);
  // Every moment is a quadratic in a: Simpson's rule over the uniform slope is exact.
  const x = at(lower);
  const y = at((lower + upper) / 2);
  const z = at(upper);
  const blend = (k: keyof ActivationMoments): number => (x[k] + 4 * y[k] + z[k]) / 6;
  return {
    mean: blend('mean'),
    second: blend('second'),
    slopeMean: blend('slopeMean'),
    slopeSecond: blend('slopeSecond'),
    cross: blend('cross'),
  };
}

const IDENTITY_PIECES = [piece(-INFINITY, INFINITY, 0, 1)];
const identity: Activation = {
  ...piecewise({ name: 'identity', label: 'identity', constants: {}, homogeneous: true }, () => IDENTITY_PIECES),
  closedPair: (p) => ({ value: p.covariance + p.mean * p.mean, slope: 1 }),
};

const leakyBase = (
  name: string,
  label: string,
  constants: Constants,
  slopeOf: (c: Constants) => number,
  gainNote?: string,
): Activation => ({
  ...piecewise({ name, label, constants, homogeneous: true, ...(gainNote === undefined ? {} : { gainNote }) }, (c) =>
    leaky(slopeOf(c)),
  ),
  closedPair: (p, c) => leakyPair(p, slopeOf(c)),
});

const relu: Activation = {
  ...leakyBase('relu', 'ReLU', {}, () => 0, "calculate_gain('relu') = √2, exactly 1/√E[φ²]"),
  saturated: (z) => z <= 0,
};
const leakyRelu = leakyBase(
  'leaky_relu',
  'LeakyReLU',
  { slope: 0.01 },
  (c) => c['slope'] ?? 0.01,
  'calculate_gain takes the slope as its second argument; its default is 0.01',
);
const prelu = leakyBase(
  'prelu',
  'PReLU',
  { slope: 0.25 },
  (c) => c['slope'] ?? 0.25,
  'calculate_gain has no entry for PReLU: use leaky_relu with slope 0.25',
);

function leakyMoments(mean: number, variance: number, a: number): ActivationMoments {
  return polynomialMoments(leaky(a), mean, variance);
}

/** Outside training the slope is the mean of the range: 11/48 by default. */
const rrelu = leakyBase(
  'rrelu',
  'RReLU (eval)',
  { lower: 1 / 8, upper: 1 / 3 },
  (c) => ((c['lower'] ?? 1 / 8) + (c['upper'] ?? 1 / 3)) / 2,
);
const rreluTrain: Activation = {
  ...rrelu,
  name: 'rrelu_train',
  label: 'RReLU',
  closed: (mean, variance, c) => randomLeaky(mean, variance, c['lower'] ?? 1 / 8, c['upper'] ?? 1 / 3),
};

const abs: Activation = piecewise({ name: 'abs', label: 'abs', constants: {}, homogeneous: true }, () => [
  piece(-INFINITY, 0, 0, -1),
  piece(0, INFINITY, 0, 1),
]);

const relu6: Activation = {
  ...piecewise({ name: 'relu6', label: 'ReLU6', constants: {} }, () => [
    piece(-INFINITY, 0, 0),
    piece(0, 6, 0, 1),
    piece(6, INFINITY, 6),
  ]),
  saturated: (z) => z <= 0 || z >= 6,
};

const hardtanh: Activation = {
  ...piecewise({ name: 'hardtanh', label: 'Hardtanh', constants: { low: -1, high: 1 } }, (c) => {
    const low = c['low'] ?? -1;
    const high = c['high'] ?? 1;
    return [piece(-INFINITY, low, low), piece(low, high, 0, 1), piece(high, INFINITY, high)];
  }),
  saturated: (z, c) => z <= (c['low'] ?? -1) || z >= (c['high'] ?? 1),
};

/** clip(slope·z + ½, 0, 1). torch and Keras 3: slope 1/6; tf.keras 2 and TF.js: 0.2. */
const hardSigmoid: Activation = {
  ...piecewise({ name: 'hard_sigmoid', label: 'Hardsigmoid', constants: { slope: 1 / 6 } }, (c) => {
    const k = c['slope'] ?? 1 / 6;
    const edge = 0.5 / k;
    return [piece(-INFINITY, -edge, 0), piece(-edge, edge, 0.5, k), piece(edge, INFINITY, 1)];
  }),
  saturated: (z, c) => Math.abs(z) >= 0.5 / (c['slope'] ?? 1 / 6),
};

/** z·relu6(z + 3)/6 (MobileNetV3). */
const hardswish: Activation = piecewise(
  {
    name: 'hardswish',
    label: 'Hardswish',
    constants: {},
    gainNote: 'calculate_gain has no entry; 1/√E[φ²] = 1.7367, an unstable fixed point (slope 1.22)',
  },
  () => [piece(-INFINITY, -3, 0), piece(-3, 3, 0, 0.5, 1 / 6), piece(3, INFINITY, 0, 1)],
);

const softshrink: Activation = piecewise(
  { name: 'softshrink', label: 'Softshrink', constants: { lambda: 0.5 } },
  (c) => {
    const l = c['lambda'] ?? 0.5;
    return [piece(-INFINITY, -l, l, 1), piece(-l, l, 0), piece(l, INFINITY, -l, 1)];
  },
);

const hardshrink: Activation = piecewise(
  { name: 'hardshrink', label: 'Hardshrink', constants: { lambda: 0.5 } },
  (c) => {
    const l = c['lambda'] ?? 0.5;
    return [piece(-INFINITY, -l, 0, 1), piece(-l, l, 0), piece(l, INFINITY, 0, 1)];
  },
);

/** z above the threshold, `value` below it. */
const threshold: Activation = piecewise(
  { name: 'threshold', label: 'Threshold', constants: { threshold: 0, value: 0 } },
  (c) => {
    const t = c['threshold'] ?? 0;
    return [piece(-INFINITY, t, c['value'] ?? 0), piece(t, INFINITY, 0, 1)];
  },
);

const squaredRelu: Activation = piecewise({ name: 'squared_relu', label: 'squared ReLU', constants: {} }, () => [
  piece(-INFINITY, 0, 0),
  piece(0, INFINITY, 0, 0, 1),
]);
const square: Activation = piecewise({ name: 'square', label: 'square', constants: {} }, () => [
  piece(-INFINITY, INFINITY, 0, 0, 1),
]);
const sign: Activation = piecewise({ name: 'sign', label: 'sign', constants: {} }, () => [
  piece(-INFINITY, 0, -1),
  piece(0, INFINITY, 1),
]);

/** Piecewise polynomials: every moment closed for every mean. */
export const RECTIFIERS: readonly Activation[] = [
  identity,
  relu,
  leakyRelu,
  prelu,
  rrelu,
  rreluTrain,
  abs,
  relu6,
  hardtanh,
  hardSigmoid,
  hardswish,
  softshrink,
  hardshrink,
  threshold,
  squaredRelu,
  square,
  sign,
];
