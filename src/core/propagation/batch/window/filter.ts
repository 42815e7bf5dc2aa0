import type { Tensor } from '../tensor/tensor.js';
import type { RuleContext } from '../types.js';
import { fromColumns, toColumns } from './columns.js';
import { correlate, correlation, spread } from './depthwise.js';
import type { Geometry } from './geometry.js';

/**
 * The three products of a convolution between a large map (N, groups·largeChannels, …), a small map
 * (N, groups·smallChannels, …) and a weight (groups·smallChannels, largeChannels·taps).
 */
export interface Filter {
  readonly geometry: Geometry;
  readonly samples: number;
  readonly groups: number;
  /** Channels of one group. */
  readonly largeChannels: number;
  readonly smallChannels: number;
}

/** Floats that a matrix of columns may take: more samples at once make better products, up to what a cache likes. */
const MOST_COLUMNS = 1 << 20;
/** So many columns fill a product well. */
const ENOUGH_COLUMNS = 512;

function isDepthwise(f: Filter): boolean {
  return f.groups > 1 && (f.largeChannels === 1 || f.smallChannels === 1);
}

/** Copying a place of a window into a column takes so many multiply-adds' time. Measured, as is the next one. */
const PER_COLUMN = 100;
/** A weight of a depthwise kernel at one place: no matrix product does it. */
const PER_TAP = 160;

/** Multiply-adds of one of the three products, or what takes as long. */
export function filterCost(f: Filter): number {
  const { kernelSize, smallSize } = f.geometry;
  const columns = f.samples * f.groups * f.largeChannels * kernelSize * smallSize;
  return columns * (isDepthwise(f) ? f.smallChannels * PER_TAP : f.smallChannels + PER_COLUMN);
}

/** A window of one place without padding sees the large map itself. */
function isPlain(f: Filter): boolean {
  const { geometry: g } = f;
  return g.kernelSize === 1 && g.smallSize === g.largeSize && g.maps.every((m) => m.every((p, i) => p === i));
}

/** Samples that go into one product. */
function chunkOf(f: Filter): number {
  const { smallSize, kernelSize } = f.geometry;
  const most = Math.max(1, Math.floor(MOST_COLUMNS / Math.max(1, f.largeChannels * kernelSize * smallSize)));
  return Math.min(f.samples, most, Math.max(1, Math.ceil(ENOUGH_COLUMNS / smallSize)));
}

/** Visits chunks of samples of each group: first sample, how many, group. */
function eachChunk(f: Filter, visit: (first: number, count: number, group: number) => void): void {
  const chunk = chunkOf(f);
  for (let group = 0; group < f.groups; group++)
    for (let first = 0; first < f.samples; first += chunk) visit(first, Math.min(chunk, f.samples - first), group);
}

/** Where one sample's channels of a group start. */
const largeAt = (f: Filter, sample: number, group: number): number =>
  (sample * f.groups + group) * f.largeChannels * f.geometry.largeSize;
const smallAt = (f: Filter, sample: number, group: number): number =>
  (sample * f.groups + group) * f.smallChannels * f.geometry.smallSize;

/** Columns of a chunk; of a single plain sample the map itself. `release` says whether they are a copy. */
function columnsOf(
  c: RuleContext,
  f: Filter,
  large: Tensor,
  first: number,
  count: number,
  group: number,
): { readonly data: Float32Array; readonly own: Tensor | undefined } {
  const { geometry: g, largeChannels } = f;
  const rows = largeChannels * g.kernelSize;
  if (count === 1 && isPlain(f)) {
    const at = largeAt(f, first, group);
    return { data: large.data.subarray(at, at + rows * g.smallSize), own: undefined };
  }
  if (isPlain(f)) return sideBySide(c, large, (s) => largeAt(f, first + s, group), count, rows, g.smallSize);
  const own = c.make([rows, count * g.smallSize]);
  for (let s = 0; s < count; s++)
    toColumns(
      g,
      large.data,
      largeAt(f, first + s, group),
      largeChannels,
      own.data,
      count * g.smallSize,
      s * g.smallSize,
    );
  return { data: own.data, own };
}

/** Channels of several samples, `size` places each, as a matrix (channel, sample and place). */
function sideBySide(
  c: RuleContext,
  from: Tensor,
  startOf: (sample: number) => number,
  samples: number,
  channels: number,
  size: number,
): { readonly data: Float32Array; readonly own: Tensor } {
  const own = c.make([channels, samples * size]);
  for (let s = 0; s < samples; s++) {
    const start = startOf(s);
    for (let ch = 0; ch < channels; ch++)
      own.data.set(from.data.subarray(start + ch * size, start + (ch + 1) * size), (ch * samples + s) * size);
  }
  return { data: own.data, own };
}

/** A chunk of the small map as a matrix (channel, sample and place); of a single sample the map itself. */
function smallMatrix(
  c: RuleContext,
  f: Filter,
  small: Tensor,
  first: number,
  count: number,
  group: number,
): { readonly data: Float32Array; readonly own: Tensor | undefined } {
  const size = f.geometry.smallSize;
  if (count === 1) {
    const at = smallAt(f, first, group);
    return { data: small.data.subarray(at, at + f.smallChannels * size), own: undefined };
  }
  return sideBySide(c, small, (s) => smallAt(f, first + s, group), count, f.smallChannels, size);
}

