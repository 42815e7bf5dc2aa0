import { native } from '../../values/native.js';
import {
  Iterator,
  Property,
  Range,
  Slice,
  Tuple,
  Unknown,
  View,
  type ClassValue,
  type Value,
} from '../../values/index.js';
import { reprOf } from '../format/repr.js';
import { builtinClass } from '../support/classes.js';
import { iteratorOf } from '../support/collect.js';
import { toIndex } from '../support/numbers.js';
import { sliceBounds } from '../support/sequences.js';
import { callSymbol, firstUnknown } from '../support/unknowns.js';
import { constructor, objectClass } from './object.js';

function reader(name: string, read: (self: Value) => Value | undefined): readonly [string, Value] {
  return [name, new Property(native(name, 'self', ({ self }) => read(self) ?? null))];
}

export const rangeClass: ClassValue = builtinClass(
  'range',
  [objectClass],
  'builtins',
  [
    constructor('cls, *args', ({ args }, runtime) => {
      const given = args instanceof Tuple ? args.items : [];
      const numbers: number[] = [];
      for (const value of given) {
        const n = toIndex(value, runtime);
        if (n instanceof Unknown) return callSymbol(n, 'range', given);
        numbers.push(n);
      }
      const [a, b, step = 1] = numbers;
      if (a === undefined) return runtime.raise('TypeError', 'range expected at least 1 argument, got 0');
      if (step === 0) runtime.raise('ValueError', 'range() arg 3 must not be zero');
      return b === undefined ? new Range(0, a, 1) : new Range(a, b, step);
    }),
    native('index', 'self, value', ({ self, value }, runtime) => {
      const at = self instanceof Range && typeof value === 'number' ? (value - self.start) / self.step : NaN;
      if (!(self instanceof Range) || !Number.isInteger(at) || at < 0 || at >= self.length) {
        return value instanceof Unknown
          ? value
          : runtime.raise('ValueError', `${reprOf(value, runtime)} is not in range`);
      }
      return at;
    }),
    native('count', 'self, value', ({ self, value }, runtime) => {
      const inside = runtime.compare('in', value, self);
      return inside instanceof Unknown ? inside : Number(inside === true);
    }),
    native('__len__', 'self', ({ self }) => (self instanceof Range ? self.length : 0)),
    native('__iter__', 'self', ({ self }, runtime) => runtime.iterator(self)),
    native('__contains__', 'self, value', ({ self, value }, runtime) => runtime.compare('in', value, self)),
    native('__getitem__', 'self, index', ({ self, index }, runtime) => runtime.getItem(self, index)),
    native('__reversed__', 'self', ({ self }, runtime) =>
      iteratorOf(runtime.toArray(self).reverse(), 'range_iterator'),
    ),
  ],
  Object.fromEntries([
    reader('start', (v) => (v instanceof Range ? v.start : undefined)),
    reader('stop', (v) => (v instanceof Range ? v.stop : undefined)),
    reader('step', (v) => (v instanceof Range ? v.step : undefined)),
  ]),
);

export const sliceClass: ClassValue = builtinClass(
  'slice',
  [objectClass],
  'builtins',
  [
    constructor('cls, *args', ({ args }, runtime) => {
      const [a, b, step] = args instanceof Tuple ? args.items : [];
      if (a === undefined) return runtime.raise('TypeError', 'slice expected at least 1 argument, got 0');
      return b === undefined ? new Slice(null, a, null) : new Slice(a, b, step ?? null);
    }),
    native('indices', 'self, length', ({ self, length }, runtime) => {
      const n = toIndex(length, runtime);
      if (n instanceof Unknown) return n;
      const bounds = sliceBounds(self instanceof Slice ? self : new Slice(null, null, null), n, runtime);
      return bounds instanceof Unknown ? bounds : new Tuple([bounds.start, bounds.stop, bounds.step]);
    }),
  ],
  Object.fromEntries([
    reader('start', (v) => (v instanceof Slice ? v.start : undefined)),
    reader('stop', (v) => (v instanceof Slice ? v.stop : undefined)),
    reader('step', (v) => (v instanceof Slice ? v.step : undefined)),
  ]),
);

/** What every iterator answers; a generator's `send` goes on as `next` does. */
const ITERATING = [
  native('__iter__', 'self', ({ self }) => self),
  native('__next__', 'self', ({ self }, runtime) => {
    const value = self instanceof Iterator ? self.next() : undefined;
    return value === undefined ? runtime.raise('StopIteration', '') : value;
  }),
];

export const generatorClass: ClassValue = builtinClass('generator', [objectClass], 'builtins', ITERATING, [
  native('send', 'self, value', ({ self, value }, runtime) => {
    if (value !== null) runtime.note('the value sent to a generator is not seen by it');
    const next = self instanceof Iterator ? self.next() : undefined;
    return next === undefined ? runtime.raise('StopIteration', '') : next;
  }),
  native('close', 'self', () => null),
  native('throw', 'self, *args', (_args, runtime) =>
    runtime.unknown('an exception thrown into a generator', 'throw()'),
  ),
]);

const iteratorClasses = new Map<string, ClassValue>([['generator', generatorClass]]);

/** The class of an iterator of this type; each kind has one of its own, as in Python. */
export function iteratorClass(typeName: string): ClassValue {
  let cls = iteratorClasses.get(typeName);
  if (!cls) iteratorClasses.set(typeName, (cls = builtinClass(typeName, [objectClass], 'builtins', ITERATING)));
  return cls;
}

const viewItems = (self: Value): Value[] => (self instanceof View ? self.items() : []);

const VIEWING = [
  native('__len__', 'self', ({ self }) => viewItems(self).length),
  native('__iter__', 'self', ({ self }) => iteratorOf(viewItems(self))),
  native('__reversed__', 'self', ({ self }) => iteratorOf(viewItems(self).reverse())),
  native('__contains__', 'self, value', ({ self, value }, runtime) => runtime.compare('in', value, self)),
  native('isdisjoint', 'self, other', ({ self, other }, runtime) => {
    const unknown = firstUnknown([other]);
    if (unknown) return unknown;
    const others = runtime.toArray(other);
    return !viewItems(self).some((v) => others.some((o) => runtime.equals(v, o) === true));
  }),
];

const viewClasses = new Map<string, ClassValue>();

export function viewClass(typeName: string): ClassValue {
  let cls = viewClasses.get(typeName);
  if (!cls) viewClasses.set(typeName, (cls = builtinClass(typeName, [objectClass], 'builtins', VIEWING)));
  return cls;
}
