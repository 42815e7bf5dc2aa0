import { sizeOf, type Tensor } from '../tensor/tensor.js';

/**
 * Normalization whose scale and shift belong to channels (axis 1): batch, group and instance. A run is one channel of
 * one sample; runs that share statistics form a group.
 */
export interface ChannelLayout {
  readonly samples: number;
  readonly channels: number;
  /** Entries of one channel of one sample. */
  readonly inner: number;
  readonly groups: number;
  readonly groupOf: (sample: number, channel: number) => number;
  /** Entries of a group. */
  readonly count: number;
}

export function channelLayout(
  over: 'batch' | 'group' | 'instance',
  shape: readonly number[],
  parts: number,
): ChannelLayout {
  const [samples = 1, channels = 1] = shape;
  const inner = sizeOf(shape.slice(2));
  const own = over === 'batch' ? 1 : over === 'instance' ? channels : parts;
  const per = channels / own;
  return over === 'batch'
    ? { samples, channels, inner, groups: channels, groupOf: (_, c) => c, count: samples * inner }
    : {
        samples,
        channels,
        inner,
        groups: samples * own,
        groupOf: (n, c) => n * own + Math.floor(c / per),
        count: per * inner,
      };
}

export interface Statistics {
  readonly mean: Float64Array;
  /** 1/√(variance + eps). */
  readonly inverse: Float64Array;
}

export function channelStatistics(x: Tensor, l: ChannelLayout, eps: number): Statistics {
  const { data } = x;
  const sum = new Float64Array(l.groups);
  eachRun(l, (start, group) => {
    const end = start + l.inner;
    let own = 0;
    for (let i = start; i < end; i++) own += data[i]!;
    sum[group] = sum[group]! + own;
  });
  const mean = sum.map((s) => s / l.count);
  const squares = new Float64Array(l.groups);
  eachRun(l, (start, group) => {
    const end = start + l.inner;
    const m = mean[group]!;
    let own = 0;
    for (let i = start; i < end; i++) {
      const d = data[i]! - m;
      own += d * d;
    }
    squares[group] = squares[group]! + own;
  });
  return { mean, inverse: squares.map((s) => 1 / Math.sqrt(s / l.count + eps)) };
}

/** y = scale·(x − mean)/σ + shift. */
export function normalizeChannels(
  x: Tensor,
  y: Tensor,
  l: ChannelLayout,
  s: Statistics,
  scale: Tensor | undefined,
  shift: Tensor | undefined,
): void {
  const [from, to] = [x.data, y.data];
  eachRun(l, (start, group, channel) => {
    const end = start + l.inner;
    const factor = s.inverse[group]! * (scale?.data[channel] ?? 1);
    const offset = (shift?.data[channel] ?? 0) - s.mean[group]! * factor;
    for (let i = start; i < end; i++) to[i] = from[i]! * factor + offset;
  });
}

/**
 * Gradient at the input, from the output's; per channel into `toScale` Σg·x̂ and into `toShift` Σg. `fixed` statistics
 * do not depend on the input.
 */
export function channelsBack(
  x: Tensor,
  g: Tensor,
  out: Tensor,
  l: ChannelLayout,
  s: Statistics,
  scale: Tensor | undefined,
  parameters: { readonly toScale: Float64Array; readonly toShift: Float64Array },
  fixed: boolean,
): void {
  const [sum, along] = [new Float64Array(l.groups), new Float64Array(l.groups)];
  const [xs, gs, to] = [x.data, g.data, out.data];
  eachRun(l, (start, group, channel) => {
    const end = start + l.inner;
    let total = 0;
    let product = 0;
    for (let i = start; i < end; i++) {
      total += gs[i]!;
      product += gs[i]! * xs[i]!;
    }
    const normalized = s.inverse[group]! * (product - s.mean[group]! * total);
    parameters.toShift[channel] = parameters.toShift[channel]! + total;
    parameters.toScale[channel] = parameters.toScale[channel]! + normalized;
    const w = scale?.data[channel] ?? 1;
    sum[group] = sum[group]! + w * total;
    along[group] = along[group]! + w * normalized;
  });
  eachRun(l, (start, group, channel) => {
    const end = start + l.inner;
    const r = s.inverse[group]!;
    // dx = r·(w·g − mean(w·g) − x̂·mean(w·g·x̂)), as a·g + b·x + c.
    const slope = fixed ? 0 : (along[group]! / l.count) * r;
    const a = r * (scale?.data[channel] ?? 1);
    const b = -r * slope;
    const c = fixed ? 0 : r * (slope * s.mean[group]! - sum[group]! / l.count);
    for (let i = start; i < end; i++) to[i] = a * gs[i]! + b * xs[i]! + c;
  });
}

function eachRun(l: ChannelLayout, visit: (start: number, group: number, channel: number) => void): void {
  let start = 0;
  for (let n = 0; n < l.samples; n++)
    for (let c = 0; c < l.channels; c++, start += l.inner) visit(start, l.groupOf(n, c), c);
}
