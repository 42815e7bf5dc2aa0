import type { Operation, ValueId } from '../../model/index.js';
import { activationNamed, constantsOf, type Activation, type Constants } from '../activations/index.js';
import { at, type Field, type Marginal } from './field.js';
import type { Curve } from './curve.js';
import { GAUSSIAN } from './marginal.js';
import { unknown, type Unknown } from './types.js';
import { unitSlopes } from './unit-slopes.js';
import { affineOf, differenceOf, filled, floats, productOf, scaledBy, sumOf } from './floats.js';

/** An operand of a pointwise operation: a function of the common source, or one number. */
export type Operand = { readonly value: ValueId; readonly curve: Curve } | { readonly number: number };

function isFunction(o: Operand): o is Extract<Operand, { curve: Curve }> {
  return 'curve' in o;
}

/** The activation and constants that an operation stands for, if it is a function of one tensor. */
function functionOf(
  op: Operation,
  slope: number | undefined,
  training: boolean,
): { activation: Activation; constants: Constants } | Unknown | undefined {
  switch (op.kind) {
    case 'activation': {
      const name = training && op.name.toLowerCase() === 'rrelu' ? 'rrelu_train' : op.name;
      const activation = activationNamed(name);
      if (activation === undefined) return unknown(`no function named ${op.name}`);
      const constants = constantsOf(activation, op.constants);
      return { activation, constants: slope === undefined ? constants : { ...constants, slope } };
    }
    case 'power': {
      const name =
        op.exponent === 2
          ? 'square'
          : op.exponent === 1
            ? 'identity'
            : op.exponent === 0.5
              ? 'sqrt'
              : op.exponent === -0.5
                ? 'rsqrt'
                : op.exponent === -1
                  ? 'reciprocal'
                  : 'power';
      const activation = activationNamed(name);
      return activation === undefined
        ? unknown('no power')
        : { activation, constants: name === 'power' ? { exponent: op.exponent } : {} };
    }
    case 'clamp': {
      const activation = activationNamed('hardtanh');
      return activation === undefined
        ? unknown('no clamp')
        : { activation, constants: { low: op.low ?? -Infinity, high: op.high ?? Infinity } };
    }
    default:
      return undefined;
  }
}

/** log₂ of second moments beyond which a value is no longer computed with. */
const LIMIT = 1000;

/** f as a curve over its operand's source; `isSource`: the operand is the source itself. */
function applied(
  f: { activation: Activation; constants: Constants },
  value: ValueId,
  parent: Curve,
  isSource: boolean,
): Curve | Unknown {
  const { activation, constants } = f;
  const n = parent.values.length;
  const values = floats(n);
  if (activation.homogeneous === true && parent.centred === true && parent.marginal === GAUSSIAN) {
    const slopes = unitSlopes(activation, constants);
    // Euler: φ(z) = φ′(z)·z.
    for (let i = 0; i < n; i++) values[i] = slopes[i]! * parent.values[i]!;
    return {
      source: parent.source,
      marginal: parent.marginal,
      values,
      scale: parent.scale,
      operands: [{ value, partial: slopes }],
      direct: isSource ? f : undefined,
    };
  }
  const partial = floats(n);
  let scale = 0;
  if (activation.homogeneous === true || parent.scale === 0) {
    scale = parent.scale;
    tabulated(f, parent.values, values, partial);
  } else if (parent.scale > LIMIT) {
    return tooLarge(parent.scale);
  } else {
    const unit = Math.pow(2, Math.max(-1070, parent.scale / 2));
    const atZero = activation.value(0, constants);
    const tiny = parent.scale < -LIMIT / 4 && atZero === 0;
    if (tiny) scale = parent.scale;
    for (let i = 0; i < n; i++) {
      const x = parent.values[i]! * unit;
      // So close to zero φ is its tangent on either side.
      const slope = activation.derivative(tiny ? Math.sign(x) * 1e-30 : x, constants);
      partial[i] = slope;
      values[i] = tiny ? slope * parent.values[i]! : activation.value(x, constants);
    }
  }
  return {
    source: parent.source,
    marginal: parent.marginal,
    values,
    scale,
    operands: [{ value, partial }],
    direct: isSource ? f : undefined,
  };
}

function tabulated(
  { activation, constants }: { activation: Activation; constants: Constants },
  z: Float64Array,
  values: Float64Array,
  slopes: Float64Array,
): void {
  if (activation.tabulate !== undefined) {
    activation.tabulate(z, constants, values, slopes);
    return;
  }
  for (let i = 0; i < z.length; i++) {
    values[i] = activation.value(z[i]!, constants);
    slopes[i] = activation.derivative(z[i]!, constants);
  }
}

function powerOf2(exponent: number): number {
  return Math.pow(2, Math.max(-1070, Math.min(1020, exponent)));
}

/** An operand's values at the nodes in units of 2^(scale/2). */
function rescaled(o: Operand, n: number, scale: number): Float64Array {
  if ('number' in o) return filled(n, scale === 0 ? o.number : o.number * powerOf2(-scale / 2));
  const { curve } = o;
  return curve.scale === scale ? curve.values : scaledBy(curve.values, powerOf2((curve.scale - scale) / 2));
}

