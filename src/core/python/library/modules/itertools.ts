import { bounded } from '../../values/bounds.js';
import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import { Iterator, StaticMethod, Tuple, Unknown, type NativeFunction, type Value } from '../../values/index.js';
import { builtinClass } from '../support/classes.js';
import { collect, iteratorOf } from '../support/collect.js';
import { moduleOf } from '../support/modules.js';
import { toIndex } from '../support/numbers.js';
import { constructor, objectClass } from '../types/object.js';

const items = (value: Value): readonly Value[] => (value instanceof Tuple ? value.items : []);

/** A function whose result is lazily made by a generator. */
function lazy<S extends string>(
  name: string,
  signature: S,
  body: (args: Parameters<Parameters<typeof native<S>>[2]>[0], runtime: Runtime) => Iterable<Value>,
): NativeFunction {
  return native(name, signature, (args, runtime) => iteratorOf(body(args, runtime), name));
}

function* counted(start: Value, step: Value, runtime: Runtime): Generator<Value> {
  for (let n = start; ; n = runtime.binary('+', n, step)) {
    runtime.spend(1);
    yield n;
  }
}

function* cycled(iterable: Value, runtime: Runtime): Generator<Value> {
  const all = collect(iterable, runtime);
  while (all.length > 0) {
    runtime.spend(all.length);
    yield* all;
  }
}

function* chained(iterables: Iterable<Value>, runtime: Runtime): Generator<Value> {
  for (const iterable of iterables) yield* runtime.iterate(iterable);
}

function* accumulated(iterable: Value, f: Value, initial: Value, runtime: Runtime): Generator<Value> {
  let total: Value | undefined = initial ?? undefined;
  if (total !== undefined) yield total;
  for (const v of runtime.iterate(iterable)) {
    if (total === undefined) total = v;
    else total = f === null ? runtime.binary('+', total, v) : runtime.call(f, [total, v]);
    yield total;
  }
}

/** Bounds of `islice`; Unknown bounds stop it before the first item. */
function* sliced(iterable: Value, args: readonly Value[], runtime: Runtime): Generator<Value> {
  const [a = null, b, c = null] = args;
  const [from, to] = b === undefined ? [null, a] : [a, b];
  const [start, stop, step] = [from ?? 0, to ?? Number.MAX_SAFE_INTEGER, c ?? 1].map((v) => toIndex(v, runtime));
  if (typeof start !== 'number' || typeof stop !== 'number' || typeof step !== 'number') return;
  let i = 0;
  if (stop <= start) return;
  for (const v of runtime.iterate(iterable)) {
    if (i >= start && (i - start) % step === 0) yield v;
    if (++i >= stop) return;
  }
}

/** Every choice of one item from each pool, the last one changing fastest. */
export function* products(pools: readonly Value[][], runtime: Runtime): Generator<Value[]> {
  const [first, ...rest] = pools;
  if (!first) {
    yield [];
    return;
  }
  for (const v of first) {
    for (const tail of products(rest, runtime)) {
      runtime.spend(1);
      yield [v, ...tail];
    }
  }
}

/** Choices of `count` positions out of `n`, in the order of `itertools`. */
function* choices(
  n: number,
  count: number,
  kind: 'permutations' | 'combinations' | 'repeated',
  runtime: Runtime,
  prefix: number[] = [],
): Generator<number[]> {
  if (prefix.length === count) {
    yield prefix;
    return;
  }
  const last = prefix.at(-1);
  const start = kind === 'permutations' || last === undefined ? 0 : kind === 'repeated' ? last : last + 1;
  for (let i = start; i < n; i++) {
    runtime.spend(1);
    if (kind !== 'permutations' || !prefix.includes(i)) yield* choices(n, count, kind, runtime, [...prefix, i]);
  }
}

function choosing(name: string, kind: Parameters<typeof choices>[2]): NativeFunction {
  return lazy(name, 'iterable, r=None', function* ({ iterable, r }, runtime) {
    const pool = collect(iterable, runtime);
    const count = r === null ? pool.length : toIndex(r, runtime);
    if (count instanceof Unknown) return;
    for (const indices of choices(pool.length, count, kind, runtime))
      yield new Tuple(indices.map((i) => pool[i] ?? null));
  });
}

function* grouped(iterable: Value, key: Value, runtime: Runtime): Generator<Value> {
  let current: { key: Value; members: Value[] } | undefined;
  const finished = (group: { key: Value; members: Value[] }) =>
    new Tuple([group.key, iteratorOf(group.members, 'itertools._grouper')]);
  for (const v of runtime.iterate(iterable)) {
    const k = key === null ? v : runtime.call(key, [v]);
    if (current && runtime.equals(current.key, k) === true) current.members.push(v);
    else {
      if (current) yield finished(current);
      current = { key: k, members: [v] };
    }
  }
  if (current) yield finished(current);
}

