import type { Operation } from '../../../../model/index.js';
import type { Runtime } from '../../../../python/values/index.js';
import { erfc } from '../../../../propagation/numerics/normal.js';
import type { DType, Tensor } from '../../tensor.js';
import { op, type Family, type Table } from '../kit/define.js';
import { affineOf } from '../kit/draws.js';
import { entries, entryAt, formula } from '../kit/entries.js';
import { compute, opaque } from '../kit/make.js';
import { numberOf, real } from '../kit/values.js';
import { distributionOf } from '../storage/write.js';
import { activate } from './activations.js';
import { mapEntries } from './apply.js';

/** factor·x + offset. */
export function affine(rt: Runtime, x: Tensor, factor: number, offset: number, dtype: DType = x.dtype): Tensor {
  return compute(rt, { kind: 'affine', factor, offset }, [x], { shape: x.shape, dtype }, () => {
    const f = (v: number): number => factor * v + offset;
    const at = entryAt(x);
    const data = entries(x)?.map(f) ?? (at && formula((i) => f(at(i)), at));
    return { data, distribution: affineOf(distributionOf(x), factor, offset), setBy: x.storage?.setBy };
  });
}

export function power(rt: Runtime, x: Tensor, exponent: number, dtype: DType = x.dtype): Tensor {
  if (exponent === 1) return x;
  return mapEntries(rt, x, { kind: 'power', exponent }, (v) => Math.pow(v, exponent), dtype);
}

/** Bounds are absent for "no bound". */
export function clamp(rt: Runtime, x: Tensor, low: number | undefined, high: number | undefined): Tensor {
  const operation: Operation = {
    kind: 'clamp',
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
  };
  return mapEntries(rt, x, operation, (v) => Math.min(high ?? Infinity, Math.max(low ?? -Infinity, v)));
}

/** Functions that core/propagation has a rule for, under the same name. */
const NAMED = [
  'sin',
  'cos',
  'tan',
  'sinh',
  'cosh',
  'exp',
  'expm1',
  'log',
  'log2',
  'log10',
  'log1p',
  'abs',
  'erf',
  'erfc',
  'atan',
  'sign',
];
/** The same by another name. */
const ALSO: Readonly<Record<string, string>> = { absolute: 'abs', arctan: 'atan', sgn: 'sign' };
/** Powers. */
const POWERS: Readonly<Record<string, number>> = { sqrt: 0.5, rsqrt: -0.5, square: 2, reciprocal: -1 };
/** Rounding keeps the dtype. */
const ROUNDING: Readonly<Record<string, (v: number) => number>> = {
  floor: Math.floor,
  ceil: Math.ceil,
  trunc: Math.trunc,
  fix: Math.trunc,
  frac: (v) => v - Math.trunc(v),
};

/** Functions without a rule in core/propagation: their entries are computed where they are known. */
const OTHER: Readonly<Record<string, (v: number) => number>> = {
  asin: Math.asin,
  arcsin: Math.asin,
  acos: Math.acos,
  arccos: Math.acos,
  asinh: Math.asinh,
  arcsinh: Math.asinh,
  acosh: Math.acosh,
  arccosh: Math.acosh,
  atanh: Math.atanh,
  arctanh: Math.atanh,
  logit: (v) => Math.log(v / (1 - v)),
  deg2rad: (v) => (v * Math.PI) / 180,
  rad2deg: (v) => (v * 180) / Math.PI,
  sinc: (v) => (v === 0 ? 1 : Math.sin(Math.PI * v) / (Math.PI * v)),
  erfinv,
  digamma: () => NaN,
  lgamma: () => NaN,
  i0: () => NaN,
};

/** Inverse of erf: Winitzki's approximation, then Newton steps on the tail so that values near ±1 keep their digits. */
function erfinv(y: number): number {
  const target = 1 - Math.abs(y);
  if (target <= 0) return target === 0 ? y * Infinity : NaN;
  const l = Math.log(target * (1 + Math.abs(y)));
  const t = 2 / (Math.PI * 0.147) + l / 2;
  let x = Math.sqrt(Math.max(0, Math.sqrt(t * t - l / 0.147) - t));
  for (let i = 0; i < 4; i++) x += (erfc(x) - target) / ((2 / Math.sqrt(Math.PI)) * Math.exp(-x * x));
  return Math.sign(y) * x;
}

