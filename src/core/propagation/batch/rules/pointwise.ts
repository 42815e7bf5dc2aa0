import type { Kernels } from '../../kernels/types.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Rule } from '../types.js';

/** y = x^p, by products where p is a small whole number: `Math.pow` takes far longer. */
function raise(k: Kernels, x: Tensor, p: number, y: Tensor): void {
  if (!Number.isInteger(p) || p < 1 || p > 4) {
    for (let i = 0; i < y.data.length; i++) y.data[i] = Math.pow(x.data[i]!, p);
    return;
  }
  y.data.set(x.data.subarray(0, y.data.length));
  for (let n = 1; n < p; n++) k.multiplyElements(y.data, x.data, y.data);
}

export const affine: Rule<'affine'> = {
  reads: 'nothing',
  forward(op, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    if (op.factor === 1 && op.offset === 0) return [x];
    const y = c.make(x.shape);
    if (op.offset !== 0) y.data.fill(op.offset);
    c.kernels.addScaled(y.data, x.data, op.factor);
    return [y];
  },
  backward(op, { gradients: [g] }, c) {
    if (g === undefined) return [];
    if (op.factor === 1) return [g];
    const out = c.make(g.shape);
    c.kernels.addScaled(out.data, g.data, op.factor);
    return [out];
  },
};

export const power: Rule<'power'> = {
  reads: 'inputs',
  forward(op, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    const y = c.make(x.shape);
    raise(c.kernels, x, op.exponent, y);
    return [y];
  },
  backward(op, { inputs: [x], gradients: [g] }, c) {
    if (x === undefined || g === undefined) return [];
    const out = c.make(x.shape);
    const p = op.exponent;
    if (p === 0) return [out];
    raise(c.kernels, x, p - 1, out);
    c.kernels.multiplyElements(out.data, g.data, out.data);
    c.kernels.scale(out.data, p);
    return [out];
  },
};

export const clamp: Rule<'clamp'> = {
  reads: 'inputs',
  forward(op, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    const y = c.make(x.shape);
    const { low = -Infinity, high = Infinity } = op;
    for (let i = 0; i < y.data.length; i++) y.data[i] = Math.min(high, Math.max(low, x.data[i]!));
    return [y];
  },
  backward(op, { inputs: [x], gradients: [g] }, c) {
    if (x === undefined || g === undefined) return [];
    const out = c.make(x.shape);
    const { low = -Infinity, high = Infinity } = op;
    for (let i = 0; i < out.data.length; i++) out.data[i] = x.data[i]! >= low && x.data[i]! <= high ? g.data[i]! : 0;
    return [out];
  },
};
