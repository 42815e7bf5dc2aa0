import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import {
  ClassMethod,
  Dict,
  Instance,
  Tuple,
  Unknown,
  View,
  type ClassValue,
  type NativeFunction,
  type Value,
} from '../../values/index.js';
import { reprOf, strOf } from '../format/repr.js';
import { builtinClass } from '../support/classes.js';
import { collect, iteratorOf } from '../support/collect.js';
import { comparisonMethods } from '../support/operators.js';
import { dictOf } from '../support/receivers.js';
import { callSymbol } from '../support/unknowns.js';
import { asClass, constructor, newInstance, objectClass } from './object.js';

/** Key and value pairs of anything that `dict(x)` and `d.update(x)` take; `undefined` when they can't be known. */
export function pairsOf(source: Value, runtime: Runtime): readonly (readonly [Value, Value])[] | undefined {
  if (source === null) return [];
  if (source instanceof Unknown) return undefined;
  if (source instanceof Dict) return source.pairs();
  if (source instanceof Instance && source.payload instanceof Dict) return source.payload.pairs();
  const keys = runtime.findAttr(source, 'keys');
  if (keys !== undefined) {
    return collect(runtime.call(keys, []), runtime).map((k) => [k, runtime.getItem(source, k)] as const);
  }
  return collect(source, runtime).map((item) => {
    const pair = item instanceof Unknown ? [item, item] : collect(item, runtime);
    const [k, v] = pair;
    if (k === undefined || v === undefined || pair.length !== 2) {
      runtime.raise('ValueError', `dictionary update sequence element has length ${pair.length}; 2 is required`);
    }
    return [k, v] as const;
  });
}

/** Keys that have no hash. */
export function checkKey(key: Value, runtime: Runtime): void {
  const name = key === null || typeof key !== 'object' ? '' : key.typeName;
  if (name === 'list' || name === 'dict' || name === 'set') runtime.raise('TypeError', `unhashable type: '${name}'`);
}

function update(dict: Dict, source: Value, named: Value, runtime: Runtime): void {
  const pairs = pairsOf(source, runtime);
  if (!pairs && source instanceof Unknown) runtime.note(`what is added to this dict is not known: ${source.reason}`);
  for (const [k, v] of pairs ?? []) {
    checkKey(k, runtime);
    dict.set(k, v);
  }
  if (named instanceof Dict) for (const [k, v] of named.pairs()) dict.set(k, v);
}

/** `d[key]`: the entry, `__missing__` of a subclass, or the factory of a defaultdict. */
function lookUp(self: Value, key: Value, runtime: Runtime): Value {
  const dict = dictOf(self, runtime);
  const found = dict.get(key);
  if (found !== undefined) return found;
  if (key instanceof Unknown) return key.as(`…[${key.symbol}]`);
  if (self instanceof Instance) {
    const missing = self.cls.find('__missing__');
    if (missing !== undefined) return runtime.call(missing, [self, key]);
  }
  if (dict.factory === null) return runtime.raise('KeyError', strOf(key, runtime));
  const value = runtime.call(dict.factory, []);
  dict.set(key, value);
  return value;
}

const READING: readonly NativeFunction[] = [
  native('get', 'self, key, default=None', ({ self, key, default: standard }, runtime) => {
    const found = dictOf(self, runtime).get(key);
    if (found !== undefined) return found;
    return key instanceof Unknown ? key.as(`get(${key.symbol})`) : standard;
  }),
  native('keys', 'self', ({ self }, runtime) => {
    const dict = dictOf(self, runtime);
    return new View('dict_keys', () => dict.keys(), dict);
  }),
  native('values', 'self', ({ self }, runtime) => {
    const dict = dictOf(self, runtime);
    return new View('dict_values', () => dict.values(), dict);
  }),
  native('items', 'self', ({ self }, runtime) => {
    const dict = dictOf(self, runtime);
    return new View('dict_items', () => dict.pairs().map((pair) => new Tuple(pair)), dict);
  }),
  native('copy', 'self', ({ self }, runtime) => copyOf(dictOf(self, runtime))),
  native('__len__', 'self', ({ self }, runtime) => dictOf(self, runtime).size),
  native('__iter__', 'self', ({ self }, runtime) => iteratorOf(dictOf(self, runtime).keys(), 'dict_keyiterator')),
  native('__reversed__', 'self', ({ self }, runtime) =>
    iteratorOf(dictOf(self, runtime).keys().reverse(), 'dict_reversekeyiterator'),
  ),
  native('__contains__', 'self, key', ({ self, key }, runtime) =>
    key instanceof Unknown ? key.as(`${key.symbol} in …`) : dictOf(self, runtime).has(key),
  ),
  native('__getitem__', 'self, key', ({ self, key }, runtime) => lookUp(self, key, runtime)),
  native('__repr__', 'self', ({ self }, runtime) => reprOf(dictOf(self, runtime), runtime)),
  native('__or__', 'self, other', ({ self, other }, runtime) => {
    const result = copyOf(dictOf(self, runtime));
    update(result, other, null, runtime);
    return result;
  }),
  ...comparisonMethods(['eq', 'ne']),
];

