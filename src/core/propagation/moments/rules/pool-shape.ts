import type { Window } from '../../../model/index.js';
import { resizedAxis } from '../axes.js';
import { axisSize, rolesOf, type Axis, type Field } from '../field.js';
import { filled, floats } from '../floats.js';
import type { Gradient } from '../types.js';
import { windowGeometry } from './convolution.js';

/** Geometry of a pooling. */
export interface PoolShape {
  /** Entries of one window that lie inside the input, on average. */
  readonly n: number;
  /** How many windows, as a share of all, have so many entries inside: fewer at the borders. */
  readonly counts: readonly WindowCount[];
  /** Outputs that one input entry reaches, on average. */
  readonly reach: number;
  /** Divisor of an average. */
  readonly divisor: number;
  readonly positions: number;
  readonly axes: readonly Axis[];
  readonly inEntries: number;
  /** Second moments by position of the pooled tensor, relative to their average. */
  readonly profiles: (Float64Array | undefined)[] | undefined;
  readonly window: Window;
}

export interface WindowCount {
  readonly n: number;
  readonly share: number;
}

/** `inSizes` and `outSizes` are those of the traced tensors, `x` is what is pooled. */
export function poolShape(
  x: Field,
  window: Window,
  countPadding: boolean,
  inSizes: readonly number[],
  outSizes: readonly number[],
): PoolShape {
  const spatial = window.kernel.length;
  const geometry = windowGeometry({ ...x, profiles: undefined }, inSizes, outSizes, window, false, true);
  const taps = window.kernel.reduce((a, b) => a * b, 1);
  const count = (s: readonly number[]): number => s.slice(s.length - spatial).reduce((a, b) => a * b, 1);
  const axes = x.axes.map((a, i) => (i >= x.axes.length - spatial ? resizedAxis(a, outSizes[i] ?? 1) : a));
  return {
    n: geometry.same,
    counts: windowCounts(window, inSizes.slice(-spatial), outSizes.slice(-spatial)),
    reach: (geometry.same * count(outSizes)) / Math.max(1, count(inSizes)),
    divisor: countPadding ? taps : geometry.same,
    positions: rolesOf(x.axes.slice(x.axes.length - spatial)),
    axes,
    inEntries: count(inSizes),
    profiles: pooledProfiles(x, outSizes, window),
    window,
  };
}

/** A window's entries are counted axis by axis. */
function windowCounts(window: Window, inSizes: readonly number[], outSizes: readonly number[]): WindowCount[] {
  let counts = new Map([[1, 1]]);
  window.kernel.forEach((_, axis) => {
    const out = outSizes[axis] ?? 1;
    const inside = new Int32Array(out);
    alongWindow(inSizes[axis] ?? 1, out, window, axis, (o) => inside[o]!++);
    const product = new Map<number, number>();
    for (const [n, share] of counts)
      for (const k of inside) {
        const both = n * Math.max(1, k);
        product.set(both, (product.get(both) ?? 0) + share / out);
      }
    counts = product;
  });
  return [...counts].map(([n, share]) => ({ n, share }));
}

export function alongWindow(
  size: number,
  out: number,
  window: Window,
  axis: number,
  visit: (o: number, i: number) => void,
): void {
  const kernel = window.kernel[axis] ?? 1;
  for (let o = 0; o < out; o++)
    for (let j = 0; j < kernel; j++) {
      const i = o * (window.stride[axis] ?? 1) + j * (window.dilation[axis] ?? 1) - (window.padding[axis]?.[0] ?? 0);
      if (i >= 0 && i < size) visit(o, i);
    }
}

function relative(p: Float64Array): Float64Array | undefined {
  let mean = 0;
  for (const v of p) mean += v / p.length;
  return mean > 0 ? p.map((v) => v / mean) : undefined;
}

function pooledProfiles(
  x: Field,
  outSizes: readonly number[],
  window: Window,
): (Float64Array | undefined)[] | undefined {
  if (x.profiles === undefined) return undefined;
  const first = outSizes.length - window.kernel.length;
  return outSizes.map((out, i) => {
    const p = x.profiles?.[i];
    if (p === undefined || i < first) return undefined;
    const sum = floats(out);
    const count = floats(out);
    alongWindow(p.length, out, window, i - first, (o, k) => {
      sum[o] = sum[o]! + p[k]!;
      count[o] = count[o]! + 1;
    });
    return relative(sum.map((v, o) => v / Math.max(1, count[o]!)));
  });
}

/** Gradient's second moment by position of the pooling's input. */
export function spreadProfiles(g: Gradient, x: Field, window: Window): (Float64Array | undefined)[] | undefined {
  const first = x.axes.length - window.kernel.length;
  const profiles = x.axes.map((axis, i) => {
    if (i < first) return undefined;
    const size = axisSize(axis);
    const outputs = axisSize(g.axes[i] ?? []);
    const own = g.profiles?.[i] ?? filled(outputs, 1);
    const sum = floats(size);
    alongWindow(size, outputs, window, i - first, (o, k) => {
      sum[k] = sum[k]! + own[o]!;
    });
    const p = relative(sum);
    return p?.some((v) => Math.abs(v - 1) > 0.01) ? p : undefined;
  });
  return profiles.some((p) => p !== undefined) ? profiles : undefined;
}

export function adaptiveWindow(sizes: readonly number[], output: readonly number[]): Window {
  const inSizes = sizes.slice(-output.length);
  // torch cuts [⌊i·in/out⌋, ⌈(i+1)·in/out⌉): stride in/out, windows of the mean length.
  const kernel = output.map((o, i) => Math.max(1, Math.ceil((inSizes[i] ?? 1) / Math.max(1, o))));
  const stride = output.map((o, i) => Math.max(1, Math.floor((inSizes[i] ?? 1) / Math.max(1, o))));
  return { kernel, stride, padding: kernel.map(() => [0, 0] as const), dilation: kernel.map(() => 1) };
}
