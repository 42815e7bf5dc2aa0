import type { Weight } from '../../../model/index.js';
import { sizeOf, type Tensor } from '../tensor/tensor.js';
import { isUnknown, type OperationOf, type Rule, type RuleContext, type Unknown } from '../types.js';
import { addBias, biasGradient } from './convolution.js';

/** A layer's weight: a parameter's draw (`own`, to be released), or the node's last input. */
export function weightOf(
  op: { readonly weight: Weight },
  inputs: readonly Tensor[],
  c: RuleContext,
): { readonly tensor: Tensor; readonly own: Tensor | undefined } | Unknown {
  if (op.weight === 'input') {
    const tensor = inputs.at(-1);
    return tensor === undefined ? { unknown: 'a computed weight is missing' } : { tensor, own: undefined };
  }
  const drawn = c.parameter(op.weight);
  return isUnknown(drawn) ? drawn : { tensor: drawn, own: drawn };
}

/** Columns `first` to `first + count` of x, which has `width` of them. */
function columnsOf(c: RuleContext, x: Tensor, width: number, first: number, count: number): Tensor {
  const rows = x.data.length / width;
  const out = c.make([rows, count]);
  for (let r = 0; r < rows; r++) out.data.set(x.data.subarray(r * width + first, r * width + first + count), r * count);
  return out;
}

/** y (m×n) = x·Wᵀ, or x·W; the answer is why W is not known. */
function multiplyByWeight(
  op: OperationOf<'linear'>,
  inputs: readonly Tensor[],
  y: Tensor,
  c: RuleContext,
): Unknown | undefined {
  const x = inputs[0]!;
  const [n, k] = [y.shape.at(-1) ?? 1, x.shape.at(-1) ?? 1];
  const m = sizeOf(x.shape) / k;
  const inBlocks =
    op.weight !== 'input' &&
    op.transposed !== true &&
    c.eachBlock(op.weight, (first, { shape: [count = 0], data }) => {
      const part = c.make([m, count]);
      c.kernels.multiply({ a: x.data, b: data, c: part.data, m, n: count, k, transposeB: true });
      for (let r = 0; r < m; r++) y.data.set(part.data.subarray(r * count, (r + 1) * count), r * n + first);
      c.release(part);
    });
  if (inBlocks) return undefined;
  const w = weightOf(op, inputs, c);
  if (isUnknown(w)) return w;
  c.kernels.multiply({ a: x.data, b: w.tensor.data, c: y.data, m, n, k, transposeB: op.transposed !== true });
  c.release(w.own);
  return undefined;
}

/** out (m×k) = g·W, or g·Wᵀ. */
function multiplyBack(
  op: OperationOf<'linear'>,
  inputs: readonly Tensor[],
  g: Tensor,
  out: Tensor,
  c: RuleContext,
): Unknown | undefined {
  const [n, k] = [g.shape.at(-1) ?? 1, out.shape.at(-1) ?? 1];
  const m = sizeOf(out.shape) / k;
  const inBlocks =
    op.weight !== 'input' &&
    op.transposed !== true &&
    c.eachBlock(op.weight, (first, { shape: [count = 0], data }) => {
      const part = columnsOf(c, g, n, first, count);
      c.kernels.multiply({ a: part.data, b: data, c: out.data, m, n: k, k: count, beta: first === 0 ? 0 : 1 });
      c.release(part);
    });
  if (inBlocks) return undefined;
  const w = weightOf(op, inputs, c);
  if (isUnknown(w)) return w;
  c.kernels.multiply({ a: g.data, b: w.tensor.data, c: out.data, m, n: k, k: n, transposeB: op.transposed === true });
  c.release(w.own);
  return undefined;
}

