import type { Runtime } from '../../values/runtime.js';
import { native } from '../../values/native.js';
import { ClassValue, Float, NativeObject, Unknown, type Value } from '../../values/index.js';
import { builtinClass } from '../support/classes.js';
import { realOf } from '../support/numbers.js';
import { constructor, objectClass } from '../types/object.js';

export type Kind = 'bool' | 'int' | 'float' | 'complex';
const RANK: readonly Kind[] = ['bool', 'int', 'float', 'complex'];

/** Kind and number of bits of each dtype. */
const TYPES: Readonly<Record<string, readonly [Kind, number]>> = {
  bool: ['bool', 8],
  int8: ['int', 8],
  uint8: ['int', 8],
  int16: ['int', 16],
  uint16: ['int', 16],
  int32: ['int', 32],
  uint32: ['int', 32],
  int64: ['int', 64],
  uint64: ['int', 64],
  float16: ['float', 16],
  float32: ['float', 32],
  float64: ['float', 64],
  complex64: ['complex', 64],
  complex128: ['complex', 128],
};

const ALIASES: Readonly<Record<string, string>> = {
  bool_: 'bool', '?': 'bool', b1: 'bool', b: 'int8', B: 'uint8', u1: 'uint8', i1: 'int8', i2: 'int16', u2: 'uint16', i4: 'int32', u4: 'uint32',
  i: 'int32', i8: 'int64', u8: 'uint64', l: 'int64', q: 'int64', int: 'int64', int_: 'int64', intp: 'int64', longlong: 'int64', long: 'int64', uint: 'uint64', byte: 'int8', ubyte: 'uint8', short: 'int16', intc: 'int32',
  f2: 'float16', e: 'float16', half: 'float16', f4: 'float32', f: 'float32', single: 'float32', f8: 'float64', d: 'float64', float: 'float64', float_: 'float64', double: 'float64', longdouble: 'float64',
  complex: 'complex128', complex_: 'complex128', c8: 'complex64', c16: 'complex128', cdouble: 'complex128', csingle: 'complex64',
}; // prettier-ignore

/** `np.dtype('float32')` and what `x.dtype` gives. */
export class DType extends NativeObject {
  readonly typeName = 'dtype';
  readonly kind: Kind;
  readonly bits: number;
  constructor(readonly name: string) {
    super();
    [this.kind, this.bits] = TYPES[name] ?? ['float', 64];
  }
  override getAttribute(name: string): Value | undefined {
    switch (name) {
      case 'name':
      case '__name__':
        return this.name;
      case 'kind':
        return { bool: 'b', int: this.name.startsWith('u') ? 'u' : 'i', float: 'f', complex: 'c' }[this.kind];
      case 'itemsize':
        return this.bits / 8;
      case 'type':
        return scalarClasses[this.name];
      case '__str__':
        return native('__str__', '', () => this.name);
      default:
        return undefined;
    }
  }
  override binary(op: string, other: Value): Value | undefined {
    if (op !== '==' && op !== '!=') return undefined;
    return (other !== null && dtypeNamed(other)?.name === this.name) === (op === '==');
  }
  override repr(): string {
    return `dtype('${this.name}')`;
  }
}

const dtypes = Object.fromEntries(Object.keys(TYPES).map((name) => [name, new DType(name)]));

export function dtype(name: string): DType {
  const found = dtypes[name];
  if (!found) throw new Error(`no dtype ${name}`);
  return found;
}
export const INT = dtype('int64');
export const FLOAT = dtype('float64');
export const BOOL = dtype('bool');

/** The dtype that a value names; `undefined` for what names none. */
export function dtypeNamed(value: Value): DType | undefined {
  if (value instanceof DType) return value;
  let name: string | undefined;
  if (typeof value === 'string') name = value.replace(/^[<>=|]/, '');
  else if (value instanceof ClassValue) name = value.name;
  if (name === undefined) return undefined;
  return dtypes[name] ?? dtypes[ALIASES[name] ?? ''];
}

