import { native } from '../../values/native.js';
import { Unknown, type NativeFunction, type Value } from '../../values/index.js';
import { roundTo } from '../format/decimal.js';
import { toIndex } from '../support/numbers.js';
import { erf } from '../support/special-functions.js';
import { affine, binaryFunction, unaryFunction, type BinaryFunction, type Typing } from './broadcast.js';
import { callSymbol } from '../support/unknowns.js';

function floorMod(x: number, y: number): number {
  const r = x % y;
  return r !== 0 && r < 0 !== y < 0 ? r + y : r;
}

const big = (f: (x: bigint, y: bigint) => bigint) => (x: number, y: number) => Number(f(BigInt(x), BigInt(y)));

/** Operators and two-argument functions by the operator they stand for. */
export const OPERATORS: Readonly<Record<string, BinaryFunction>> = {
  '+': { apply: (x, y) => x + y, typing: 'promote', onDistribution: (d, c) => affine(d, 1, c) },
  '-': {
    apply: (x, y) => x - y,
    typing: 'promote',
    onDistribution: (d, c, left) => (left ? affine(d, -1, c) : affine(d, 1, -c)),
  },
  '*': { apply: (x, y) => x * y, typing: 'promote', onDistribution: (d, c) => affine(d, c, 0) },
  '/': {
    apply: (x, y) => x / y,
    typing: 'float',
    onDistribution: (d, c, left) => (left ? undefined : affine(d, 1 / c, 0)),
  },
  '//': { apply: (x, y) => Math.floor(x / y), typing: 'promote' },
  '%': { apply: floorMod, typing: 'promote' },
  '**': { apply: (x, y) => x ** y, typing: 'promote' },
  '&': { apply: big((x, y) => x & y), typing: 'promote' },
  '|': { apply: big((x, y) => x | y), typing: 'promote' },
  '^': { apply: big((x, y) => x ^ y), typing: 'promote' },
  '<<': { apply: (x, y) => x * 2 ** y, typing: 'promote' },
  '>>': { apply: (x, y) => Math.floor(x / 2 ** y), typing: 'promote' },
  '==': { apply: (x, y) => Number(x === y), typing: 'bool' },
  '!=': { apply: (x, y) => Number(x !== y), typing: 'bool' },
  '<': { apply: (x, y) => Number(x < y), typing: 'bool' },
  '<=': { apply: (x, y) => Number(x <= y), typing: 'bool' },
  '>': { apply: (x, y) => Number(x > y), typing: 'bool' },
  '>=': { apply: (x, y) => Number(x >= y), typing: 'bool' },
};

const promoting = (apply: (x: number, y: number) => number): BinaryFunction => ({ apply, typing: 'promote' });
const floating = (apply: (x: number, y: number) => number): BinaryFunction => ({ apply, typing: 'float' });
const logical = (apply: (x: boolean, y: boolean) => boolean): BinaryFunction => ({
  apply: (x, y) => Number(apply(x !== 0, y !== 0)),
  typing: 'bool',
});

const nanAware = (f: (x: number, y: number) => number) =>
  promoting((x, y) => (Number.isNaN(x) ? y : Number.isNaN(y) ? x : f(x, y)));

/** `np.add` and the like. */
const BINARY: Readonly<Record<string, BinaryFunction | undefined>> = {
  add: OPERATORS['+'],
  subtract: OPERATORS['-'],
  multiply: OPERATORS['*'],
  divide: OPERATORS['/'],
  true_divide: OPERATORS['/'],
  floor_divide: OPERATORS['//'],
  mod: OPERATORS['%'],
  remainder: OPERATORS['%'],
  fmod: promoting((x, y) => x % y),
  power: OPERATORS['**'],
  float_power: floating((x, y) => x ** y),
  maximum: promoting((x, y) => (Number.isNaN(x) || Number.isNaN(y) ? NaN : Math.max(x, y))),
  minimum: promoting((x, y) => (Number.isNaN(x) || Number.isNaN(y) ? NaN : Math.min(x, y))),
  fmax: nanAware(Math.max),
  fmin: nanAware(Math.min),
  arctan2: floating(Math.atan2),
  hypot: floating(Math.hypot),
  logaddexp: floating((x, y) => Math.max(x, y) + Math.log1p(Math.exp(-Math.abs(x - y)))),
  copysign: floating((x, y) => (y < 0 || Object.is(y, -0) ? -Math.abs(x) : Math.abs(x))),
  gcd: promoting((x, y) => {
    let [a, b] = [Math.abs(x), Math.abs(y)];
    while (b !== 0) [a, b] = [b, a % b];
    return a;
  }),
  lcm: promoting((x, y) => {
    let [a, b] = [Math.abs(x), Math.abs(y)];
    while (b !== 0) [a, b] = [b, a % b];
    return a === 0 ? 0 : Math.abs(x * y) / a;
  }),
  equal: OPERATORS['=='],
  not_equal: OPERATORS['!='],
  less: OPERATORS['<'],
  less_equal: OPERATORS['<='],
  greater: OPERATORS['>'],
  greater_equal: OPERATORS['>='],
  bitwise_and: OPERATORS['&'],
  bitwise_or: OPERATORS['|'],
  bitwise_xor: OPERATORS['^'],
  left_shift: OPERATORS['<<'],
  right_shift: OPERATORS['>>'],
  logical_and: logical((x, y) => x && y),
  logical_or: logical((x, y) => x || y),
  logical_xor: logical((x, y) => x !== y),
};

