import { at, axisSize, bit, newKernel, type Axis, type Field } from './field.js';
import { floats, mapped } from './floats.js';

/**
 * How much more neighbouring positions share than far ones. Interpolation, overlapping pools and their gradients make
 * neighbours alike; classes of pairs only know the average over all positions. Entries of one channel at displacement Δ
 * have E[x·x′] = far + (near − far)·share·Πₐ lagsₐ[|Δₐ|], where near is E[x²] (class 0), and far follows from the
 * average over all pairs, which the kernel keeps.
 */
export interface Near {
  /** The role that all axes of positions have. */
  readonly role: number;
  /** Part of the excess that neighbours share; the rest belongs to single entries. */
  readonly share: number;
  /** By axis: 1 at displacement 0; none where neighbours share no more than others. */
  readonly lags: readonly (Float64Array | undefined)[];
  /** By what was asked last: the same for every class of pairs, and for all parts of a concatenation. */
  average: { axes: readonly Axis[]; readonly value: number } | undefined;
}

/** Displacements beyond this many positions count as far. */
const REACH = 12;
const NEGLIGIBLE = 0.01;

/** A field's, or none where nothing is worth keeping. */
export function nearOf(role: number, share: number, lags: readonly (Float64Array | undefined)[]): Near | undefined {
  const kept = lags.map((l) => (l?.some((v, d) => d > 0 && Math.abs(v) > NEGLIGIBLE) ? l : undefined));
  return share > NEGLIGIBLE && kept.some((l) => l !== undefined)
    ? { role, share: Math.min(1, share), lags: kept, average: undefined }
    : undefined;
}

function isPosition(axis: Axis, role: number): boolean {
  for (const f of axis) if (f.role === role && f.size > 1) return true;
  return false;
}

/** Average of lags over all pairs of n positions, a position with itself included. */
function overPairs(lags: Float64Array | undefined, n: number): number {
  if (lags === undefined) return 1 / n;
  let sum = n;
  for (let d = 1; d < Math.min(n, lags.length); d++) sum += 2 * (n - d) * lags[d]!;
  return sum / (n * n);
}

/** Average over pairs of different positions of share·Π lags. */
function pairAverage(near: Near, axes: readonly Axis[]): number {
  const known = near.average;
  if (known !== undefined && (known.axes === axes || haveSamePositions(known.axes, axes, near.role))) {
    known.axes = axes;
    return known.value;
  }
  const value = computedPairAverage(near, axes);
  near.average = { axes, value };
  return value;
}

function haveSamePositions(a: readonly Axis[], b: readonly Axis[], role: number): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    const is = isPosition(a[i]!, role);
    if (is !== isPosition(b[i]!, role) || (is && axisSize(a[i]!) !== axisSize(b[i]!))) return false;
  }
  return true;
}

function computedPairAverage(near: Near, axes: readonly Axis[]): number {
  let product = 1;
  let n = 1;
  axes.forEach((axis, i) => {
    if (!isPosition(axis, near.role)) return;
    product *= overPairs(near.lags[i], axisSize(axis));
    n *= axisSize(axis);
  });
  return n > 1 ? (near.share * (n * product - 1)) / (n - 1) : 0;
}

export interface Levels {
  readonly far: number;
  readonly excess: number;
}

/** E[x·x′] at far positions and what near ones have beyond it, for the class `mask` of pairs at one position. */
export function levels(x: Pick<Field, 'kernel' | 'axes' | 'near'>, role: number, mask: number): Levels {
  const same = at(x.kernel, mask & ~bit(role));
  const average = at(x.kernel, mask | bit(role));
  const a = x.near === undefined ? 0 : pairAverage(x.near, x.axes);
  const far = a >= 1 ? average : (average - a * same) / (1 - a);
  return { far, excess: same - far };
}

/** E[x·x′] of two entries of a window, on average over its pairs. */
export function withinWindow(x: Field, role: number, kernel: readonly number[]): number {
  const { far, excess } = levels(x, role, 0);
  if (x.near === undefined) return far;
  const first = x.axes.length - kernel.length;
  const axes = x.axes.map((_, i): Axis => [{ role: i < first ? -1 : role, size: kernel[i - first] ?? 1 }]);
  return far + excess * pairAverage(x.near, axes);
}

