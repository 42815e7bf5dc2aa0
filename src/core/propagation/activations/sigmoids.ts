import { normalCdf, normalDensity, SQRT_2PI } from '../numerics/normal.js';
import type { Activation, ActivationMoments } from './types.js';

/** 1/(1 + e^{−z}) without overflow. */
export function sigmoid(z: number): number {
  if (z >= 0) return 1 / (1 + Math.exp(-z));
  const e = Math.exp(z);
  return e / (1 + e);
}

/** log(1 + e^z) without overflow. */
function softplusOf(z: number): number {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
}

const logistic: Activation = {
  name: 'sigmoid',
  label: 'Sigmoid',
  constants: {},
  value: (z) => sigmoid(z),
  derivative(z) {
    const s = sigmoid(z);
    return s * (1 - s);
  },
  tabulate(z, _, values, slopes) {
    for (let i = 0; i < z.length; i++) {
      const s = sigmoid(z[i]!);
      values[i] = s;
      slopes[i] = s * (1 - s);
    }
  },
  saturated: (z) => Math.abs(z) > 4,
  gainNote: "calculate_gain('sigmoid') = 1: no gain makes a deep sigmoid stack pass gradients (χ₁ = 0.153 at its best)",
};

/** sech², without cancellation where tanh is almost 1. */
function tanhSlope(z: number): number {
  const e = Math.exp(-2 * Math.abs(z));
  const c = (2 * Math.sqrt(e)) / (1 + e);
  return c * c;
}

const tanh: Activation = {
  name: 'tanh',
  label: 'Tanh',
  constants: {},
  value: (z) => Math.tanh(z),
  derivative: (z) => tanhSlope(z),
  tabulate(z, _, values, slopes) {
    for (let i = 0; i < z.length; i++) {
      values[i] = Math.tanh(z[i]!);
      slopes[i] = tanhSlope(z[i]!);
    }
  },
  saturated: (z) => Math.abs(z) > 2,
  gainNote: "calculate_gain('tanh') = 5/3 settles at variance 1.18; 1.5925 keeps it at 1",
};

/** 1.7159·tanh(2z/3) (LeCun, Efficient BackProp, 1998). */
const lecunTanh: Activation = {
  name: 'lecun_tanh',
  label: '1.7159·tanh(2z/3)',
  constants: {},
  value: (z) => 1.7159 * Math.tanh((2 * z) / 3),
  derivative: (z) => 1.7159 * (2 / 3) * tanh.derivative((2 * z) / 3, {}),
  saturated: (z) => Math.abs(z) > 3,
};

/** (1/β)·log(1 + e^{βz}), the identity where βz exceeds the threshold (torch). */
const softplus: Activation = {
  name: 'softplus',
  label: 'Softplus',
  constants: { beta: 1, threshold: 20 },
  value(z, c) {
    const b = c['beta'] ?? 1;
    return b * z > (c['threshold'] ?? 20) ? z : softplusOf(b * z) / b;
  },
  derivative(z, c) {
    const b = c['beta'] ?? 1;
    return b * z > (c['threshold'] ?? 20) ? 1 : sigmoid(b * z);
  },
  kinks: (c) => [(c['threshold'] ?? 20) / (c['beta'] ?? 1)],
};

const shiftedSoftplus: Activation = {
  name: 'shifted_softplus',
  label: 'softplus − log 2',
  constants: {},
  value: (z) => softplusOf(z) - Math.LN2,
  derivative: (z) => sigmoid(z),
};

const logSigmoid: Activation = {
  name: 'log_sigmoid',
  label: 'LogSigmoid',
  constants: {},
  value: (z) => -softplusOf(-z),
  derivative: (z) => sigmoid(-z),
};

const softsign: Activation = {
  name: 'softsign',
  label: 'Softsign',
  constants: {},
  value: (z) => z / (1 + Math.abs(z)),
  derivative: (z) => 1 / (1 + Math.abs(z)) ** 2,
  kinks: () => [0],
  saturated: (z) => Math.abs(z) > 10,
};

/** z − tanh z, by its series where the difference would cancel. */
function tanhshrinkOf(z: number): number {
  return Math.abs(z) < 0.05 ? z * z * z * (1 / 3 - z * z * (2 / 15 - z * z * (17 / 315))) : z - Math.tanh(z);
}

const tanhshrink: Activation = {
  name: 'tanhshrink',
  label: 'Tanhshrink',
  constants: {},
  value: (z) => tanhshrinkOf(z),
  derivative(z) {
    const t = Math.tanh(z);
    return t * t;
  },
};