type Unary = readonly [(x: number) => number, Typing];
const rint = (x: number) => (Number.isFinite(x) ? roundTo(x, 0) : x);

/** `np.sqrt` and the like. */
const UNARY: Readonly<Record<string, Unary>> = {
  sqrt: [Math.sqrt, 'float'], cbrt: [Math.cbrt, 'float'], square: [(x) => x * x, 'promote'], reciprocal: [(x) => 1 / x, 'promote'],
  exp: [Math.exp, 'float'], exp2: [(x) => 2 ** x, 'float'], expm1: [Math.expm1, 'float'],
  log: [Math.log, 'float'], log2: [Math.log2, 'float'], log10: [Math.log10, 'float'], log1p: [Math.log1p, 'float'],
  sin: [Math.sin, 'float'], cos: [Math.cos, 'float'], tan: [Math.tan, 'float'],
  arcsin: [Math.asin, 'float'], arccos: [Math.acos, 'float'], arctan: [Math.atan, 'float'],
  sinh: [Math.sinh, 'float'], cosh: [Math.cosh, 'float'], tanh: [Math.tanh, 'float'],
  arcsinh: [Math.asinh, 'float'], arccosh: [Math.acosh, 'float'], arctanh: [Math.atanh, 'float'],
  abs: [Math.abs, 'promote'], absolute: [Math.abs, 'promote'], fabs: [Math.abs, 'float'], negative: [(x) => -x, 'promote'], positive: [(x) => x, 'promote'],
  sign: [Math.sign, 'promote'], floor: [Math.floor, 'float'], ceil: [Math.ceil, 'float'], trunc: [Math.trunc, 'float'], fix: [Math.trunc, 'float'], rint: [rint, 'float'],
  deg2rad: [(x) => (x * Math.PI) / 180, 'float'], radians: [(x) => (x * Math.PI) / 180, 'float'], rad2deg: [(x) => (x * 180) / Math.PI, 'float'], degrees: [(x) => (x * 180) / Math.PI, 'float'],
  sinc: [(x) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)), 'float'], erf: [erf, 'float'],
  isnan: [(x) => Number(Number.isNaN(x)), 'bool'], isinf: [(x) => Number(Math.abs(x) === Infinity), 'bool'], isfinite: [(x) => Number(Number.isFinite(x)), 'bool'],
  logical_not: [(x) => Number(x === 0), 'bool'], invert: [(x) => -x - 1, 'promote'], bitwise_not: [(x) => -x - 1, 'promote'],
  real: [(x) => x, 'promote'], imag: [() => 0, 'promote'], conj: [(x) => x, 'promote'], conjugate: [(x) => x, 'promote'],
  nan_to_num: [(x) => (Number.isNaN(x) ? 0 : x), 'promote'],
}; // prettier-ignore

/** Functions that go entry by entry. */
export const elementwise: readonly NativeFunction[] = [
  ...Object.entries(BINARY).flatMap(([name, f]) =>
    f ? [native(name, 'x1, x2, *rest, **kwargs', ({ x1, x2 }, runtime) => binaryFunction(f, x1, x2, runtime))] : [],
  ),
  ...Object.entries(UNARY).map(([name, [apply, typing]]) =>
    native(name, 'x, *rest, **kwargs', ({ x }, runtime) => {
      if (x instanceof Unknown) return callSymbol(x, `np.${name}`, [x]);
      return unaryFunction(x, apply, typing, runtime);
    }),
  ),
  ...['round', 'around', 'round_'].map((name) =>
    native(name, 'a, decimals=0, out=None', ({ a, decimals }, runtime) => {
      const digits = toIndex(decimals, runtime);
      if (digits instanceof Unknown) return digits;
      return unaryFunction(a, (x) => roundTo(x, digits), 'promote', runtime);
    }),
  ),
  native('clip', 'a, a_min=None, a_max=None, *rest, **kwargs', ({ a, a_min: low, a_max: high }, runtime) => {
    let out: Value = a;
    const [max, min] = [BINARY['maximum'], BINARY['minimum']];
    if (low !== null && max) out = binaryFunction(max, out, low, runtime);
    if (high !== null && min) out = binaryFunction(min, out, high, runtime);
    return out;
  }),
];
