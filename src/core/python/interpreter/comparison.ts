import {
  BoundMethod,
  Bytes,
  ClassValue,
  Complex,
  Dict,
  hashKey,
  Instance,
  List,
  NativeObject,
  NOT_IMPLEMENTED,
  PySet,
  Range,
  Tuple,
  Unknown,
  View,
  type CompareOp,
  type Value,
} from '../values/index.js';
import type { Interpreter } from './interpreter.js';
import { asNumber } from './numbers.js';
import { payload, symbolOf } from './operators.js';

export function compare(it: Interpreter, op: CompareOp, a: Value, b: Value): Value {
  switch (op) {
    case 'is':
      return identical(it, a, b);
    case 'is not': {
      const same = identical(it, a, b);
      return typeof same === 'boolean' ? !same : same;
    }
    case 'in':
      return contains(it, b, a);
    case 'not in': {
      const inside = contains(it, b, a);
      const truth = it.truth(inside);
      return truth instanceof Unknown ? truth : !truth;
    }
    case '==':
    case '!=':
      return equality(it, op, a, b);
    default:
      return order(it, op, a, b);
  }
}

function identical(it: Interpreter, a: Value, b: Value): Value {
  if (a === b) return true;
  if (a instanceof Unknown || b instanceof Unknown) {
    // An unknown value tested against None: nearly always asked of an optional argument that was given.
    const u = (a instanceof Unknown ? a : b) as Unknown;
    return u.as(`${symbolOf(it, a, 'is')} is ${symbolOf(it, b, 'is')}`);
  }
  if (a instanceof Tuple && b instanceof Tuple) return a.items.length === 0 && b.items.length === 0;
  return false;
}

function equality(it: Interpreter, op: '==' | '!=', a: Value, b: Value): Value {
  for (const [object, other, reflected] of [
    [a, b, false],
    [b, a, true],
  ] as const) {
    if (object instanceof NativeObject) {
      const v = object.binary(op, other, reflected, it);
      if (v !== undefined) return v;
    }
  }
  const eq = it.equals(a, b);
  if (eq === undefined) {
    const u = [a, b].find((v) => v instanceof Unknown);
    const text = `${symbolOf(it, a, op)} ${op} ${symbolOf(it, b, op)}`;
    return u instanceof Unknown ? u.as(text) : it.unknown('the comparison of values that are not known', text);
  }
  return eq === (op === '==');
}

/** `==`, `undefined` where it isn't known. */
export function equals(it: Interpreter, a: Value, b: Value): boolean | undefined {
  if (a === b) return a instanceof Unknown ? undefined : true;
  if (a instanceof Unknown || b instanceof Unknown) return undefined;
  const [x, y] = [asNumber(a), asNumber(b)];
  if (x !== undefined && y !== undefined) return typeof a === 'bigint' && typeof b === 'bigint' ? a === b : x === y;
  if (typeof a === 'string' && typeof b === 'string') return false;
  if ((a instanceof List && b instanceof List) || (a instanceof Tuple && b instanceof Tuple))
    return allEqual(it, a.items, b.items);
  if (a instanceof Dict && b instanceof Dict) {
    if (a.size !== b.size) return false;
    let sure: boolean | undefined = true;
    for (const [k, v] of a.pairs()) {
      const w = b.get(k);
      if (w === undefined) return false;
      const e = it.equals(v, w);
      if (e === false) return false;
      sure = e === undefined ? undefined : sure;
    }
    return sure;
  }
  if (a instanceof PySet && b instanceof PySet) return a.size === b.size && a.values().every((v) => b.has(v));
  if (a instanceof View || b instanceof View) {
    const [x, y] = [a, b].map((v) => (v instanceof View ? new PySet(v.items()) : v));
    return x instanceof PySet && y instanceof PySet ? it.equals(x, y) : false;
  }
  if (a instanceof Bytes && b instanceof Bytes) return a.value === b.value;
  if (a instanceof Range && b instanceof Range)
    return a.length === b.length && (a.length === 0 || (a.start === b.start && a.step === b.step));
  if (a instanceof Complex && b instanceof Complex) return a.re === b.re && a.im === b.im;
  if (a instanceof BoundMethod && b instanceof BoundMethod) return a.self === b.self && a.func === b.func;
  if (a instanceof Instance || b instanceof Instance) {
    for (const [object, other] of [
      [a, b],
      [b, a],
    ] as const) {
      if (!(object instanceof Instance)) continue;
      const m = object.cls.find('__eq__');
      if (m === undefined) continue;
      const v = it.call(new BoundMethod(object, m), [other]);
      if (v === NOT_IMPLEMENTED) continue;
      const truth = it.truth(v);
      return truth instanceof Unknown ? undefined : truth;
    }
    const [p, q] = [payload(a), payload(b)];
    if (p !== a || q !== b) return it.equals(p, q);
  }
  return hashKey(a) === hashKey(b);
}

function allEqual(it: Interpreter, a: readonly Value[], b: readonly Value[]): boolean | undefined {
  if (a.length !== b.length) return false;
  let sure: boolean | undefined = true;
  for (const [i, v] of a.entries()) {
    it.spend(1);
    const e = it.equals(v, b[i] as Value);
    if (e === false) return false;
    if (e === undefined) sure = undefined;
  }
  return sure;
}

