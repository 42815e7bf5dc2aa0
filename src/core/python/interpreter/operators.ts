import {
  BoundMethod,
  Bytes,
  ClassValue,
  Complex,
  Dict,
  Float,
  Instance,
  List,
  NativeObject,
  NOT_IMPLEMENTED,
  PySet,
  PyObject,
  Range,
  Tuple,
  Unknown,
  View,
  type BinaryOp,
  type Value,
} from '../values/index.js';
import { percentFormat, unionOf } from '../library/index.js';
import type { Interpreter } from './interpreter.js';
import { arithmetic, isInt } from './numbers.js';

const METHOD: Readonly<Record<BinaryOp, string>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'truediv',
  '//': 'floordiv',
  '%': 'mod',
  '**': 'pow',
  '@': 'matmul',
  '<<': 'lshift',
  '>>': 'rshift',
  '&': 'and',
  '|': 'or',
  '^': 'xor',
};

/** `left op right`. */
export function binary(it: Interpreter, op: BinaryOp, left: Value, right: Value): Value {
  if (left instanceof NativeObject) {
    const v = left.binary(op, right, false, it);
    if (v !== undefined) return v;
  }
  if (right instanceof NativeObject) {
    const v = right.binary(op, left, true, it);
    if (v !== undefined) return v;
  }
  if (left instanceof Unknown || right instanceof Unknown) return unknownBinary(it, op, left, right);
  const n = arithmetic(op, left, right);
  if (n !== undefined) {
    if (n !== null && typeof n === 'object' && 'error' in n) it.raise(n.error, n.message);
    return n;
  }
  const s = sequences(it, op, left, right);
  if (s !== undefined) return s;
  const [l, r] = [payload(left), payload(right)];
  if (
    left instanceof Instance ||
    right instanceof Instance ||
    left instanceof ClassValue ||
    right instanceof ClassValue
  ) {
    const v = dunder(it, METHOD[op], left, right);
    if (v !== undefined) return v;
    if (l !== left || r !== right) return binary(it, op, l, r);
    if (op === '|') return unionOf([left, right]);
    const unknown =
      left instanceof Instance ? left.cls.unknownBase : right instanceof Instance ? right.cls.unknownBase : null;
    if (unknown) return unknown;
  }
  if (op === '|') return it.unknown('a union of types', 'type');
  return it.raise(
    'TypeError',
    `unsupported operand type(s) for ${op}: '${it.classOf(left).name}' and '${it.classOf(right).name}'`,
  );
}

/** `left op= right`: lists and sets change in place, `__iadd__` and the like are honoured. */
export function binaryInPlace(it: Interpreter, op: BinaryOp, left: Value, right: Value): Value {
  if (left instanceof List && op === '+' && !(right instanceof Unknown)) {
    extend(it, left, right);
    return left;
  }
  if (left instanceof Dict && op === '|' && right instanceof Dict) {
    for (const [k, v] of right.pairs()) left.set(k, v);
    return left;
  }
  if (left instanceof NativeObject) {
    const v = left.binary(`${op}=`, right, false, it);
    if (v !== undefined) return v;
  }
  if (left instanceof Instance) {
    const method = left.cls.find(`__i${METHOD[op]}__`);
    if (method !== undefined) return it.call(new BoundMethod(left, method), [right]);
    if (left.payload instanceof List && op === '+') {
      extend(it, left.payload, right);
      return left;
    }
  }
  return binary(it, op, left, right);
}

/** `list += items`. Not by spreading them: there may be more than a call takes arguments. */
function extend(it: Interpreter, list: List, items: Value): void {
  const more = it.toArray(items);
  const into = list.change();
  for (const v of more) into.push(v);
}

function dunder(it: Interpreter, name: string, left: Value, right: Value): Value | undefined {
  for (const [object, other, method] of [
    [left, right, `__${name}__`],
    [right, left, `__r${name}__`],
  ] as const) {
    if (!(object instanceof Instance)) continue;
    const m = object.cls.find(method);
    if (m === undefined) continue;
    const v = it.call(new BoundMethod(object, m), [other]);
    if (v !== NOT_IMPLEMENTED) return v;
  }
  return undefined;
}

function unknownBinary(it: Interpreter, op: BinaryOp, left: Value, right: Value): Value {
  const u = (left instanceof Unknown ? left : right) as Unknown;
  // x * 0 and the like are not folded: an unknown may be a tensor.
  // The value stays unknown, but nobody would write `channels // 1`.
  if (left instanceof Unknown && right === 1 && (op === '//' || op === '*')) return left;
  return u.as(`${symbolOf(it, left, op)} ${op} ${symbolOf(it, right, op)}`);
}

/** An operand as it stands in a symbol, in brackets where precedence asks for them. */
export function symbolOf(it: Interpreter, v: Value, op: string): string {
  const text = v instanceof Unknown ? v.symbol : it.repr(v);
  return op !== '+' && / [+\-*/%]+ /.test(text) ? `(${text})` : text;
}

export function payload(v: Value): Value {
  return v instanceof Instance && v.payload !== undefined ? v.payload : v;
}

