import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import type { ClassValue } from '../../values/index.js';
import {
  BoundMethod,
  ClassMethod,
  Dict,
  Instance,
  NOT_IMPLEMENTED,
  Tuple,
  Unknown,
  type NativeFunction,
  type Value,
} from '../../values/index.js';
import { formatPlain } from '../format/formatting.js';
import { keywords, rest } from '../support/arguments.js';
import { builtinClass } from '../support/classes.js';
import { collect, iteratorOf } from '../support/collect.js';
import { moduleOf } from '../support/modules.js';
import { realOf } from '../support/numbers.js';
import { asClass, constructor, objectClass } from '../types/object.js';
import { intClass } from '../types/int.js';
import { propertyClass } from '../types/descriptors.js';
import { strClass } from '../types/str.js';
import { makeClass, typeClass } from '../types/type.js';
import {
  Auto,
  distinctMembers,
  flagMember,
  makeMembers,
  memberByValue,
  membersOf,
  type EnumKinds,
} from './enum-members.js';

const own = (self: Value, name: string): Value => (self instanceof Instance ? (self.names.get(name) ?? null) : null);

function title(self: Value): string {
  const cls = self instanceof Instance ? self.cls.name : '?';
  const name = own(self, '_name_');
  return name === null ? `${cls}(${String(own(self, '_value_'))})` : `${cls}.${String(name)}`;
}

const REPR = native('__repr__', 'self', ({ self }, runtime) =>
  own(self, '_name_') === null && realOf(own(self, '_value_')) !== undefined
    ? `<${self instanceof Instance ? self.cls.name : '?'}: ${runtime.repr(own(self, '_value_'))}>`
    : `<${title(self)}: ${runtime.repr(own(self, '_value_'))}>`,
);
const PLAIN: readonly NativeFunction[] = [
  REPR,
  native('__str__', 'self', ({ self }) => title(self)),
  native('__format__', 'self, spec', ({ self, spec }, runtime) =>
    formatPlain(runtime.str(self), String(spec), runtime),
  ),
];
const OF_VALUE: readonly NativeFunction[] = [
  REPR,
  native('__str__', 'self', ({ self }, runtime) => runtime.str(own(self, '_value_'))),
  native('__format__', 'self, spec', ({ self, spec }, runtime) =>
    formatPlain(own(self, '_value_'), String(spec), runtime),
  ),
];

/** `E('x')`: the member with that value; for an enum without members a new enum (the functional form). */
function callEnum(cls: ClassValue, args: readonly Value[], named: ReadonlyMap<string, Value>, runtime: Runtime): Value {
  const value = args[0] ?? named.get('value') ?? null;
  if (membersOf(cls).size === 0 && args.length > 1) return functional(cls, String(value), args[1] ?? null, runtime);
  if (value instanceof Unknown) return value.as(`${cls.name}(${value.symbol})`);
  // A member with several values is looked up by all of them.
  const asked = args.length > 1 ? new Tuple(args) : value;
  const found = memberByValue(cls, asked, runtime);
  if (found) return found;
  if (cls.isSubclassOf(flagClass)) {
    const bits = realOf(asked);
    if (bits !== undefined) return flagMember(cls, bits, runtime);
  }
  const missing = cls.find('_missing_');
  if (missing !== undefined) {
    const made = runtime.call(new BoundMethod(cls, missing instanceof ClassMethod ? missing.func : missing), [asked]);
    if (made !== null) return made;
  }
  return runtime.raise('ValueError', `${runtime.repr(asked)} is not a valid ${cls.name}`);
}

function functional(base: ClassValue, name: string, members: Value, runtime: Runtime): Value {
  let pairs: [string, Value][];
  const source = members instanceof Instance ? (members.payload ?? members) : members;
  if (source instanceof Dict) pairs = source.pairs().map(([k, v]) => [String(k), v]);
  else {
    const items =
      typeof source === 'string' ? source.split(/[\s,]+/).filter((s) => s !== '') : collect(source, runtime);
    pairs = items.map((item, i) => {
      if (typeof item === 'string') return [item, new Auto()];
      const [k = null, v = i + 1] = runtime.toArray(item);
      return [String(k), v];
    });
  }
  return makeClass(name, [base], pairs, runtime);
}

const autoClass: ClassValue = builtinClass('auto', [objectClass], 'enum', [
  constructor('cls, *args', () => new Auto()),
]);