/** Kernel whose classes of different positions are averages over the pairs of `axes` instead of the field's own. */
export function averagedOverPositions(x: Field, near: Near | undefined, axes: readonly Axis[]): Float64Array {
  if (x.near === undefined) return x.kernel;
  const { role } = x.near;
  const a = near === undefined ? 0 : pairAverage(near, axes);
  return newKernel((m) => {
    if (!(m & bit(role))) return at(x.kernel, m);
    const { far, excess } = levels(x, role, m);
    return far + a * excess;
  });
}

/** Neighbours of every `step`-th position. */
export function strided(near: Near | undefined, axes: readonly number[], steps: readonly number[]): Near | undefined {
  return near === undefined
    ? undefined
    : nearOf(
        near.role,
        near.share,
        near.lags.map((l, i) => {
          const step = steps[axes.indexOf(i)] ?? 1;
          return l === undefined || step === 1 ? l : l.filter((_, d) => d % step === 0);
        }),
      );
}

/** Positions set `step` apart, with nothing shared in between (a strided convolution's gradient). */
export function spreadOut(near: Near | undefined, axes: readonly number[], steps: readonly number[]): Near | undefined {
  return near === undefined
    ? undefined
    : nearOf(
        near.role,
        near.share,
        near.lags.map((l, i) => {
          const step = steps[axes.indexOf(i)] ?? 1;
          if (l === undefined || step === 1) return l;
          const out = floats(Math.min(REACH, (l.length - 1) * step) + 1);
          for (let d = 0; d < out.length; d += step) out[d] = l[d / step]!;
          return out;
        }),
      );
}

/**
 * Through a function that takes E[x·x′] at a displacement to `value`: `before` are the levels that go in. `value` at far
 * positions and at the same one come with it.
 */
export function throughFunction(
  near: Near | undefined,
  before: Levels,
  value: (covariance: number) => number,
  far: number,
  same: number,
): Near | undefined {
  if (near === undefined) return undefined;
  const excess = same - far;
  const limit = value(before.far + before.excess * near.share) - far;
  if (!(excess > 0) || !(limit > 0)) return undefined;
  return nearOf(
    near.role,
    limit / excess,
    near.lags.map(
      (l) =>
        l && mapped(l, (r, d) => (d === 0 ? 1 : (value(before.far + before.excess * near.share * r) - far) / limit)),
    ),
  );
}

/** Classes of different positions after a step that changed what near and far ones share: averages again. */
export function withPairClasses(
  kernel: Float64Array,
  near: Near | undefined,
  role: number,
  axes: readonly Axis[],
  farOf: (mask: number) => number,
): Float64Array {
  const a = near === undefined ? 0 : pairAverage(near, axes);
  return newKernel((m) => {
    if (!(m & bit(role))) return at(kernel, m);
    const far = farOf(m & ~bit(role));
    return far + a * (at(kernel, m & ~bit(role)) - far);
  });
}

/**
 * A gradient (levels `g`) times E[f′f′] of a source: `slopes` at a covariance of the source, whose levels are `s`. Both
 * may have neighbours.
 */
export function timesSlopes(
  own: Near | undefined,
  g: Levels,
  source: Near | undefined,
  s: Levels,
  slopes: (covariance: number) => number,
): Near | undefined {
  const role = (own ?? source)?.role;
  if (role === undefined || (own !== undefined && source !== undefined && own.role !== source.role)) return undefined;
  const rank = Math.max(own?.lags.length ?? 0, source?.lags.length ?? 0);
  const value = (r: number, q: number): number =>
    (g.far + g.excess * (own?.share ?? 0) * r) * slopes(s.far + s.excess * (source?.share ?? 0) * q);
  const far = g.far * slopes(s.far);
  const same = (g.far + g.excess) * slopes(s.far + s.excess);
  const limit = value(1, 1) - far;
  if (!(same - far > 0) || !(limit > 0)) return undefined;
  const lags = Array.from({ length: rank }, (_, i) => {
    const [a, b] = [own?.lags[i], source?.lags[i]];
    const n = Math.max(a?.length ?? 0, b?.length ?? 0);
    if (n === 0) return undefined;
    const out = floats(n);
    for (let d = 0; d < n; d++) out[d] = d === 0 ? 1 : (value(a?.[d] ?? 0, b?.[d] ?? 0) - far) / limit;
    return out;
  });
  return nearOf(role, limit / (same - far), lags);
}

