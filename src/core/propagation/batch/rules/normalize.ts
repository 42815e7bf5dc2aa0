import type { ParameterId } from '../../../model/index.js';
import {
  channelLayout,
  channelsBack,
  channelStatistics,
  normalizeChannels,
  type ChannelLayout,
  type Statistics,
} from '../normalize/channels.js';
import { linesBack, lineStatistics, normalizeLines } from '../normalize/lines.js';
import { toUnitLength, unitLengthBack } from '../normalize/unit-length.js';
import { sizeOf, type Tensor } from '../tensor/tensor.js';
import { isUnknown, type OperationOf, type Rule, type RuleContext } from '../types.js';

type Normalize = OperationOf<'normalize'>;

/** Channels for batch, group and instance; the width of a line for layer and RMS. */
function layoutOf(op: Normalize, shape: readonly number[]): ChannelLayout | number {
  switch (op.over) {
    case 'batch':
    case 'group':
    case 'instance':
      return channelLayout(op.over, shape, op.groups ?? 1);
    default:
      return sizeOf(shape.slice(shape.length - (op.dims ?? 1)));
  }
}

/** Running statistics, which are 0 and 1 in a new model. */
function isFixed(op: Normalize, c: RuleContext): boolean {
  return op.over === 'batch' && !c.training;
}

function statisticsOf(op: Normalize, x: Tensor, layout: ChannelLayout | number, c: RuleContext): Statistics {
  if (typeof layout === 'number') return lineStatistics(x, layout, op.eps, op.over !== 'rms');
  if (!isFixed(op, c)) return channelStatistics(x, layout, op.eps);
  return {
    mean: new Float64Array(layout.groups),
    inverse: new Float64Array(layout.groups).fill(1 / Math.sqrt(1 + op.eps)),
  };
}

export const normalize: Rule<'normalize'> = {
  reads: 'inputs',
  forward(op, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    const y = c.make(x.shape);
    if (op.over === 'l2') {
      toUnitLength(x, y, op.axis ?? 1, op.eps);
      return [y];
    }
    const scale = op.weight === undefined ? undefined : c.parameter(op.weight);
    const shift = op.bias === undefined ? undefined : c.parameter(op.bias);
    if (isUnknown(scale) || isUnknown(shift)) {
      c.release(y);
      return isUnknown(scale) ? scale : (shift as { unknown: string });
    }
    const layout = layoutOf(op, x.shape);
    const statistics = statisticsOf(op, x, layout, c);
    if (typeof layout === 'number') normalizeLines(x, y, layout, statistics, scale, shift);
    else normalizeChannels(x, y, layout, statistics, scale, shift);
    c.memo = statistics;
    c.release(scale, shift);
    return [y];
  },
  backward(op, { inputs: [x], gradients: [g] }, c) {
    if (x === undefined || g === undefined) return [];
    const out = c.make(x.shape);
    if (op.over === 'l2') {
      unitLengthBack(x, g, out, op.axis ?? 1, op.eps);
      return [out];
    }
    const scale = op.weight === undefined ? undefined : c.parameter(op.weight);
    if (isUnknown(scale)) return [out];
    const layout = layoutOf(op, x.shape);
    const width = typeof layout === 'number' ? layout : layout.channels;
    const sums = { toScale: new Float64Array(width), toShift: new Float64Array(width) };
    const statistics = c.memo as Statistics;
    if (typeof layout === 'number') linesBack(x, g, out, layout, statistics, scale, sums, op.over !== 'rms');
    else channelsBack(x, g, out, layout, statistics, scale, sums, isFixed(op, c));
    give(c, op.weight, sums.toScale);
    give(c, op.bias, sums.toShift);
    c.release(scale);
    return [out];
  },
};

function give(c: RuleContext, id: ParameterId | undefined, gradient: Float64Array): void {
  if (id === undefined) return;
  const own = c.make(c.parameterShape(id));
  own.data.set(gradient);
  c.giveGradient(id, own);
}
