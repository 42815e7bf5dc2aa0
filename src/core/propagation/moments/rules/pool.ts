import type { Operation, Window } from '../../../model/index.js';
import { mainRole, resizedAxis, sizesOf } from '../axes.js';
import { at, axisSize, newKernel, rolesOf, type Axis, type Field } from '../field.js';
import { largestOf } from '../largest.js';
import { GAUSSIAN, standardized } from '../marginal.js';
import type { Gradient, Rule, RuleContext } from '../types.js';
import { windowGeometry } from './convolution.js';
import { floats } from '../floats.js';
import {
  levels,
  mappedAlong,
  nearOf,
  transposed,
  withinWindow,
  withPairClasses,
  type AxisMap,
  type Near,
} from '../near.js';

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

/** What an average pooling makes of each axis: the entries that it sums, and their weights. */
function averageMaps(
  op: Extract<Operation, { kind: 'pool' | 'adaptivePool' }>,
  c: RuleContext,
): (AxisMap | undefined)[] {
  const inSizes = sizesOf(c.inputShapes[0] ?? []);
  const outSizes = sizesOf(c.outputShapes[0] ?? []);
  const spatial = op.kind === 'pool' ? op.window.kernel.length : op.output.length;
  const first = inSizes.length - spatial;
  return inSizes.map((size, i) => {
    if (i < first) return undefined;
    const out = outSizes[i] ?? 1;
    return op.kind === 'pool' ? windowMap(op.window, op.countPadding, i - first, size, out) : adaptiveMap(size, out);
  });
}

function windowMap(window: Window, countPadding: boolean, axis: number, size: number, out: number): AxisMap {
  const rows = Array.from({ length: out }, () => [] as number[]);
  alongWindow(size, out, window, axis, (o, i) => rows[o]?.push(i));
  return rows.map((index) => {
    const weight = 1 / Math.max(1, countPadding ? (window.kernel[axis] ?? 1) : index.length);
    return { index, weight: index.map(() => weight) };
  });
}

/** torch cuts [⌊i·in/out⌋, ⌈(i+1)·in/out⌉). */
function adaptiveMap(size: number, out: number): AxisMap {
  return Array.from({ length: out }, (_, o) => {
    const from = Math.floor((o * size) / out);
    const to = Math.max(from + 1, Math.ceil(((o + 1) * size) / out));
    const index = Array.from({ length: to - from }, (_, k) => from + k);
    return { index, weight: index.map(() => 1 / index.length) };
  });
}

function averagedField(x: Field, s: PoolShape, maps: readonly (AxisMap | undefined)[]): Field {
  const share = maps.reduce((p, m) => (m === undefined ? p : p * meanWeight(m)), 1);
  const mapped = mappedAlong(x, mainRole(x.axes[x.axes.length - 1]), maps);
  return {
    mean: x.mean * share,
    kernel: mapped.kernel,
    near: mapped.near,
    scale: x.scale,
    axes: s.axes,
    profiles: s.profiles,
  };
}

/** Average of the rows' sums. */
function meanWeight(map: AxisMap): number {
  let sum = 0;
  for (const { weight } of map) for (const w of weight) sum += w;
  return sum / Math.max(1, map.length);
}

/** An input entry sums the gradients of the windows that it is in. */
function averagedGradient(g: Gradient, x: Field, s: PoolShape, maps: readonly (AxisMap | undefined)[]): Gradient {
  const back = maps.map((m, i) => (m === undefined ? undefined : transposed(m, axisSize(x.axes[i] ?? []))));
  const mapped = mappedAlong({ ...g, axes: s.axes }, mainRole(x.axes[x.axes.length - 1]), back);
  return {
    mean: 0,
    kernel: mapped.kernel,
    near: mapped.near,
    scale: g.scale,
    axes: x.axes,
    profiles: spreadProfiles(g, x, s.window),
  };
}

