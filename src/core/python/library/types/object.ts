import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import {
  BoundMethod,
  ClassMethod,
  ClassValue,
  Instance,
  List,
  NOT_IMPLEMENTED,
  Property,
  PyObject,
  hashKey,
  identity,
  type NativeFunction,
  type Value,
} from '../../values/index.js';
import { formatPlain } from '../format/formatting.js';
import { plainRepr, reprOf } from '../format/repr.js';
import { builtinClass } from '../support/classes.js';

/** A fresh object of `cls` that knows where it was made. */
export function newInstance(cls: ClassValue, runtime: Runtime, payload?: Value): Instance {
  const instance = new Instance(cls);
  if (payload !== undefined) instance.payload = payload;
  instance.constructedAt = runtime.here;
  return instance;
}

/** `__new__` of a class: gets the class, needs no binding. */
export function constructor<S extends string>(signature: S, body: Parameters<typeof native<S>>[2]): NativeFunction {
  return native('__new__', signature, body, { isStatic: true });
}

export function asClass(value: Value, runtime: Runtime): ClassValue {
  return value instanceof ClassValue ? value : runtime.raise('TypeError', `${reprOf(value, runtime)} is not a type`);
}

/** `object.__setattr__`: properties and other data descriptors first, then the instance's own names. */
function setOwn(self: Value, name: Value, value: Value, runtime: Runtime): void {
  if (!(self instanceof Instance) || typeof name !== 'string') {
    if (typeof name === 'string') runtime.setAttr(self, name, value);
    return;
  }
  const inClass = self.cls.find(name);
  if (inClass instanceof Property) {
    if (inClass.setter === null)
      runtime.raise('AttributeError', `property '${name}' of '${self.cls.name}' object has no setter`);
    runtime.call(inClass.setter, [self, value]);
    return;
  }
  const set = inClass instanceof Instance ? inClass.cls.find('__set__') : undefined;
  if (set !== undefined && inClass instanceof Instance) runtime.call(new BoundMethod(inClass, set), [self, value]);
  else self.names.set(name, value);
}

export const objectClass: ClassValue = builtinClass('object', [], 'builtins', [
  constructor('cls, *args, **kwargs', ({ cls }, runtime) => newInstance(asClass(cls, runtime), runtime)),
  native('__init__', 'self, *args, **kwargs', () => null),
  native('__setattr__', 'self, name, value', ({ self, name, value }, runtime) => {
    setOwn(self, name, value, runtime);
    return null;
  }),
  native('__delattr__', 'self, name', ({ self, name }, runtime) => {
    if (!(self instanceof Instance) || typeof name !== 'string' || !self.names.delete(name)) {
      runtime.raise('AttributeError', typeof name === 'string' ? name : '?');
    }
    return null;
  }),
  native('__repr__', 'self', ({ self }, runtime) => {
    if (!(self instanceof Instance)) return reprOf(self, runtime);
    return self.payload === undefined ? plainRepr(self) : reprOf(self.payload, runtime);
  }),
  native('__str__', 'self', ({ self }, runtime) => reprOf(self, runtime)),
  native('__format__', 'self, spec', ({ self, spec }, runtime) =>
    formatPlain(self, typeof spec === 'string' ? spec : '', runtime),
  ),
  native('__eq__', 'self, other', ({ self, other }) => (self === other ? true : NOT_IMPLEMENTED)),
  native('__hash__', 'self', ({ self }) => hashOf(self)),
  native('__dir__', 'self', ({ self }) => new List(directory(self))),
  native('__sizeof__', 'self', () => 16),
]);
objectClass.names.set(
  '__init_subclass__',
  new ClassMethod(native('__init_subclass__', 'cls, *args, **kwargs', () => null)),
);

/** `hash(value)`: equal values have equal hashes; which number it is isn't Python's. */
export function hashOf(value: Value): number {
  const key = hashKey(value);
  if (typeof key === 'number') return Number.isSafeInteger(key) ? key : Math.trunc((key % 1) * 2 ** 52);
  if (typeof key === 'bigint') return Number(key % 2305843009213693951n);
  if (key instanceof PyObject) return identity(key) * 16;
  let hash = 7;
  for (const ch of String(key)) hash = (Math.imul(hash, 31) + (ch.codePointAt(0) ?? 0)) | 0;
  return hash;
}

/** The names that `dir(value)` lists, sorted. */
export function directory(value: Value): string[] {
  const names = new Set<string>();
  if (value instanceof Instance) for (const name of value.names.keys()) names.add(name);
  const cls = value instanceof Instance ? value.cls : value instanceof ClassValue ? value : undefined;
  for (const c of cls?.mro ?? []) for (const name of c.names.keys()) names.add(name);
  return [...names].filter((name) => !name.startsWith('__initscope')).sort();
}

/** `id(value)` of an object. */
export function idOf(value: PyObject): number {
  return 0x7f0000000000 + identity(value) * 16;
}
