import { erf } from '../numerics/normal.js';
import type { Activation, Constants } from './types.js';

/** Elementary functions that models write themselves; defined where their argument is. */
function elementary(
  name: string,
  value: (z: number, c: Constants) => number,
  derivative: (z: number, c: Constants) => number,
  constants: Constants = {},
  kinks: readonly number[] = [],
): Activation {
  return { name, label: name, constants, value, derivative, kinks: () => kinks };
}

const INVERSE_LN2 = 1 / Math.LN2;

export const FUNCTIONS: readonly Activation[] = [
  elementary(
    'sqrt',
    (z) => Math.sqrt(Math.max(0, z)),
    (z) => (z > 0 ? 0.5 / Math.sqrt(z) : 0),
    {},
    [0],
  ),
  elementary(
    'rsqrt',
    (z) => (z > 0 ? 1 / Math.sqrt(z) : 0),
    (z) => (z > 0 ? -0.5 / (z * Math.sqrt(z)) : 0),
    {},
    [0],
  ),
  elementary(
    'log',
    (z) => (z > 0 ? Math.log(z) : 0),
    (z) => (z > 0 ? 1 / z : 0),
    {},
    [0],
  ),
  elementary(
    'log2',
    (z) => (z > 0 ? Math.log2(z) : 0),
    (z) => (z > 0 ? INVERSE_LN2 / z : 0),
    {},
    [0],
  ),
  elementary(
    'log10',
    (z) => (z > 0 ? Math.log10(z) : 0),
    (z) => (z > 0 ? 1 / (z * Math.LN10) : 0),
    {},
    [0],
  ),
  elementary(
    'log1p',
    (z) => (z > -1 ? Math.log1p(z) : 0),
    (z) => (z > -1 ? 1 / (1 + z) : 0),
    {},
    [-1],
  ),
  elementary(
    'reciprocal',
    (z) => (z === 0 ? 0 : 1 / z),
    (z) => (z === 0 ? 0 : -1 / (z * z)),
    {},
    [0],
  ),
  elementary(
    'tan',
    (z) => Math.tan(z),
    (z) => 1 + Math.tan(z) ** 2,
  ),
  elementary(
    'sinh',
    (z) => Math.sinh(z),
    (z) => Math.cosh(z),
  ),
  elementary(
    'cosh',
    (z) => Math.cosh(z),
    (z) => Math.sinh(z),
  ),
  elementary(
    'erfc',
    (z) => 1 - erf(z),
    (z) => (-2 / Math.sqrt(Math.PI)) * Math.exp(-z * z),
  ),
  /** Keras' sparse_plus and sparse_sigmoid (Keras 3). */
  elementary(
    'sparse_plus',
    (z) => (z <= -1 ? 0 : z >= 1 ? z : (z + 1) ** 2 / 4),
    (z) => (z <= -1 ? 0 : z >= 1 ? 1 : (z + 1) / 2),
    {},
    [-1, 1],
  ),
  elementary(
    'sparse_sigmoid',
    (z) => (z <= -1 ? 0 : z >= 1 ? 1 : (z + 1) / 2),
    (z) => (Math.abs(z) < 1 ? 0.5 : 0),
    {},
    [-1, 1],
  ),
  /** Rounding: integers carry no gradient. */
  elementary(
    'floor',
    (z) => Math.floor(z),
    () => 0,
  ),
  elementary(
    'round',
    (z) => Math.round(z),
    () => 0,
  ),
  elementary(
    'ceil',
    (z) => Math.ceil(z),
    () => 0,
  ),
  /** Comparison with a number, as floats: 1 above the threshold. */
  elementary(
    'step',
    (z, c) => (z > (c['threshold'] ?? 0) ? 1 : 0),
    () => 0,
    { threshold: 0 },
  ),
  elementary(
    'power',
    (z, c) => powerOf(z, c['exponent'] ?? 2),
    (z, c) => powerSlope(z, c['exponent'] ?? 2),
    { exponent: 2 },
    [0],
  ),
];

function powerOf(z: number, p: number): number {
  if (z === 0) return p === 0 ? 1 : 0;
  const r = Math.pow(z, p);
  return Number.isNaN(r) ? 0 : r;
}

function powerSlope(z: number, p: number): number {
  if (p === 0) return 0;
  return p * powerOf(z, p - 1);
}
