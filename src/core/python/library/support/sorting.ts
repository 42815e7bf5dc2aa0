import type { Runtime } from '../../values/runtime.js';
import { Float, Unknown, type Value } from '../../values/index.js';
import { characters } from './characters.js';

/** Thrown out of the sort when an order can't be known. */
class UnknownOrder extends Error {
  constructor(readonly unknown: Unknown) {
    super(unknown.reason);
  }
}

/** `a < b`; raises what Python raises, throws `UnknownOrder` when it isn't known. */
function less(a: Value, b: Value, runtime: Runtime): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  if (typeof a === 'string' && typeof b === 'string') return codePointLess(a, b);
  if (a instanceof Float && b instanceof Float) return a.value < b.value;
  const truth = runtime.truth(runtime.compare('<', a, b));
  if (truth instanceof Unknown) throw new UnknownOrder(truth);
  return truth;
}

/** Python orders text by code point, JavaScript by code unit; they differ only where surrogates take part. */
function codePointLess(a: string, b: string): boolean {
  if (!/[\ud800-\udfff]/.test(a + b)) return a < b;
  const [x, y] = [characters(a), characters(b)];
  const at = x.findIndex((ch, i) => ch !== y[i]);
  if (at < 0) return x.length < y.length;
  return (x[at]?.codePointAt(0) ?? 0) < (y[at]?.codePointAt(0) ?? -1);
}

/** The items in order, stable, as `sorted` gives them. */
export function sortValues(items: readonly Value[], key: Value, reverse: boolean, runtime: Runtime): Value[] | Unknown {
  // A pair takes as much as eight items.
  runtime.allocate(8 * items.length);
  const keyed = items.map((value) => ({ value, key: key === null ? value : runtime.call(key, [value]) }));
  try {
    // JavaScript's sort is stable too; a reversed sort keeps equal items in their order.
    keyed.sort((a, b) => {
      if (less(a.key, b.key, runtime)) return reverse ? 1 : -1;
      return less(b.key, a.key, runtime) ? (reverse ? -1 : 1) : 0;
    });
  } catch (e) {
    if (e instanceof UnknownOrder) return e.unknown.as('sorted(x)');
    throw e;
  }
  return keyed.map((k) => k.value);
}

/** The smallest (or largest) of `items`; the first of those that are equal. */
export function extreme(items: readonly Value[], key: Value, largest: boolean, runtime: Runtime): Value {
  let best: Value | undefined;
  let bestKey: Value = null;
  try {
    for (const item of items) {
      const itemKey = key === null ? item : runtime.call(key, [item]);
      if (best === undefined || (largest ? less(bestKey, itemKey, runtime) : less(itemKey, bestKey, runtime))) {
        best = item;
        bestKey = itemKey;
      }
    }
  } catch (e) {
    if (e instanceof UnknownOrder) return e.unknown;
    throw e;
  }
  return best ?? null;
}
