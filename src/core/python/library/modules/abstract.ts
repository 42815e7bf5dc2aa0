import { bounded } from '../../values/bounds.js';
import { native } from '../../values/native.js';
import {
  ClassValue,
  Instance,
  Iterator,
  NativeObject,
  StaticMethod,
  Tuple,
  type NativeFunction,
  type Value,
} from '../../values/index.js';
import type { Runtime } from '../../values/runtime.js';
import { rest } from '../support/arguments.js';
import { builtinClass } from '../support/classes.js';
import { iteratorOf } from '../support/collect.js';
import { dictClass, pairsOf } from '../types/dict.js';
import { floatClass, complexClass } from '../types/float.js';
import { intClass } from '../types/int.js';
import { rangeClass } from '../types/iterators.js';
import { listClass, tupleClass } from '../types/list.js';
import { asClass, objectClass } from '../types/object.js';
import { frozenSetClass, setClass } from '../types/set.js';
import { bytesClass } from '../types/bytes.js';
import { strClass } from '../types/str.js';

/** How an abstract class tells what belongs to it besides its subclasses. */
interface Membership {
  /** Special methods that a class must have. */
  readonly methods?: readonly string[];
  /** Built-in classes that are registered with it. */
  readonly classes?: readonly ClassValue[];
}

const virtual = new WeakMap<ClassValue, ClassValue[]>();

/** `SomeABC.register(cls)`. */
export const register = native('register', 'cls, subclass', ({ cls, subclass }, runtime) => {
  const abstract = asClass(cls, runtime);
  if (subclass instanceof ClassValue) virtual.set(abstract, [...(virtual.get(abstract) ?? []), subclass]);
  return subclass;
});

function hasMethods(value: Value, methods: readonly string[], runtime: Runtime): boolean {
  if (value instanceof Iterator) return methods.every((m) => m === '__iter__' || m === '__next__');
  if (value instanceof Instance) return methods.every((m) => value.cls.find(m) !== undefined);
  if (value instanceof NativeObject) return methods.every((m) => runtime.findAttr(value, m) !== undefined);
  return methods.every((m) => runtime.classOf(value).find(m) !== undefined);
}

function abstractClass(
  name: string,
  module: string,
  bases: readonly ClassValue[],
  membership: Membership,
  mixin: readonly NativeFunction[] = [],
): ClassValue {
  const cls: ClassValue = builtinClass(name, bases.length === 0 ? [objectClass] : bases, module, mixin, [
    native('__initscope_instancecheck__', 'cls, value', ({ cls: asked, value }, runtime) => {
      const actual = runtime.classOf(value);
      const wanted = asClass(asked, runtime);
      if (actual.isSubclassOf(wanted) || (virtual.get(wanted) ?? []).some((c) => actual.isSubclassOf(c))) return true;
      if (wanted !== cls) return false;
      if (membership.classes?.some((c) => actual.isSubclassOf(c)) === true) return true;
      return membership.methods !== undefined && hasMethods(value, membership.methods, runtime);
    }),
    native('__initscope_subclasscheck__', 'cls, sub', ({ cls: asked, sub }, runtime) => {
      const [wanted, actual] = [asClass(asked, runtime), asClass(sub, runtime)];
      if ((virtual.get(wanted) ?? []).some((c) => actual.isSubclassOf(c))) return true;
      if (wanted !== cls) return false;
      if (membership.classes?.some((c) => actual.isSubclassOf(c)) === true) return true;
      return membership.methods?.every((m) => actual.find(m) !== undefined) === true;
    }),
  ]);
  return cls;
}

const method = (self: Value, name: string, args: Value[], runtime: Runtime) => runtime.callMethod(self, name, args);
const keysOf = (self: Value, runtime: Runtime) => runtime.toArray(method(self, '__iter__', [], runtime));
const has = (self: Value, key: Value, runtime: Runtime) =>
  keysOf(self, runtime).some((k) => runtime.equals(k, key) === true);