function tooLarge(scale: number): Unknown {
  return unknown(`values of order 2^${Math.round(scale / 2)}: beyond what any floating point type holds`);
}

/** factor·x + offset. */
function scaledAndShifted(
  { value, curve }: Extract<Operand, { curve: Curve }>,
  factor: number,
  offset: number,
): Curve | Unknown {
  const { source, marginal, scale } = curve;
  if (scale > LIMIT) return tooLarge(scale);
  const values = affineOf(curve.values, offset === 0 ? 0 : offset * powerOf2(-scale / 2), factor);
  return { source, marginal, values, scale, operands: [{ value, partial: filled(values.length, factor) }] };
}

type Binary = 'add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'minimum';
const BINARY: readonly string[] = ['add', 'subtract', 'multiply', 'divide', 'maximum', 'minimum'];

function combined(kind: Binary, a: Operand, b: Operand, marginal: Marginal, source: ValueId): Curve | Unknown {
  const n = marginal.nodes.length;
  const scales = [a, b].filter(isFunction).map((o) => o.curve.scale);
  const linear = kind !== 'multiply' && kind !== 'divide';
  const common = Math.max(...scales);
  if (!linear && common > LIMIT) return tooLarge(common);
  const scale = linear || ('number' in b && kind === 'multiply') ? common : 0;
  const x = 'number' in a && kind === 'multiply' ? filled(n, a.number) : rescaled(a, n, scale);
  const y = 'number' in b && !linear ? filled(n, b.number) : rescaled(b, n, scale);
  const { values, byFirst, bySecond } = COMBINED[kind](x, y);
  const operands = [
    ...('number' in a ? [] : [{ value: a.value, partial: byFirst }]),
    ...('number' in b ? [] : [{ value: b.value, partial: bySecond }]),
  ];
  return { source, marginal, values, scale, operands };
}

/** A result at the nodes, with its derivatives by either operand. */
interface Combined {
  readonly values: Float64Array;
  readonly byFirst: Float64Array;
  readonly bySecond: Float64Array;
}

const COMBINED: Readonly<Record<Binary, (x: Float64Array, y: Float64Array) => Combined>> = {
  add: (x, y) => ({ values: sumOf(x, y), byFirst: filled(x.length, 1), bySecond: filled(x.length, 1) }),
  subtract: (x, y) => ({
    values: differenceOf(x, y),
    byFirst: filled(x.length, 1),
    bySecond: filled(x.length, -1),
  }),
  multiply: (x, y) => ({ values: productOf(x, y), byFirst: y, bySecond: x }),
  divide(x, y) {
    const [values, byFirst, bySecond] = [floats(x.length), floats(x.length), floats(x.length)];
    for (let i = 0; i < x.length; i++) {
      const d = y[i]!;
      if (d === 0) continue;
      values[i] = x[i]! / d;
      byFirst[i] = 1 / d;
      bySecond[i] = -x[i]! / (d * d);
    }
    return { values, byFirst, bySecond };
  },
  maximum: (x, y) => chosen(x, y, 1),
  minimum: (x, y) => chosen(x, y, -1),
};

/** The larger of both by sign 1, the smaller by −1. */
function chosen(x: Float64Array, y: Float64Array, sign: 1 | -1): Combined {
  const [values, byFirst, bySecond] = [floats(x.length), floats(x.length), floats(x.length)];
  for (let i = 0; i < x.length; i++) {
    const isFirst = sign * x[i]! >= sign * y[i]!;
    values[i] = isFirst ? x[i]! : y[i]!;
    (isFirst ? byFirst : bySecond)[i] = 1;
  }
  return { values, byFirst, bySecond };
}

/** A field whose entries are all one known number. */
export function asNumber(field: Field): number | undefined {
  const q = at(field.kernel, 0);
  if (field.scale !== 0) return undefined;
  if (q === 0) return 0;
  return Math.abs(q - field.mean * field.mean) <= 1e-13 * q ? field.mean : undefined;
}

/**
 * The operation's result as a curve over the operands' common source; undefined when it is not pointwise or the
 * operands have different sources. `slope` is a learned slope's initial value (PReLU).
 */
export function pointwiseCurve(
  op: Operation,
  operands: readonly Operand[],
  slope: number | undefined,
  training: boolean,
): Curve | Unknown | undefined {
  const curves = operands.filter(isFunction);
  const first = curves[0];
  if (first === undefined || curves.some((o) => o.curve.source !== first.curve.source)) return undefined;
  if (op.kind === 'affine') return scaledAndShifted(first, op.factor, op.offset);
  if (BINARY.includes(op.kind)) {
    const [a, b] = operands;
    return a === undefined || b === undefined
      ? undefined
      : combined(op.kind as Binary, a, b, first.curve.marginal, first.curve.source);
  }
  const f = functionOf(op, slope, training);
  if (f === undefined || 'unknown' in f) return f;
  return applied(f, first.value, first.curve, first.curve.operands.length === 0);
}

export function isPointwise(op: Operation): boolean {
  return (
    op.kind === 'activation' ||
    op.kind === 'power' ||
    op.kind === 'clamp' ||
    op.kind === 'affine' ||
    BINARY.includes(op.kind)
  );
}
