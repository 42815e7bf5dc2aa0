import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import {
  Bytes,
  Float,
  Tuple,
  Unknown,
  ClassMethod,
  Property,
  type ClassValue,
  type Value,
} from '../../values/index.js';
import { builtinClass } from '../support/classes.js';
import { convert, intOf, isInt, normal, realOf, toBig, toIndex, unwrap } from '../support/numbers.js';
import { arithmeticMethods, comparisonMethods, NUMERIC, ORDERED } from '../support/operators.js';
import { callSymbol, firstUnknown, pureMethod } from '../support/unknowns.js';
import { reprOf } from '../format/repr.js';
import { asClass, constructor, newInstance, objectClass } from './object.js';
import { characters } from '../support/characters.js';

const DIGITS: Readonly<Record<number, RegExp>> = {
  2: /^(?:0b)?[01](?:_?[01])*$/i,
  8: /^(?:0o)?[0-7](?:_?[0-7])*$/i,
  10: /^\d(?:_?\d)*$/,
  16: /^(?:0x)?[\da-f](?:_?[\da-f])*$/i,
};
const PREFIX: Readonly<Record<string, number>> = { '0b': 2, '0o': 8, '0x': 16 };

/** The int that `text` writes in `base`; `undefined` when it writes none. */
export function parseInt10(text: string, base = 10): number | bigint | undefined {
  let body = text.trim();
  let sign = 1n;
  if (/^[+-]/.test(body)) {
    if (body.startsWith('-')) sign = -1n;
    body = body.slice(1);
  }
  const prefix = PREFIX[body.slice(0, 2).toLowerCase()];
  const radix = base === 0 ? (prefix ?? 10) : base;
  const pattern = DIGITS[radix];
  if (pattern) {
    if (!pattern.test(body)) return undefined;
    const digits = body.replaceAll('_', '').replace(/^0[box]/i, '');
    const written = radix === 10 ? digits : `0${radix === 2 ? 'b' : radix === 8 ? 'o' : 'x'}${digits}`;
    return normal(sign * BigInt(written));
  }
  let value = 0n;
  if (body === '') return undefined;
  for (const ch of body.toLowerCase()) {
    const digit = '0123456789abcdefghijklmnopqrstuvwxyz'.indexOf(ch);
    if (digit < 0 || digit >= radix) return undefined;
    value = value * BigInt(radix) + BigInt(digit);
  }
  return normal(sign * value);
}

/** `int(value)` and `int(text, base)`. */
function toInt(value: Value, base: Value, runtime: Runtime): Value {
  const v = unwrap(value);
  if (v instanceof Bytes) return toInt(v.value, base, runtime);
  if (typeof v === 'string') {
    const radix = base === null ? 10 : toIndex(base, runtime);
    if (radix instanceof Unknown) return radix.as('int(x)');
    const parsed = parseInt10(v, radix);
    if (parsed === undefined) {
      runtime.raise('ValueError', `invalid literal for int() with base ${radix}: ${reprOf(v, runtime)}`);
    }
    return parsed;
  }
  if (isInt(v)) return typeof v === 'boolean' ? Number(v) : v;
  if (v instanceof Float) return truncate(v.value, runtime);
  const converted = convert(v, ['__int__', '__index__', '__trunc__'], runtime);
  if (converted instanceof Unknown) return converted.as(`int(${converted.symbol})`);
  if (converted !== undefined) return toInt(converted, null, runtime);
  return runtime.raise(
    'TypeError',
    `int() argument must be a string, a bytes-like object or a real number, not '${runtime.classOf(value).name}'`,
  );
}

/** A float without its fraction. */
export function truncate(x: number, runtime: Runtime): number | bigint {
  if (Number.isNaN(x)) runtime.raise('ValueError', 'cannot convert float NaN to integer');
  if (!Number.isFinite(x)) runtime.raise('OverflowError', 'cannot convert float infinity to integer');
  return intOf(Math.trunc(x));
}

