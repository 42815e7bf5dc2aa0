import { bounded } from '../../values/bounds.js';
import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import { Dict, Instance, List, Tuple, Unknown, type ClassValue, type Value } from '../../values/index.js';
import { rest } from '../support/arguments.js';
import { builtinClass } from '../support/classes.js';
import { iteratorOf } from '../support/collect.js';
import { moduleOf, submodules } from '../support/modules.js';
import { realOf, toIndex } from '../support/numbers.js';
import { dictOf } from '../support/receivers.js';
import { registerDictClass } from '../types/attributes.js';
import { defaultDictClass, dictClass, orderedDictClass } from '../types/dict.js';
import { listClass } from '../types/list.js';
import { strClass } from '../types/str.js';
import { asClass, constructor, newInstance, objectClass } from '../types/object.js';
import { dequeClass } from './deque.js';
import { namedTuple } from './namedtuple.js';

/** Adds (or takes away) counts of the items of an iterable or of a mapping of counts. */
function count(counter: Dict, source: Value, named: Value, sign: 1 | -1, runtime: Runtime): void {
  const add = (key: Value, n: Value): void => {
    const before = counter.get(key) ?? 0;
    counter.set(key, runtime.binary(sign > 0 ? '+' : '-', before, n));
  };
  const mapping = source instanceof Instance ? source.payload : source;
  if (mapping instanceof Dict) for (const [k, v] of mapping.pairs()) add(k, v);
  else if (source !== null) for (const item of runtime.iterate(source)) add(item, 1);
  if (named instanceof Dict) for (const [k, v] of named.pairs()) add(k, v);
}

/** Keys and counts, the most frequent first. */
function ranked(counter: Dict): [Value, Value][] {
  return counter.pairs().sort((a, b) => (realOf(b[1]) ?? 0) - (realOf(a[1]) ?? 0));
}

const counterClass: ClassValue = builtinClass('Counter', [dictClass], 'collections', [
  constructor('cls, /, *args, **named', ({ cls, args, named }, runtime) => {
    const target = asClass(cls, runtime);
    const dict = new Dict('Counter');
    if (target !== counterClass) return newInstance(target, runtime, dict);
    count(dict, rest(args)[0] ?? null, named, 1, runtime);
    return dict;
  }),
  native('__init__', 'self, source=None, /, **named', ({ self, source, named }, runtime) => {
    count(dictOf(self, runtime), source, named, 1, runtime);
    return null;
  }),
  native('__missing__', 'self, key', () => 0),
  native('update', 'self, source=None, /, **named', ({ self, source, named }, runtime) => {
    count(dictOf(self, runtime), source, named, 1, runtime);
    return null;
  }),
  native('subtract', 'self, source=None, /, **named', ({ self, source, named }, runtime) => {
    count(dictOf(self, runtime), source, named, -1, runtime);
    return null;
  }),
  native('most_common', 'self, n=None', ({ self, n }, runtime) => {
    const limit = n === null ? Infinity : toIndex(n, runtime);
    if (limit instanceof Unknown) return limit;
    return new List(
      ranked(dictOf(self, runtime))
        .slice(0, limit)
        .map((pair) => new Tuple(pair)),
    );
  }),
  native('elements', 'self', ({ self }, runtime) => {
    const counter = dictOf(self, runtime);
    return iteratorOf(
      counter.pairs().flatMap(([k, n]) => Array.from({ length: bounded(Math.max(0, realOf(n) ?? 0)) }, () => k)),
    );
  }),
  native('total', 'self', ({ self }, runtime) =>
    dictOf(self, runtime)
      .values()
      .reduce((total, n) => runtime.binary('+', total, n), 0),
  ),
]);
registerDictClass('Counter', counterClass);

function mapsOf(self: Value): readonly Value[] {
  const maps = self instanceof Instance ? self.names.get('maps') : undefined;
  return maps instanceof List ? maps.items : [];
}

/** Keys of all maps, those of the last one first. */
function chainKeys(self: Value, runtime: Runtime): Value[] {
  const keys = new Dict();
  for (const map of [...mapsOf(self)].reverse()) for (const k of runtime.iterate(map)) keys.set(k, null);
  return keys.keys();
}

const chainMapClass: ClassValue = builtinClass('ChainMap', [objectClass], 'collections', [
  native('__init__', 'self, *maps', ({ self, maps }) => {
    if (self instanceof Instance)
      self.names.set('maps', new List(rest(maps).length === 0 ? [new Dict()] : [...rest(maps)]));
    return null;
  }),
  native('__getitem__', 'self, key', ({ self, key }, runtime) => {
    const map = mapsOf(self).find((m) => runtime.compare('in', key, m) === true);
    return map === undefined ? runtime.raise('KeyError', runtime.str(key)) : runtime.getItem(map, key);
  }),
  native('__setitem__', 'self, key, value', ({ self, key, value }, runtime) => {
    runtime.setItem(mapsOf(self)[0] ?? null, key, value);
    return null;
  }),
  native('__contains__', 'self, key', ({ self, key }, runtime) =>
    mapsOf(self).some((m) => runtime.compare('in', key, m) === true),
  ),
  native('__iter__', 'self', ({ self }, runtime) => iteratorOf(chainKeys(self, runtime))),
  native('__len__', 'self', ({ self }, runtime) => chainKeys(self, runtime).length),
  native('get', 'self, key, default=None', ({ self, key, default: standard }, runtime) => {
    const map = mapsOf(self).find((m) => runtime.compare('in', key, m) === true);
    return map === undefined ? standard : runtime.getItem(map, key);
  }),
  native('keys', 'self', ({ self }, runtime) => new List(chainKeys(self, runtime))),
  native(
    'values',
    'self',
    ({ self }, runtime) => new List(chainKeys(self, runtime).map((k) => runtime.getItem(self, k))),
  ),
  native(
    'items',
    'self',
    ({ self }, runtime) => new List(chainKeys(self, runtime).map((k) => new Tuple([k, runtime.getItem(self, k)]))),
  ),
  native('new_child', 'self, m=None', ({ self, m }, runtime) =>
    runtime.call(chainMapClass, [m ?? new Dict(), ...mapsOf(self)]),
  ),
]);

export const collections = moduleOf(
  'collections',
  () => [
    {
      OrderedDict: orderedDictClass,
      defaultdict: defaultDictClass,
      Counter: counterClass,
      deque: dequeClass,
      ChainMap: chainMapClass,
      namedtuple: namedTuple,
      // What sets these apart from the built-in types doesn't show in a model.
      UserDict: dictClass,
      UserList: listClass,
      UserString: strClass,
    },
  ],
  submodules('collections', ['abc'], (name, runtime) => {
    // Before Python 3.10 the abstract classes stood here too.
    const abc = runtime.importModule('collections.abc');
    return /^[A-Z]/.test(name) ? runtime.findAttr(abc, name) : undefined;
  }),
);
