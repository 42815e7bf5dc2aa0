import {
  BoundMethod,
  Bytes,
  ClassValue,
  Dict,
  Instance,
  List,
  NativeObject,
  PySet,
  Range,
  Slice,
  Tuple,
  Unknown,
  View,
  type Value,
} from '../values/index.js';
import { toException } from './exceptions.js';
import type { Interpreter } from './interpreter.js';
import { isInt } from './numbers.js';

/** `object[index]`. */
export function getItem(it: Interpreter, object: Value, index: Value): Value {
  if (object instanceof Unknown)
    return object.as(`${object.symbol}[${index instanceof Unknown ? index.symbol : it.repr(index)}]`);
  if (object instanceof NativeObject) {
    const v = object.getItem(index, it);
    if (v !== undefined) return v;
    const m = object.getAttribute('__getitem__', it);
    if (m !== undefined) return it.call(m, [index]);
  }
  if (object instanceof Dict) return dictItem(it, object, index);
  if (object instanceof Instance) return instanceItem(it, object, index);
  if (object instanceof ClassValue) {
    const hook = object.find('__initscope_class_getitem__') ?? object.find('__class_getitem__');
    if (hook !== undefined) return it.call(it.unwrapStatic(hook), [object, index]);
    return object; // list[int], Generic[T]: the type itself
  }
  if (
    object instanceof List &&
    object.rest &&
    !(typeof index === 'number' && index >= 0 && index < object.items.length)
  )
    return object.rest.as(`${object.rest.symbol}[${index instanceof Unknown ? index.symbol : it.repr(index)}]`);
  if (index instanceof Unknown) return index.as(`${it.describe(object)}[${index.symbol}]`);
  if (object instanceof List) return sequenceItem(it, object.items, index, (items) => new List(items), 'list');
  if (object instanceof Tuple) return sequenceItem(it, object.items, index, (items) => new Tuple(items), 'tuple');
  if (typeof object === 'string')
    return sequenceItem(it, Array.from(object), index, (items) => (items as string[]).join(''), 'string');
  if (object instanceof Bytes)
    return sequenceItem(
      it,
      Array.from(object.value).map((c) => c.charCodeAt(0)),
      index,
      (items) => new Bytes(String.fromCharCode(...(items as number[]))),
      'bytes',
    );
  if (object instanceof Range) {
    if (index instanceof Slice) return rangeSlice(it, object, index);
    const i = toIndex(it, index, object.length, 'range object');
    return object.start + i * object.step;
  }
  if (object instanceof View)
    return sequenceItem(it, object.items(), index, (items) => new List(items), object.typeName);
  const method = it.findAttr(object, '__getitem__');
  if (method !== undefined) return it.call(method, [index]);
  return it.raise('TypeError', `'${it.classOf(object).name}' object is not subscriptable`);
}

function rangeSlice(it: Interpreter, r: Range, slice: Slice): Range {
  const { start, step, count } = sliceBounds(it, slice, r.length);
  const first = r.start + start * r.step;
  return new Range(first, first + count * step * r.step, step * r.step);
}

/** Raises TypeError for keys that can't be hashed. */
export function checkHashable(it: Interpreter, key: Value): Value {
  if (key instanceof List || key instanceof Dict || (key instanceof PySet && !key.frozen))
    it.raise('TypeError', `unhashable type: '${key.typeName}'`);
  return key;
}

function dictItem(it: Interpreter, d: Dict, key: Value): Value {
  checkHashable(it, key);
  const v = d.get(key);
  if (v !== undefined) return v;
  if (key instanceof Unknown) return oneOf(it, d, key);
  if (d.factory !== null) {
    const made = it.call(d.factory, []);
    d.set(key, made);
    return made;
  }
  if (d.rest) return d.rest.as(`${d.rest.symbol}[${it.repr(key)}]`);
  if (d.typeName === 'Counter') return 0;
  throw toException(it, it.call(it.builtin('KeyError'), [key]));
}

/** A table looked up with a key that isn't known: when every entry is the same there is no doubt. */
function oneOf(it: Interpreter, d: Dict, key: Unknown): Value {
  const [first, ...rest] = d.values();
  if (first !== undefined && rest.every((v) => it.equals(first, v) === true)) return first;
  return key.as(`${it.describe(d)}[${key.symbol}]`);
}

function instanceItem(it: Interpreter, object: Instance, index: Value): Value {
  const m = object.cls.find('__getitem__');
  if (m !== undefined) return it.call(new BoundMethod(object, m), [index]);
  if (object.payload !== undefined && object.payload !== null) {
    if (object.payload instanceof Dict && !object.payload.has(index)) {
      const missing = object.cls.find('__missing__');
      if (missing !== undefined) return it.call(new BoundMethod(object, missing), [index]);
    }
    return getItem(it, object.payload, index);
  }
  if (object.cls.unknownBase) return object.cls.unknownBase.as(`${object.cls.name}[…]`);
  return it.raise('TypeError', `'${object.cls.name}' object is not subscriptable`);
}

