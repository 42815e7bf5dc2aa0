import type { Window } from '../../../model/index.js';
import { normalCdf, normalDensity } from '../../numerics/normal.js';
import { mainRole, resizedAxis, sizesOf } from '../axes.js';
import { at, axisSize, bit, newKernel, rolesOf, type Axis, type Field } from '../field.js';
import { GAUSSIAN, standardized } from '../marginal.js';
import type { Gradient, Rule, RuleContext } from '../types.js';
import { windowGeometry } from './convolution.js';
import { floats } from '../floats.js';

interface PoolShape {
  /** Entries of one window that lie inside the input, on average. */
  readonly n: number;
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

function poolShape(x: Field, window: Window, countPadding: boolean, c: RuleContext): PoolShape {
  const inSizes = sizesOf(c.inputShapes[0] ?? []);
  const outSizes = sizesOf(c.outputShapes[0] ?? []);
  const spatial = window.kernel.length;
  const geometry = windowGeometry({ ...x, profiles: undefined }, inSizes, outSizes, window, false, true);
  const taps = window.kernel.reduce((a, b) => a * b, 1);
  const count = (s: readonly number[]): number => s.slice(s.length - spatial).reduce((a, b) => a * b, 1);
  const axes = x.axes.map((a, i) => (i >= x.axes.length - spatial ? resizedAxis(a, outSizes[i] ?? 1) : a));
  return {
    n: geometry.same,
    reach: (geometry.same * count(outSizes)) / Math.max(1, count(inSizes)),
    divisor: countPadding ? taps : geometry.same,
    positions: rolesOf(x.axes.slice(x.axes.length - spatial)),
    axes,
    inEntries: count(inSizes),
    profiles: pooledProfiles(x, outSizes, window),
    window,
  };
}

function alongWindow(
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
function spreadProfiles(g: Gradient, x: Field, window: Window): (Float64Array | undefined)[] | undefined {
  const first = x.axes.length - window.kernel.length;
  const profiles = x.axes.map((axis, i) => {
    if (i < first) return undefined;
    const own = g.profiles?.[i];
    const size = axisSize(axis);
    const sum = floats(size);
    alongWindow(size, axisSize(g.axes[i] ?? []), window, i - first, (o, k) => {
      sum[k] = sum[k]! + (own?.[o] ?? 1);
    });
    const p = relative(sum);
    return p?.some((v) => Math.abs(v - 1) > 0.01) ? p : undefined;
  });
  return profiles.some((p) => p !== undefined) ? profiles : undefined;
}

function adaptiveWindow(c: RuleContext, output: readonly number[]): Window {
  const inSizes = sizesOf(c.inputShapes[0] ?? []).slice(-output.length);
  // torch cuts [⌊i·in/out⌋, ⌈(i+1)·in/out⌉): stride in/out, windows of the mean length.
  const kernel = output.map((o, i) => Math.max(1, Math.ceil((inSizes[i] ?? 1) / Math.max(1, o))));
  const stride = output.map((o, i) => Math.max(1, Math.floor((inSizes[i] ?? 1) / Math.max(1, o))));
  return { kernel, stride, padding: kernel.map(() => [0, 0] as const), dilation: kernel.map(() => 1) };
}

/** Class of the other entries of a window. */
function windowClass(s: PoolShape): number {
  return s.positions;
}

function averagedField(x: Field, s: PoolShape): Field {
  const p = windowClass(s);
  const f = s.n / s.divisor;
  const kernel = newKernel((m) =>
    m & p
      ? at(x.kernel, m) * f * f
      : (s.n * at(x.kernel, m) + s.n * (s.n - 1) * at(x.kernel, m | p)) / (s.divisor * s.divisor),
  );
  return { mean: x.mean * f, kernel, scale: x.scale, axes: s.axes, profiles: s.profiles };
}

/** An input entry sums the gradients of the windows that it is in; others of its window see the same ones. */
function averagedGradient(g: Gradient, x: Field, s: PoolShape): Gradient {
  const p = windowClass(s);
  const d2 = s.divisor * s.divisor;
  const together = s.inEntries > 1 ? Math.min(1, (s.n - 1) / (s.inEntries - 1)) : 0;
  const kernel = newKernel((m) => {
    const own = at(g.kernel, m & ~p);
    const other = at(g.kernel, m | p);
    const r = s.reach;
    const same = r <= 1 ? r * own : r * own + r * (r - 1) * other;
    if (!(m & p)) return same / d2;
    return (r * r * (together * own + (1 - together) * other)) / d2;
  });
  return { mean: 0, kernel, scale: g.scale, axes: x.axes, profiles: spreadProfiles(g, x, s.window) };
}

/**
 * Weights, on the marginal's nodes, of the largest of n entries with equal correlation ρ: x = √ρ·a + √(1−ρ)·e with a
 * shared. For ρ = 0 the density is n·p(t)·P(t)^{n−1}. Entries that a batch norm has centred can correlate
 * negatively: then the largest is √(1−ρ)·(largest of n independent ones) with ρ taken off its variance.
 */
function largestOf(n: number, correlation: number, nodes: Float64Array, weights: Float64Array): Float64Array {
  const size = nodes.length;
  const out = floats(size);
  const rho = Math.max(-1 / Math.max(1, n - 1), Math.min(0.9999, correlation));
  if (Math.abs(rho) < 0.02 || weights !== GAUSSIAN.weights) {
    let below = 0;
    let before = 0;
    for (let i = 0; i < size; i++) {
      below = Math.min(1, below + weights[i]!);
      const now = Math.pow(below, n);
      out[i] = now - before;
      before = now;
    }
    return out;
  }
  const edge = (i: number): number => (i + 1 < size ? 0.5 * (nodes[i]! + nodes[i + 1]!) : Infinity);
  if (rho < 0) {
    const alone = largestOf(n, 0, nodes, weights);
    let mean = 0;
    let second = 0;
    for (let i = 0; i < size; i++) {
      mean += alone[i]! * nodes[i]!;
      second += alone[i]! * nodes[i]! ** 2;
    }
    const variance = second - mean * mean;
    const shrink = Math.sqrt(Math.max(0.02, (rho + (1 - rho) * variance) / variance));
    const centre = Math.sqrt(1 - rho) * mean;
    let before = 0;
    for (let i = 0; i < size; i++) {
      const now = Math.pow(normalCdf(mean + (edge(i) - centre) / shrink), n);
      out[i] = now - before;
      before = now;
    }
    return out;
  }
  const a = Math.sqrt(rho);
  const e = Math.sqrt(1 - rho);
  const step = 0.25;
  for (let s = -6; s <= 6; s += step) {
    const w = step * normalDensity(s);
    let before = 0;
    for (let i = 0; i < size; i++) {
      const now = Math.pow(normalCdf((edge(i) - a * s) / e), n);
      out[i] = out[i]! + w * (now - before);
      before = now;
    }
  }
  return out;
}

/** Value of the pooled entry at each node, and how likely: f is taken as increasing (as activations are, nearly). */
export interface Pooled {
  readonly field: Field;
  /** Distribution of the picked entry over the source's nodes. */
  readonly picked: Float64Array;
}

/** The largest of a window of entries f(t), where t has the source's distribution. */
export function maximumOf(
  values: Float64Array,
  nodes: Float64Array,
  weights: Float64Array,
  x: Field,
  n: number,
  correlation: number,
  positions: number,
  axes: readonly Axis[],
  profiles?: Field['profiles'],
): Pooled {
  const count = Math.max(1, Math.round(n));
  const picked = largestOf(count, correlation, nodes, weights);
  const s = standardized(values, picked);
  const variance = at(x.kernel, 0) - x.mean * x.mean;
  const m2 = s.mean * s.mean;
  const kernel = newKernel((m) => {
    if (m === 0) return s.variance + m2;
    // Maxima of different windows correlate about as their entries do, other entries of the window included.
    const own = variance > 0 ? (at(x.kernel, m) - x.mean * x.mean) / variance : 1;
    const other = variance > 0 ? (at(x.kernel, m | positions) - x.mean * x.mean) / variance : 1;
    const rho = own >= 1 - 1e-12 ? 1 : m & positions ? own : other + ((own - other) * (1 - other)) / count;
    return m2 + Math.max(-1, Math.min(1, rho)) * s.variance;
  });
  return { field: { mean: s.mean, kernel, scale: x.scale, axes, marginal: s.marginal, profiles }, picked };
}

/** Geometry of a max pooling, for the engine, which knows what function of which source is being pooled. */
export function maxPoolShape(
  op:
    | { readonly kind: 'pool'; readonly window: Window }
    | { readonly kind: 'adaptivePool'; readonly output: readonly number[] },
  x: Field,
  c: RuleContext,
): PoolShape {
  return poolShape(x, op.kind === 'pool' ? op.window : adaptiveWindow(c, op.output), false, c);
}

/** Gradient at the pooled input: only the picked entries get any. */
export function pickedGradient(g: Gradient, x: Field, s: PoolShape, picked: Float64Array | undefined): Gradient {
  const p = s.positions;
  const share = s.reach / Math.max(1, s.n);
  // Two entries of one window are never both picked. Where windows overlap each still hands its gradient on once.
  const together = s.inEntries > 1 ? Math.min(1, (s.n - 1) / (s.inEntries - 1)) : 0;
  const kernel = newKernel((m) => {
    const apart = m & p ? (1 - together) * at(g.kernel, m) : at(g.kernel, m);
    return m === 0 ? share * apart : share * share * apart;
  });
  return { mean: 0, kernel, scale: g.scale, axes: x.axes, weights: picked, profiles: spreadProfiles(g, x, s.window) };
}

/** Pooling of values whose distribution is taken as their marginal. The engine handles activations that feed max pooling. */
function maxOfField(x: Field, s: PoolShape): Pooled {
  const marginal = x.marginal ?? GAUSSIAN;
  const std = Math.sqrt(Math.max(0, at(x.kernel, 0) - x.mean * x.mean));
  const values = marginal.nodes.map((t) => x.mean + std * t);
  const variance = std * std;
  const rho = variance > 0 ? (at(x.kernel, s.positions) - x.mean * x.mean) / variance : 0;
  return maximumOf(values, marginal.nodes, marginal.weights, x, s.n, rho, s.positions, s.axes, s.profiles);
}

export const pool: Rule<'pool'> = {
  forward(op, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    const s = poolShape(x, op.window, op.countPadding, c);
    return [op.reduce === 'average' ? averagedField(x, s) : maxOfField(x, s).field];
  },
  backward(op, [x], _, [g], c) {
    if (g === undefined || x === undefined) return [undefined];
    const s = poolShape(x, op.window, op.countPadding, c);
    return [op.reduce === 'average' ? averagedGradient(g, x, s) : pickedGradient(g, x, s, maxOfField(x, s).picked)];
  },
};

export const adaptivePool: Rule<'adaptivePool'> = {
  forward(op, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    const s = poolShape(x, adaptiveWindow(c, op.output), false, c);
    return [op.reduce === 'average' ? averagedField(x, s) : maxOfField(x, s).field];
  },
  backward(op, [x], _, [g], c) {
    if (g === undefined || x === undefined) return [undefined];
    const s = poolShape(x, adaptiveWindow(c, op.output), false, c);
    return [op.reduce === 'average' ? averagedGradient(g, x, s) : pickedGradient(g, x, s, undefined)];
  },
};

/** Weights of one output position along an axis: sums of squares, averaged over outputs. */
function interpolation(
  mode: 'nearest' | 'bilinear' | 'bicubic' | 'area',
  size: number,
  out: number,
  aligned: boolean,
): number {
  if (mode === 'nearest' || size === 1 || out === size) return 1;
  if (mode === 'area') return Math.min(1, out / size);
  let sum = 0;
  for (let o = 0; o < out; o++) {
    const at0 = aligned ? (o * (size - 1)) / Math.max(1, out - 1) : (o + 0.5) * (size / out) - 0.5;
    const t = at0 - Math.floor(at0);
    if (mode === 'bilinear') {
      const inside = at0 > 0 && at0 < size - 1;
      sum += inside ? (1 - t) ** 2 + t * t : 1;
    } else {
      for (const d of [-1, 0, 1, 2]) sum += cubic(Math.abs(t - d)) ** 2;
    }
  }
  return sum / out;
}

/** Keys' cubic convolution kernel with a = −0.75, as torch uses it. */
function cubic(x: number): number {
  const a = -0.75;
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return 0;
}

interface Resizing {
  readonly same: number;
  readonly ratio: number;
  readonly positions: number;
  readonly axes: readonly Axis[];
}

function resizing(
  x: Field,
  mode: 'nearest' | 'bilinear' | 'bicubic' | 'area',
  aligned: boolean,
  c: RuleContext,
): Resizing {
  const inSizes = sizesOf(c.inputShapes[0] ?? []);
  const outSizes = sizesOf(c.outputShapes[0] ?? []);
  let same = 1;
  let ratio = 1;
  let positions = 0;
  const axes = x.axes.map((a, i) => {
    const size = inSizes[i] ?? 1;
    const out = outSizes[i] ?? 1;
    if (size === out || i < 2) return a;
    same *= interpolation(mode, size, out, aligned);
    ratio *= out / size;
    positions |= bit(mainRole(a));
    return resizedAxis(a, out);
  });
  return { same, ratio, positions, axes };
}

/** Interpolation averages neighbours: what they share stays, the rest shrinks by Σ of the squared weights. */
export const resize: Rule<'resize'> = {
  forward(op, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    const r = resizing(x, op.mode, op.alignCorners ?? false, c);
    const p = r.positions;
    return [
      {
        mean: x.mean,
        kernel: newKernel((m) =>
          m & p ? at(x.kernel, m) : r.same * at(x.kernel, m) + (1 - r.same) * at(x.kernel, m | p),
        ),
        scale: x.scale,
        axes: r.axes,
        marginal: op.mode === 'nearest' ? x.marginal : undefined,
      },
    ];
  },
  backward(op, [x], _, [g], c) {
    if (g === undefined || x === undefined) return [undefined];
    const r = resizing(x, op.mode, op.alignCorners ?? false, c);
    const p = r.positions;
    const squares = r.same * r.ratio;
    return [
      {
        mean: 0,
        scale: g.scale,
        axes: x.axes,
        kernel: newKernel((m) =>
          m & p
            ? r.ratio * r.ratio * at(g.kernel, m)
            : squares * at(g.kernel, m) + Math.max(0, r.ratio * r.ratio - squares) * at(g.kernel, m | p),
        ),
      },
    ];
  },
};