function weightOf(f: Filter, w: Float32Array, group: number): Float32Array {
  const size = f.smallChannels * f.largeChannels * f.geometry.kernelSize;
  return w.subarray(group * size, (group + 1) * size);
}

/** small += W·columns(large). */
export function toSmall(c: RuleContext, f: Filter, w: Tensor, large: Tensor, small: Tensor): void {
  if (isDepthwise(f)) {
    eachPair(f, (wAt, l, s) => {
      correlate(f.geometry, w.data, wAt, large.data, l, small.data, s);
    });
    return;
  }
  const { smallSize, kernelSize } = f.geometry;
  const k = f.largeChannels * kernelSize;
  eachChunk(f, (first, count, group) => {
    const columns = columnsOf(c, f, large, first, count, group);
    const n = count * smallSize;
    const at = smallAt(f, first, group);
    const out = count === 1 ? undefined : c.make([f.smallChannels, n]);
    c.kernels.multiply({
      a: weightOf(f, w.data, group),
      b: columns.data,
      c: out?.data ?? small.data.subarray(at, at + f.smallChannels * n),
      m: f.smallChannels,
      n,
      k,
    });
    if (out !== undefined)
      for (let s = 0; s < count; s++)
        for (let ch = 0; ch < f.smallChannels; ch++)
          small.data.set(
            out.data.subarray((ch * count + s) * smallSize, (ch * count + s + 1) * smallSize),
            smallAt(f, first + s, group) + ch * smallSize,
          );
    c.release(columns.own, out);
  });
}

/** large += columns⁻¹(Wᵀ·small). */
export function toLarge(c: RuleContext, f: Filter, w: Tensor, small: Tensor, large: Tensor): void {
  if (isDepthwise(f)) {
    eachPair(f, (wAt, l, s) => {
      spread(f.geometry, w.data, wAt, small.data, s, large.data, l);
    });
    return;
  }
  const { smallSize, kernelSize } = f.geometry;
  const k = f.largeChannels * kernelSize;
  const plain = isPlain(f);
  eachChunk(f, (first, count, group) => {
    const n = count * smallSize;
    const given = smallMatrix(c, f, small, first, count, group);
    const at = largeAt(f, first, group);
    const direct = plain && count === 1;
    const columns = direct ? undefined : c.make([k, n]);
    c.kernels.multiply({
      a: weightOf(f, w.data, group),
      b: given.data,
      c: columns?.data ?? large.data.subarray(at, at + k * n),
      m: k,
      n,
      k: f.smallChannels,
      transposeA: true,
    });
    if (columns !== undefined && plain)
      for (let s = 0; s < count; s++)
        for (let ch = 0; ch < k; ch++) {
          const to = largeAt(f, first + s, group) + ch * smallSize;
          const from = ch * n + s * smallSize;
          c.kernels.addScaled(
            large.data.subarray(to, to + smallSize),
            columns.data.subarray(from, from + smallSize),
            1,
          );
        }
    else if (columns !== undefined)
      for (let s = 0; s < count; s++)
        fromColumns(
          f.geometry,
          columns.data,
          n,
          s * smallSize,
          f.largeChannels,
          large.data,
          largeAt(f, first + s, group),
        );
    c.release(given.own, columns);
  });
}

/** The weight's gradient: w += small·columns(large)ᵀ. */
export function toWeight(c: RuleContext, f: Filter, small: Tensor, large: Tensor, w: Tensor): void {
  if (isDepthwise(f)) {
    eachPair(f, (wAt, l, s) => {
      correlation(f.geometry, small.data, s, large.data, l, w.data, wAt);
    });
    return;
  }
  const k = f.largeChannels * f.geometry.kernelSize;
  eachChunk(f, (first, count, group) => {
    const columns = columnsOf(c, f, large, first, count, group);
    const given = smallMatrix(c, f, small, first, count, group);
    c.kernels.multiply({
      a: given.data,
      b: columns.data,
      c: weightOf(f, w.data, group),
      m: f.smallChannels,
      n: k,
      k: count * f.geometry.smallSize,
      transposeB: true,
      beta: 1,
    });
    c.release(columns.own, given.own);
  });
}

/** Pairs of one large and one small channel that share a kernel, where groups are that thin. */
function eachPair(f: Filter, visit: (weightAt: number, largeAt: number, smallAt: number) => void): void {
  const { kernelSize, largeSize, smallSize } = f.geometry;
  for (let sample = 0; sample < f.samples; sample++)
    for (let group = 0; group < f.groups; group++)
      for (let s = 0; s < f.smallChannels; s++)
        for (let l = 0; l < f.largeChannels; l++)
          visit(
            ((group * f.smallChannels + s) * f.largeChannels + l) * kernelSize,
            largeAt(f, sample, group) + l * largeSize,
            smallAt(f, sample, group) + s * smallSize,
          );
}