/** Of a sum of independent fields, with the excess of each. */
export function blended(nears: readonly (Near | undefined)[], excesses: readonly number[]): Near | undefined {
  let first: Near | undefined;
  let areSame = true;
  let rank = 0;
  for (const near of nears) {
    if (near === undefined) continue;
    first ??= near;
    if (near.role !== first.role) return undefined;
    if (near !== first) areSame = false;
    rank = Math.max(rank, near.lags.length);
  }
  if (first === undefined) return undefined;
  let total = 0;
  let weight = 0;
  for (let i = 0; i < nears.length; i++) {
    const excess = Math.max(0, excesses[i]!);
    total += excess;
    weight += excess * (nears[i]?.share ?? 0);
    if (nears[i] === undefined) areSame = false;
  }
  if (!(weight > 0)) return undefined;
  if (areSame) return first;
  const lags: (Float64Array | undefined)[] = [];
  for (let axis = 0; axis < rank; axis++) lags.push(blendedLags(nears, excesses, axis, weight));
  return nearOf(first.role, weight / total, lags);
}

function blendedLags(
  nears: readonly (Near | undefined)[],
  excesses: readonly number[],
  axis: number,
  total: number,
): Float64Array | undefined {
  const first = nears[0]?.lags[axis];
  let areSame = true;
  let n = 0;
  for (const near of nears) {
    const lags = near?.lags[axis];
    if (lags !== first) areSame = false;
    n = Math.max(n, lags?.length ?? 0);
  }
  if (areSame) return first;
  const out = floats(n);
  for (let i = 0; i < nears.length; i++) {
    const near = nears[i];
    if (near === undefined) continue;
    const w = (Math.max(0, excesses[i]!) * near.share) / total;
    const lags = near.lags[axis];
    if (lags === undefined) out[0] = out[0]! + w;
    else for (let d = 0; d < lags.length; d++) out[d] = out[d]! + w * lags[d]!;
  }
  return out;
}

/** A linear map along one axis: which entries each output sums, and with what weights. */
export type AxisMap = readonly { readonly index: readonly number[]; readonly weight: readonly number[] }[];

export function transposed(map: AxisMap, size: number): AxisMap {
  const rows = Array.from({ length: size }, () => ({ index: [] as number[], weight: [] as number[] }));
  map.forEach(({ index, weight }, o) => {
    index.forEach((i, k) => {
      rows[i]?.index.push(o);
      rows[i]?.weight.push(weight[k]!);
    });
  });
  return rows;
}

interface AxisSums {
  /** Averages over outputs of ΣΣ w·w′·ρ(i − i′) for outputs `d` apart, ρ = [i = i′] and ρ = lags. */
  readonly single: Float64Array;
  readonly shared: Float64Array;
  /** The same over all pairs of outputs. */
  readonly singleAll: number;
  readonly sharedAll: number;
  /** Averages of (Σw)² and of Σw. */
  readonly squares: number;
  readonly mean: number;
}

function axisSums(map: AxisMap, size: number, lags: Float64Array | undefined): AxisSums {
  const n = map.length;
  const reach = Math.min(REACH, n - 1);
  const single = floats(reach + 1);
  const shared = floats(reach + 1);
  const columns = floats(size);
  let squares = 0;
  let mean = 0;
  for (const { index, weight } of map) {
    let sum = 0;
    index.forEach((i, k) => {
      sum += weight[k]!;
      columns[i] = columns[i]! + weight[k]!;
    });
    squares += (sum * sum) / n;
    mean += sum / n;
  }
  for (let d = 0; d <= reach; d++) {
    for (let r = 0; r + d < n; r++) {
      const a = map[r]!;
      const b = map[r + d]!;
      for (let k = 0; k < a.index.length; k++)
        for (let l = 0; l < b.index.length; l++) {
          const w = (a.weight[k]! * b.weight[l]!) / (n - d);
          const gap = Math.abs(a.index[k]! - b.index[l]!);
          if (gap === 0) single[d] = single[d]! + w;
          shared[d] = shared[d]! + w * (gap === 0 ? 1 : (lags?.[gap] ?? 0));
        }
    }
  }
  let singleAll = 0;
  let sharedAll = 0;
  const far = Math.min(size, lags?.length ?? 1);
  for (let i = 0; i < size; i++) {
    singleAll += columns[i]! ** 2;
    sharedAll += columns[i]! ** 2;
    for (let d = 1; d < far && i + d < size; d++) sharedAll += 2 * columns[i]! * columns[i + d]! * lags![d]!;
  }
  return { single, shared, singleAll: singleAll / (n * n), sharedAll: sharedAll / (n * n), squares, mean };
}