export const linear: Rule<'linear'> = {
  reads: 'inputs',
  forward(op, inputs, c) {
    const [x] = inputs;
    const shape = c.outputShapes[0];
    if (x === undefined || shape === undefined) return { unknown: 'no input' };
    const bias = op.bias === undefined ? undefined : c.parameter(op.bias);
    if (isUnknown(bias)) return bias;
    const map = op.weight === 'input' ? undefined : c.linearMap(op.weight);
    const y = c.make(shape);
    if (map !== undefined) {
      c.seed();
      c.memo = map.forward(x.data, sizeOf(x.shape) / (x.shape.at(-1) ?? 1), y.data);
    } else {
      const missing = multiplyByWeight(op, inputs, y, c);
      if (missing !== undefined) {
        c.release(y, bias);
        return missing;
      }
    }
    if (bias !== undefined) addBias(y, bias, shape.length - 1);
    c.release(bias);
    return [y];
  },
  backward(op, { inputs, gradients: [g] }, c) {
    const [x] = inputs;
    if (x === undefined || g === undefined) return [];
    const map = op.weight === 'input' ? undefined : c.linearMap(op.weight);
    if (map !== undefined) {
      const out = c.make(x.shape);
      c.seed('back');
      map.backward(c.memo as number, g.data, out.data);
      if (op.bias !== undefined) c.giveGradient(op.bias, biasGradient(c, g, g.shape.length - 1));
      return [out];
    }
    let out: Tensor | undefined;
    if (c.wants(0)) {
      out = c.make(x.shape);
      const missing = multiplyBack(op, inputs, g, out, c);
      if (missing !== undefined) {
        c.release(out);
        return [];
      }
    }
    if (op.bias !== undefined) c.giveGradient(op.bias, biasGradient(c, g, g.shape.length - 1));
    const [n, k] = [g.shape.at(-1) ?? 1, x.shape.at(-1) ?? 1];
    const rows = sizeOf(x.shape) / k;
    const [a, b] = op.transposed === true ? [x, g] : [g, x];
    if (op.weight !== 'input') {
      c.giveProduct(op.weight, { a, b, rows, shape: c.parameterShape(op.weight) });
      return [out];
    }
    const own = c.make(inputs.at(-1)!.shape);
    const [m, columns] = op.transposed === true ? [k, n] : [n, k];
    c.kernels.multiply({ a: a.data, b: b.data, c: own.data, m, n: columns, k: rows, transposeA: true });
    return inputs.map((_, i) => (i === 0 ? out : i === inputs.length - 1 ? own : undefined));
  },
};

/** x₁ᵀ W x₂: for each output a product with its slice of W. */
export const bilinear: Rule<'bilinear'> = {
  reads: 'inputs',
  forward(op, inputs, c) {
    const [a, b] = inputs;
    const shape = c.outputShapes[0];
    if (a === undefined || b === undefined || shape === undefined) return { unknown: 'no input' };
    const w = weightOf(op, inputs, c);
    if (isUnknown(w)) return w;
    const bias = op.bias === undefined ? undefined : c.parameter(op.bias);
    if (isUnknown(bias)) return bias;
    const [n, p, q] = [shape.at(-1) ?? 1, a.shape.at(-1) ?? 1, b.shape.at(-1) ?? 1];
    const m = sizeOf(shape) / n;
    const y = c.make(shape);
    // t (m × n·q) = x₁·W with W seen as p × (n·q), one output at a time.
    const t = c.make([m, q]);
    for (let o = 0; o < n; o++) {
      const slice = w.tensor.data.subarray(o * p * q, (o + 1) * p * q);
      c.kernels.multiply({ a: a.data, b: slice, c: t.data, m, n: q, k: p });
      for (let i = 0; i < m; i++) {
        let sum = 0;
        for (let j = 0; j < q; j++) sum += t.data[i * q + j]! * b.data[i * q + j]!;
        y.data[i * n + o] = sum;
      }
    }
    if (bias !== undefined) addBias(y, bias, shape.length - 1);
    c.release(t, w.own, bias);
    return [y];
  },
  backward(op, { inputs, gradients: [g] }, c) {
    const [a, b] = inputs;
    if (a === undefined || b === undefined || g === undefined) return [];
    const w = weightOf(op, inputs, c);
    if (isUnknown(w)) return [];
    const [n, p, q] = [g.shape.at(-1) ?? 1, a.shape.at(-1) ?? 1, b.shape.at(-1) ?? 1];
    const m = sizeOf(g.shape) / n;
    const [ga, gb, own] = [c.make(a.shape), c.make(b.shape), c.make(w.tensor.shape)];
    const [ta, tb] = [c.make([m, p]), c.make([m, q])];
    const scaled = (to: Tensor, x: Tensor, width: number, o: number): void => {
      for (let i = 0; i < m; i++)
        for (let j = 0; j < width; j++) to.data[i * width + j] = g.data[i * n + o]! * x.data[i * width + j]!;
    };
    for (let o = 0; o < n; o++) {
      const slice = w.tensor.data.subarray(o * p * q, (o + 1) * p * q);
      scaled(tb, b, q, o);
      c.kernels.multiply({ a: tb.data, b: slice, c: ga.data, m, n: p, k: q, transposeB: true, beta: 1 });
      const dw = own.data.subarray(o * p * q, (o + 1) * p * q);
      c.kernels.multiply({ a: a.data, b: tb.data, c: dw, m: p, n: q, k: m, transposeA: true });
      scaled(ta, a, p, o);
      c.kernels.multiply({ a: ta.data, b: slice, c: gb.data, m, n: q, k: p, beta: 1 });
    }
    c.release(ta, tb, w.own);
    if (op.bias !== undefined) c.giveGradient(op.bias, biasGradient(c, g, g.shape.length - 1));
    if (op.weight === 'input') return [ga, gb, own];
    c.giveGradient(op.weight, own);
    return [ga, gb];
  },
};
