import {
  BoundMethod,
  Bytes,
  ClassValue,
  Dict,
  Instance,
  Iterator,
  List,
  NativeObject,
  PyException,
  PySet,
  Range,
  Tuple,
  Unknown,
  View,
  type Value,
  unknownRest,
} from '../values/index.js';
import type { Interpreter } from './interpreter.js';

/** Items of an iterable. What can't be known is iterated zero times, and said so. */
export function iterate(it: Interpreter, value: Value): Iterable<Value> {
  if (value instanceof List) return listItems(it, value);
  if (value instanceof Tuple) return value.items;
  if (typeof value === 'string') return Array.from(value);
  if (value instanceof Dict) return value.keys();
  if (value instanceof PySet) return value.values();
  if (value instanceof Range) return rangeItems(it, value);
  if (value instanceof Iterator) return pull(it, value);
  if (value instanceof View) return value.items();
  if (value instanceof Bytes) return Array.from(value.value).map((c) => c.charCodeAt(0));
  if (value instanceof Unknown) {
    it.note(`what is iterated here is not known (${value.reason}); the loop was read as running zero times`);
    return [];
  }
  if (value instanceof NativeObject) {
    const items = value.iterate(it);
    if (items) return items;
  }
  if (value instanceof Instance) {
    const m = value.cls.find('__iter__');
    if (m !== undefined) return iterate(it, it.call(new BoundMethod(value, m), []));
    if (value.cls.find('__next__') !== undefined) return nextItems(it, value);
    const item = value.cls.find('__getitem__');
    if (item !== undefined && (value.payload === undefined || value.payload === null))
      return indexedItems(it, value, item);
    if (value.payload !== undefined && value.payload !== null) return iterate(it, value.payload);
    if (value.cls.unknownBase) return iterate(it, value.cls.unknownBase);
  }
  if (value instanceof ClassValue) {
    const m = value.find('__initscope_class_iter__');
    if (m !== undefined) return iterate(it, it.call(it.unwrapStatic(m), [value]));
    if (value.unknownBase) return iterate(it, value.unknownBase);
  }
  return it.raise('TypeError', `'${it.classOf(value).name}' object is not iterable`);
}

/** A list may grow while it is iterated. */
function* listItems(it: Interpreter, list: List): Generator<Value> {
  for (let i = 0; i < list.items.length; i++) {
    count(it, i);
    yield list.items[i] as Value;
  }
}

function* rangeItems(it: Interpreter, r: Range): Generator<Value> {
  const n = r.length;
  for (let i = 0; i < n; i++) {
    count(it, i);
    yield r.start + i * r.step;
  }
}

function* pull(it: Interpreter, items: Iterator): Generator<Value> {
  let i = 0;
  for (let v = items.next(); v !== undefined; v = items.next()) {
    count(it, i++);
    yield v;
  }
}

/** Items cost little, but functions written in TypeScript may go through endless ones. */
function count(it: Interpreter, i: number): void {
  if (i % 16 === 15) it.spend(1);
}

function* nextItems(it: Interpreter, object: Instance): Generator<Value> {
  const next = object.cls.find('__next__') as Value;
  for (;;) {
    it.spend(1);
    let v: Value;
    try {
      v = it.call(new BoundMethod(object, next), []);
    } catch (e) {
      if (e instanceof PyException && e.className === 'StopIteration') return;
      throw e;
    }
    yield v;
  }
}

/** The old protocol: `__getitem__` with 0, 1, 2, … until IndexError. */
function* indexedItems(it: Interpreter, object: Instance, getItem: Value): Generator<Value> {
  for (let i = 0; ; i++) {
    it.spend(1);
    let v: Value;
    try {
      v = it.call(new BoundMethod(object, getItem), [i]);
    } catch (e) {
      if (e instanceof PyException && (e.className === 'IndexError' || e.className === 'StopIteration')) return;
      throw e;
    }
    if (v instanceof Unknown) return;
    yield v;
  }
}

/** All items at once. */
export function toArray(it: Interpreter, value: Value): Value[] {
  if (value instanceof List || value instanceof Tuple) {
    it.allocate(value.items.length);
    return value.items.slice();
  }
  if (value instanceof Range) it.allocate(value.length);
  const out: Value[] = [];
  for (const v of iterate(it, value)) {
    if (out.length % 1024 === 1023) it.allocate(1024);
    out.push(v);
  }
  return out;
}

/** Pairs of a mapping, for `**value` and dict displays. */
export function mappingPairs(it: Interpreter, value: Value): (readonly [Value, Value])[] {
  if (value instanceof Dict) return value.pairs();
  if (value instanceof Instance && value.payload instanceof Dict) return value.payload.pairs();
  if (value instanceof Unknown) {
    it.note(`these keyword arguments are not known: ${value.reason}`);
    return [];
  }
  const keys = it.findAttr(value, 'keys');
  if (keys === undefined) return it.raise('TypeError', `'${it.classOf(value).name}' object is not a mapping`);
  return toArray(it, it.call(keys)).map((k) => [k, it.getItem(value, k)] as const);
}

/** `iter(value)`. */
export function iterator(it: Interpreter, value: Value): Iterator {
  if (value instanceof Iterator) return value;
  if (
    value instanceof Instance &&
    value.cls.find('__iter__') === undefined &&
    value.cls.find('__next__') !== undefined
  ) {
    const steps = nextItems(it, value);
    return new Iterator(() => {
      const s = steps.next();
      return s.done === true ? undefined : s.value;
    });
  }
  const steps = iterate(it, value)[Symbol.iterator]() as globalThis.Iterator<Value, unknown>;
  return new Iterator(
    () => {
      const s = steps.next();
      return s.done === true ? undefined : s.value;
    },
    undefined,
    unknownRest(value),
  );
}

/** `len(value)`. */
export function length(it: Interpreter, value: Value): Value {
  if (typeof value === 'string') return Array.from(value).length;
  if ((value instanceof List || value instanceof Dict || value instanceof PySet) && value.rest)
    return value.rest.as(`len(${value.rest.symbol})`);
  if (value instanceof List || value instanceof Tuple) return value.items.length;
  if (value instanceof Dict || value instanceof PySet) return value.size;
  if (value instanceof Range) return value.length;
  if (value instanceof Bytes) return value.value.length;
  if (value instanceof View) return value.items().length;
  if (value instanceof Unknown) return value.as(`len(${value.symbol})`);
  if (value instanceof NativeObject) {
    const n = value.length(it);
    if (n !== undefined) return n;
  }
  if (value instanceof Instance) {
    const m = value.cls.find('__len__');
    if (m !== undefined) return it.call(new BoundMethod(value, m), []);
    if (value.payload !== undefined && value.payload !== null) return length(it, value.payload);
    if (value.cls.unknownBase) return value.cls.unknownBase.as(`len(${value.cls.name})`);
  }
  if (value instanceof ClassValue) {
    const m = value.find('__initscope_class_len__');
    if (m !== undefined) return it.call(it.unwrapStatic(m), [value]);
  }
  return it.raise('TypeError', `object of type '${it.classOf(value).name}' has no len()`);
}