export const enumClass: ClassValue = builtinClass('Enum', [objectClass], 'enum', PLAIN, [
  native('__initscope_class__', 'cls', ({ cls }, runtime) => {
    makeMembers(asClass(cls, runtime), kinds(), runtime);
    return cls;
  }),
  native('__initscope_class_call__', 'cls, /, *args, **kwargs', ({ cls, args, kwargs }, runtime) =>
    callEnum(asClass(cls, runtime), rest(args), keywords(kwargs), runtime),
  ),
  native('__initscope_class_iter__', 'cls', ({ cls }, runtime) => iteratorOf(listed(asClass(cls, runtime)))),
  native('__initscope_class_len__', 'cls', ({ cls }, runtime) => distinctMembers(asClass(cls, runtime)).length),
  native('__initscope_class_getitem__', 'cls, name', ({ cls, name }, runtime) => {
    if (name instanceof Unknown) return name.as(`${asClass(cls, runtime).name}[${name.symbol}]`);
    return membersOf(asClass(cls, runtime)).get(name) ?? runtime.raise('KeyError', runtime.str(name));
  }),
  native('__initscope_class_contains__', 'cls, value', ({ cls, value }, runtime) => {
    if (value instanceof Unknown) return value;
    const target = asClass(cls, runtime);
    if (value instanceof Instance && value.cls === target) return true;
    return value instanceof Instance ? false : memberByValue(target, value, runtime) !== undefined;
  }),
  native('__hash__', 'self', ({ self }, runtime) => runtime.call(runtime.builtin('hash'), [own(self, '_name_')])),
]);

/** Members as iteration shows them: of a Flag only the single bits. */
function listed(cls: ClassValue): Instance[] {
  const members = distinctMembers(cls);
  if (!cls.isSubclassOf(flagClass)) return members;
  return members.filter((m) => {
    const bits = realOf(m.names.get('_value_') ?? null) ?? 0;
    return bits !== 0 && (bits & (bits - 1)) === 0;
  });
}

function bitsOf(value: Value): number | undefined {
  return realOf(value instanceof Instance ? (value.names.get('_value_') ?? null) : value);
}

function bitwise(name: string, combine: (a: number, b: number) => number): NativeFunction[] {
  return [`__${name}__`, `__r${name}__`].map((method) =>
    native(method, 'self, other', ({ self, other }, runtime) => {
      const [a, b] = [bitsOf(self), bitsOf(other)];
      if (a === undefined || b === undefined || !(self instanceof Instance)) return NOT_IMPLEMENTED;
      return flagMember(self.cls, combine(a, b), runtime);
    }),
  );
}

const FLAG: readonly NativeFunction[] = [
  ...bitwise('or', (a, b) => a | b),
  ...bitwise('and', (a, b) => a & b),
  ...bitwise('xor', (a, b) => a ^ b),
  native('__invert__', 'self', ({ self }, runtime) => {
    if (!(self instanceof Instance)) return NOT_IMPLEMENTED;
    const all = distinctMembers(self.cls).reduce((bits, m) => bits | (bitsOf(m) ?? 0), 0);
    return flagMember(self.cls, all & ~(bitsOf(self) ?? 0), runtime);
  }),
  native('__bool__', 'self', ({ self }) => bitsOf(self) !== 0),
  native('__contains__', 'self, other', ({ self, other }) => {
    const [a, b] = [bitsOf(self) ?? 0, bitsOf(other) ?? 0];
    return (a & b) === b;
  }),
  native('__iter__', 'self', ({ self }) =>
    iteratorOf(
      self instanceof Instance ? listed(self.cls).filter((m) => ((bitsOf(m) ?? 0) & (bitsOf(self) ?? 0)) !== 0) : [],
    ),
  ),
];

const flagClass: ClassValue = builtinClass('Flag', [enumClass], 'enum', FLAG);
const reprEnumClass: ClassValue = builtinClass('ReprEnum', [enumClass], 'enum', OF_VALUE);
const intEnumClass: ClassValue = builtinClass('IntEnum', [intClass, reprEnumClass], 'enum', OF_VALUE);
const strEnumClass: ClassValue = builtinClass('StrEnum', [strClass, reprEnumClass], 'enum', OF_VALUE);
const intFlagClass: ClassValue = builtinClass('IntFlag', [intClass, reprEnumClass, flagClass], 'enum', FLAG, OF_VALUE);

function kinds(): EnumKinds {
  return { enumClass, flagClass, reprEnumClass, plain: PLAIN, ofValue: OF_VALUE };
}

export const enumModule = moduleOf('enum', () => [
  {
    Enum: enumClass,
    IntEnum: intEnumClass,
    StrEnum: strEnumClass,
    Flag: flagClass,
    IntFlag: intFlagClass,
    ReprEnum: reprEnumClass,
    EnumMeta: typeClass,
    EnumType: typeClass,
    auto: autoClass,
    property: propertyClass,
    unique: native('unique', 'cls', ({ cls }, runtime) => {
      const target = asClass(cls, runtime);
      if (distinctMembers(target).length < membersOf(target).size)
        runtime.raise('ValueError', `duplicate values found in <enum '${target.name}'>`);
      return cls;
    }),
    member: native('member', 'value', ({ value }) => value),
    nonmember: native('nonmember', 'value', ({ value }) => value),
    global_enum: native('global_enum', 'cls', ({ cls }) => cls),
    verify: native('verify', '*checks', () => native('verify', 'cls', ({ cls }) => cls)),
    ...Object.fromEntries(
      ['STRICT', 'CONFORM', 'EJECT', 'KEEP', 'UNIQUE', 'CONTINUOUS', 'NAMED_FLAGS'].map((n) => [n, n]),
    ),
  },
]);
