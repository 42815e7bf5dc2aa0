import { type Runtime, type Value } from '../../../../python/values/index.js';
import type { Tensor } from '../../tensor.js';
import { tensorOf, Undetermined } from '../kit/values.js';
import { opaque } from '../kit/make.js';
import { arithmetic, floorDivide, general, operand, raise, type Operand } from '../pointwise/arithmetic.js';
import { remainderOf } from '../pointwise/binary.js';
import { compare, logical } from '../pointwise/compare.js';
import { affine } from '../pointwise/unary.js';
import { matmul } from '../products/matmul.js';
import { assignInPlace } from '../storage/write.js';

type Binary = (rt: Runtime, a: Operand, b: Operand) => Value;

const OPERATORS: Readonly<Record<string, Binary>> = {
  '+': (rt, a, b) => arithmetic(rt, 'add', a, b),
  '-': (rt, a, b) => arithmetic(rt, 'subtract', a, b),
  '*': (rt, a, b) => arithmetic(rt, 'multiply', a, b),
  '/': (rt, a, b) => arithmetic(rt, 'divide', a, b),
  '//': floorDivide,
  '%': (rt, a, b) =>
    general(rt, 'remainder', a, b, remainderOf, a.dtype === 'int' && b.dtype === 'int' ? 'int' : 'float'),
  '**': raise,
  '@': (rt, a, b) => product(rt, a, b),
  '&': (rt, a, b) => logical(rt, 'bitwise_and', a, b),
  '|': (rt, a, b) => logical(rt, 'bitwise_or', a, b),
  '^': (rt, a, b) => logical(rt, 'bitwise_xor', a, b),
  '<<': (rt, a, b) => logical(rt, 'bitwise_left_shift', a, b),
  '>>': (rt, a, b) => logical(rt, 'bitwise_right_shift', a, b),
  '==': (rt, a, b) => compare(rt, 'eq', a, b),
  '!=': (rt, a, b) => compare(rt, 'ne', a, b),
  '<': (rt, a, b) => compare(rt, 'lt', a, b),
  '<=': (rt, a, b) => compare(rt, 'le', a, b),
  '>': (rt, a, b) => compare(rt, 'gt', a, b),
  '>=': (rt, a, b) => compare(rt, 'ge', a, b),
};

const NAMES: Readonly<Record<string, string>> = {
  '+=': 'add_',
  '-=': 'sub_',
  '*=': 'mul_',
  '/=': 'div_',
  '//=': 'floor_divide_',
  '**=': 'pow_',
  '%=': 'remainder_',
};

function product(rt: Runtime, a: Operand, b: Operand): Value {
  if (a.tensor && b.tensor) return matmul(rt, a.tensor, b.tensor);
  const unknown = 'unknown' in a ? a.unknown : 'unknown' in b ? b.unknown : undefined;
  if (unknown) return opaque(rt, 'matmul', unknown.reason, [(a.tensor ?? b.tensor)!], { shape: unknown.as('…') });
  return rt.raise('TypeError', "matmul(): argument 'other' must be Tensor");
}

/** `x op other`; `undefined` where torch gives NotImplemented. */
export function binary(op: string, x: Tensor, other: Value, reflected: boolean, rt: Runtime): Value | undefined {
  const inPlace = op.length > 1 && op.endsWith('=') && !['==', '!=', '<=', '>='].includes(op);
  const body = OPERATORS[inPlace ? op.slice(0, -1) : op];
  if (!body) return undefined;
  const own: Operand = operand(x, rt)!;
  const with_ = operand(other, rt);
  if (!with_) return op === '==' ? false : op === '!=' ? true : undefined;
  let result: Value;
  try {
    result = reflected ? body(rt, with_, own) : body(rt, own, with_);
  } catch (e) {
    if (!(e instanceof Undetermined)) throw e;
    result = opaque(rt, op, e.unknown.reason, [x], { shape: x.shape, dtype: x.dtype });
  }
  const made = tensorOf(result);
  if (!inPlace || !made) return result;
  assignInPlace(x, made, NAMES[op] ?? op, rt);
  return x;
}

export function unary(op: '-' | '+' | '~', x: Tensor, rt: Runtime): Value {
  if (op === '+') return x;
  if (op === '-') return affine(rt, x, -1, 0);
  return x.dtype === 'bool' ? rt.callMethod(x, 'logical_not') : affine(rt, x, -1, -1);
}
