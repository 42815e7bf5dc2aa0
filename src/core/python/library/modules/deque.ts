import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import { Instance, List, Unknown, type ClassValue, type Value } from '../../values/index.js';
import { builtinClass } from '../support/classes.js';
import { collect } from '../support/collect.js';
import { toIndex } from '../support/numbers.js';
import { listOf } from '../support/receivers.js';
import { listClass } from '../types/list.js';
import { asClass, constructor, newInstance, objectClass } from '../types/object.js';

function limitOf(self: Value): number {
  const limit = self instanceof Instance ? self.names.get('maxlen') : undefined;
  return typeof limit === 'number' ? limit : Infinity;
}

/** Drops what is too much at the end that wasn't added to. */
function trim(self: Value, end: 'left' | 'right', runtime: Runtime): null {
  const items = listOf(self, runtime).change();
  while (items.length > limitOf(self)) {
    if (end === 'left') items.shift();
    else items.pop();
  }
  return null;
}

/** Methods that a deque shares with a list. */
const SHARED = [
  'count',
  'index',
  'remove',
  'reverse',
  'clear',
  'insert',
  '__len__',
  '__iter__',
  '__reversed__',
  '__getitem__',
  '__setitem__',
  '__delitem__',
  '__contains__',
];

/** Not by spreading into push: many items would overflow the stack. */
function append(self: Value, iterable: Value, runtime: Runtime): void {
  const more = collect(iterable, runtime);
  const items = listOf(self, runtime).change();
  for (const v of more) items.push(v);
}

export const dequeClass: ClassValue = builtinClass(
  'deque',
  [objectClass],
  'collections',
  Object.fromEntries(SHARED.map((name) => [name, listClass.names.get(name) ?? null])),
  [
    constructor('cls, *args, **kwargs', ({ cls }, runtime) =>
      newInstance(asClass(cls, runtime), runtime, new List([])),
    ),
    native('__init__', 'self, iterable=(), maxlen=None', ({ self, iterable, maxlen }, runtime) => {
      if (!(self instanceof Instance)) return null;
      self.names.set('maxlen', maxlen);
      append(self, iterable, runtime);
      return trim(self, 'left', runtime);
    }),
    native('append', 'self, x', ({ self, x }, runtime) => {
      listOf(self, runtime).change().push(x);
      return trim(self, 'left', runtime);
    }),
    native('appendleft', 'self, x', ({ self, x }, runtime) => {
      listOf(self, runtime).change().unshift(x);
      return trim(self, 'right', runtime);
    }),
    native('extend', 'self, iterable', ({ self, iterable }, runtime) => {
      append(self, iterable, runtime);
      return trim(self, 'left', runtime);
    }),
    native('extendleft', 'self, iterable', ({ self, iterable }, runtime) => {
      listOf(self, runtime)
        .change()
        .unshift(...collect(iterable, runtime).reverse());
      return trim(self, 'right', runtime);
    }),
    native('pop', 'self', ({ self }, runtime) => {
      const value = listOf(self, runtime).change().pop();
      return value === undefined ? runtime.raise('IndexError', 'pop from an empty deque') : value;
    }),
    native('popleft', 'self', ({ self }, runtime) => {
      const value = listOf(self, runtime).change().shift();
      return value === undefined ? runtime.raise('IndexError', 'pop from an empty deque') : value;
    }),
    native('rotate', 'self, n=1', ({ self, n }, runtime) => {
      const by = toIndex(n, runtime);
      const items = listOf(self, runtime).change();
      if (by instanceof Unknown || items.length === 0) return null;
      const at = (((-by % items.length) + items.length) % items.length) | 0;
      items.push(...items.splice(0, at));
      return null;
    }),
    native('copy', 'self', ({ self }, runtime) => {
      const limit = limitOf(self);
      return runtime.call(dequeClass, [
        new List(listOf(self, runtime).items.slice()),
        Number.isFinite(limit) ? limit : null,
      ]);
    }),
    native('__repr__', 'self', ({ self }, runtime) => {
      const limit = limitOf(self);
      return `deque(${runtime.repr(listOf(self, runtime))}${Number.isFinite(limit) ? `, maxlen=${limit}` : ''})`;
    }),
    native('__eq__', 'self, other', ({ self, other }, runtime) =>
      other instanceof Instance && other.cls === dequeClass
        ? runtime.compare('==', listOf(self, runtime), listOf(other, runtime))
        : false,
    ),
  ],
);