/** What a class gets from Mapping for its `__getitem__`, `__iter__` and `__len__`. */
const MAPPING: readonly NativeFunction[] = [
  native('get', 'self, key, default=None', ({ self, key, default: standard }, runtime) =>
    has(self, key, runtime) ? method(self, '__getitem__', [key], runtime) : standard,
  ),
  native('__contains__', 'self, key', ({ self, key }, runtime) => has(self, key, runtime)),
  native('keys', 'self', ({ self }, runtime) => iteratorOf(keysOf(self, runtime))),
  native('values', 'self', ({ self }, runtime) =>
    iteratorOf(keysOf(self, runtime).map((k) => method(self, '__getitem__', [k], runtime))),
  ),
  native('items', 'self', ({ self }, runtime) =>
    iteratorOf(keysOf(self, runtime).map((k) => new Tuple([k, method(self, '__getitem__', [k], runtime)]))),
  ),
];

const MUTABLE_MAPPING: readonly NativeFunction[] = [
  native('update', 'self, other=None, /, **named', ({ self, other, named }, runtime) => {
    for (const source of [other, named]) {
      for (const [k, v] of pairsOf(source, runtime) ?? []) method(self, '__setitem__', [k, v], runtime);
    }
    return null;
  }),
  native('setdefault', 'self, key, default=None', ({ self, key, default: standard }, runtime) => {
    if (has(self, key, runtime)) return method(self, '__getitem__', [key], runtime);
    method(self, '__setitem__', [key, standard], runtime);
    return standard;
  }),
  native('pop', 'self, key, *default', ({ self, key, default: standard }, runtime) => {
    if (!has(self, key, runtime)) return rest(standard)[0] ?? runtime.raise('KeyError', runtime.str(key));
    const value = method(self, '__getitem__', [key], runtime);
    method(self, '__delitem__', [key], runtime);
    return value;
  }),
  native('clear', 'self', ({ self }, runtime) => {
    for (const key of keysOf(self, runtime)) method(self, '__delitem__', [key], runtime);
    return null;
  }),
];

function indexed(self: Value, runtime: Runtime): Value[] {
  const length = method(self, '__len__', [], runtime);
  if (typeof length !== 'number') return [];
  return Array.from({ length: bounded(length) }, (_, i) => method(self, '__getitem__', [i], runtime));
}

/** What a class gets from Sequence for its `__getitem__` and `__len__`. */
const SEQUENCE: readonly NativeFunction[] = [
  native('__iter__', 'self', ({ self }, runtime) => iteratorOf(indexed(self, runtime))),
  native('__contains__', 'self, value', ({ self, value }, runtime) =>
    indexed(self, runtime).some((v) => runtime.equals(v, value) === true),
  ),
  native('__reversed__', 'self', ({ self }, runtime) => iteratorOf(indexed(self, runtime).reverse())),
  native('index', 'self, value', ({ self, value }, runtime) => {
    const at = indexed(self, runtime).findIndex((v) => runtime.equals(v, value) === true);
    return at < 0 ? runtime.raise('ValueError', 'value is not in the sequence') : at;
  }),
  native(
    'count',
    'self, value',
    ({ self, value }, runtime) => indexed(self, runtime).filter((v) => runtime.equals(v, value) === true).length,
  ),
];

const MUTABLE_SEQUENCE: readonly NativeFunction[] = [
  native('append', 'self, value', ({ self, value }, runtime) =>
    method(self, 'insert', [method(self, '__len__', [], runtime), value], runtime),
  ),
  native('extend', 'self, values', ({ self, values }, runtime) => {
    for (const v of runtime.toArray(values)) method(self, 'append', [v], runtime);
    return null;
  }),
];

const ITERATOR: readonly NativeFunction[] = [native('__iter__', 'self', ({ self }) => self)];

const abc = (name: string, bases: readonly ClassValue[], membership: Membership, mixin?: readonly NativeFunction[]) =>
  abstractClass(name, 'collections.abc', bases, membership, mixin);