/** Read-only attributes that every number has. */
export function numberProperty(name: string, body: (self: Value) => Value): readonly [string, Value] {
  return [name, new Property(native(name, 'self', ({ self }) => body(unwrap(self))))];
}

export const intClass: ClassValue = builtinClass(
  'int',
  [objectClass],
  'builtins',
  [
    constructor('cls, *args, base=None', ({ cls, args, base: named }, runtime) => {
      const target = asClass(cls, runtime);
      const given = args instanceof Tuple ? args.items : [];
      const unknown = firstUnknown(given);
      if (unknown) return callSymbol(unknown, 'int', given);
      const [value = 0, base = named] = given;
      const int = toInt(value, base, runtime);
      return target === intClass || int instanceof Unknown ? int : newInstance(target, runtime, int);
    }),
    pureMethod('bit_length', 'self', ({ self }) => {
      const v = unwrap(self);
      const n = isInt(v) ? toBig(v) : 0n;
      return n === 0n ? 0 : (n < 0n ? -n : n).toString(2).length;
    }),
    pureMethod('bit_count', 'self', ({ self }) => {
      const v = unwrap(self);
      const n = isInt(v) ? toBig(v) : 0n;
      return (n < 0n ? -n : n).toString(2).replaceAll('0', '').length;
    }),
    pureMethod('conjugate', 'self', ({ self }) => unwrap(self)),
    pureMethod('as_integer_ratio', 'self', ({ self }) => new Tuple([unwrap(self), 1])),
    pureMethod('is_integer', 'self', () => true),
    pureMethod(
      'to_bytes',
      'self, length=1, byteorder="big", *, signed=False',
      ({ self, length, byteorder }, runtime) => {
        const v = unwrap(self);
        const count = toIndex(length, runtime);
        if (count instanceof Unknown) return count;
        let n = BigInt.asUintN(8 * count, isInt(v) ? toBig(v) : 0n);
        const bytes: string[] = [];
        for (let i = 0; i < count; i++, n >>= 8n) bytes.push(String.fromCharCode(Number(n & 0xffn)));
        return new Bytes((byteorder === 'little' ? bytes : bytes.reverse()).join(''));
      },
    ),
    pureMethod('__int__', 'self', ({ self }) => unwrap(self)),
    pureMethod('__index__', 'self', ({ self }) => unwrap(self)),
    pureMethod('__float__', 'self', ({ self }) => new Float(realOf(self) ?? NaN)),
    pureMethod('__bool__', 'self', ({ self }, runtime) => runtime.truth(unwrap(self))),
    ...arithmeticMethods([...NUMERIC, 'lshift', 'rshift', 'and', 'or', 'xor']),
    ...comparisonMethods(ORDERED),
  ],
  Object.fromEntries([
    numberProperty('real', (v) => v),
    numberProperty('imag', () => 0),
    numberProperty('numerator', (v) => v),
    numberProperty('denominator', () => 1),
  ]),
);

intClass.names.set(
  'from_bytes',
  new ClassMethod(
    native('from_bytes', 'cls, bytes, byteorder="big", *, signed=False', ({ bytes, byteorder, signed }, runtime) => {
      if (!(bytes instanceof Bytes)) return runtime.unknown('the bytes are not known', 'int.from_bytes(x)');
      const order = byteorder === 'little' ? characters(bytes.value).reverse() : characters(bytes.value);
      let n = 0n;
      for (const ch of order) n = n * 256n + BigInt(ch.charCodeAt(0));
      if (signed === true && order.length > 0 && (order[0] ?? '').charCodeAt(0) > 127)
        n -= 1n << BigInt(8 * order.length);
      return normal(n);
    }),
  ),
);

export const boolClass: ClassValue = builtinClass('bool', [intClass], 'builtins', [
  constructor('cls, value=False', ({ value }, runtime) => {
    const truth = runtime.truth(value);
    return truth instanceof Unknown ? truth.as(`bool(${truth.symbol})`) : truth;
  }),
]);