const neg = op('neg', 'input', (x, _a, rt) => affine(rt, x, -1, 0));
const pow = op('pow', 'input, exponent', (x, a, rt) => {
  const exponent = numberOf(a.exponent);
  if (exponent !== undefined) return power(rt, x, exponent);
  return opaque(rt, 'pow', 'a power that is not known', [x], { shape: x.shape });
});
const round = op('round', 'input, decimals=0', (x, a, rt) => {
  if (x.dtype === 'int') return x;
  const scale = 10 ** real(a.decimals, 'decimals', rt);
  return scale === 1
    ? activate(rt, x, 'round')
    : affine(rt, activate(rt, affine(rt, x, scale, 0), 'round'), 1 / scale, 0);
});

/** Rounding of integers changes nothing; of floats it is a function of core/propagation where there is one. */
const rounding = (name: string, f: (v: number) => number): Table[string] =>
  op(name, 'input', (x, _a, rt) => {
    if (x.dtype === 'int' || x.dtype === 'bool') return x;
    if (name === 'floor' || name === 'ceil') return activate(rt, x, name);
    return mapEntries(rt, x, { kind: 'opaque', name, reason: 'rounding' }, f);
  });

const functions: Table = {
  ...Object.fromEntries(NAMED.map((name) => [name, keepingIntegers(name, name)])),
  ...Object.fromEntries(Object.entries(ALSO).map(([name, own]) => [name, keepingIntegers(name, own)])),
  ...Object.fromEntries(
    Object.entries(POWERS).map(([name, exponent]) => [
      name,
      op(name, 'input', (x, _a, rt) => power(rt, x, exponent, name === 'square' ? x.dtype : 'float')),
    ]),
  ),
  ...Object.fromEntries(Object.entries(ROUNDING).map(([name, f]) => [name, rounding(name, f)])),
  ...Object.fromEntries(
    Object.entries(OTHER).map(([name, f]) => [
      name,
      op(name, 'input, *rest', (x, _a, rt) =>
        mapEntries(rt, x, { kind: 'opaque', name, reason: `InitScope has no rule for torch.${name}` }, f, 'float'),
      ),
    ]),
  ),
  round,
  neg,
  negative: neg,
  positive: op('positive', 'input', (x) => x),
  exp2: op('exp2', 'input', (x, _a, rt) => activate(rt, affine(rt, x, Math.LN2, 0, 'float'), 'exp')),
  nan_to_num: op('nan_to_num', 'input, nan=0.0, posinf=None, neginf=None', (x) => x),
};

/** abs and sign of integers are integers. */
function keepingIntegers(name: string, own: string): Table[string] {
  return op(name, 'input', (x, _a, rt) => {
    const result = activate(rt, x, own);
    if ((own === 'abs' || own === 'sign') && x.dtype === 'int') result.dtype = 'int';
    return result;
  });
}

const clampFunction = op('clamp', 'input, min=None, max=None', (x, a, rt) => {
  const bound = (v: typeof a.min, name: string): number | undefined => (v === null ? undefined : real(v, name, rt));
  return clamp(rt, x, bound(a.min, 'min'), bound(a.max, 'max'));
});

export const unary: Family = {
  torch: {
    ...functions,
    clamp: clampFunction,
    clip: clampFunction,
    clamp_min: op('clamp_min', 'input, min', (x, a, rt) => clamp(rt, x, real(a.min, 'min', rt), undefined)),
    clamp_max: op('clamp_max', 'input, max', (x, a, rt) => clamp(rt, x, undefined, real(a.max, 'max', rt))),
  },
  methods: {
    ...functions,
    pow,
    clamp: clampFunction,
    clip: clampFunction,
    clamp_min: op('clamp_min', 'input, min', (x, a, rt) => clamp(rt, x, real(a.min, 'min', rt), undefined)),
    clamp_max: op('clamp_max', 'input, max', (x, a, rt) => clamp(rt, x, undefined, real(a.max, 'max', rt))),
  },
};
