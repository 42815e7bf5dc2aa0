import { sizeOf, stridesOf, type Tensor } from '../tensor/tensor.js';
import { walk } from '../tensor/walk.js';
import type { Rule, RuleContext } from '../types.js';

export const reshape: Rule<'reshape'> = {
  reads: 'nothing',
  forward(_, [x], c) {
    const shape = c.outputShapes[0];
    if (x === undefined || shape === undefined) return { unknown: 'no input' };
    if (sizeOf(shape) !== sizeOf(x.shape)) return { unknown: 'a shape with another number of entries' };
    return [{ shape, data: x.data }];
  },
  backward: (_, { inputs: [x], gradients: [g] }) =>
    x === undefined || g === undefined ? [] : [{ shape: x.shape, data: g.data }],
};

/** x with its axes in another order. */
export function permuted(c: RuleContext, x: Tensor, axes: readonly number[]): Tensor {
  const own = stridesOf(x.shape);
  const out = c.make(axes.map((a) => x.shape[a]!));
  const [to, from] = [out.data, x.data];
  walk(out.shape, [stridesOf(out.shape), axes.map((a) => own[a]!)], ([o = 0, p = 0], [so = 0, sp = 0], n) => {
    for (let i = 0; i < n; i++) to[o + i * so] = from[p + i * sp]!;
  });
  return out;
}

export function inverse(axes: readonly number[]): number[] {
  const back = new Array<number>(axes.length);
  axes.forEach((a, i) => (back[a] = i));
  return back;
}

export const permute: Rule<'permute'> = {
  reads: 'nothing',
  forward: (op, [x], c) => (x === undefined ? { unknown: 'no input' } : [permuted(c, x, op.axes)]),
  backward: (op, { gradients: [g] }, c) => (g === undefined ? [] : [permuted(c, g, inverse(op.axes))]),
};

/** Where each part begins along the joint axis, in entries of one outer step. */
function layout(parts: readonly Tensor[], axis: number): { outer: number; widths: number[]; total: number } {
  const outer = sizeOf((parts[0]?.shape ?? []).slice(0, axis));
  const widths = parts.map((p) => (outer === 0 ? 0 : sizeOf(p.shape) / outer));
  return { outer, widths, total: widths.reduce((a, b) => a + b, 0) };
}

/** Stacking joins parts that have an axis of size 1 there. */
export const concatenate: Rule<'concatenate'> = {
  reads: 'nothing',
  forward(op, given, c) {
    const shape = c.outputShapes[0];
    if (shape === undefined) return { unknown: 'no input' };
    // torch ignores empty one-dimensional parts.
    const parts = given.filter((p) => sizeOf(p.shape) > 0);
    const out = c.make(shape);
    const { outer, widths, total } = layout(parts, op.axis);
    let start = 0;
    parts.forEach((p, k) => {
      const width = widths[k]!;
      for (let o = 0; o < outer; o++) out.data.set(p.data.subarray(o * width, (o + 1) * width), o * total + start);
      start += width;
    });
    return [out];
  },
  backward(op, { inputs, gradients: [g] }, c) {
    if (g === undefined) return [];
    const { outer, widths, total } = layout(
      inputs.filter((p) => sizeOf(p.shape) > 0),
      op.axis,
    );
    let start = 0;
    let k = 0;
    return inputs.map((x, i) => {
      if (sizeOf(x.shape) === 0) return undefined;
      const width = widths[k++]!;
      const from = start;
      start += width;
      if (!c.wants(i)) return undefined;
      const out = c.make(x.shape);
      for (let o = 0; o < outer; o++)
        out.data.set(g.data.subarray(o * total + from, o * total + from + width), o * width);
      return out;
    });
  },
};