/** Value of the pooled entry at each node, and how likely: f is taken as increasing (as activations are, nearly). */
export interface Pooled {
  readonly field: Field;
  /** Distribution of the picked entry over the source's nodes. */
  readonly picked: Float64Array;
  /** The nodes' own weights. */
  readonly base: Float64Array;
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
  overlap?: Near,
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
  const field: Field = { mean: s.mean, kernel, scale: x.scale, axes, marginal: s.marginal, profiles };
  return { field: overlap === undefined ? field : withOverlap(field, x, overlap), picked, base: weights };
}

/** Windows that overlap often pick the same entry; far ones share what their entries do. */
function withOverlap(y: Field, x: Field, overlap: Near): Field {
  const { role } = overlap;
  const variance = at(x.kernel, 0) - x.mean * x.mean;
  const m2 = y.mean * y.mean;
  const far = (m: number): number =>
    m2 + (variance > 0 ? (levels(x, role, m).far - x.mean * x.mean) / variance : 0) * (at(y.kernel, 0) - m2);
  return { ...y, near: overlap, kernel: withPairClasses(y.kernel, overlap, role, y.axes, far) };
}

/** Of two windows the share of entries that both have, for windows of `kernel` entries every `stride`. */
export function overlapOf(x: Field, window: Window): Near | undefined {
  const first = x.axes.length - window.kernel.length;
  const role = mainRole(x.axes[x.axes.length - 1]);
  const own = x.near?.role === role ? x.near : undefined;
  const lags = x.axes.map((_, i) => {
    if (i < first) return undefined;
    const kernel = window.kernel[i - first] ?? 1;
    const stride = window.stride[i - first] ?? 1;
    const before = own?.lags[i];
    const n = Math.max(Math.ceil(kernel / stride), Math.ceil((before?.length ?? 0) / stride));
    return Float64Array.from({ length: Math.max(1, n) }, (_, d) => {
      const both = Math.max(0, 1 - (d * stride) / kernel);
      return Math.max(both / (2 - both), (own?.share ?? 0) * (before?.[d * stride] ?? 0));
    });
  });
  return nearOf(role, 1, lags);
}

