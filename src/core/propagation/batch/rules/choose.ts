import type { Tensor } from '../tensor/tensor.js';
import { sameShape, stridesOf } from '../tensor/tensor.js';
import { broadcastShape, broadcastStrides, walk } from '../tensor/walk.js';
import type { Rule, RuleContext } from '../types.js';
import { combine, reducedTo } from './binary.js';

/** g where the condition holds (or does not), else 0, in the shape of the operand. */
function masked(c: RuleContext, g: Tensor, condition: Tensor, holds: boolean, shape: readonly number[]): Tensor {
  const full = c.make(g.shape);
  combine(full, g, condition, holds ? (v, m) => (m !== 0 ? v : 0) : (v, m) => (m !== 0 ? 0 : v));
  return reducedTo(c, shape, full);
}

export const where: Rule<'where'> = {
  reads: 'inputs',
  forward(_, [condition, a, b], c) {
    if (condition === undefined || a === undefined || b === undefined) return { unknown: 'no input' };
    const out = c.make(broadcastShape(condition.shape, a.shape, b.shape));
    const strides = [stridesOf(out.shape), ...[condition, a, b].map((t) => broadcastStrides(t.shape, out.shape))];
    walk(out.shape, strides, ([o = 0, p = 0, q = 0, r = 0], [so = 0, sp = 0, sq = 0, sr = 0], n) => {
      for (let i = 0; i < n; i++)
        out.data[o + i * so] = condition.data[p + i * sp] !== 0 ? a.data[q + i * sq]! : b.data[r + i * sr]!;
    });
    return [out];
  },
  backward(_, { inputs: [condition, a, b], gradients: [g] }, c) {
    if (condition === undefined || a === undefined || b === undefined || g === undefined) return [];
    return [
      undefined,
      c.wants(1) ? masked(c, g, condition, true, a.shape) : undefined,
      c.wants(2) ? masked(c, g, condition, false, b.shape) : undefined,
    ];
  },
};

export const maskedFill: Rule<'maskedFill'> = {
  reads: 'inputs',
  forward(op, [x, mask], c) {
    if (x === undefined || mask === undefined) return { unknown: 'no input' };
    const out = c.make(broadcastShape(x.shape, mask.shape));
    const fill = op.value;
    combine(out, x, mask, (v, m) => (m !== 0 ? fill : v));
    return [out];
  },
  backward(_, { inputs: [x, mask], gradients: [g] }, c) {
    if (x === undefined || mask === undefined || g === undefined) return [];
    if (!sameShape(g.shape, broadcastShape(x.shape, mask.shape))) return [];
    return [masked(c, g, mask, false, x.shape)];
  },
};
