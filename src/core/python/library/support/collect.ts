import type { Runtime } from '../../values/runtime.js';
import { Iterator, type Unknown, type Value } from '../../values/index.js';

/** All items of an iterable, counted against the budget, so that `list(range(10**9))` ends. */
export function collect(value: Value, runtime: Runtime): Value[] {
  return runtime.toArray(value);
}

/** A Python iterator over what a JavaScript generator yields, and what is known of items beyond. */
export function iteratorOf(items: Iterable<Value>, typeName?: string, rest?: Unknown): Iterator {
  const inner = items[Symbol.iterator]();
  return new Iterator(
    () => {
      const step = inner.next();
      return step.done ? undefined : step.value;
    },
    typeName,
    rest,
  );
}