/** A `dtype=` argument; None gives the standard. */
export function dtypeFrom(value: Value, standard: DType, runtime: Runtime): DType {
  if (value === null || value instanceof Unknown) return standard;
  const named = dtypeNamed(value);
  if (named) return named;
  runtime.note(`the dtype ${runtime.repr(value)} is read as ${standard.name}`);
  return standard;
}

/** The dtype that holds the values of both. */
export function promote(a: DType, b: DType): DType {
  if (a === b) return a;
  const [x, y] = [RANK.indexOf(a.kind), RANK.indexOf(b.kind)];
  if (x === y) return a.bits >= b.bits ? a : b;
  const [high, low] = x > y ? [a, b] : [b, a];
  // Small floats can't hold large ints.
  return high.kind === 'float' && low.kind === 'int' && low.bits >= 32 && high.bits <= 32 ? FLOAT : high;
}

/** A number of this kind as Python has it. */
export function scalar(x: number, kind: Kind): Value {
  if (kind === 'bool') return x !== 0;
  return kind === 'int' && Number.isFinite(x) ? Math.trunc(x) + 0 : new Float(x);
}

/** What converting to the dtype makes of a number. */
export function cast(x: number, type: DType): number {
  if (type.kind === 'bool') return x === 0 ? 0 : 1;
  if (type.kind !== 'int') return type.bits === 32 ? Math.fround(x) : x;
  return type.name === 'uint8' ? ((Math.trunc(x) % 256) + 256) % 256 : Math.trunc(x);
}

/** `np.float32` and the like: asked about in isinstance, named as dtypes, and called to convert. */
const generic = builtinClass('generic', [objectClass], 'numpy');
const numberClass = builtinClass('number', [generic], 'numpy');
const integer = builtinClass('integer', [numberClass], 'numpy');
const inexact = builtinClass('inexact', [numberClass], 'numpy');
const floating = builtinClass('floating', [inexact], 'numpy');
export const abstractScalars: Readonly<Record<string, ClassValue>> = {
  generic,
  number: numberClass,
  integer,
  inexact,
  floating,
  signedinteger: builtinClass('signedinteger', [integer], 'numpy'),
  unsignedinteger: builtinClass('unsignedinteger', [integer], 'numpy'),
  complexfloating: builtinClass('complexfloating', [inexact], 'numpy'),
};

function scalarClass(name: string, type: DType): ClassValue {
  const base = { bool: generic, int: integer, float: floating, complex: inexact }[type.kind];
  return builtinClass(name, [base], 'numpy', [
    constructor('cls, value=0', ({ value }, runtime) => {
      if (value instanceof Unknown) return value.as(`${name}(${value.symbol})`);
      const x = typeof value === 'string' ? Number(value) : realOf(value);
      if (x !== undefined) return scalar(cast(x, type), type.kind);
      const astype = runtime.findAttr(value, 'astype');
      if (astype !== undefined) return runtime.call(astype, [type]);
      return runtime.call(
        runtime.getAttr(runtime.importModule('numpy'), 'array'),
        [value],
        new Map<string, Value>([['dtype', type]]),
      );
    }),
  ]);
}

export const scalarClasses: Readonly<Record<string, ClassValue>> = Object.fromEntries(
  Object.entries(dtypes).map(([name, type]) => [name, scalarClass(name, type)]),
);

/** All names of numpy under which a scalar type goes. */
export function scalarNames(): Record<string, Value> {
  const names: Record<string, Value> = { ...scalarClasses, ...abstractScalars };
  for (const [alias, name] of Object.entries(ALIASES))
    if (/^[a-z]+_?$/.test(alias) && alias.length > 1) names[alias] = scalarClasses[name] ?? null;
  names['bool_'] = scalarClasses['bool'] ?? null;
  return names;
}
