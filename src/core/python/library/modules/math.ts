import { Float, Tuple, Unknown, type NativeFunction, type Value } from '../../values/index.js';
import type { Runtime } from '../../values/runtime.js';
import { collect } from '../support/collect.js';
import { convert, intOf, isInt, normal, realOf, toBig, toReal, unwrap } from '../support/numbers.js';
import { moduleOf } from '../support/modules.js';
import { wholeFunctions } from './math-whole.js';
import { erf, erfc, gamma, logGamma } from '../support/special-functions.js';
import { callSymbol, pure } from '../support/unknowns.js';

type Real = (x: number) => number;

const LN2 = Math.LN2;

/** Functions of one real number. */
const UNARY: Readonly<Record<string, Real>> = {
  sqrt: Math.sqrt,
  exp: Math.exp,
  exp2: (x) => 2 ** x,
  expm1: Math.expm1,
  log2: Math.log2,
  log10: Math.log10,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  cbrt: Math.cbrt,
  fabs: Math.abs,
  erf,
  erfc,
  gamma,
  lgamma: logGamma,
  degrees: (x) => (x * 180) / Math.PI,
  radians: (x) => (x * Math.PI) / 180,
  ulp: (x) => (Math.abs(x) < 2 ** -1022 ? 2 ** -1074 : 2 ** (Math.floor(Math.log2(Math.abs(x))) - 52)),
};

/** Functions of two real numbers. */
const BINARY: Readonly<Record<string, (x: number, y: number) => number>> = {
  pow: (x, y) => x ** y,
  atan2: Math.atan2,
  fmod: (x, y) => x % y,
  copysign: (x, y) => (y < 0 || Object.is(y, -0) ? -Math.abs(x) : Math.abs(x)),
  remainder: (x, y) => x - y * roundHalfEven(x / y),
};

function roundHalfEven(x: number): number {
  const low = Math.floor(x);
  const rest = x - low;
  return rest < 0.5 || (rest === 0.5 && low % 2 === 0) ? low : low + 1;
}

/** The errors that C's functions report. */
function checked(result: number, inputs: readonly number[], runtime: Runtime): Float {
  if (Number.isNaN(result) && !inputs.some(Number.isNaN)) runtime.raise('ValueError', 'math domain error');
  if (!Number.isFinite(result) && !Number.isNaN(result) && inputs.every(Number.isFinite)) {
    if (inputs.length === 1 && result < 0) runtime.raise('ValueError', 'math domain error');
    runtime.raise('OverflowError', 'math range error');
  }
  return new Float(result);
}

function reals(values: readonly Value[], runtime: Runtime): number[] | Unknown {
  const out: number[] = [];
  for (const v of values) {
    const x = toReal(v, runtime);
    if (x instanceof Unknown) return x;
    out.push(x);
  }
  return out;
}

/** A function of real numbers, with a result that may be of any type. */
function real(
  name: string,
  signature: string,
  body: (xs: readonly number[], runtime: Runtime) => Value,
): NativeFunction {
  return pure(
    name,
    signature,
    (args, runtime) => {
      const given = Object.values<Value>(args).flatMap((v) => (v instanceof Tuple ? v.items : v === null ? [] : [v]));
      const xs = reals(given, runtime);
      return xs instanceof Unknown ? callSymbol(xs, `math.${name}`, given) : body(xs, runtime);
    },
    'math',
  );
}

/** floor, ceil and trunc give ints and leave ints as they are. */
function toWhole(name: string, round: Real): NativeFunction {
  return pure(
    name,
    'x',
    ({ x }, runtime) => {
      const v = unwrap(x);
      if (isInt(v)) return normal(toBig(v));
      const own = convert(v, [`__${name}__`, '__float__'], runtime);
      if (own instanceof Unknown) return callSymbol(own, `math.${name}`, [x]);
      if (own !== undefined && isInt(own)) return own;
      const value = realOf(own ?? v);
      if (value === undefined) return runtime.raise('TypeError', `must be real number, not ${runtime.classOf(x).name}`);
      if (Number.isNaN(value)) runtime.raise('ValueError', 'cannot convert float NaN to integer');
      if (!Number.isFinite(value)) runtime.raise('OverflowError', 'cannot convert float infinity to integer');
      return intOf(round(value));
    },
    'math',
  );
}

/** Logarithm of an int of any size. */
function logarithm(value: Value, x: number): number {
  const v = unwrap(value);
  if (typeof v !== 'bigint' || v <= 0n || Number.isFinite(x)) return Math.log(x);
  const digits = v.toString(2).length;
  return Math.log(Number(v >> BigInt(digits - 60))) + (digits - 60) * LN2;
}

