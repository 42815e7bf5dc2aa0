import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import {
  PySet,
  Tuple,
  Unknown,
  unknownRest,
  type ClassValue,
  type NativeFunction,
  type Value,
} from '../../values/index.js';
import { reprOf, strOf } from '../format/repr.js';
import { builtinClass } from '../support/classes.js';
import { collect, iteratorOf } from '../support/collect.js';
import { comparisonMethods, ORDERED } from '../support/operators.js';
import { setOf } from '../support/receivers.js';
import { callSymbol, firstUnknown } from '../support/unknowns.js';
import { checkKey } from './dict.js';
import { asClass, constructor, newInstance, objectClass } from './object.js';

function asSet(value: Value, runtime: Runtime): PySet {
  if (value instanceof PySet) return value;
  const items = collect(value, runtime);
  for (const item of items) checkKey(item, runtime);
  return new PySet(items);
}

/** A method that gives a new set from this one and others, one at a time. */
function combining(name: string, combine: (a: PySet, b: PySet) => Iterable<Value>): NativeFunction {
  return native(name, 'self, *others', ({ self, others }, runtime) => {
    let result = setOf(self, runtime);
    const { frozen } = result;
    for (const other of others instanceof Tuple ? others.items : []) {
      if (other instanceof Unknown) return callSymbol(other, name, [other]);
      result = new PySet(combine(result, asSet(other, runtime)), frozen);
    }
    return result === self ? new PySet(result.values(), frozen) : result;
  });
}

/** A method that changes this set by others. */
function changing(name: string, change: (self: PySet, other: PySet) => void): NativeFunction {
  return native(name, 'self, *others', ({ self, others }, runtime) => {
    const set = setOf(self, runtime);
    for (const other of others instanceof Tuple ? others.items : []) {
      if (other instanceof Unknown) runtime.note(`what this set is changed by is not known: ${other.reason}`);
      else change(set, asSet(other, runtime));
    }
    return null;
  });
}

function testing(name: string, holds: (a: PySet, b: PySet) => boolean): NativeFunction {
  return native(name, 'self, other', ({ self, other }, runtime) => {
    const unknown = firstUnknown([self, other]);
    return unknown ? callSymbol(unknown, name, [other]) : holds(setOf(self, runtime), asSet(other, runtime));
  });
}

const subset = (a: PySet, b: PySet): boolean => a.values().every((v) => b.has(v));

const READING: readonly NativeFunction[] = [
  combining('union', (a, b) => [...a.values(), ...b.values()]),
  combining('intersection', (a, b) => a.values().filter((v) => b.has(v))),
  combining('difference', (a, b) => a.values().filter((v) => !b.has(v))),
  combining('symmetric_difference', (a, b) => [
    ...a.values().filter((v) => !b.has(v)),
    ...b.values().filter((v) => !a.has(v)),
  ]),
  testing('issubset', subset),
  testing('issuperset', (a, b) => subset(b, a)),
  testing('isdisjoint', (a, b) => !a.values().some((v) => b.has(v))),
  native('copy', 'self', ({ self }, runtime) => new PySet(setOf(self, runtime).values(), setOf(self, runtime).frozen)),
  native('__len__', 'self', ({ self }, runtime) => setOf(self, runtime).size),
  native('__iter__', 'self', ({ self }, runtime) => iteratorOf(setOf(self, runtime).values(), 'set_iterator')),
  native('__contains__', 'self, value', ({ self, value }, runtime) =>
    value instanceof Unknown ? value.as(`${value.symbol} in …`) : setOf(self, runtime).has(value),
  ),
  native('__repr__', 'self', ({ self }, runtime) => reprOf(setOf(self, runtime), runtime)),
  ...comparisonMethods(ORDERED),
];

const CHANGES: readonly NativeFunction[] = [
  native('add', 'self, value', ({ self, value }, runtime) => {
    checkKey(value, runtime);
    setOf(self, runtime).add(value);
    return null;
  }),
  native('discard', 'self, value', ({ self, value }, runtime) => {
    setOf(self, runtime).delete(value);
    return null;
  }),
  native('remove', 'self, value', ({ self, value }, runtime) => {
    if (!setOf(self, runtime).delete(value) && !(value instanceof Unknown))
      runtime.raise('KeyError', strOf(value, runtime));
    return null;
  }),
  native('pop', 'self', ({ self }, runtime) => {
    const set = setOf(self, runtime);
    const [first] = set.values();
    if (first === undefined) return runtime.raise('KeyError', 'pop from an empty set');
    set.delete(first);
    return first;
  }),
  native('clear', 'self', ({ self }, runtime) => {
    setOf(self, runtime).clear();
    return null;
  }),
  changing('update', (a, b) => {
    for (const v of b.values()) a.add(v);
  }),
  changing('difference_update', (a, b) => {
    for (const v of b.values()) a.delete(v);
  }),
  changing('intersection_update', (a, b) => {
    for (const v of a.values()) if (!b.has(v)) a.delete(v);
  }),
  changing('symmetric_difference_update', (a, b) => {
    for (const v of b.values()) if (!a.delete(v)) a.add(v);
  }),
  native('__init__', 'self, items=()', ({ self, items }, runtime) => {
    for (const v of asSet(items, runtime).values()) setOf(self, runtime).add(v);
    return null;
  }),
];

function construction(frozen: boolean, self: () => ClassValue): NativeFunction {
  return constructor('cls, *args, **kwargs', ({ cls, args }, runtime) => {
    const target = asClass(cls, runtime);
    const [source] = args instanceof Tuple ? args.items : [];
    if (source instanceof Unknown) return callSymbol(source, frozen ? 'frozenset' : 'set', [source]);
    const plain = target === self();
    // A mutable set of a subclass is filled by __init__.
    const items = source === undefined || !(plain || frozen) ? [] : asSet(source, runtime).values();
    const set = new PySet(items, frozen);
    if (source !== undefined) set.rest = unknownRest(source);
    return plain ? set : newInstance(target, runtime, set);
  });
}

export const setClass: ClassValue = builtinClass('set', [objectClass], 'builtins', READING, CHANGES, [
  construction(false, () => setClass),
]);

export const frozenSetClass: ClassValue = builtinClass('frozenset', [objectClass], 'builtins', READING, [
  construction(true, () => frozenSetClass),
]);
