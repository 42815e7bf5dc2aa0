import { around, sizeOf, type Tensor } from '../tensor/tensor.js';
import { isUnknown, type OperationOf, type Rule, type RuleContext } from '../types.js';

type Normalize = OperationOf<'normalize'>;

/**
 * Entries that share statistics: `groups` sets of `segments` runs of `length` entries; a group's runs are `apart` from
 * each other, groups follow each other by `length` where they have one run, else by the channel's.
 */
interface Sharing {
  readonly groups: number;
  readonly segments: number;
  readonly length: number;
  readonly apart: number;
}

function sharingOf(op: Normalize, shape: readonly number[]): Sharing {
  const total = sizeOf(shape);
  if (op.over === 'batch') {
    const { outer, size, inner } = around(shape, 1);
    return { groups: size, segments: outer, length: inner, apart: size * inner };
  }
  const length =
    op.over === 'layer' || op.over === 'rms'
      ? sizeOf(shape.slice(shape.length - (op.dims ?? 1)))
      : total / ((shape[0] ?? 1) * (op.over === 'instance' ? (shape[1] ?? 1) : (op.groups ?? 1)));
  return { groups: total / length, segments: 1, length, apart: 0 };
}

/** Where the entries' scale and shift lie: the axis of channels, or all the normalised axes as one. */
function affineShape(op: Normalize, shape: readonly number[]): { outer: number; size: number; inner: number } {
  if (op.over !== 'layer' && op.over !== 'rms') return around(shape, 1);
  const size = sizeOf(shape.slice(shape.length - (op.dims ?? 1)));
  return { outer: sizeOf(shape) / size, size, inner: 1 };
}

interface Statistics {
  readonly mean: Float64Array;
  readonly inverse: Float64Array;
}

function statisticsOf(op: Normalize, x: Tensor, s: Sharing, training: boolean): Statistics {
  const mean = new Float64Array(s.groups);
  const inverse = new Float64Array(s.groups);
  // Evaluation uses running statistics, which are 0 and 1 in a new model.
  if (op.over === 'batch' && !training) return { mean, inverse: inverse.fill(1 / Math.sqrt(1 + op.eps)) };
  const n = s.segments * s.length;
  for (let g = 0; g < s.groups; g++) {
    let sum = 0;
    for (let k = 0; k < s.segments; k++) {
      const start = k * s.apart + g * s.length;
      for (let i = start; i < start + s.length; i++) sum += x.data[i]!;
    }
    const centre = op.over === 'rms' ? 0 : sum / n;
    let squares = 0;
    for (let k = 0; k < s.segments; k++) {
      const start = k * s.apart + g * s.length;
      for (let i = start; i < start + s.length; i++) squares += (x.data[i]! - centre) ** 2;
    }
    mean[g] = centre;
    inverse[g] = 1 / Math.sqrt(squares / n + op.eps);
  }
  return { mean, inverse };
}

/** Each run with its group. */
function eachRun(s: Sharing, visit: (group: number, start: number, end: number) => void): void {
  for (let g = 0; g < s.groups; g++)
    for (let k = 0; k < s.segments; k++) {
      const start = k * s.apart + g * s.length;
      visit(g, start, start + s.length);
    }
}

function scaleAndShift(y: Tensor, op: Normalize, weight: Tensor | undefined, bias: Tensor | undefined): void {
  if (weight === undefined && bias === undefined) return;
  const { outer, size, inner } = affineShape(op, y.shape);
  let i = 0;
  for (let o = 0; o < outer; o++)
    for (let k = 0; k < size; k++) {
      const w = weight?.data[k] ?? 1;
      const b = bias?.data[k] ?? 0;
      for (let j = 0; j < inner; j++, i++) y.data[i] = y.data[i]! * w + b;
    }
}