const chainClass = builtinClass('chain', [objectClass], 'itertools', [
  constructor('cls, *iterables', ({ iterables }, runtime) => iteratorOf(chained(items(iterables), runtime), 'chain')),
]);
chainClass.names.set(
  'from_iterable',
  new StaticMethod(
    native('from_iterable', 'iterables', ({ iterables }, runtime) =>
      iteratorOf(chained(runtime.iterate(iterables), runtime), 'chain'),
    ),
  ),
);

const FUNCTIONS: readonly NativeFunction[] = [
  lazy('count', 'start=0, step=1', ({ start, step }, runtime) => counted(start, step, runtime)),
  lazy('cycle', 'iterable', ({ iterable }, runtime) => cycled(iterable, runtime)),
  lazy('repeat', 'object, times=None', function* ({ object, times }, runtime) {
    const n = times === null ? Infinity : toIndex(times, runtime);
    if (n instanceof Unknown) return;
    for (let i = 0; i < n; i++) {
      runtime.spend(1);
      yield object;
    }
  }),
  lazy('accumulate', 'iterable, func=None, *, initial=None', ({ iterable, func, initial }, runtime) =>
    accumulated(iterable, func, initial, runtime),
  ),
  lazy('compress', 'data, selectors', function* ({ data, selectors }, runtime) {
    const wanted = runtime.iterate(selectors)[Symbol.iterator]();
    for (const v of runtime.iterate(data)) {
      const step = wanted.next();
      if (step.done) return;
      if (runtime.isTrue(step.value, true)) yield v;
    }
  }),
  lazy('dropwhile', 'predicate, iterable', function* ({ predicate, iterable }, runtime) {
    let dropping = true;
    for (const v of runtime.iterate(iterable)) {
      dropping = dropping && runtime.isTrue(runtime.call(predicate, [v]));
      if (!dropping) yield v;
    }
  }),
  lazy('takewhile', 'predicate, iterable', function* ({ predicate, iterable }, runtime) {
    for (const v of runtime.iterate(iterable)) {
      if (!runtime.isTrue(runtime.call(predicate, [v]))) return;
      yield v;
    }
  }),
  lazy('filterfalse', 'predicate, iterable', function* ({ predicate, iterable }, runtime) {
    for (const v of runtime.iterate(iterable)) {
      if (!runtime.isTrue(predicate === null ? v : runtime.call(predicate, [v]))) yield v;
    }
  }),
  lazy('starmap', 'function, iterable', function* ({ function: f, iterable }, runtime) {
    for (const args of runtime.iterate(iterable)) yield runtime.call(f, runtime.toArray(args));
  }),
  lazy('islice', 'iterable, *args', ({ iterable, args }, runtime) => sliced(iterable, items(args), runtime)),
  lazy('pairwise', 'iterable', function* ({ iterable }, runtime) {
    let before: Value | undefined;
    for (const v of runtime.iterate(iterable)) {
      if (before !== undefined) yield new Tuple([before, v]);
      before = v;
    }
  }),
  lazy('batched', 'iterable, n', function* ({ iterable, n }, runtime) {
    const all = collect(iterable, runtime);
    const size = toIndex(n, runtime);
    if (size instanceof Unknown || size < 1) return;
    for (let i = 0; i < all.length; i += size) yield new Tuple(all.slice(i, i + size));
  }),
  lazy('zip_longest', '*iterables, fillvalue=None', function* ({ iterables, fillvalue }, runtime) {
    const columns = items(iterables).map((it) => collect(it, runtime));
    const length = Math.max(0, ...columns.map((c) => c.length));
    for (let i = 0; i < length; i++) yield new Tuple(columns.map((c) => c[i] ?? (i < c.length ? null : fillvalue)));
  }),
  lazy('product', '*iterables, repeat=1', function* ({ iterables, repeat }, runtime) {
    const n = toIndex(repeat, runtime);
    if (n instanceof Unknown) return;
    const pools = items(iterables).map((it) => collect(it, runtime));
    for (const row of products(Array.from({ length: bounded(n, 1000) }, () => pools).flat(), runtime))
      yield new Tuple(row);
  }),
  choosing('permutations', 'permutations'),
  choosing('combinations', 'combinations'),
  choosing('combinations_with_replacement', 'repeated'),
  lazy('groupby', 'iterable, key=None', ({ iterable, key }, runtime) => grouped(iterable, key, runtime)),
  native('tee', 'iterable, n=2', ({ iterable, n }, runtime) => {
    const count = toIndex(n, runtime);
    if (count instanceof Unknown) return count;
    const source = runtime.iterator(iterable);
    const seen: Value[] = [];
    const copies = Array.from({ length: bounded(count, 10_000) }, () => {
      let i = 0;
      return new Iterator(() => {
        if (i >= seen.length) {
          const v = source.next();
          if (v === undefined) return undefined;
          seen.push(v);
        }
        return seen[i++];
      }, 'itertools._tee');
    });
    return new Tuple(copies);
  }),
];

export const itertools = moduleOf('itertools', () => [FUNCTIONS, { chain: chainClass }]);