const sized = abc('Sized', [], { methods: ['__len__'] });
const iterable = abc('Iterable', [], { methods: ['__iter__'] });
const container = abc('Container', [], { methods: ['__contains__'] });
const collection = abc('Collection', [sized, iterable, container], {
  methods: ['__len__', '__iter__', '__contains__'],
});
const iterator = abc('Iterator', [iterable], { methods: ['__next__', '__iter__'] }, ITERATOR);
const sequence = abc(
  'Sequence',
  [collection],
  { classes: [listClass, tupleClass, strClass, rangeClass, bytesClass] },
  SEQUENCE,
);
const mapping = abc('Mapping', [collection], { classes: [dictClass] }, MAPPING);
const set = abc('Set', [collection], { classes: [setClass, frozenSetClass] });

/** The classes of `collections.abc`. */
export const abstractClasses: Readonly<Record<string, ClassValue>> = {
  Sized: sized,
  Iterable: iterable,
  Container: container,
  Collection: collection,
  Iterator: iterator,
  Generator: abc('Generator', [iterator], { methods: ['send', '__next__'] }),
  Reversible: abc('Reversible', [iterable], { methods: ['__reversed__'] }),
  Sequence: sequence,
  MutableSequence: abc('MutableSequence', [sequence], { classes: [listClass] }, MUTABLE_SEQUENCE),
  Mapping: mapping,
  MutableMapping: abc('MutableMapping', [mapping], { classes: [dictClass] }, MUTABLE_MAPPING),
  Set: set,
  MutableSet: abc('MutableSet', [set], { classes: [setClass] }),
  Hashable: hashable(),
  Callable: callable(),
  ByteString: abc('ByteString', [sequence], { classes: [bytesClass] }),
  KeysView: abc('KeysView', [set], {}),
  ValuesView: abc('ValuesView', [collection], {}),
  ItemsView: abc('ItemsView', [set], {}),
  Awaitable: abc('Awaitable', [], { methods: ['__await__'] }),
  Coroutine: abc('Coroutine', [], { methods: ['__await__', 'send'] }),
  AsyncIterable: abc('AsyncIterable', [], { methods: ['__aiter__'] }),
  AsyncIterator: abc('AsyncIterator', [], { methods: ['__anext__'] }),
  AsyncGenerator: abc('AsyncGenerator', [], { methods: ['asend'] }),
};

function hashable(): ClassValue {
  const cls = abc('Hashable', [], {});
  cls.names.set(
    '__initscope_instancecheck__',
    native('__initscope_instancecheck__', 'cls, value', ({ cls: asked, value }, runtime) =>
      asked === cls
        ? !['list', 'dict', 'set'].includes(runtime.classOf(value).name)
        : runtime.classOf(value).isSubclassOf(asClass(asked, runtime)),
    ),
  );
  return cls;
}

function callable(): ClassValue {
  const cls = abc('Callable', [], {});
  cls.names.set(
    '__initscope_instancecheck__',
    native('__initscope_instancecheck__', 'cls, value', ({ cls: asked, value }, runtime) => {
      if (asked !== cls) return runtime.classOf(value).isSubclassOf(asClass(asked, runtime));
      return runtime.call(runtime.builtin('callable'), [value]);
    }),
  );
  return cls;
}

/** The classes of `numbers`. */
function numberTower(): Record<string, ClassValue> {
  const number = (name: string, bases: readonly ClassValue[], classes: readonly ClassValue[]) =>
    abstractClass(name, 'numbers', bases, { classes });
  const top = number('Number', [], [complexClass, floatClass, intClass]);
  const complex = number('Complex', [top], [complexClass, floatClass, intClass]);
  const real = number('Real', [complex], [floatClass, intClass]);
  const rational = number('Rational', [real], [intClass]);
  return {
    Number: top,
    Complex: complex,
    Real: real,
    Rational: rational,
    Integral: number('Integral', [rational], [intClass]),
  };
}
export const numberClasses: Readonly<Record<string, ClassValue>> = numberTower();

for (const cls of [...Object.values(abstractClasses), ...Object.values(numberClasses)]) {
  if (cls.bases.includes(objectClass)) cls.names.set('register', new StaticMethod(boundRegister(cls)));
}

function boundRegister(cls: ClassValue): NativeFunction {
  return native('register', 'subclass', ({ subclass }, runtime) => runtime.call(register, [cls, subclass]));
}
