import type { Runtime } from '../../values/runtime.js';
import { Iterator, List, Range, Tuple, type Value } from '../../values/values.js';

/** All items of an iterable, counted against the budget, so that `list(range(10**9))` ends. */
export function collect(value: Value, runtime: Runtime): Value[] {
  if (value instanceof List || value instanceof Tuple) return value.items.slice();
  if (value instanceof Range) runtime.spend(value.length);
  const items: Value[] = [];
  for (const item of runtime.iterate(value)) {
    items.push(item);
    if (items.length % 256 === 0) runtime.spend(256);
  }
  return items;
}

/** A Python iterator over what a JavaScript generator yields. */
export function iteratorOf(items: Iterable<Value>, typeName?: string): Iterator {
  const inner = items[Symbol.iterator]();
  return new Iterator(() => {
    const step = inner.next();
    return step.done ? undefined : step.value;
  }, typeName);
}