/** Correlation of two entries of one window. */
export function windowCorrelation(x: Field, s: PoolShape): number {
  const variance = at(x.kernel, 0) - x.mean * x.mean;
  if (!(variance > 0)) return 0;
  const role = mainRole(x.axes[x.axes.length - 1]);
  const { kernel } = s.window;
  const covariance = x.near?.role === role ? withinWindow(x, role, kernel) : at(x.kernel, s.positions);
  return (covariance - x.mean * x.mean) / variance;
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

/** Of two windows this far apart, in entries, how likely both have the same largest one: those in both of those in either. */
function samePick(kernel: readonly number[], distance: readonly number[]): number {
  const both = kernel.reduce((p, k, a) => p * Math.max(0, 1 - distance[a]! / k), 1);
  return both / (2 - both);
}

/** E[(Σ g)²] over the windows that pick one entry, per window: where windows overlap, a large entry is picked several times. */
function gatheredByPicked(g: Gradient, s: PoolShape): number {
  const { kernel, stride } = s.window;
  const first = s.axes.length - kernel.length;
  const outs = kernel.map((_, a) => axisSize(s.axes[first + a] ?? []));
  const reach = kernel.map((k, a) => Math.min(outs[a]! - 1, Math.ceil(k / (stride[a] ?? 1)) - 1));
  if (reach.every((r) => r <= 0)) return at(g.kernel, 0);
  const role = mainRole(s.axes[s.axes.length - 1]);
  const { far, excess } = levels({ ...g, axes: s.axes }, role, 0);
  const near = g.near?.role === role ? g.near : undefined;
  let sum = 0;
  const visit = (a: number, distance: readonly number[], inside: number, lag: number): void => {
    if (a === kernel.length) {
      const own = distance.every((d) => d === 0);
      const shared = own ? far + excess : far + excess * (near === undefined ? 0 : near.share * lag);
      sum += inside * samePick(kernel, distance) * shared;
      return;
    }
    for (let d = -reach[a]!; d <= reach[a]!; d++) {
      const l = d === 0 ? 1 : (near?.lags[first + a]?.[Math.abs(d)] ?? 0);
      visit(a + 1, [...distance, Math.abs(d) * (stride[a] ?? 1)], inside * (1 - Math.abs(d) / outs[a]!), lag * l);
    }
  };
  visit(0, [], 1, 1);
  return sum;
}

/** Gradient at the pooled input: only the picked entries get any. */
export function pickedGradient(
  g: Gradient,
  x: Field,
  s: PoolShape,
  picked: Float64Array | undefined,
  base: Float64Array = (x.marginal ?? GAUSSIAN).weights,
): Gradient {
  const p = s.positions;
  const share = s.reach / Math.max(1, s.n);
  // Two entries of one window are never both picked. Where windows overlap each still hands its gradient on once.
  const together = s.inEntries > 1 ? Math.min(1, (s.n - 1) / (s.inEntries - 1)) : 0;
  const gathered = gatheredByPicked(g, s);
  const kernel = newKernel((m) => {
    const apart = m & p ? (1 - together) * at(g.kernel, m) : at(g.kernel, m);
    return m === 0 ? share * gathered : share * share * apart;
  });
  return {
    mean: 0,
    kernel,
    scale: g.scale,
    axes: x.axes,
    weights: picked,
    base,
    profiles: spreadProfiles(g, x, s.window),
  };
}

/** Pooling of values whose distribution is taken as their marginal. The engine handles activations that feed max pooling. */
function maxOfField(x: Field, s: PoolShape): Pooled {
  const known = POOLED.get(x);
  if (known?.window === s.window) return known.pooled;
  const pooled = computedMaximum(x, s);
  POOLED.set(x, { window: s.window, pooled });
  return pooled;
}

/** Maxima are asked for forward and backward: kept by field. */
const POOLED = new WeakMap<Field, { readonly window: Window; readonly pooled: Pooled }>();

function computedMaximum(x: Field, s: PoolShape): Pooled {
  const marginal = x.marginal ?? GAUSSIAN;
  const std = Math.sqrt(Math.max(0, at(x.kernel, 0) - x.mean * x.mean));
  const values = marginal.nodes.map((t) => x.mean + std * t);
  const rho = windowCorrelation(x, s);
  return maximumOf(
    values,
    marginal.nodes,
    marginal.weights,
    x,
    s.n,
    rho,
    s.positions,
    s.axes,
    s.profiles,
    overlapOf(x, s.window),
  );
}

export const pool: Rule<'pool'> = {
  forward(op, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    const s = poolShape(x, op.window, op.countPadding, c);
    return [op.reduce === 'average' ? averagedField(x, s, averageMaps(op, c)) : maxOfField(x, s).field];
  },
  backward(op, [x], _, [g], c) {
    if (g === undefined || x === undefined) return [undefined];
    const s = poolShape(x, op.window, op.countPadding, c);
    return [
      op.reduce === 'average'
        ? averagedGradient(g, x, s, averageMaps(op, c))
        : pickedGradient(g, x, s, maxOfField(x, s).picked),
    ];
  },
};

export const adaptivePool: Rule<'adaptivePool'> = {
  forward(op, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    const s = poolShape(x, adaptiveWindow(c, op.output), false, c);
    return [op.reduce === 'average' ? averagedField(x, s, averageMaps(op, c)) : maxOfField(x, s).field];
  },
  backward(op, [x], _, [g], c) {
    if (g === undefined || x === undefined) return [undefined];
    const s = poolShape(x, adaptiveWindow(c, op.output), false, c);
    return [
      op.reduce === 'average' ? averagedGradient(g, x, s, averageMaps(op, c)) : pickedGradient(g, x, s, undefined),
    ];
  },
};
