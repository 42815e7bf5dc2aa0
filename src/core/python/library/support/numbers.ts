import type { Runtime } from '../../values/runtime.js';
import { Complex, Float, Instance, NativeObject, Unknown, type Value } from '../../values/index.js';

/** A Python int as it is held: a number inside ±2^53, a bigint beyond. */
export type Int = number | bigint;

/** The value inside an object of a class that extends a built-in type; anything else as it is. */
export function unwrap(value: Value): Value {
  return value instanceof Instance && value.payload !== undefined ? value.payload : value;
}

/** int or bool. */
export function isInt(value: Value): value is Int | boolean {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean';
}

/** A bigint in the form that an int of its size has. */
export function normal(value: bigint): Int {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

export function toBig(value: Int | boolean): bigint {
  return typeof value === 'bigint' ? value : BigInt(value);
}

/** A whole JavaScript number of any size as an int. */
export function intOf(value: number): Int {
  return Number.isSafeInteger(value) ? value + 0 : normal(BigInt(value));
}

/** The real number that an int, bool or float stands for; `undefined` for everything else. */
export function realOf(value: Value): number | undefined {
  const v = unwrap(value);
  if (typeof v === 'number') return v;
  if (v instanceof Float) return v.value;
  if (typeof v === 'boolean' || typeof v === 'bigint') return Number(v);
  return undefined;
}

/** A real number, asked for by a function that takes nothing else. Unknown where the object can't tell. */
export function toReal(value: Value, runtime: Runtime): number | Unknown {
  const known = realOf(value);
  if (known !== undefined) return known;
  if (value instanceof Unknown) return value;
  const converted = convert(value, ['__float__', '__index__'], runtime);
  if (converted instanceof Unknown) return converted;
  const real = converted === undefined ? undefined : realOf(converted);
  if (real === undefined) runtime.raise('TypeError', `must be real number, not ${runtime.classOf(value).name}`);
  return real;
}

/** A whole number where Python asks for an index (`__index__`). */
export function toIndex(value: Value, runtime: Runtime): number | Unknown {
  const v = unwrap(value);
  if (typeof v === 'number') return v;
  if (typeof v === 'boolean' || typeof v === 'bigint') return Number(v);
  if (v instanceof Unknown) return v;
  const converted = v instanceof Float ? undefined : convert(v, ['__index__'], runtime);
  if (converted instanceof Unknown) return converted;
  if (converted === undefined || !isInt(converted)) {
    runtime.raise('TypeError', `'${runtime.classOf(value).name}' object cannot be interpreted as an integer`);
  }
  return Number(converted);
}

/** Asks an object for its number: by special method, or, for tensors and arrays, through `item()`. */
export function convert(value: Value, methods: readonly string[], runtime: Runtime): Value | undefined {
  if (!(value instanceof Instance || value instanceof NativeObject)) return undefined;
  for (const name of methods) {
    const method = runtime.findAttr(value, name);
    if (method !== undefined) return runtime.call(method, []);
  }
  if (!(value instanceof NativeObject)) return undefined;
  const item = runtime.findAttr(value, 'item');
  return item === undefined ? undefined : runtime.call(item, []);
}

/** The complex number that any number stands for. */
export function toComplex(value: Value): Complex | undefined {
  const v = unwrap(value);
  if (v instanceof Complex) return v;
  const real = realOf(v);
  return real === undefined ? undefined : new Complex(real, 0);
}
