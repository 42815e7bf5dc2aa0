import { Complex, Float, NativeObject, Unknown, type Runtime, type Value } from '../../../../python/values/index.js';
import { promote } from '../../dtype.js';
import { torchState } from '../../context.js';
import { Tensor, type DType } from '../../tensor.js';
import { tensorFrom } from '../creation/from-data.js';
import { fromArray } from '../creation/from-array.js';
import { entries } from '../kit/entries.js';
import { compute, constantContent, makeConstant, opaque } from '../kit/make.js';
import { hasRank, isComplete } from '../kit/sizes.js';
import { isNumber, numberOf, tensorOf } from '../kit/values.js';
import { activate } from './activations.js';
import { combineEntries } from './apply.js';
import { affine, power } from './unary.js';

export type Arithmetic = 'add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'minimum';

const FUNCTIONS: Readonly<Record<Arithmetic, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  maximum: Math.max,
  minimum: Math.min,
};

/** An operand: a tensor, a number, or something that isn't known. */
export type Operand =
  | { readonly tensor: Tensor; readonly number?: number | undefined; readonly dtype: DType }
  | { readonly tensor?: undefined; readonly number: number; readonly dtype: DType }
  | { readonly tensor?: undefined; readonly number?: undefined; readonly unknown: Unknown; readonly dtype: DType };

/** `undefined` for what no tensor can be combined with. */
export function operand(v: Value, rt: Runtime): Operand | undefined {
  const tensor = tensorOf(v);
  if (tensor) {
    const number = hasRank(tensor.shape) && tensor.shape.length === 0 ? entries(tensor)?.[0] : undefined;
    return { tensor, number, dtype: tensor.dtype };
  }
  if (isNumber(v)) {
    const dtype = typeof v === 'boolean' ? 'bool' : v instanceof Float ? 'float' : 'int';
    return { number: numberOf(v)!, dtype };
  }
  if (v instanceof Unknown) return { unknown: v, dtype: 'bool' };
  if (v instanceof Complex) return { unknown: rt.unknown('a complex number'), dtype: 'complex' };
  if (v instanceof NativeObject && fromArray(v, rt)) return operand(tensorFrom(rt, 'from_numpy', v, null), rt);
  const number = numberOf(v);
  return number === undefined ? undefined : { number, dtype: 'float' };
}

/** Both operands as tensors; numbers become constants without axes. */
export function asTensor(rt: Runtime, o: Operand, what: string): Tensor {
  if (o.tensor) return o.tensor;
  if (o.number !== undefined) return makeConstant(rt, what, [], o.dtype, constantContent(o.number));
  return makeConstant(rt, what, [], o.dtype, {
    distribution: { kind: 'unknown', reason: 'unknown' in o ? o.unknown.reason : 'not known' },
  });
}

/** The result's kind: a number only lifts the category (int to float), never within it. */
export function resultKind(a: Operand, b: Operand): DType {
  return promote(a.dtype, b.dtype);
}

/** a ∘ b, one of them a tensor. */
export function arithmetic(rt: Runtime, kind: Arithmetic, a: Operand, b: Operand): Value {
  const joint = resultKind(a, b);
  const dtype: DType = kind === 'divide' && (joint === 'int' || joint === 'bool') ? 'float' : joint;
  const unknown = 'unknown' in a ? a.unknown : 'unknown' in b ? b.unknown : undefined;
  const tensor = a.tensor ?? b.tensor;
  if (!tensor) return unknown ?? null;
  if (unknown) return opaque(rt, kind, unknown.reason, [tensor], { shape: tensor.shape, dtype });
  if (a.tensor && b.number !== undefined && !isScalar(a)) return withNumber(rt, kind, a.tensor, b.number, dtype);
  if (b.tensor && a.number !== undefined && !isScalar(b)) return numberWith(rt, kind, a.number, b.tensor, dtype);
  const [x, y] = [asTensor(rt, a, kind), asTensor(rt, b, kind)];
  if (isSame(x, y)) {
    if (kind === 'add') return affine(rt, x, 2, 0, dtype);
    if (kind === 'multiply') return power(rt, x, 2, dtype);
    if (kind === 'maximum' || kind === 'minimum') return x;
  }
  const through = kind === 'add' ? (straightThrough(rt, x, y) ?? straightThrough(rt, y, x)) : undefined;
  if (through) return through;
  const linear = kind === 'add' || kind === 'subtract';
  return combineEntries(rt, x, y, { kind }, FUNCTIONS[kind], dtype, linear);
}

