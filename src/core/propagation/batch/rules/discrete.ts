import { sizeOf } from '../tensor/tensor.js';
import type { Rule } from '../types.js';

/** Where the extreme entry stands along an axis: the first of equal ones. */
export const place: Rule<'place'> = {
  reads: 'nothing',
  forward(op, [x], c) {
    const shape = c.outputShapes[0];
    if (x === undefined || shape === undefined) return { unknown: 'no input' };
    const size = x.shape[op.axis] ?? 1;
    const inner = sizeOf(x.shape.slice(op.axis + 1));
    const sign = op.of === 'max' ? 1 : -1;
    const y = c.make(shape);
    for (let i = 0; i < y.data.length; i++) {
      const from = Math.floor(i / inner) * inner * size + (i % inner);
      let best = 0;
      for (let k = 1; k < size; k++)
        if (sign * x.data[from + k * inner]! > sign * x.data[from + best * inner]!) best = k;
      y.data[i] = best;
    }
    return [y];
  },
  backward: () => [],
};

export const oneHot: Rule<'oneHot'> = {
  reads: 'nothing',
  forward(_op, [x], c) {
    const shape = c.outputShapes[0];
    if (x === undefined || shape === undefined) return { unknown: 'no input' };
    const classes = shape.at(-1) ?? 1;
    const y = c.make(shape);
    for (let i = 0; i < x.data.length; i++) {
      const at = Math.round(x.data[i]!);
      if (at >= 0 && at < classes) y.data[i * classes + at] = 1;
    }
    return [y];
  },
  backward: () => [],
};

/** The second tensor, whose gradient is that of both. */
export const straightThrough: Rule<'straightThrough'> = {
  reads: 'nothing',
  forward: (_op, [, y]) => (y === undefined ? { unknown: 'no input' } : [y]),
  backward: (_op, { gradients: [g] }) => [g, g],
};
