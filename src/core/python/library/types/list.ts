import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import {
  Instance,
  List,
  Tuple,
  Unknown,
  unknownRest,
  type ClassValue,
  type NativeFunction,
  type Value,
} from '../../values/index.js';
import { builtinClass } from '../support/classes.js';
import { collect, iteratorOf } from '../support/collect.js';
import { toIndex } from '../support/numbers.js';
import { arithmeticMethods, comparisonMethods, ORDERED } from '../support/operators.js';
import { listOf, tupleOf } from '../support/receivers.js';
import { searchRange } from '../support/sequences.js';
import { sortValues } from '../support/sorting.js';
import { reprOf } from '../format/repr.js';
import { callSymbol } from '../support/unknowns.js';
import { asClass, constructor, newInstance, objectClass } from './object.js';

type Read = (self: Value, runtime: Runtime) => readonly Value[];

/** What lists and tuples share: reading. */
export function sequenceMethods(read: Read, wrap: (items: Value[]) => Value): NativeFunction[] {
  return [
    native('index', 'self, value, start=None, stop=None', ({ self, value, start, stop }, runtime) => {
      const items = read(self, runtime);
      const range = searchRange(start, stop, items.length, runtime);
      if (range instanceof Unknown) return range;
      for (let i = range.start; i < range.stop; i++) {
        const same = runtime.equals(items[i] ?? null, value);
        if (same === undefined) return runtime.unknown('the place of a value that is not known', 'index');
        if (same) return i;
      }
      return runtime.raise('ValueError', `${reprOf(value, runtime)} is not in list`);
    }),
    native('count', 'self, value', ({ self, value }, runtime) => {
      let n = 0;
      for (const item of read(self, runtime)) {
        const same = runtime.equals(item, value);
        if (same === undefined) return runtime.unknown('the number of values that are not known', 'count');
        if (same) n++;
      }
      return n;
    }),
    native('__len__', 'self', ({ self }, runtime) => read(self, runtime).length),
    native('__iter__', 'self', ({ self }, runtime) => iterate(() => read(self, runtime))),
    native('__reversed__', 'self', ({ self }, runtime) =>
      iteratorOf([...read(self, runtime)].reverse(), 'list_reverseiterator'),
    ),
    native('__getitem__', 'self, index', ({ self, index }, runtime) =>
      runtime.getItem(wrap([...read(self, runtime)]), index),
    ),
    native('__contains__', 'self, value', ({ self, value }, runtime) =>
      runtime.compare('in', value, wrap([...read(self, runtime)])),
    ),
    native('__repr__', 'self', ({ self }, runtime) => reprOf(wrap([...read(self, runtime)]), runtime)),
    ...arithmeticMethods(['add', 'mul']),
    ...comparisonMethods(ORDERED),
  ];
}

/** Goes on to the end that the list has when it gets there, as Python's iterators do. */
function iterate(items: () => readonly Value[]): Value {
  let i = 0;
  function* steps(): Generator<Value> {
    for (let item = items()[i]; item !== undefined; item = items()[++i]) yield item;
  }
  return iteratorOf(steps(), 'list_iterator');
}

function position(index: Value, length: number, runtime: Runtime, message: string): number | Unknown {
  const i = toIndex(index, runtime);
  if (i instanceof Unknown) return i;
  const at = i < 0 ? i + length : i;
  return at < 0 || at >= length ? runtime.raise('IndexError', message) : at;
}