/** A constant without axes stands for its number, unless both are such. */
function isScalar(o: Operand): boolean {
  return o.tensor !== undefined && o.number !== undefined;
}

/**
 * `x + (y - x).detach()` and `y - x.detach() + x`: the value of y, and the gradient of both terms that still have one.
 */
function straightThrough(rt: Runtime, x: Tensor, difference: Tensor): Tensor | undefined {
  if (x.value === null || difference.value === null || !isComplete(x.shape) || !isComplete(difference.shape))
    return undefined;
  const { tracer } = torchState();
  const stop = tracer.madeBy(difference.value)?.stopsGradient;
  const made = tracer.madeBy(tracer.beforeDetach(difference.value));
  const [y, taken] = made?.inputs ?? [];
  if (made?.operation.kind !== 'subtract' || y === undefined || taken === undefined) return undefined;
  if (tracer.beforeDetach(taken) !== x.value || (stop === undefined && taken === x.value)) return undefined;
  if (tracer.values[y]?.shape.join() !== x.shape.join()) return undefined;
  const target = new Tensor(x.shape, difference.dtype, null, y);
  if (stop !== undefined) target.value = tracer.detach(rt, target, stop);
  return compute(rt, { kind: 'straightThrough' }, [x, target], { shape: x.shape, dtype: difference.dtype });
}

function isSame(x: Tensor, y: Tensor): boolean {
  return x === y || (x.value !== null && x.value === y.value);
}

function withNumber(rt: Runtime, kind: Arithmetic, x: Tensor, n: number, dtype: DType): Tensor {
  switch (kind) {
    case 'add':
      return affine(rt, x, 1, n, dtype);
    case 'subtract':
      return affine(rt, x, 1, -n, dtype);
    case 'multiply':
      return affine(rt, x, n, 0, dtype);
    case 'divide':
      return affine(rt, x, 1 / n, 0, dtype);
    default:
      return combineEntries(rt, x, asTensor(rt, { number: n, dtype }, kind), { kind }, FUNCTIONS[kind], dtype);
  }
}

function numberWith(rt: Runtime, kind: Arithmetic, n: number, x: Tensor, dtype: DType): Tensor {
  switch (kind) {
    case 'subtract':
      return affine(rt, x, -1, n, dtype);
    case 'divide':
      return scaleBy(rt, power(rt, x, -1, dtype), n);
    default:
      return withNumber(rt, kind, x, n, dtype);
  }
}

function scaleBy(rt: Runtime, x: Tensor, n: number): Tensor {
  return n === 1 ? x : affine(rt, x, n, 0);
}

/** a ** b. */
export function raise(rt: Runtime, a: Operand, b: Operand): Value {
  const dtype = resultKind(a, b);
  if (a.tensor && b.number !== undefined) return power(rt, a.tensor, b.number, dtype);
  if (b.tensor && a.number !== undefined && a.number > 0)
    return activate(rt, affine(rt, b.tensor, Math.log(a.number), 0, 'float'), 'exp');
  return general(rt, 'pow', a, b, Math.pow, dtype);
}

/** A function of two operands that the graph has no kind for. */
export function general(
  rt: Runtime,
  name: string,
  a: Operand,
  b: Operand,
  f: (x: number, y: number) => number,
  dtype: DType,
): Value {
  const unknown = 'unknown' in a ? a.unknown : 'unknown' in b ? b.unknown : undefined;
  const tensor = a.tensor ?? b.tensor;
  if (!tensor) return unknown ?? null;
  if (unknown) return opaque(rt, name, unknown.reason, [tensor], { shape: tensor.shape, dtype });
  const operation = { kind: 'opaque', name, reason: `InitScope has no rule for torch.${name}` } as const;
  return combineEntries(rt, asTensor(rt, a, name), asTensor(rt, b, name), operation, f, dtype);
}

/** a // b. */
export function floorDivide(rt: Runtime, a: Operand, b: Operand): Value {
  const dtype = resultKind(a, b);
  if (!a.tensor || b.number === undefined) return general(rt, 'floor_divide', a, b, (x, y) => Math.floor(x / y), dtype);
  const result = activate(rt, affine(rt, a.tensor, 1 / b.number, 0, 'float'), 'floor');
  result.dtype = dtype;
  return result;
}
