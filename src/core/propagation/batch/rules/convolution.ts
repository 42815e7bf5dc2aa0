import { around, type Tensor } from '../tensor/tensor.js';
import { isUnknown, type OperationOf, type Rule, type RuleContext } from '../types.js';
import { filterCost, toLarge, toSmall, toWeight, type Filter } from '../window/filter.js';
import { geometryOf } from '../window/geometry.js';
import { weightOf } from './linear.js';

/** A transposed convolution goes from the small map to the large one. */
function filterOf(op: OperationOf<'convolution'>, x: readonly number[], y: readonly number[]): Filter {
  const [large, small] = op.transposed ? [y, x] : [x, y];
  return {
    geometry: geometryOf(large.slice(2), small.slice(2), op.window, op.paddingMode),
    samples: x[0] ?? 1,
    groups: op.groups,
    largeChannels: (large[1] ?? 1) / op.groups,
    smallChannels: (small[1] ?? 1) / op.groups,
  };
}

/** Adds a channel's bias to each of its entries. */
export function addBias(y: Tensor, bias: Tensor, axis = 1): void {
  const { outer, size, inner } = around(y.shape, axis);
  if (inner === 1) {
    const [to, from] = [y.data, bias.data];
    for (let start = 0; start < to.length; start += size)
      for (let k = 0; k < size; k++) to[start + k] = to[start + k]! + from[k]!;
    return;
  }
  for (let o = 0; o < outer; o++)
    for (let k = 0; k < size; k++) {
      const b = bias.data[k]!;
      const start = (o * size + k) * inner;
      for (let i = start; i < start + inner; i++) y.data[i] = y.data[i]! + b;
    }
}

export function biasGradient(c: RuleContext, g: Tensor, axis = 1): Tensor {
  const { outer, size, inner } = around(g.shape, axis);
  const out = c.make([size]);
  if (inner === 1) {
    for (let o = 0; o < outer; o++) c.kernels.addScaled(out.data, g.data.subarray(o * size, (o + 1) * size), 1);
    return out;
  }
  for (let o = 0; o < outer; o++)
    for (let k = 0; k < size; k++) {
      const start = (o * size + k) * inner;
      let sum = 0;
      for (let i = start; i < start + inner; i++) sum += g.data[i]!;
      out.data[k] = out.data[k]! + sum;
    }
  return out;
}

export const convolution: Rule<'convolution'> = {
  reads: 'inputs',
  forward(op, inputs, c) {
    const [x] = inputs;
    const shape = c.outputShapes[0];
    if (x === undefined || shape === undefined) return { unknown: 'no input' };
    const w = weightOf(op, inputs, c);
    if (isUnknown(w)) return w;
    const bias = op.bias === undefined ? undefined : c.parameter(op.bias);
    if (isUnknown(bias)) return bias;
    const f = filterOf(op, x.shape, shape);
    const y = c.make(shape);
    if (op.transposed) toLarge(c, f, w.tensor, x, y);
    else toSmall(c, f, w.tensor, x, y);
    if (bias !== undefined) addBias(y, bias);
    c.release(w.own, bias);
    return [y];
  },
  backward(op, { inputs, gradients: [g] }, c) {
    const [x] = inputs;
    if (x === undefined || g === undefined) return [];
    const w = weightOf(op, inputs, c);
    if (isUnknown(w)) return [];
    const f = filterOf(op, x.shape, g.shape);
    const [small, large] = op.transposed ? [x, g] : [g, x];
    const own = c.make(w.tensor.shape);
    toWeight(c, f, small, large, own);
    if (op.bias !== undefined) c.giveGradient(op.bias, biasGradient(c, g));
    let out: Tensor | undefined;
    if (c.wants(0)) {
      out = c.make(x.shape);
      if (op.transposed) toSmall(c, f, w.tensor, g, out);
      else toLarge(c, f, w.tensor, g, out);
    }
    c.release(w.own);
    if (op.weight !== 'input') {
      c.giveGradient(op.weight, own);
      return [out];
    }
    return inputs.map((_, i) => (i === 0 ? out : i === inputs.length - 1 ? own : undefined));
  },
};

/** Multiply-adds of one pass, or what takes as long, for the plan of work. */
export function convolutionCost(op: OperationOf<'convolution'>, x: readonly number[], y: readonly number[]): number {
  return filterCost(filterOf(op, x, y));
}