/** Classes and neighbours of what linear maps along some axes of positions make of a field. */
export function mappedAlong(
  x: Pick<Field, 'kernel' | 'axes' | 'near'>,
  role: number,
  maps: readonly (AxisMap | undefined)[],
): { readonly kernel: Float64Array; readonly near: Near | undefined } {
  const near = x.near?.role === role ? x.near : undefined;
  const sums = x.axes.map((axis, i) => {
    const map = maps[i];
    return map === undefined ? undefined : axisSums(map, axisSize(axis), near?.lags[i]);
  });
  const share = near?.share ?? 0;
  let [single, shared, singleAll, sharedAll, farSame, farOther, outputs] = [1, 1, 1, 1, 1, 1, 1];
  sums.forEach((s, i) => {
    if (s === undefined) {
      // An axis of positions that is left as it is.
      if (!isPosition(x.axes[i]!, role)) return;
      const n = axisSize(x.axes[i]!);
      outputs *= n;
      singleAll *= 1 / n;
      sharedAll *= overPairs(near?.lags[i], n);
      return;
    }
    outputs *= maps[i]!.length;
    single *= s.single[0]!;
    shared *= s.shared[0]!;
    singleAll *= s.singleAll;
    sharedAll *= s.sharedAll;
    farSame *= s.squares;
    farOther *= s.mean * s.mean;
  });
  const blurs = sums.some((s) => s?.single.some((v, d) => d > 0 && Math.abs(v) > NEGLIGIBLE * s.single[0]!));
  const kept = (1 - share) * single;
  const passed = share * shared;
  const own = kept + passed;
  const all = (1 - share) * singleAll + share * sharedAll;
  const others = outputs > 1 ? (outputs * all - own) / (outputs - 1) : own;
  const kernel = newKernel((m) => {
    const { far, excess } = levels({ ...x, near }, role, m);
    return m & bit(role) ? far * farOther + excess * others : far * farSame + excess * own;
  });
  const lags = sums.map((s, i) => {
    const before = near?.lags[i];
    if (s === undefined) return before;
    const a = blurs ? kept : 0;
    if (!(a + passed > 0)) return undefined;
    const out = floats(s.single.length);
    for (let d = 0; d < out.length; d++)
      out[d] =
        (a * (s.single[d]! / (s.single[0]! || 1)) + passed * (s.shared[d]! / (s.shared[0]! || 1))) / (a + passed);
    return out;
  });
  return { kernel, near: own > 0 ? nearOf(role, blurs ? 1 : passed / own, lags) : undefined };
}

/**
 * Second moment by position of what a map makes of an axis, relative to its average: each output's own Σ of squared
 * weights, and what its entries share.
 */
export function mappedProfile(
  x: Pick<Field, 'kernel' | 'axes' | 'near' | 'profiles'>,
  role: number,
  axis: number,
  map: AxisMap,
): Float64Array | undefined {
  const { far, excess } = levels(x, role, 0);
  const share = x.near?.role === role ? x.near.share : 0;
  const lags = share > 0 ? x.near?.lags[axis] : undefined;
  const before = x.profiles?.[axis];
  const out = floats(map.length);
  let mean = 0;
  map.forEach(({ index, weight }, r) => {
    let sum = 0;
    let single = 0;
    let shared = 0;
    for (let k = 0; k < index.length; k++) {
      sum += weight[k]!;
      for (let l = 0; l < index.length; l++) {
        const gap = Math.abs(index[k]! - index[l]!);
        const p = before === undefined ? 1 : Math.sqrt(before[index[k]!]! * before[index[l]!]!);
        const w = weight[k]! * weight[l]! * p;
        if (gap === 0) single += w;
        shared += w * (gap === 0 ? 1 : (lags?.[gap] ?? 0));
      }
    }
    out[r] = Math.max(0, far * sum * sum + excess * ((1 - share) * single + share * shared));
    mean += out[r] / map.length;
  });
  if (!(mean > 0)) return undefined;
  const profile = out.map((v) => v / mean);
  return profile.some((v) => Math.abs(v - 1) > NEGLIGIBLE) ? profile : undefined;
}