const CHANGES: readonly NativeFunction[] = [
  native('append', 'self, value', ({ self, value }, runtime) => {
    listOf(self, runtime).change().push(value);
    return null;
  }),
  native('extend', 'self, items', ({ self, items }, runtime) => {
    const list = listOf(self, runtime);
    const more = collect(items, runtime);
    // Not by spreading into push: a long list would overflow the stack.
    const target = list.change();
    for (const v of more) target.push(v);
    return null;
  }),
  native('insert', 'self, index, value', ({ self, index, value }, runtime) => {
    const list = listOf(self, runtime);
    const at = toIndex(index, runtime);
    list.change().splice(at instanceof Unknown ? list.items.length : at, 0, value);
    return null;
  }),
  native('pop', 'self, index=-1', ({ self, index }, runtime) => {
    const list = listOf(self, runtime);
    if (list.items.length === 0) runtime.raise('IndexError', 'pop from empty list');
    const at = position(index, list.items.length, runtime, 'pop index out of range');
    if (at instanceof Unknown) {
      list.change().pop();
      return at.as('pop(x)');
    }
    return list.change().splice(at, 1)[0] ?? null;
  }),
  native('remove', 'self, value', ({ self, value }, runtime) => {
    const list = listOf(self, runtime);
    const at = list.items.findIndex((item) => runtime.equals(item, value) === true);
    if (at >= 0) list.change().splice(at, 1);
    else if (!(value instanceof Unknown)) runtime.raise('ValueError', 'list.remove(x): x not in list');
    return null;
  }),
  native('clear', 'self', ({ self }, runtime) => {
    listOf(self, runtime).change().length = 0;
    return null;
  }),
  native('reverse', 'self', ({ self }, runtime) => {
    listOf(self, runtime).change().reverse();
    return null;
  }),
  native('sort', 'self, *, key=None, reverse=False', ({ self, key, reverse }, runtime) => {
    const list = listOf(self, runtime);
    const sorted = sortValues(list.items, key, runtime.isTrue(reverse), runtime);
    if (sorted instanceof Unknown) runtime.note(`the order of this list is not known: ${sorted.reason}`);
    else {
      list.change();
      list.items = sorted;
    }
    return null;
  }),
  native('copy', 'self', ({ self }, runtime) => new List(listOf(self, runtime).items.slice())),
  native('__setitem__', 'self, index, value', ({ self, index, value }, runtime) => {
    runtime.setItem(listOf(self, runtime), index, value);
    return null;
  }),
  native('__delitem__', 'self, index', ({ self, index }, runtime) => {
    const list = listOf(self, runtime);
    const at = position(index, list.items.length, runtime, 'list assignment index out of range');
    if (!(at instanceof Unknown)) list.change().splice(at, 1);
    return null;
  }),
  native('__iadd__', 'self, items', ({ self, items }, runtime) => {
    const list = listOf(self, runtime);
    const more = collect(items, runtime);
    const target = list.change();
    for (const v of more) target.push(v);
    return self;
  }),
];

export const listClass: ClassValue = builtinClass(
  'list',
  [objectClass],
  'builtins',
  sequenceMethods(
    (self, runtime) => listOf(self, runtime).items,
    (items) => new List(items),
  ),
  CHANGES,
  [
    constructor('cls, *args, **kwargs', ({ cls, args }, runtime) => {
      const target = asClass(cls, runtime);
      if (target !== listClass) return newInstance(target, runtime, new List([]));
      const [source = new Tuple([])] = args instanceof Tuple ? args.items : [];
      if (source instanceof Unknown) return callSymbol(source, 'list', [source]);
      const list = new List(collect(source, runtime));
      list.rest = unknownRest(source);
      return list;
    }),
    native('__init__', 'self, items=()', ({ self, items }, runtime) => {
      const list = listOf(self, runtime);
      const fresh = collect(items, runtime);
      list.change();
      list.items = fresh;
      return null;
    }),
  ],
);

export const tupleClass: ClassValue = builtinClass(
  'tuple',
  [objectClass],
  'builtins',
  sequenceMethods(tupleOf, (items) => new Tuple(items)),
  [
    constructor('cls, items=()', ({ cls, items }, runtime) => {
      if (items instanceof Unknown) return callSymbol(items, 'tuple', [items]);
      const target = asClass(cls, runtime);
      const tuple = items instanceof Tuple ? items : new Tuple(collect(items, runtime));
      return target === tupleClass ? tuple : newInstance(target, runtime, tuple);
    }),
    native('__hash__', 'self', ({ self }, runtime) =>
      runtime.call(runtime.builtin('hash'), [new Tuple(tupleOf(self, runtime))]),
    ),
  ],
);

/** The list inside a value, for functions that take lists and objects of classes that extend it. */
export function asList(value: Value): List | undefined {
  if (value instanceof List) return value;
  return value instanceof Instance && value.payload instanceof List ? value.payload : undefined;
}
