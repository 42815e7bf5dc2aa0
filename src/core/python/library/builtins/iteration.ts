import { native } from '../../values/native.js';
import { PyException, type Runtime } from '../../values/runtime.js';
import {
  Dict,
  Instance,
  Iterator,
  List,
  NativeObject,
  Range,
  Tuple,
  Unknown,
  unknownRest,
  unknownRestOf,
  View,
  type NativeFunction,
  type Value,
} from '../../values/index.js';
import { collect, iteratorOf } from '../support/collect.js';
import { toIndex } from '../support/numbers.js';
import { sortValues } from '../support/sorting.js';
import { callSymbol } from '../support/unknowns.js';

function* enumerated(iterable: Value, start: number, runtime: Runtime): Generator<Value> {
  let i = start;
  for (const item of runtime.iterate(iterable)) yield new Tuple([i++, item]);
}

function* mapped(f: Value, iterables: readonly Value[], runtime: Runtime): Generator<Value> {
  for (const row of rows(iterables, false, runtime)) yield runtime.call(f, row);
}

function* filtered(f: Value, iterable: Value, runtime: Runtime): Generator<Value> {
  for (const item of runtime.iterate(iterable)) {
    // What can't be told is kept, as an unknown condition keeps the side that builds.
    if (runtime.isTrue(f === null ? item : runtime.call(f, [item]), true)) yield item;
  }
}

/** Items side by side, until the shortest ends. */
function* rows(iterables: readonly Value[], strict: boolean, runtime: Runtime): Generator<Value[]> {
  const iterators = iterables.map((it) => runtime.iterate(it)[Symbol.iterator]());
  if (iterators.length === 0) return;
  for (;;) {
    const row: Value[] = [];
    for (const [i, iterator] of iterators.entries()) {
      const step = iterator.next();
      if (step.done) {
        if (strict && (i > 0 || iterators.slice(1).some((other) => !other.next().done))) {
          runtime.raise('ValueError', `zip() arguments have different lengths`);
        }
        return;
      }
      row.push(step.value);
    }
    yield row;
  }
}

/** `reversed(x)`; `undefined` when it can't be reversed. */
function reversedItems(value: Value, runtime: Runtime): Value | undefined {
  if (value instanceof Instance || value instanceof NativeObject) {
    const method = runtime.findAttr(value, '__reversed__');
    if (method !== undefined) return runtime.call(method, []);
    const length = runtime.length(value);
    if (typeof length !== 'number') return length;
    return iteratorOf(
      (function* () {
        for (let i = length - 1; i >= 0; i--) yield runtime.getItem(value, i);
      })(),
      'reversed',
    );
  }
  const isSequence =
    value instanceof List || value instanceof Tuple || value instanceof Range || typeof value === 'string';
  if (!isSequence && !(value instanceof Dict) && !(value instanceof View)) return undefined;
  return iteratorOf(collect(value, runtime).reverse(), 'reversed', unknownRest(value));
}

function quantifier(name: 'any' | 'all', decisive: boolean): NativeFunction {
  return native(name, 'iterable', ({ iterable }, runtime) => {
    if (iterable instanceof Unknown) return callSymbol(iterable, name, [iterable]);
    let unknown: Unknown | undefined;
    for (const item of runtime.iterate(iterable)) {
      runtime.spend(1);
      const truth = runtime.truth(item);
      if (truth instanceof Unknown) unknown ??= truth;
      else if (truth === decisive) return decisive;
    }
    return unknown ? callSymbol(unknown, name, [unknown]) : !decisive;
  });
}

/** `next(iterator)`; `undefined` at its end. */
function advance(value: Value, runtime: Runtime): Value | undefined {
  if (value instanceof Iterator) return value.next();
  try {
    return runtime.callMethod(value, '__next__');
  } catch (e) {
    if (e instanceof PyException && e.className === 'StopIteration') return undefined;
    throw e;
  }
}

export const iterationBuiltins: readonly NativeFunction[] = [
  native('len', 'obj', ({ obj }, runtime) => {
    if (obj instanceof Unknown) return callSymbol(obj, 'len', [obj]);
    return runtime.length(obj);
  }),
  native('enumerate', 'iterable, start=0', ({ iterable, start }, runtime) => {
    const first = toIndex(start, runtime);
    return first instanceof Unknown
      ? callSymbol(first, 'enumerate', [iterable])
      : iteratorOf(enumerated(iterable, first, runtime), 'enumerate', unknownRest(iterable));
  }),
  native('zip', '*iterables, strict=False', ({ iterables, strict }, runtime) => {
    const given = iterables instanceof Tuple ? iterables.items : [];
    const zipped = function* (): Generator<Value> {
      for (const row of rows(given, strict === true, runtime)) yield new Tuple(row);
    };
    return iteratorOf(zipped(), 'zip', unknownRestOf(given));
  }),
  native('map', 'function, *iterables', ({ function: f, iterables }, runtime) => {
    const given = iterables instanceof Tuple ? iterables.items : [];
    return iteratorOf(mapped(f, given, runtime), 'map', unknownRestOf(given));
  }),
  native('filter', 'function, iterable', ({ function: f, iterable }, runtime) =>
    iteratorOf(filtered(f, iterable, runtime), 'filter', unknownRest(iterable)),
  ),
  native('reversed', 'sequence', ({ sequence }, runtime) => {
    if (sequence instanceof Unknown) return callSymbol(sequence, 'reversed', [sequence]);
    return (
      reversedItems(sequence, runtime) ??
      runtime.raise('TypeError', `'${runtime.classOf(sequence).name}' object is not reversible`)
    );
  }),
  native('sorted', 'iterable, /, *, key=None, reverse=False', ({ iterable, key, reverse }, runtime) => {
    if (iterable instanceof Unknown) return callSymbol(iterable, 'sorted', [iterable]);
    const sorted = sortValues(collect(iterable, runtime), key, runtime.isTrue(reverse), runtime);
    if (sorted instanceof Unknown) return sorted;
    const list = new List(sorted);
    list.rest = unknownRest(iterable);
    return list;
  }),
  quantifier('any', true),
  quantifier('all', false),
  native('iter', 'object, *sentinel', ({ object, sentinel }, runtime) => {
    if (object instanceof Unknown) return callSymbol(object, 'iter', [object]);
    const [end] = sentinel instanceof Tuple ? sentinel.items : [];
    if (end === undefined) return object instanceof Iterator ? object : runtime.iterator(object);
    return new Iterator(() => {
      runtime.spend(1);
      const value = runtime.call(object, []);
      return runtime.equals(value, end) === false ? value : undefined;
    }, 'callable_iterator');
  }),
  native('next', 'iterator, *default', ({ iterator, default: standard }, runtime) => {
    if (iterator instanceof Unknown) return callSymbol(iterator, 'next', [iterator]);
    const value = advance(iterator, runtime);
    if (value !== undefined) return value;
    const [given] = standard instanceof Tuple ? standard.items : [];
    return given === undefined ? runtime.raise('StopIteration', '') : given;
  }),
];
