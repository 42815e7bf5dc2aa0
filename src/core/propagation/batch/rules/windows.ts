import { type Tensor } from '../tensor/tensor.js';
import type { Window } from '../../../model/index.js';
import type { Rule, RuleContext } from '../types.js';
import { fromColumns, toColumns } from '../window/columns.js';
import { geometryOf, type Geometry } from '../window/geometry.js';

/** Places of windows over a map, as unfold lays them out: (N, C·taps, places). */
function geometryFor(large: readonly number[], window: Window): Geometry {
  const small = large.slice(2).map((size, i) => {
    const [before, after] = window.padding[i] ?? [0, 0];
    const reach = window.dilation[i]! * (window.kernel[i]! - 1) + 1;
    return Math.floor((size + before + after - reach) / window.stride[i]!) + 1;
  });
  return geometryOf(large.slice(2), small, window);
}

function columns(c: RuleContext, x: Tensor, shape: readonly number[], window: Window): Tensor {
  const g = geometryFor(x.shape, window);
  const [n = 1, channels = 1] = x.shape;
  const out = c.make(shape);
  const rows = channels * g.kernelSize * g.smallSize;
  for (let s = 0; s < n; s++)
    toColumns(
      g,
      x.data,
      s * channels * g.largeSize,
      channels,
      out.data.subarray(s * rows, (s + 1) * rows),
      g.smallSize,
      0,
    );
  return out;
}

function summed(c: RuleContext, y: Tensor, shape: readonly number[], window: Window): Tensor {
  const g = geometryFor(shape, window);
  const [n = 1, channels = 1] = shape;
  const out = c.make(shape);
  const rows = channels * g.kernelSize * g.smallSize;
  for (let s = 0; s < n; s++)
    fromColumns(
      g,
      y.data.subarray(s * rows, (s + 1) * rows),
      g.smallSize,
      0,
      channels,
      out.data,
      s * channels * g.largeSize,
    );
  return out;
}

export const unfold: Rule<'unfold'> = {
  reads: 'nothing',
  forward: (op, [x], c) =>
    x === undefined || c.outputShapes[0] === undefined
      ? { unknown: 'no input' }
      : [columns(c, x, c.outputShapes[0], op.window)],
  backward: (op, { inputs: [x], gradients: [g] }, c) =>
    x === undefined || g === undefined ? [] : [summed(c, g, x.shape, op.window)],
};

export const fold: Rule<'fold'> = {
  reads: 'nothing',
  forward: (op, [x], c) =>
    x === undefined || c.outputShapes[0] === undefined
      ? { unknown: 'no input' }
      : [summed(c, x, c.outputShapes[0], op.window)],
  backward: (op, { inputs: [x], gradients: [g] }, c) =>
    x === undefined || g === undefined ? [] : [columns(c, g, x.shape, op.window)],
};