function sequenceItem(
  it: Interpreter,
  items: readonly Value[],
  index: Value,
  wrap: (items: Value[]) => Value,
  what: string,
): Value {
  if (index instanceof Slice) {
    if ([index.start, index.stop, index.step].some((p) => p instanceof Unknown))
      return it.unknown('a slice whose bounds are not known', '[:]');
    return wrap(sequenceSlice(it, items, index));
  }
  return items[toIndex(it, index, items.length, what)] as Value;
}

/** Turns an index into 0 ≤ i < length; raises IndexError or TypeError. */
export function toIndex(it: Interpreter, index: Value, length: number, what: string): number {
  const i = indexNumber(it, index);
  if (i === undefined)
    return it.raise('TypeError', `${what} indices must be integers or slices, not ${it.classOf(index).name}`);
  const at = i < 0 ? i + length : i;
  if (at < 0 || at >= length) it.raise('IndexError', `${what} index out of range`);
  return at;
}

export function indexNumber(it: Interpreter, v: Value): number | undefined {
  if (isInt(v)) return Number(v);
  if (v instanceof Instance && v.payload !== undefined && isInt(v.payload)) return Number(v.payload);
  if (v instanceof Instance || v instanceof NativeObject) {
    const m = it.findAttr(v, '__index__');
    if (m !== undefined) {
      const r = it.call(m, []);
      return isInt(r) ? Number(r) : undefined;
    }
  }
  return undefined;
}

/** What a slice picks from `length` items, as Python's slice.indices: `count` of them, `step` apart. */
function sliceBounds(
  it: Interpreter,
  slice: Slice,
  length: number,
): { readonly start: number; readonly step: number; readonly count: number } {
  const step = slice.step === null ? 1 : (indexNumber(it, slice.step) ?? 1);
  if (step === 0) it.raise('ValueError', 'slice step cannot be zero');
  const clamp = (v: Value, low: number, high: number, missing: number): number => {
    if (v === null) return missing;
    const i = indexNumber(it, v) ?? missing;
    const at = i < 0 ? i + length : i;
    return Math.max(low, Math.min(high, at));
  };
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const start = clamp(slice.start, low, high, step > 0 ? low : high);
  const stop = clamp(slice.stop, low, high, step > 0 ? high : low);
  return { start, step, count: Math.max(0, Math.ceil((stop - start) / step)) };
}

/** Positions that a slice picks from `length` items. */
export function slicePositions(it: Interpreter, slice: Slice, length: number): number[] {
  const { start, step, count } = sliceBounds(it, slice, length);
  it.allocate(count);
  return Array.from({ length: count }, (_, k) => start + k * step);
}

function sequenceSlice(it: Interpreter, items: readonly Value[], slice: Slice): Value[] {
  const { start, step, count } = sliceBounds(it, slice, items.length);
  it.allocate(count);
  if (step === 1) return items.slice(start, start + count);
  return Array.from({ length: count }, (_, k) => items[start + k * step] as Value);
}

/** `object[index] = value`. */
export function setItem(it: Interpreter, object: Value, index: Value, value: Value): void {
  if (object instanceof Unknown) return;
  if (object instanceof NativeObject && object.setItem(index, value, it)) return;
  if (object instanceof Dict) {
    if (index instanceof Unknown) object.mayHaveMore(index.as(it.describe(object)));
    else object.set(checkHashable(it, index), value);
    return;
  }
  if (object instanceof List) {
    if (index instanceof Unknown) return;
    if (index instanceof Slice) setSlice(it, object, index, it.toArray(value));
    else object.change()[toIndex(it, index, object.items.length, 'list assignment')] = value;
    return;
  }
  if (object instanceof Instance) {
    const m = object.cls.find('__setitem__');
    if (m !== undefined) {
      it.call(new BoundMethod(object, m), [index, value]);
      return;
    }
    if (object.payload !== undefined && object.payload !== null) {
      setItem(it, object.payload, index, value);
      return;
    }
    if (object.cls.unknownBase) return;
  }
  it.raise('TypeError', `'${it.classOf(object).name}' object does not support item assignment`);
}

function setSlice(it: Interpreter, list: List, slice: Slice, values: readonly Value[]): void {
  const positions = slicePositions(it, slice, list.items.length);
  const items = list.change();
  const step = slice.step === null ? 1 : indexNumber(it, slice.step);
  if (step === 1) {
    const start =
      positions[0] ??
      (slice.start === null ? 0 : Math.min(items.length, Math.max(0, indexNumber(it, slice.start) ?? 0)));
    list.items = [...items.slice(0, start), ...values, ...items.slice(start + positions.length)];
  } else for (const [k, at] of positions.entries()) items[at] = values[k] ?? null;
}

/** `del object[index]`. */
export function deleteItem(it: Interpreter, object: Value, index: Value): void {
  if (object instanceof Dict) object.delete(index);
  else if (object instanceof List) {
    if (index instanceof Unknown) return;
    if (index instanceof Slice) {
      const drop = new Set(slicePositions(it, index, object.items.length));
      const items = object.change();
      object.items = items.filter((_, i) => !drop.has(i));
    } else object.change().splice(toIndex(it, index, object.items.length, 'list'), 1);
  } else if (object instanceof Instance) {
    const m = object.cls.find('__delitem__');
    if (m !== undefined) it.call(new BoundMethod(object, m), [index]);
    else if (object.payload !== undefined) deleteItem(it, object.payload, index);
  }
}
