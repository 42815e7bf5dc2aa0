import type { Rule } from '../types.js';

export const affine: Rule<'affine'> = {
  reads: 'nothing',
  forward(op, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    if (op.factor === 1 && op.offset === 0) return [x];
    const y = c.make(x.shape);
    for (let i = 0; i < y.data.length; i++) y.data[i] = op.factor * x.data[i]! + op.offset;
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
    const p = op.exponent;
    if (p === 2) c.kernels.multiplyElements(x.data, x.data, y.data);
    else for (let i = 0; i < y.data.length; i++) y.data[i] = Math.pow(x.data[i]!, p);
    return [y];
  },
  backward(op, { inputs: [x], gradients: [g] }, c) {
    if (x === undefined || g === undefined) return [];
    const out = c.make(x.shape);
    const p = op.exponent;
    for (let i = 0; i < out.data.length; i++)
      out.data[i] = p === 0 ? 0 : g.data[i]! * p * (p === 2 ? x.data[i]! : Math.pow(x.data[i]!, p - 1));
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