type Order = '<' | '<=' | '>' | '>=';
const ORDER_METHOD: Readonly<Record<Order, readonly [string, string]>> = {
  '<': ['__lt__', '__gt__'],
  '<=': ['__le__', '__ge__'],
  '>': ['__gt__', '__lt__'],
  '>=': ['__ge__', '__le__'],
};

function order(it: Interpreter, op: Order, a: Value, b: Value): Value {
  for (const [object, other, reflected] of [
    [a, b, false],
    [b, a, true],
  ] as const) {
    if (object instanceof NativeObject) {
      const v = object.binary(op, other, reflected, it);
      if (v !== undefined) return v;
    }
  }
  if (a instanceof Unknown || b instanceof Unknown) {
    const u = (a instanceof Unknown ? a : b) as Unknown;
    return u.as(`${symbolOf(it, a, op)} ${op} ${symbolOf(it, b, op)}`);
  }
  const [x, y] = [asNumber(a), asNumber(b)];
  if (x !== undefined && y !== undefined)
    return holds(
      op,
      typeof a === 'bigint' && typeof b === 'bigint'
        ? a < b
          ? -1
          : a > b
            ? 1
            : 0
        : x < y
          ? -1
          : x > y
            ? 1
            : x === y
              ? 0
              : NaN,
    );
  if (typeof a === 'string' && typeof b === 'string') return holds(op, a < b ? -1 : a > b ? 1 : 0);
  if ((a instanceof List && b instanceof List) || (a instanceof Tuple && b instanceof Tuple))
    return orderSequences(it, op, a.items, b.items);
  if (a instanceof PySet && b instanceof PySet) {
    const [small, large] = op === '<' || op === '<=' ? [a, b] : [b, a];
    const inside = small.values().every((v) => large.has(v));
    return inside && (op === '<=' || op === '>=' || small.size < large.size);
  }
  const [direct, reflected] = ORDER_METHOD[op];
  for (const [object, other, method] of [
    [a, b, direct],
    [b, a, reflected],
  ] as const) {
    if (!(object instanceof Instance)) continue;
    const m = object.cls.find(method);
    if (m === undefined) continue;
    const v = it.call(new BoundMethod(object, m), [other]);
    if (v !== NOT_IMPLEMENTED) return v;
  }
  const [p, q] = [payload(a), payload(b)];
  if (p !== a || q !== b) return order(it, op, p, q);
  return it.raise(
    'TypeError',
    `'${op}' not supported between instances of '${it.classOf(a).name}' and '${it.classOf(b).name}'`,
  );
}

function holds(op: Order, sign: number): boolean {
  return op === '<' ? sign < 0 : op === '<=' ? sign <= 0 : op === '>' ? sign > 0 : sign >= 0;
}

function orderSequences(it: Interpreter, op: Order, a: readonly Value[], b: readonly Value[]): Value {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i] as Value, b[i] as Value];
    const same = it.equals(x, y);
    if (same === undefined) return it.unknown('the order of values that are not known');
    if (!same) return order(it, op, x, y);
  }
  return holds(op, Math.sign(a.length - b.length));
}

export function contains(it: Interpreter, container: Value, item: Value): Value {
  if (container instanceof Unknown) return container.as(`… in ${container.symbol}`);
  if ((container instanceof Dict || container instanceof PySet) && container.rest && !(item instanceof Unknown))
    return container.has(item) || container.rest.as(`${it.repr(item)} in ${container.rest.symbol}`);
  if (container instanceof Dict) return item instanceof Unknown ? item : container.has(item);
  if (container instanceof PySet) return item instanceof Unknown ? item : container.has(item);
  if (typeof container === 'string')
    return item instanceof Unknown
      ? item
      : typeof item === 'string'
        ? container.includes(item)
        : it.raise('TypeError', "'in <string>' requires string as left operand");
  if (container instanceof Range && typeof item === 'number') {
    const k = (item - container.start) / container.step;
    return Number.isInteger(k) && k >= 0 && k < container.length;
  }
  if (container instanceof Instance) {
    const m = container.cls.find('__contains__');
    if (m !== undefined) return it.call(new BoundMethod(container, m), [item]);
    if (container.payload !== undefined && container.payload !== null) return contains(it, container.payload, item);
    if (container.cls.unknownBase && container.cls.find('__iter__') === undefined) return container.cls.unknownBase;
  }
  if (container instanceof ClassValue) {
    const m = container.find('__initscope_class_contains__');
    if (m !== undefined) return it.call(it.unwrapStatic(m), [container, item]);
  }
  if (container instanceof NativeObject) {
    const m = container.getAttribute('__contains__', it);
    if (m !== undefined) return it.call(m, [item]);
  }
  let unsure: Unknown | undefined;
  for (const v of it.iterate(container)) {
    const e = it.equals(v, item);
    if (e === true) return true;
    if (e === undefined)
      unsure ??=
        v instanceof Unknown
          ? v
          : item instanceof Unknown
            ? item
            : it.unknown('the comparison of values that are not known');
  }
  return unsure ?? false;
}