export function copyOf(dict: Dict): Dict {
  const copy = Dict.from(dict.pairs(), dict.typeName);
  copy.factory = dict.factory;
  return copy;
}

const CHANGES: readonly NativeFunction[] = [
  native('update', 'self, other=None, /, **named', ({ self, other, named }, runtime) => {
    update(dictOf(self, runtime), other, named, runtime);
    return null;
  }),
  native('setdefault', 'self, key, default=None', ({ self, key, default: standard }, runtime) => {
    const dict = dictOf(self, runtime);
    const found = dict.get(key);
    if (found !== undefined) return found;
    checkKey(key, runtime);
    dict.set(key, standard);
    return standard;
  }),
  native('pop', 'self, key, *default', ({ self, key, default: standard }, runtime) => {
    const dict = dictOf(self, runtime);
    const found = dict.get(key);
    if (found !== undefined) {
      dict.delete(key);
      return found;
    }
    if (key instanceof Unknown) return key.as(`pop(${key.symbol})`);
    const [given] = standard instanceof Tuple ? standard.items : [];
    return given ?? (given === null ? null : runtime.raise('KeyError', strOf(key, runtime)));
  }),
  native('popitem', 'self, last=True', ({ self, last }, runtime) => {
    const dict = dictOf(self, runtime);
    const pair = dict.pairs().at(last === false ? 0 : -1);
    if (!pair) return runtime.raise('KeyError', 'popitem(): dictionary is empty');
    dict.delete(pair[0]);
    return new Tuple(pair);
  }),
  native('clear', 'self', ({ self }, runtime) => {
    dictOf(self, runtime).clear();
    return null;
  }),
  native('__setitem__', 'self, key, value', ({ self, key, value }, runtime) => {
    checkKey(key, runtime);
    dictOf(self, runtime).set(key, value);
    return null;
  }),
  native('__delitem__', 'self, key', ({ self, key }, runtime) => {
    if (!dictOf(self, runtime).delete(key) && !(key instanceof Unknown)) runtime.raise('KeyError', strOf(key, runtime));
    return null;
  }),
  native('__ior__', 'self, other', ({ self, other }, runtime) => {
    update(dictOf(self, runtime), other, null, runtime);
    return self;
  }),
];

/** `__new__` and `__init__` of a dict type. A plain call fills at once; a subclass is filled by its `__init__`. */
export function dictConstruction(typeName: string, self: () => ClassValue, withFactory: boolean): NativeFunction[] {
  const source = (args: Value): Value => (args instanceof Tuple ? (args.items[withFactory ? 1 : 0] ?? null) : null);
  const factory = (args: Value): Value => (withFactory && args instanceof Tuple ? (args.items[0] ?? null) : null);
  return [
    constructor('cls, /, *args, **named', ({ cls, args, named }, runtime) => {
      const target = asClass(cls, runtime);
      const dict = new Dict(typeName);
      if (target !== self()) return newInstance(target, runtime, dict);
      const from = source(args);
      if (from instanceof Unknown) return callSymbol(from, typeName, [from]);
      dict.factory = factory(args);
      update(dict, from, named, runtime);
      return dict;
    }),
    native('__init__', 'self, /, *args, **named', ({ self: receiver, args, named }, runtime) => {
      const dict = dictOf(receiver, runtime);
      dict.factory = factory(args);
      update(dict, source(args), named, runtime);
      return null;
    }),
  ];
}

export const dictClass: ClassValue = builtinClass(
  'dict',
  [objectClass],
  'builtins',
  READING,
  CHANGES,
  dictConstruction('dict', () => dictClass, false),
);
dictClass.names.set(
  'fromkeys',
  new ClassMethod(
    native('fromkeys', 'cls, keys, value=None', ({ cls, keys, value }, runtime) => {
      const target = runtime.call(cls, []);
      for (const key of runtime.iterate(keys)) runtime.setItem(target, key, value);
      return target;
    }),
  ),
);

export const orderedDictClass: ClassValue = builtinClass(
  'OrderedDict',
  [dictClass],
  'collections',
  dictConstruction('OrderedDict', () => orderedDictClass, false),
  [
    native('move_to_end', 'self, key, last=True', ({ self, key, last }, runtime) => {
      const dict = dictOf(self, runtime);
      const value = dict.get(key);
      if (value === undefined) return runtime.raise('KeyError', strOf(key, runtime));
      dict.delete(key);
      if (last !== false) dict.set(key, value);
      else {
        const rest = dict.pairs();
        dict.clear();
        for (const [k, v] of [[key, value] as const, ...rest]) dict.set(k, v);
      }
      return null;
    }),
  ],
);

export const defaultDictClass: ClassValue = builtinClass(
  'defaultdict',
  [dictClass],
  'collections',
  dictConstruction('defaultdict', () => defaultDictClass, true),
);
