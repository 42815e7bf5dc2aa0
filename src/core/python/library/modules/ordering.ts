import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import { Float, List, Unknown, type NativeFunction, type Value } from '../../values/index.js';
import { collect, iteratorOf } from '../support/collect.js';
import { moduleOf, notEvaluated } from '../support/modules.js';
import { realOf } from '../support/numbers.js';
import { listOf } from '../support/receivers.js';
import { extreme, sortValues } from '../support/sorting.js';
import { pure } from '../support/unknowns.js';

/** Where `x` goes into sorted items: left or right of those that are equal. */
function insertion(name: string, right: boolean): NativeFunction {
  return native(name, 'a, x, lo=0, hi=None, *, key=None', ({ a, x, key }, runtime) => {
    const items = collect(a, runtime);
    const at = items.findIndex((item) => {
      const k = key === null ? item : runtime.call(key, [item]);
      return right ? runtime.compare('<', x, k) === true : runtime.compare('<', k, x) !== true;
    });
    return at < 0 ? items.length : at;
  });
}

function insort(name: string, find: NativeFunction): NativeFunction {
  return native(name, 'a, x, *rest, **kwargs', ({ a, x }, runtime) => {
    const at = runtime.call(find, [a, x]);
    listOf(a, runtime).change().splice(Number(at), 0, x);
    return null;
  });
}

const bisectRight = insertion('bisect_right', true);
const bisectLeft = insertion('bisect_left', false);
export const bisect = moduleOf('bisect', () => [
  {
    bisect: bisectRight,
    bisect_right: bisectRight,
    bisect_left: bisectLeft,
    insort: insort('insort', bisectRight),
    insort_right: insort('insort_right', bisectRight),
    insort_left: insort('insort_left', bisectLeft),
  },
]);

/** A heap is kept sorted here: a sorted list is a heap. */
function sortInPlace(heap: Value, runtime: Runtime): void {
  const list = listOf(heap, runtime);
  const sorted = sortValues(list.items, null, false, runtime);
  list.change();
  if (!(sorted instanceof Unknown)) list.items = sorted;
}

export const heapq = moduleOf('heapq', () => [
  [
    native('heapify', 'x', ({ x }, runtime) => {
      sortInPlace(x, runtime);
      return null;
    }),
    native('heappush', 'heap, item', ({ heap, item }, runtime) => {
      listOf(heap, runtime).change().push(item);
      sortInPlace(heap, runtime);
      return null;
    }),
    native('heappop', 'heap', ({ heap }, runtime) => {
      sortInPlace(heap, runtime);
      return listOf(heap, runtime).change().shift() ?? runtime.raise('IndexError', 'index out of range');
    }),
    ...(['nlargest', 'nsmallest'] as const).map((name) =>
      native(name, 'n, iterable, key=None', ({ n, iterable, key }, runtime) => {
        const sorted = sortValues(collect(iterable, runtime), key, name === 'nlargest', runtime);
        return sorted instanceof Unknown ? sorted : new List(sorted.slice(0, realOf(n) ?? 0));
      }),
    ),
    native('merge', '*iterables, key=None, reverse=False', ({ iterables, key, reverse }, runtime) => {
      const all = collect(iterables, runtime).flatMap((it) => collect(it, runtime));
      const sorted = sortValues(all, key, reverse === true, runtime);
      return sorted instanceof Unknown ? sorted : iteratorOf(sorted);
    }),
  ],
]);

/** A function of a sample of numbers. */
function statistic(name: string, body: (xs: readonly number[]) => number): NativeFunction {
  return pure(
    name,
    'data, *rest',
    ({ data }, runtime) => {
      const items = collect(data, runtime);
      const unknown = items.find((v) => v instanceof Unknown);
      if (unknown instanceof Unknown) return unknown.as(`${name}()`);
      const result = body(items.map((v) => realOf(v) ?? NaN));
      return items.every((v) => typeof v === 'number') && Number.isInteger(result) ? result : new Float(result);
    },
    'statistics',
  );
}
const mean = (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0) / xs.length;
const variance = (xs: readonly number[], less: number) =>
  xs.reduce((s, x) => s + (x - mean(xs)) ** 2, 0) / (xs.length - less);
const median = (xs: readonly number[]) => {
  const s = [...xs].sort((a, b) => a - b);
  const half = s.length >> 1;
  return s.length % 2 === 1 ? (s[half] ?? NaN) : ((s[half - 1] ?? NaN) + (s[half] ?? NaN)) / 2;
};
export const statistics = moduleOf(
  'statistics',
  () => [
    [
      statistic('mean', mean),
      statistic('fmean', mean),
      statistic('median', median),
      statistic('variance', (xs) => variance(xs, 1)),
      statistic('pvariance', (xs) => variance(xs, 0)),
      statistic('stdev', (xs) => Math.sqrt(variance(xs, 1))),
      statistic('pstdev', (xs) => Math.sqrt(variance(xs, 0))),
      native('mode', 'data', ({ data }, runtime) => {
        const items = collect(data, runtime);
        const counts = items.map((v) => items.filter((w) => runtime.equals(v, w) === true).length);
        return items[counts.indexOf(Math.max(...counts))] ?? extreme(items, null, true, runtime);
      }),
    ],
  ],
  notEvaluated('statistics'),
);
