import type { NativeFunction, Runtime } from '../../../../python/values/index.js';
import type { Size, Tensor } from '../../tensor.js';
import { op, type Family, type Table } from '../kit/define.js';
import { opaque } from '../kit/make.js';
import { hasRank, over, shapeText, symbol, times, type Sizes } from '../kit/sizes.js';
import { integer } from '../kit/values.js';
import { permute } from '../shape/permute.js';
import { reshapeTo } from '../shape/reshape.js';

/** Axes split, permuted and merged again. `axes` numbers the axes of `split` that come after the leading ones. */
function rearranged(rt: Runtime, x: Tensor, lead: Sizes, split: Sizes, axes: readonly number[], merged: Sizes): Tensor {
  const wide = reshapeTo(rt, x, [...lead, ...split]);
  const moved = permute(rt, wide, [...lead.map((_, i) => i), ...axes.map((a) => a + lead.length)]);
  return reshapeTo(rt, moved, [...lead, ...merged]);
}

function checkRank(rt: Runtime, name: string, shape: Sizes): void {
  if (shape.length < 3)
    rt.raise(
      'RuntimeError',
      `${name} expects input to have at least 3 dimensions, but got input with ${String(shape.length)} dimension(s)`,
    );
}

function checkDivides(rt: Runtime, text: string, size: Size, axis: number, by: number): void {
  if (typeof size === 'number' && size % by !== 0)
    rt.raise(
      'RuntimeError',
      `${text}, but input.size(${String(axis)})=${symbol(size)} is not divisible by ${String(by)}`,
    );
}

/** (…, C·r², H, W) to (…, C, H·r, W·r). */
const pixelShuffle = op('pixel_shuffle', 'input, upscale_factor', (x, a, rt) => {
  const r = integer(a.upscale_factor, 'upscale_factor', rt);
  if (!hasRank(x.shape)) return opaque(rt, 'pixel_shuffle', x.shape.reason, [x], { shape: x.shape, dtype: x.dtype });
  checkRank(rt, 'pixel_shuffle', x.shape);
  if (r <= 0) rt.raise('RuntimeError', `pixel_shuffle expects a positive upscale_factor, but got ${String(r)}`);
  const [c, h, w] = x.shape.slice(-3) as [Size, Size, Size];
  const text = "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor";
  checkDivides(rt, text, c, -3, r * r);
  const kept = over(c, r * r);
  return rearranged(rt, x, x.shape.slice(0, -3), [kept, r, r, h, w], [0, 3, 1, 4, 2], [kept, times(h, r), times(w, r)]);
});

/** The reverse. */
const pixelUnshuffle = op('pixel_unshuffle', 'input, downscale_factor', (x, a, rt) => {
  const r = integer(a.downscale_factor, 'downscale_factor', rt);
  if (!hasRank(x.shape)) return opaque(rt, 'pixel_unshuffle', x.shape.reason, [x], { shape: x.shape, dtype: x.dtype });
  checkRank(rt, 'pixel_unshuffle', x.shape);
  if (r <= 0) rt.raise('RuntimeError', `pixel_unshuffle expects a positive downscale_factor, but got ${String(r)}`);
  const [c, h, w] = x.shape.slice(-3) as [Size, Size, Size];
  checkDivides(rt, 'pixel_unshuffle expects height to be divisible by downscale_factor', h, -2, r);
  checkDivides(rt, 'pixel_unshuffle expects width to be divisible by downscale_factor', w, -1, r);
  const [rows, columns] = [over(h, r), over(w, r)];
  const merged = [times(c, r * r), rows, columns];
  return rearranged(rt, x, x.shape.slice(0, -3), [c, rows, r, columns, r], [0, 2, 4, 1, 3], merged);
});

/** Channels of different groups take turns. */
const channelShuffle: NativeFunction = op('channel_shuffle', 'input, groups', (x, a, rt) => {
  const groups = integer(a.groups, 'groups', rt);
  if (!hasRank(x.shape)) return opaque(rt, 'channel_shuffle', x.shape.reason, [x], { shape: x.shape, dtype: x.dtype });
  if (x.shape.length < 3)
    rt.raise(
      'RuntimeError',
      `channel_shuffle expects input with > 2 dims, but got input with sizes ${shapeText(x.shape)}`,
    );
  const [n, c, ...rest] = x.shape as readonly [Size, Size, ...Size[]];
  if (typeof c === 'number' && c % groups !== 0)
    rt.raise(
      'RuntimeError',
      `Number of channels must be divisible by groups. Got ${String(c)} channels and ${String(groups)} groups.`,
    );
  const split = [groups, over(c, groups), ...rest];
  return rearranged(rt, x, [n], split, [1, 0, ...rest.map((_, i) => i + 2)], [c, ...rest]);
});

const functions: Table = {
  pixel_shuffle: pixelShuffle,
  pixel_unshuffle: pixelUnshuffle,
  channel_shuffle: channelShuffle,
  native_channel_shuffle: channelShuffle,
};

export const shuffleFamily: Family = { torch: functions, functional: functions };
