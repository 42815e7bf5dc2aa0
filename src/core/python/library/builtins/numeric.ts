import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import {
  Bytes,
  Complex,
  Dict,
  Float,
  Instance,
  NativeObject,
  Tuple,
  Unknown,
  type NativeFunction,
  type Value,
} from '../../values/index.js';
import { roundTo, scaledInteger } from '../format/decimal.js';
import { convert, isInt, normal, toBig, toIndex, unwrap } from '../support/numbers.js';
import { extreme } from '../support/sorting.js';
import { collect } from '../support/collect.js';
import { callSymbol, firstUnknown, pure } from '../support/unknowns.js';
import { characters } from '../support/characters.js';

/** Calls the special method of an object of the user's or a framework's; `undefined` for plain numbers. */
function special(value: Value, method: string, args: Value[], runtime: Runtime): Value | undefined {
  if (!(value instanceof Instance || value instanceof NativeObject)) return undefined;
  const found =
    runtime.findAttr(value, `__${method}__`) ??
    (value instanceof NativeObject ? runtime.findAttr(value, method) : undefined);
  return found === undefined ? undefined : runtime.call(found, args);
}

function absolute(value: Value, runtime: Runtime): Value {
  const v = unwrap(value);
  if (isInt(v)) {
    const n = toBig(v);
    return normal(n < 0n ? -n : n);
  }
  if (v instanceof Float) return new Float(Math.abs(v.value));
  if (v instanceof Complex) return new Float(Math.hypot(v.re, v.im));
  return (
    special(v, 'abs', [], runtime) ??
    runtime.raise('TypeError', `bad operand type for abs(): '${runtime.classOf(value).name}'`)
  );
}

/** Half to even, as Python rounds. */
function rounded(value: Value, digits: Value, runtime: Runtime): Value {
  const v = unwrap(value);
  const n = digits === null ? null : toIndex(digits, runtime);
  if (n instanceof Unknown) return n.as('round(x)');
  if (isInt(v)) return n === null || n >= 0 ? normal(toBig(v)) : roundInt(toBig(v), -n);
  if (v instanceof Float) {
    if (n !== null) return new Float(roundTo(v.value, n));
    if (Number.isNaN(v.value)) runtime.raise('ValueError', 'cannot convert float NaN to integer');
    if (!Number.isFinite(v.value)) runtime.raise('OverflowError', 'cannot convert float infinity to integer');
    const whole = scaledInteger(v.value, 0);
    return normal(v.value < 0 ? -whole : whole);
  }
  return (
    special(v, 'round', n === null ? [] : [n], runtime) ??
    runtime.raise('TypeError', `type ${runtime.classOf(value).name} doesn't define __round__ method`)
  );
}

function roundInt(value: bigint, zeros: number): Value {
  const unit = 10n ** BigInt(zeros);
  let quotient = value / unit;
  const rest = value - quotient * unit;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  if (twice > unit || (twice === unit && quotient % 2n !== 0n)) quotient += value < 0n ? -1n : 1n;
  return normal(quotient * unit);
}

function powerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let b = ((base % modulus) + modulus) % modulus;
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * b) % modulus;
    b = (b * b) % modulus;
  }
  return result % modulus;
}

function radixText(name: string, prefix: string, radix: number): NativeFunction {
  return pure(name, 'number', ({ number }, runtime) => {
    const v = unwrap(number);
    const index = isInt(v) ? v : convert(v, ['__index__'], runtime);
    if (index === undefined || !isInt(index)) {
      return index instanceof Unknown
        ? index
        : runtime.raise('TypeError', `'${runtime.classOf(number).name}' object cannot be interpreted as an integer`);
    }
    const n = toBig(index);
    return `${n < 0n ? '-' : ''}${prefix}${(n < 0n ? -n : n).toString(radix)}`;
  });
}

function extremeFunction(name: 'min' | 'max'): NativeFunction {
  return native(name, '*args, key=None, **kwargs', ({ args, key, kwargs }, runtime) => {
    const given = args instanceof Tuple ? args.items : [];
    const [only] = given;
    if (only === undefined) return runtime.raise('TypeError', `${name} expected at least 1 argument, got 0`);
    if (given.length === 1 && only instanceof Unknown) return callSymbol(only, name, given);
    const items = given.length === 1 ? collect(only, runtime) : given;
    if (items.length === 0) {
      const standard = kwargs instanceof Dict ? kwargs.get('default') : undefined;
      return standard === undefined ? runtime.raise('ValueError', `${name}() arg is an empty sequence`) : standard;
    }
    const unknown = firstUnknown(items);
    if (unknown && key === null) return callSymbol(unknown, name, items.length > 4 ? [only] : items);
    return extreme(items, key, name === 'max', runtime);
  });
}

export const numericBuiltins: readonly NativeFunction[] = [
  pure('abs', 'x', ({ x }, runtime) => absolute(x, runtime)),
  pure('round', 'number, ndigits=None', ({ number, ndigits }, runtime) => rounded(number, ndigits, runtime)),
  pure('divmod', 'a, b', ({ a, b }, runtime) => new Tuple([runtime.binary('//', a, b), runtime.binary('%', a, b)])),
  pure('pow', 'base, exp, mod=None', ({ base, exp, mod }, runtime) => {
    const [b, e, m] = [unwrap(base), unwrap(exp), unwrap(mod)];
    if (m === null) return runtime.binary('**', base, exp);
    if (!isInt(b) || !isInt(e) || !isInt(m)) {
      return runtime.raise('TypeError', 'pow() 3rd argument not allowed unless all arguments are integers');
    }
    if (toBig(e) < 0n) return runtime.unknown('modular inverses are not evaluated', 'pow()');
    return normal(powerModulo(toBig(b), toBig(e), toBig(m)));
  }),
  native('sum', 'iterable, /, start=0', ({ iterable, start }, runtime) => {
    if (iterable instanceof Unknown) return callSymbol(iterable, 'sum', [iterable]);
    return collect(iterable, runtime).reduce((total, item) => runtime.binary('+', total, item), start);
  }),
  extremeFunction('min'),
  extremeFunction('max'),
  radixText('bin', '0b', 2),
  radixText('oct', '0o', 8),
  radixText('hex', '0x', 16),
  pure('chr', 'i', ({ i }, runtime) => {
    const code = toIndex(i, runtime);
    return code instanceof Unknown ? code : String.fromCodePoint(code);
  }),
  pure('ord', 'c', ({ c }, runtime) => {
    const text = unwrap(c);
    if (text instanceof Bytes) return text.value.charCodeAt(0);
    const code = typeof text === 'string' && characters(text).length === 1 ? text.codePointAt(0) : undefined;
    return code ?? runtime.raise('TypeError', 'ord() expected a character');
  }),
];