const FUNCTIONS: readonly NativeFunction[] = [
  ...Object.entries(UNARY).map(([name, f]) => real(name, 'x', (xs, runtime) => checked(f(xs[0] ?? NaN), xs, runtime))),
  ...Object.entries(BINARY).map(([name, f]) =>
    real(name, 'x, y', (xs, runtime) => checked(f(xs[0] ?? NaN, xs[1] ?? NaN), xs, runtime)),
  ),
  toWhole('floor', Math.floor),
  toWhole('ceil', Math.ceil),
  toWhole('trunc', Math.trunc),
  pure(
    'log',
    'x, base=None',
    ({ x, base }, runtime) => {
      const given = base === null ? [x] : [x, base];
      const xs = reals(given, runtime);
      if (xs instanceof Unknown) return callSymbol(xs, 'math.log', given);
      const logs = given.map((v, i) => logarithm(v, xs[i] ?? NaN));
      for (const l of logs) if (l === -Infinity || Number.isNaN(l)) runtime.raise('ValueError', 'math domain error');
      const [top = NaN, bottom = 1] = logs;
      if (bottom === 0) runtime.raise('ZeroDivisionError', 'float division by zero');
      return new Float(top / bottom);
    },
    'math',
  ),
  real('hypot', '*xs', (xs) => new Float(Math.hypot(...xs))),
  real('isnan', 'x', ([x = 0]) => Number.isNaN(x)),
  real('isinf', 'x', ([x = 0]) => !Number.isFinite(x) && !Number.isNaN(x)),
  real('isfinite', 'x', ([x = 0]) => Number.isFinite(x)),
  real('modf', 'x', ([x = 0]) => new Tuple([new Float(x % 1), new Float(Math.trunc(x))])),
  real('frexp', 'x', ([x = 0]) => {
    if (x === 0 || !Number.isFinite(x)) return new Tuple([new Float(x), 0]);
    let exponent = Math.max(-1023, Math.floor(Math.log2(Math.abs(x))) + 1);
    let mantissa = x * 2 ** -exponent;
    for (; Math.abs(mantissa) < 0.5; exponent--) mantissa *= 2;
    for (; Math.abs(mantissa) >= 1; exponent++) mantissa /= 2;
    return new Tuple([new Float(mantissa), exponent]);
  }),
  real('ldexp', 'x, i', ([x = 0, i = 0]) => new Float(x * 2 ** i)),
  real('nextafter', 'x, y', (_xs, runtime) => runtime.unknown('math.nextafter is not evaluated', 'math.nextafter()')),
  ...wholeFunctions,
  pure(
    'prod',
    'iterable, *, start=1',
    ({ iterable, start }, runtime) =>
      collect(iterable, runtime).reduce((product, v) => runtime.binary('*', product, v), start),
    'math',
  ),
  pure(
    'fsum',
    'iterable',
    ({ iterable }, runtime) => {
      const items = collect(iterable, runtime);
      const xs = reals(items, runtime);
      return xs instanceof Unknown ? callSymbol(xs, 'math.fsum', items) : new Float(exactSum(xs));
    },
    'math',
  ),
  pure(
    'dist',
    'p, q',
    ({ p, q }, runtime) => {
      const [a, b] = [reals(collect(p, runtime), runtime), reals(collect(q, runtime), runtime)];
      if (a instanceof Unknown) return a;
      if (b instanceof Unknown) return b;
      return new Float(Math.hypot(...a.map((x, i) => x - (b[i] ?? NaN))));
    },
    'math',
  ),
  pure(
    'isclose',
    'a, b, *, rel_tol=1e-09, abs_tol=0.0',
    ({ a, b, rel_tol, abs_tol }, runtime) => {
      const xs = reals([a, b, rel_tol, abs_tol], runtime);
      if (xs instanceof Unknown) return callSymbol(xs, 'math.isclose', [a, b]);
      const [x = 0, y = 0, relative = 0, absolute = 0] = xs;
      return x === y || Math.abs(x - y) <= Math.max(relative * Math.max(Math.abs(x), Math.abs(y)), absolute);
    },
    'math',
  ),
];

/** Sum without loss (Shewchuk's partial sums). */
function exactSum(xs: readonly number[]): number {
  let partials: number[] = [];
  for (const value of xs) {
    let x = value;
    const kept: number[] = [];
    for (const p of partials) {
      const [large, small] = Math.abs(x) < Math.abs(p) ? [p, x] : [x, p];
      const high = large + small;
      const low = small - (high - large);
      if (low !== 0) kept.push(low);
      x = high;
    }
    partials = [...kept, x];
  }
  return partials.reduceRight((total, p) => total + p, 0);
}

export const math = moduleOf('math', () => [
  FUNCTIONS,
  {
    pi: new Float(Math.PI),
    e: new Float(Math.E),
    tau: new Float(2 * Math.PI),
    inf: new Float(Infinity),
    nan: new Float(NaN),
  },
]);