export const normalize: Rule<'normalize'> = {
  reads: 'inputs',
  forward(op, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    if (op.over === 'l2') return [unitLength(op, x, c)];
    const weight = op.weight === undefined ? undefined : c.parameter(op.weight);
    if (isUnknown(weight)) return weight;
    const bias = op.bias === undefined ? undefined : c.parameter(op.bias);
    if (isUnknown(bias)) return bias;
    const s = sharingOf(op, x.shape);
    const statistics = statisticsOf(op, x, s, c.training);
    const y = c.make(x.shape);
    eachRun(s, (g, start, end) => {
      const [m, r] = [statistics.mean[g]!, statistics.inverse[g]!];
      for (let i = start; i < end; i++) y.data[i] = (x.data[i]! - m) * r;
    });
    scaleAndShift(y, op, weight, bias);
    c.memo = statistics;
    c.release(weight, bias);
    return [y];
  },
  backward(op, { inputs: [x], gradients: [g] }, c) {
    if (x === undefined || g === undefined) return [];
    if (op.over === 'l2') return [unitLengthGradient(op, x, g, c)];
    const statistics = c.memo as Statistics;
    const s = sharingOf(op, x.shape);
    const weight = op.weight === undefined ? undefined : c.parameter(op.weight);
    if (isUnknown(weight)) return [];
    const out = c.make(x.shape);
    // First the normalised entries, for the gradient of scale and shift.
    eachRun(s, (group, start, end) => {
      const [m, r] = [statistics.mean[group]!, statistics.inverse[group]!];
      for (let i = start; i < end; i++) out.data[i] = (x.data[i]! - m) * r;
    });
    giveAffine(op, out, g, c);
    const scaled = weight === undefined ? g : c.make(g.shape);
    if (weight !== undefined) {
      scaled.data.set(g.data);
      scaleAndShift(scaled, op, weight, undefined);
    }
    const fixed = op.over === 'batch' && !c.training;
    const n = s.segments * s.length;
    for (let group = 0; group < s.groups; group++) {
      const r = statistics.inverse[group]!;
      let sum = 0;
      let along = 0;
      for (let k = 0; k < s.segments; k++) {
        const start = k * s.apart + group * s.length;
        for (let i = start; i < start + s.length; i++) {
          sum += scaled.data[i]!;
          along += scaled.data[i]! * out.data[i]!;
        }
      }
      const mean = fixed || op.over === 'rms' ? 0 : sum / n;
      const slope = fixed ? 0 : along / n;
      for (let k = 0; k < s.segments; k++) {
        const start = k * s.apart + group * s.length;
        for (let i = start; i < start + s.length; i++)
          out.data[i] = r * (scaled.data[i]! - mean - out.data[i]! * slope);
      }
    }
    if (scaled !== g) c.release(scaled);
    c.release(weight);
    return [out];
  },
};

/** Gradients of scale and shift, from the normalised entries. */
function giveAffine(op: Normalize, normalized: Tensor, g: Tensor, c: RuleContext): void {
  const { outer, size, inner } = affineShape(op, g.shape);
  const weight = op.weight === undefined ? undefined : c.make(c.parameterShape(op.weight));
  const bias = op.bias === undefined ? undefined : c.make(c.parameterShape(op.bias));
  if (weight === undefined && bias === undefined) return;
  let i = 0;
  for (let o = 0; o < outer; o++)
    for (let k = 0; k < size; k++) {
      let sum = 0;
      let along = 0;
      for (let j = 0; j < inner; j++, i++) {
        sum += g.data[i]!;
        along += g.data[i]! * normalized.data[i]!;
      }
      if (weight !== undefined) weight.data[k] = weight.data[k]! + along;
      if (bias !== undefined) bias.data[k] = bias.data[k]! + sum;
    }
  if (op.weight !== undefined && weight !== undefined) c.giveGradient(op.weight, weight);
  if (op.bias !== undefined && bias !== undefined) c.giveGradient(op.bias, bias);
}

/** x / max(‖x‖, eps) along an axis. */
function unitLength(op: Normalize, x: Tensor, c: RuleContext): Tensor {
  const y = c.make(x.shape);
  eachLine(op, x, (first, size, inner, norm) => {
    for (let k = 0; k < size; k++) y.data[first + k * inner] = x.data[first + k * inner]! / Math.max(norm, op.eps);
  });
  return y;
}

function unitLengthGradient(op: Normalize, x: Tensor, g: Tensor, c: RuleContext): Tensor {
  const out = c.make(x.shape);
  eachLine(op, x, (first, size, inner, norm) => {
    let along = 0;
    for (let k = 0; k < size; k++) along += g.data[first + k * inner]! * x.data[first + k * inner]!;
    const d = Math.max(norm, op.eps);
    const pull = norm > op.eps ? along / (d * d * d) : 0;
    for (let k = 0; k < size; k++) {
      const at = first + k * inner;
      out.data[at] = g.data[at]! / d - x.data[at]! * pull;
    }
  });
  return out;
}

function eachLine(
  op: Normalize,
  x: Tensor,
  visit: (first: number, size: number, inner: number, norm: number) => void,
): void {
  const { outer, size, inner } = around(x.shape, op.axis ?? 1);
  for (let o = 0; o < outer; o++)
    for (let i = 0; i < inner; i++) {
      const first = o * size * inner + i;
      let squares = 0;
      for (let k = 0; k < size; k++) squares += x.data[first + k * inner]! ** 2;
      visit(first, size, inner, Math.sqrt(squares));
    }
}