function sequences(it: Interpreter, op: BinaryOp, a: Value, b: Value): Value | undefined {
  if (op === '+') {
    if (typeof a === 'string' && typeof b === 'string') {
      it.allocate((a.length + b.length) / 8);
      return a + b;
    }
    if (a instanceof List && b instanceof List) return new List(joined(it, a.items, b.items));
    if (a instanceof Tuple && b instanceof Tuple) return new Tuple(joined(it, a.items, b.items));
    if (a instanceof Bytes && b instanceof Bytes) return new Bytes(a.value + b.value);
  }
  if (op === '*') {
    const [seq, count] = isInt(b) ? [a, Number(b)] : isInt(a) ? [b, Number(a)] : [null, 0];
    if (typeof seq === 'string') {
      it.allocate((count * seq.length) / 8);
      return seq.repeat(Math.max(0, count));
    }
    if (seq instanceof Bytes) {
      it.allocate((count * seq.value.length) / 8);
      return new Bytes(seq.value.repeat(Math.max(0, count)));
    }
    if (seq instanceof List) return new List(repeat(it, seq.items, count));
    if (seq instanceof Tuple) return new Tuple(repeat(it, seq.items, count));
  }
  if (op === '%' && typeof a === 'string') return percentFormat(a, b, it);
  if (op === '|' && a instanceof Dict && b instanceof Dict) return Dict.from([...a.pairs(), ...b.pairs()], a.typeName);
  if (asSet(a) && asSet(b)) {
    const [x, y] = [asSet(a)!, asSet(b)!];
    if (op === '|') return new PySet([...x.values(), ...y.values()]);
    if (op === '&') return new PySet(x.values().filter((v) => y.has(v)));
    if (op === '-') return new PySet(x.values().filter((v) => !y.has(v)));
    if (op === '^') return new PySet([...x.values().filter((v) => !y.has(v)), ...y.values().filter((v) => !x.has(v))]);
  }
  return undefined;
}

function asSet(v: Value): PySet | undefined {
  if (v instanceof PySet) return v;
  return v instanceof View ? new PySet(v.items()) : undefined;
}

function joined(it: Interpreter, a: readonly Value[], b: readonly Value[]): Value[] {
  it.allocate(a.length + b.length);
  return a.concat(b);
}

function repeat(it: Interpreter, items: readonly Value[], count: number): Value[] {
  it.allocate(items.length * count);
  const out: Value[] = [];
  if (items.length > 0) for (let i = 0; i < count; i++) for (const v of items) out.push(v);
  return out;
}

export function unary(it: Interpreter, op: '-' | '+' | '~' | 'not', v: Value): Value {
  if (op === 'not') {
    const t = it.truth(v);
    return t instanceof Unknown ? t.as(`not ${t.symbol}`) : !t;
  }
  if (v instanceof Unknown) return v.as(`${op}${symbolOf(it, v, '*')}`);
  if (v instanceof NativeObject) {
    const r = v.unary(op, it);
    if (r !== undefined) return r;
  }
  if (v instanceof Instance) {
    const m = v.cls.find(op === '-' ? '__neg__' : op === '+' ? '__pos__' : '__invert__');
    if (m !== undefined) return it.call(new BoundMethod(v, m), []);
    if (v.payload !== undefined) return unary(it, op, v.payload);
  }
  if (op === '~')
    return isInt(v)
      ? typeof v === 'bigint'
        ? ~v
        : ~BigInt(v) >= -(2n ** 53n)
          ? -Number(v) - 1
          : ~BigInt(v)
      : it.raise('TypeError', 'bad operand type for unary ~');
  if (v instanceof Float) return op === '-' ? new Float(-v.value) : v;
  if (v instanceof Complex) return op === '-' ? new Complex(-v.re, -v.im) : v;
  if (isInt(v))
    return op === '+'
      ? typeof v === 'boolean'
        ? Number(v)
        : v
      : typeof v === 'bigint'
        ? -v
        : Number(v) === 0
          ? 0
          : -Number(v);
  return it.raise('TypeError', `bad operand type for unary ${op}: '${it.classOf(v).name}'`);
}

/** Python's truth of a value; the Unknown itself where it can't be told. */
export function truth(it: Interpreter, v: Value): boolean | Unknown {
  if (v === null) return false;
  if (typeof v === 'boolean') return v;
  if (typeof v === 'number') return v !== 0;
  if (typeof v === 'string') return v.length > 0;
  if (typeof v === 'bigint') return v !== 0n;
  if (v instanceof Unknown) return v;
  if (v instanceof Float) return v.value !== 0;
  if (v instanceof List || v instanceof Tuple) return v.items.length > 0;
  if (v instanceof Dict || v instanceof PySet) return v.size > 0;
  if (v instanceof Range) return v.length > 0;
  if (v instanceof Bytes) return v.value.length > 0;
  if (v instanceof View) return v.items().length > 0;
  if (v instanceof NativeObject) return v.truth(it);
  if (v instanceof Instance) {
    const m = v.cls.find('__bool__') ?? v.cls.find('__len__');
    if (m !== undefined) {
      const r = it.call(new BoundMethod(v, m), []);
      return r === v ? true : truth(it, r);
    }
    if (v.payload !== undefined) return truth(it, v.payload);
  }
  return v instanceof PyObject;
}