/** z·σ(βz) (Ramachandran 2017; Elfwing 2018). β = 1.702 is quick_gelu. */
const silu: Activation = {
  name: 'silu',
  label: 'SiLU',
  constants: { beta: 1 },
  value: (z, c) => z * sigmoid((c['beta'] ?? 1) * z),
  derivative(z, c) {
    const b = c['beta'] ?? 1;
    const s = sigmoid(b * z);
    return s * (1 + b * z * (1 - s));
  },
  tabulate(z, c, values, slopes) {
    const b = c['beta'] ?? 1;
    for (let i = 0; i < z.length; i++) {
      const x = z[i]!;
      const s = sigmoid(b * x);
      values[i] = x * s;
      slopes[i] = s * (1 + b * x * (1 - s));
    }
  },
  gainNote: 'calculate_gain has no entry; 1/√E[φ²] = 1.6765, an unstable fixed point (slope 1.17)',
};

const quickGelu: Activation = {
  name: 'quick_gelu',
  label: 'QuickGELU',
  constants: {},
  value: (z) => silu.value(z, { beta: 1.702 }),
  derivative: (z) => silu.derivative(z, { beta: 1.702 }),
};

/** z·tanh(softplus(z)) (Misra 2019). */
const mish: Activation = {
  name: 'mish',
  label: 'Mish',
  constants: {},
  value: (z) => z * Math.tanh(softplusOf(z)),
  derivative(z) {
    const p = softplusOf(z);
    return Math.tanh(p) + z * tanh.derivative(p, {}) * sigmoid(z);
  },
  gainNote: 'calculate_gain has no entry; 1/√E[φ²] = 1.4868, an unstable fixed point (slope 1.08)',
};

const geluOf = (z: number): number => z * normalCdf(z);
const geluSlope = (z: number): number => normalCdf(z) + z * normalDensity(z);

/**
 * Closed for mean zero (neural-tangents' diagonal Gelu gives the same second moments). E[φφ′] by Stein's lemma:
 * E[zφ²] = 2q·E[φφ′], and of Φ² only its odd part Φ − ½ counts in E[z³Φ²].
 */
function geluMoments(q: number): ActivationMoments {
  const root = Math.sqrt(1 + 2 * q);
  const angle = Math.asin(q / (1 + q));
  return {
    mean: q / Math.sqrt(2 * Math.PI * (1 + q)),
    second: q / 4 + (q / (2 * Math.PI)) * angle + (q * q) / (Math.PI * (1 + q) * root),
    slopeMean: 0.5,
    slopeSecond: 0.25 + angle / (2 * Math.PI) + (q * (5 * q + 3)) / (2 * Math.PI * (1 + q) * root ** 3),
    cross: (q * (2 * q + 3)) / (2 * (1 + q) * Math.sqrt(2 * Math.PI * (1 + q))),
  };
}

/** z·Φ(z) (Hendrycks & Gimpel 2016). */
const gelu: Activation = {
  name: 'gelu',
  label: 'GELU',
  constants: {},
  value: geluOf,
  derivative: geluSlope,
  tabulate(z, _, values, slopes) {
    for (let i = 0; i < z.length; i++) {
      const x = z[i]!;
      const below = normalCdf(x);
      values[i] = x * below;
      slopes[i] = below + x * normalDensity(x);
    }
  },
  closed: (mean, q) => (mean === 0 ? geluMoments(q) : undefined),
  gainNote: 'calculate_gain has no entry; 1/√E[φ²] = 1.5335, an unstable fixed point (slope 1.14)',
};

const CUBIC = 0.044715;
const ROOT = 2 / SQRT_2PI; // √(2/π)
const geluTanh: Activation = {
  name: 'gelu_tanh',
  label: 'GELU (tanh)',
  constants: {},
  value: (z) => 0.5 * z * (1 + Math.tanh(ROOT * (z + CUBIC * z * z * z))),
  derivative(z) {
    const u = ROOT * (z + CUBIC * z * z * z);
    return 0.5 * (1 + Math.tanh(u)) + 0.5 * z * tanh.derivative(u, {}) * ROOT * (1 + 3 * CUBIC * z * z);
  },
};

/** (z + √(z² + b))/2 (Barron 2021; Keras b = 4). */
const squareplus: Activation = {
  name: 'squareplus',
  label: 'Squareplus',
  constants: { b: 4 },
  value: (z, c) => (z + Math.sqrt(z * z + (c['b'] ?? 4))) / 2,
  derivative: (z, c) => (1 + z / Math.sqrt(z * z + (c['b'] ?? 4))) / 2,
};

const atan: Activation = {
  name: 'atan',
  label: 'atan',
  constants: {},
  value: (z) => Math.atan(z),
  derivative: (z) => 1 / (1 + z * z),
};

/** Smooth functions whose moments need quadrature, GELU (at mean zero) excepted. */
export const SIGMOIDS: readonly Activation[] = [
  logistic,
  tanh,
  lecunTanh,
  softplus,
  shiftedSoftplus,
  logSigmoid,
  softsign,
  tanhshrink,
  silu,
  quickGelu,
  mish,
  gelu,
  geluTanh,
  squareplus,
  atan,
];
