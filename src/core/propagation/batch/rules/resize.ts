import type { OperationOf, Rule } from '../types.js';
import {
  averageTaps,
  cubicTaps,
  linearTaps,
  nearestTaps,
  resample,
  resampleBack,
  type Taps,
} from '../window/resample.js';

function tapsOf(op: OperationOf<'resize'>): (size: number, out: number) => Taps {
  const corners = op.alignCorners === true;
  switch (op.mode) {
    case 'nearest':
      return nearestTaps;
    case 'area':
      return averageTaps;
    case 'bilinear':
      return (size, out) => linearTaps(size, out, corners);
    case 'bicubic':
      return (size, out) => cubicTaps(size, out, corners);
  }
}

export const resize: Rule<'resize'> = {
  reads: 'nothing',
  forward(op, [x], c) {
    const shape = c.outputShapes[0];
    if (x === undefined || shape === undefined) return { unknown: 'no input' };
    return [resample(c, x, shape, tapsOf(op))];
  },
  backward: (op, { inputs: [x], gradients: [g] }, c) =>
    x === undefined || g === undefined ? [] : [resampleBack(c, g, x.shape, tapsOf(op))],
};
