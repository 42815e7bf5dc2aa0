import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import {
  ClassMethod,
  Complex,
  Float,
  Property,
  Tuple,
  Unknown,
  type ClassValue,
  type Value,
} from '../../values/index.js';
import { reprOf } from '../format/repr.js';
import { builtinClass } from '../support/classes.js';
import { convert, intOf, normal, realOf, toComplex, unwrap } from '../support/numbers.js';
import { arithmeticMethods, comparisonMethods, NUMERIC, ORDERED } from '../support/operators.js';
import { callSymbol, firstUnknown, pureMethod } from '../support/unknowns.js';
import { numberProperty, truncate } from './int.js';
import { asClass, constructor, newInstance, objectClass } from './object.js';

const NUMBER = /^[+-]?(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[+-]?\d[\d_]*)?$/i;
const SPECIAL = /^([+-]?)(inf|infinity|nan)$/i;

/** The float that `text` writes; `undefined` when it writes none. */
export function parseFloatText(text: string): number | undefined {
  const body = text.trim();
  if (NUMBER.test(body)) return Number(body.replaceAll('_', ''));
  const special = SPECIAL.exec(body);
  if (!special) return undefined;
  if (special[2]?.toLowerCase() === 'nan') return NaN;
  return special[1] === '-' ? -Infinity : Infinity;
}

function toFloat(value: Value, runtime: Runtime): Float | Unknown {
  const v = unwrap(value);
  if (v instanceof Float) return v;
  const real = realOf(v);
  if (real !== undefined) return new Float(real);
  if (typeof v === 'string') {
    const parsed = parseFloatText(v);
    if (parsed === undefined) runtime.raise('ValueError', `could not convert string to float: ${reprOf(v, runtime)}`);
    return new Float(parsed);
  }
  const converted = convert(v, ['__float__', '__index__'], runtime);
  if (converted instanceof Unknown) return converted.as(`float(${converted.symbol})`);
  const number = converted === undefined ? undefined : realOf(converted);
  if (number === undefined) {
    runtime.raise(
      'TypeError',
      `float() argument must be a string or a real number, not '${runtime.classOf(value).name}'`,
    );
  }
  return new Float(number);
}

/** Numerator and denominator of a finite float. */
function ratio(x: number): [bigint, bigint] {
  let denominator = 1n;
  let scaled = x;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    denominator *= 2n;
  }
  return [BigInt(scaled), denominator];
}

const real = (self: Value): number => realOf(self) ?? NaN;

export const floatClass: ClassValue = builtinClass(
  'float',
  [objectClass],
  'builtins',
  [
    constructor('cls, value=0.0', ({ cls, value }, runtime) => {
      if (value instanceof Unknown) return callSymbol(value, 'float', [value]);
      const target = asClass(cls, runtime);
      const float = toFloat(value, runtime);
      return target === floatClass || float instanceof Unknown ? float : newInstance(target, runtime, float);
    }),
    pureMethod('is_integer', 'self', ({ self }) => Number.isInteger(real(self))),
    pureMethod('conjugate', 'self', ({ self }) => unwrap(self)),
    pureMethod('as_integer_ratio', 'self', ({ self }) => {
      const [n, d] = ratio(real(self));
      return new Tuple([normal(n), normal(d)]);
    }),
    pureMethod('hex', 'self', ({ self }, runtime) =>
      runtime.unknown('float.hex is not evaluated', `${real(self)}.hex()`),
    ),
    pureMethod('__float__', 'self', ({ self }) => unwrap(self)),
    pureMethod('__int__', 'self', ({ self }, runtime) => truncate(real(self), runtime)),
    pureMethod('__trunc__', 'self', ({ self }, runtime) => truncate(real(self), runtime)),
    pureMethod('__floor__', 'self', ({ self }) => intOf(Math.floor(real(self)))),
    pureMethod('__ceil__', 'self', ({ self }) => intOf(Math.ceil(real(self)))),
    pureMethod('__bool__', 'self', ({ self }) => real(self) !== 0),
    ...arithmeticMethods(NUMERIC),
    ...comparisonMethods(ORDERED),
  ],
  Object.fromEntries([numberProperty('real', (v) => v), numberProperty('imag', () => new Float(0))]),
);
floatClass.names.set(
  'fromhex',
  new ClassMethod(
    native('fromhex', 'cls, text', (_args, runtime) => runtime.unknown('float.fromhex is not evaluated')),
  ),
);

/** `complex('1+2j')`. */
function parseComplex(text: string): Complex | undefined {
  const body = text.trim().replace(/^\((.*)\)$/, '$1');
  const m = /^([+-]?[\d.]+(?:e[+-]?\d+)?(?![\d.]*j))?([+-]?(?:[\d.]+(?:e[+-]?\d+)?)?j)?$/i.exec(body);
  if (!m || body === '') return undefined;
  const imaginary = m[2]?.slice(0, -1);
  const im = imaginary === undefined ? 0 : /^[+-]?$/.test(imaginary) ? Number(`${imaginary}1`) : Number(imaginary);
  return new Complex(Number(m[1] ?? 0), im);
}

export const complexClass: ClassValue = builtinClass('complex', [objectClass], 'builtins', [
  constructor('cls, real=0, imag=0', ({ real: re, imag }, runtime) => {
    const unknown = firstUnknown([re, imag]);
    if (unknown) return callSymbol(unknown, 'complex', [re, imag]);
    if (typeof re === 'string')
      return parseComplex(re) ?? runtime.raise('ValueError', 'complex() arg is a malformed string');
    const [a, b] = [toComplex(re), toComplex(imag)];
    if (!a || !b) return runtime.raise('TypeError', 'complex() argument must be a string or a number');
    return new Complex(a.re - b.im, a.im + b.re);
  }),
  pureMethod('conjugate', 'self', ({ self }) => {
    const c = toComplex(self);
    return c ? new Complex(c.re, -c.im) : null;
  }),
  ...arithmeticMethods(['add', 'sub', 'mul', 'truediv', 'pow']),
]);
for (const part of ['re', 'im'] as const) {
  const name = part === 're' ? 'real' : 'imag';
  complexClass.names.set(
    name,
    new Property(native(name, 'self', ({ self }) => new Float(toComplex(self)?.[part] ?? NaN))),
  );
}
