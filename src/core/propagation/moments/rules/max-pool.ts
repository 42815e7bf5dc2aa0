import type { Window } from '../../../model/index.js';
import { mainRole } from '../axes.js';
import { at, axisSize, newKernel, type Axis, type Field } from '../field.js';
import { floats } from '../floats.js';
import { largestOf } from '../largest.js';
import { Lazy } from '../lazy.js';
import { GAUSSIAN, standardized } from '../marginal.js';
import { sampledField } from '../marginal-sum.js';
import { correlationOfMaxima } from '../maxima.js';
import { levels, nearOf, withinWindow, withPairClasses, type Near } from '../near.js';
import type { Gradient } from '../types.js';
import { poolShape, spreadProfiles, type PoolShape, type WindowCount } from './pool-shape.js';

/** What the largest is picked from: f(t), where t has the source's distribution. f is taken as increasing, as activations nearly are. */
export interface Candidates {
  /** f at the nodes. */
  readonly values: Float64Array;
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
  readonly entries: Field;
}

/** Where a pooling's entries come from: a map of candidates, with the window that reaches from it to the pooling's output. */
export interface Origin extends Candidates {
  /** Of which the entries are a function: its correlations decide which entry is the largest. */
  readonly source: Field;
  readonly window: Window;
  /** Of the traced tensor of candidates. */
  readonly sizes: readonly number[];
}

export interface Pooled {
  readonly field: Field;
  /** Distribution of the picked entry over the source's nodes. */
  readonly picked: Float64Array;
  readonly origin: Origin;
}

/** A field's entries as candidates, where they are no known function of others. */
export function entriesOf(x: Field): Pick<Origin, 'values' | 'nodes' | 'weights' | 'entries' | 'source'> {
  const { values, weights } = sampledField(x);
  return { values, weights, nodes: (x.marginal ?? GAUSSIAN).nodes, entries: x, source: x };
}

/** The largest of every window. */
export function largestOfWindows(origin: Origin, outSizes: readonly number[]): Pooled {
  const s = poolShape(origin.entries, origin.window, false, origin.sizes, outSizes);
  const rho = windowCorrelation(origin.source, s);
  const overlap = overlapOf(origin.entries, origin.window);
  return { ...maximumOf(origin, s.counts, rho, s.positions, s.axes, s.profiles, overlap), origin };
}

/**
 * A max pooling of a max pooling is one of what that pooled, over a larger window; undefined where holes in a window make
 * it none.
 */
export function joinedWindow(first: Window, then: Window): Window | undefined {
  if (first.dilation.some((d) => d !== 1) || then.dilation.some((d) => d !== 1)) return undefined;
  const step = (a: number): number => first.stride[a] ?? 1;
  // Strides that skip entries leave holes in what the second window sees.
  if (first.kernel.some((k, a) => step(a) > k)) return undefined;
  return {
    kernel: then.kernel.map((k, a) => (k - 1) * step(a) + (first.kernel[a] ?? 1)),
    stride: then.stride.map((s, a) => s * step(a)),
    padding: then.padding.map(([before, after], a) => {
      const [b, z] = first.padding[a] ?? [0, 0];
      return [b + before * step(a), z + after * step(a)] as const;
    }),
    dilation: then.dilation,
  };
}

/** The largest of so many candidates, for windows of different sizes. */
export function maximumOf(
  from: Candidates,
  counts: readonly WindowCount[],
  correlation: number,
  positions: number,
  axes: readonly Axis[],
  profiles?: Field['profiles'],
  overlap?: Near,
): { readonly field: Field; readonly picked: Float64Array } {
  const { values, nodes, weights, entries: x } = from;
  const picked = floats(nodes.length);
  let ofMeans = 0;
  let entriesInside = 0;
  for (const { n, share } of counts) {
    const largest = largestOf(Math.max(1, Math.round(n)), correlation, nodes, weights);
    let mean = 0;
    for (let i = 0; i < largest.length; i++) {
      picked[i] = picked[i]! + share * largest[i]!;
      mean += largest[i]! * values[i]!;
    }
    ofMeans += share * mean * mean;
    entriesInside += share * n;
  }
  const count = Math.max(1, Math.round(entriesInside));
  const s = standardized(values, picked);
  const m2 = s.mean * s.mean;
  // Windows at the border pick from fewer: their means differ from the others', alike in all samples and channels.
  const between = counts.length > 1 ? Math.min(s.variance, Math.max(0, ofMeans - m2)) : 0;
  const variance = at(x.kernel, 0) - x.mean * x.mean;
  const kernel = newKernel((m) => {
    if (m === 0) return s.variance + m2;
    // Maxima of different windows correlate about as their entries do, other entries of the window included.
    const own = variance > 0 ? (at(x.kernel, m) - x.mean * x.mean) / variance : 1;
    const other = variance > 0 ? (at(x.kernel, m | positions) - x.mean * x.mean) / variance : 1;
    const rho = own >= 1 - 1e-12 ? 1 : m & positions ? own : other + ((own - other) * (1 - other)) / count;
    const within = m2 + Math.max(-1, Math.min(1, rho)) * (s.variance - between);
    return m & positions ? within : within + between;
  });
  const field: Field = { mean: s.mean, kernel, scale: x.scale, axes, marginal: s.marginal, profiles };
  return { field: overlap === undefined ? field : withOverlap(field, x, overlap), picked };
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

/** What neighbouring windows of `kernel` entries every `stride` share: entries that both have, and what other entries have in common. */
function overlapOf(x: Field, window: Window): Near | undefined {
  const first = x.axes.length - window.kernel.length;
  const role = mainRole(x.axes[x.axes.length - 1]);
  const own = x.near?.role === role ? x.near : undefined;
  const entries = window.kernel.reduce((a, b) => a * b, 1);
  const lags = x.axes.map((_, i) => {
    if (i < first) return undefined;
    const kernel = window.kernel[i - first] ?? 1;
    const stride = window.stride[i - first] ?? 1;
    const before = own?.lags[i];
    const n = Math.max(Math.ceil(kernel / stride), Math.ceil((before?.length ?? 0) / stride));
    return Float64Array.from({ length: Math.max(1, n) }, (_, d) => {
      const both = correlationOfMaxima(entries, (entries * Math.max(0, kernel - d * stride)) / kernel);
      return both + (1 - both) * (own?.share ?? 0) * (before?.[d * stride] ?? 0);
    });
  });
  return nearOf(role, 1, lags);
}

/** Correlation of two entries of one window. */
function windowCorrelation(x: Field, s: PoolShape): number {
  const variance = at(x.kernel, 0) - x.mean * x.mean;
  if (!(variance > 0)) return 0;
  const role = mainRole(x.axes[x.axes.length - 1]);
  const { kernel } = s.window;
  const covariance = x.near?.role === role ? withinWindow(x, role, kernel) : at(x.kernel, s.positions);
  return (covariance - x.mean * x.mean) / variance;
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
export function pickedGradient(g: Gradient, x: Field, s: PoolShape, pooled: Pooled): Gradient {
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
    // Of what a pooling before this one gave, which of its own nodes are picked is not known.
    weights: pooled.origin.entries === x ? new Lazy(() => pooled.picked) : undefined,
    base: pooled.origin.entries === x ? pooled.origin.weights : undefined,
    profiles: spreadProfiles(g, x, s.window),
  };
}
