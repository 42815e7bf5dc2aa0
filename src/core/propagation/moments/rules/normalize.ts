import { isKnown, type Operation, type ParameterId } from '../../../model/index.js';
import { freshAxes, sizesOf } from '../axes.js';
import {
  at,
  averagedOver,
  axisSize,
  bit,
  CLASSES,
  countOf,
  newKernel,
  ROLES,
  rolesOf,
  type Axis,
  type Field,
} from '../field.js';
import { gradientOfParts } from '../gradient-sum.js';
import { normalizedByOwnVariance } from '../quotient.js';
import type { Gradient, Rule, RuleContext } from '../types.js';
import { floats, mapped, productOf, scaledBy } from '../floats.js';

type Normalize = Extract<Operation, { kind: 'normalize' }>;

/** Over how many entries of each role statistics are taken. */
type Group = readonly {
  readonly role: number;
  readonly count: number;
  /** Entries of the role outside the group. */ readonly whole: number;
}[];

/** True for the axes that statistics are taken over. */
function isAveraged(op: Normalize, axis: number, rank: number): boolean {
  switch (op.over) {
    case 'batch':
      return axis !== 1;
    case 'layer':
    case 'rms':
      return axis >= rank - (op.dims ?? 1);
    case 'group':
      return axis >= 1;
    case 'instance':
      return axis >= 2;
    case 'l2':
      return axis === (op.axis ?? rank - 1);
  }
}

/** By axes: the parts of a concatenation keep theirs at every layer that adds one. */
const GROUPS = new WeakMap<
  readonly Axis[],
  { readonly op: Normalize; readonly whole: readonly Axis[]; group: Group }
>();

function groupOf(op: Normalize, axes: readonly Axis[], whole: readonly Axis[] = axes): Group {
  const known = GROUPS.get(axes);
  if (known !== undefined && isGroupedAlike(known.op, op) && (known.whole === whole || op.over !== 'group'))
    return known.group;
  const group = computedGroup(op, axes, whole);
  GROUPS.set(axes, { op, whole, group });
  return group;
}

function isGroupedAlike(a: Normalize, b: Normalize): boolean {
  return a === b || (a.over === b.over && a.dims === b.dims && a.axis === b.axis && a.groups === b.groups);
}

function computedGroup(op: Normalize, axes: readonly Axis[], whole: readonly Axis[]): Group {
  const rank = axes.length;
  const group: { role: number; count: number; whole: number }[] = [];
  for (let role = 0; role < ROLES; role++) {
    let count = 1;
    for (let i = 0; i < rank; i++)
      if (isAveraged(op, i, rank)) for (const f of axes[i]!) if (f.role === role) count *= f.size;
    if (op.over === 'group' && (axes[1] ?? []).some((f) => f.role === role))
      count = Math.max(1, Math.round(axisSize(whole[1] ?? []) / (op.groups ?? 1)));
    if (count > 1) group.push({ role, count, whole: countOf(axes, role) });
  }
  return group;
}

/** Average of a kernel over the group: E of a product of two group averages, by the classes that remain. */
function groupAverage(kernel: Float64Array, group: Group): Float64Array {
  let k = kernel;
  for (const { role, count } of group) k = averagedOver(k, role, count);
  return k;
}

/** Which bits of a pair of entries' class its two group averages have: differing inside one group does not count. */
function keptBy(group: Group): number {
  let kept = CLASSES - 1;
  for (const { role, count, whole } of group) if (count === whole) kept &= ~bit(role);
  return kept;
}

/** The kernel of entries less their group's average. */
function centredKernel(kernel: Float64Array, average: Float64Array, group: Group): Float64Array {
  const kept = keptBy(group);
  const out = floats(CLASSES);
  for (let m = 0; m < CLASSES; m++) out[m] = at(kernel, m) - at(average, m & kept);
  return out;
}

function parameterSquare(c: RuleContext, id: ParameterId | undefined): { mean: number; second: number } | undefined {
  if (id === undefined) return { mean: 1, second: 1 };
  const d = c.parameter(id)?.distribution;
  return d !== undefined && isKnown(d) ? { mean: d.mean, second: d.mean * d.mean + d.std * d.std } : undefined;
}

interface Statistics {
  /** Kernel of the entries after centring. */
  readonly centred: Float64Array;
  /** What is divided by, without eps, in the field's units. */
  readonly variance: number;
  /** E[x̂·x̂′] by class, eps included. */
  readonly hat: Float64Array;
  /** E[1/(v̂ + eps)]·(E[v̂] + eps). */
  readonly inverse: number;
}

interface Remembered {
  readonly over: Normalize['over'];
  readonly x: Field;
  readonly group: Group;
  readonly eps: number;
  readonly statistics: Statistics;
}

/**
 * Statistics are asked for forward and backward, and for the parts of a concatenation once more at every layer that adds
 * one: kept by what they are computed from.
 */
const KNOWN = new WeakMap<Float64Array, Remembered>();

function statistics(op: Normalize, x: Field, group: Group, eps: number): Statistics {
  const known = KNOWN.get(x.kernel);
  if (
    known?.over === op.over &&
    known.eps === eps &&
    known.x.mean === x.mean &&
    known.x.overlap === x.overlap &&
    sameGroup(known.group, group)
  )
    return known.statistics;
  const made = computedStatistics(op, x, group, eps);
  KNOWN.set(x.kernel, { over: op.over, x, group, eps, statistics: made });
  return made;
}

function sameGroup(a: Group, b: Group): boolean {
  if (a === b) return true;
  return (
    a.length === b.length &&
    a.every((g, i) => g.role === b[i]?.role && g.count === b[i].count && g.whole === b[i].whole)
  );
}

function computedStatistics(op: Normalize, x: Field, group: Group, eps: number): Statistics {
  const plain = op.over === 'rms' || op.over === 'l2';
  const average = groupAverage(x.kernel, group);
  const centred = plain ? x.kernel : centredKernel(x.kernel, average, group);
  const variance = plain ? at(x.kernel, 0) : Math.max(0, at(centred, 0));
  const divisor = variance + eps;
  const plainHat = divisor > 0 ? scaledBy(centred, 1 / divisor) : floats(CLASSES);
  // Relative variance of v̂ over random weights: twice the average squared correlation.
  const squares = groupAverage(
    newKernel((m) => (plain ? at(x.kernel, m) - x.mean * x.mean : at(centred, m)) ** 2),
    group,
  );
  const fluctuation = divisor > 0 ? (2 * at(squares, 0)) / (divisor * divisor) : 0;
  const inside = group.reduce((mask, g) => mask | bit(g.role), 0);
  const exact =
    !plain && fluctuation > 0.003 && group.length <= 2
      ? normalizedByOwnVariance(
          newKernel((m) => at(x.kernel, m) - at(average, m & ~inside)),
          group,
          eps,
        )
      : undefined;
  const beyond = op.over === 'batch' && divisor > 0 ? borderFluctuation(x, group, divisor) : 0;
  const atBorders = 1 / (1 - Math.min(0.6, beyond));
  if (exact === undefined)
    return { centred, hat: plainHat, variance, inverse: atBorders / (1 - Math.min(0.6, fluctuation)) };
  const inverse = exact.inverse * atBorders;
  const cut = group.reduce((mask, g) => (g.count === g.whole ? mask : mask | bit(g.role)), 0);
  if (cut !== 0) return { centred, hat: hatOfGroups(plainHat, exact.kernel, cut, inside), variance, inverse };
  const ratio = at(plainHat, 0) > 0 ? at(exact.kernel, 0) / at(plainHat, 0) : 1;
  return {
    centred,
    hat: newKernel((m) => (m & ~inside ? at(plainHat, m) * ratio : at(exact.kernel, m))),
    variance,
    inverse,
  };
}

/**
 * Groups of channels: what a channel has in common over positions is large in groups with a large variance, so that
 * dividing takes off more of it than on average. Other samples have the same offsets, and different channels hardly ever
 * are in one group.
 */
function hatOfGroups(plain: Float64Array, exact: Float64Array, channels: number, inside: number): Float64Array {
  const positions = inside & ~channels;
  const shrunk = at(plain, positions) > 0 ? Math.max(0, at(exact, positions)) / at(plain, positions) : 1;
  return newKernel((m) => {
    if (m & channels) return at(plain, m);
    return m & ~inside ? at(plain, m) * shrunk : at(exact, m);
  });
}

/**
 * What a channel has in common for all samples is the same at all positions but where the border cuts its windows off.
 * That pattern varies in few modes (left against right, border against middle), so that v̂ fluctuates more than averages
 * over pairs of positions tell: relative variance of v̂ beyond theirs, 2·(E[K²] − E[K]²)/E[v̂]² of the centred K.
 */
function borderFluctuation(x: Field, group: Group, divisor: number): number {
  const o = x.overlap;
  if (o === undefined || !(o.mean > 0)) return 0;
  const everywhere = group.reduce((mask, g) => mask | bit(g.role), 0);
  const common = at(x.kernel, everywhere) / o.mean;
  const centred = Math.max(0, o.squares - 2 * o.rows + o.mean * o.mean);
  return (2 * common * common * centred) / (divisor * divisor);
}

/** In PyTorch's evaluation mode batch norm uses its running statistics, 0 and 1 at initialization. */
function usesRunning(op: Normalize, c: RuleContext): boolean {
  return op.over === 'batch' && !c.training;
}

type Moments = Pick<Field, 'mean' | 'kernel'>;

function normalizedMoments(op: Normalize, x: Field, c: RuleContext, whole: readonly Axis[] = x.axes): Moments {
  if (usesRunning(op, c)) {
    const f = 1 / (1 + op.eps);
    return affine(op, { mean: x.mean * Math.sqrt(f), kernel: scaledBy(x.kernel, f) }, x.axes, c);
  }
  const group = groupOf(op, x.axes, whole);
  const eps = epsOf(op, x);
  const s = statistics(op, x, group, eps);
  if (op.over === 'l2') {
    const n = group.reduce((p, r) => p * r.count, 1);
    const total = n * s.variance;
    return total > 0
      ? { mean: x.mean / Math.sqrt(total), kernel: scaledBy(x.kernel, 1 / total) }
      : { mean: 0, kernel: floats(CLASSES) };
  }
  const divisor = s.variance + eps;
  return affine(
    op,
    { mean: op.over === 'rms' && divisor > 0 ? x.mean / Math.sqrt(divisor) : 0, kernel: s.hat },
    x.axes,
    c,
  );
}

/** In the field's units. */
function epsOf(op: Normalize, x: Field): number {
  return op.eps * Math.pow(2, Math.max(-1000, Math.min(1000, -x.scale)));
}

function normalizedOnce(op: Normalize, x: Field, c: RuleContext): Field {
  const moments = normalizedMoments(op, x, c);
  if (usesRunning(op, c)) return { ...x, ...moments };
  if (op.over === 'l2') return { ...x, ...moments, scale: 0, free: undefined, pieces: undefined };
  const eps = epsOf(op, x);
  const s = statistics(op, x, groupOf(op, x.axes), eps);
  const wholePositions = op.over === 'layer' || op.over === 'rms';
  return {
    ...moments,
    scale: 0,
    axes: x.axes,
    // Channels of a concatenation's parts are each divided by their own deviation.
    marginal: op.over === 'batch' && x.pieces === undefined ? x.marginal : undefined,
    near: wholePositions ? undefined : x.near,
    profiles: wholePositions ? undefined : centredProfiles(x, s, s.variance + eps),
  };
}

/**
 * Positions in the middle share more with each other than with the border, which the formula below does not see.
 * Fitted once to the recursion over all pairs of positions on 8×8 and 16×16 maps (conv 3×3, batch norm, ReLU; six
 * layers): the average second moment then agrees within half a percent.
 */
const KEPT_AT_BORDER = 0.75;

/**
 * Profiles after a mean over positions was taken off. At position p with a share f of its window inside, what a
 * unit has in common for all inputs is (its offset there) − (its mean offset): f − 2o + O with o the overlap of p's
 * window with the average one and O that of two average ones. Weak at the middle, it is what a border keeps.
 */
function centredProfiles(x: Field, s: Statistics, divisor: number): Field['profiles'] {
  const q = at(x.kernel, 0);
  if (x.profiles === undefined || !(q > 0) || x.bordered !== true) return x.profiles;
  // Channels with much in common have the larger variance and are divided by it.
  const naive = at(s.centred, bit(0)) / divisor;
  const shrunk = naive > 0.01 ? Math.min(1, Math.max(0, at(s.hat, bit(0)) / naive)) : 1;
  const common = Math.max(0, Math.min(1, (at(x.kernel, bit(0)) / q) * shrunk * KEPT_AT_BORDER));
  const means = x.profiles.map((p) => (p === undefined ? 1 : 1 / Math.max(...p)));
  const all = means.reduce((a, b) => a * b, 1);
  return x.profiles.map((p, i) => {
    if (p === undefined) return undefined;
    const own = means[i]!;
    const others = all / own;
    const out = p.map((v) => {
      const f = v * own * others;
      return Math.max(0, (1 - common) * f + common * (f - 2 * f * own * others + all * all));
    });
    let mean = 0;
    for (const v of out) mean += v / out.length;
    return mean > 0 ? out.map((v) => v / mean) : undefined;
  });
}

function affine(op: Normalize, x: Moments, axes: readonly Axis[], c: RuleContext): Moments {
  const w = parameterSquare(c, op.weight);
  const bias = op.bias === undefined ? { mean: 0, second: 0 } : parameterSquare(c, op.bias);
  if (w === undefined || bias === undefined) return x;
  if (w.mean === 1 && w.second === 1 && bias.second === 0) return x;
  const channel =
    op.over === 'layer' || op.over === 'rms'
      ? rolesOf(axes.slice(axes.length - (op.dims ?? 1)))
      : rolesOf([axes[1] ?? []]);
  return {
    mean: x.mean * w.mean + bias.mean,
    kernel: newKernel((m) => {
      const different = (m & channel) !== 0;
      const gain = different ? w.mean * w.mean : w.second;
      return (
        at(x.kernel, m) * gain + 2 * x.mean * w.mean * bias.mean + (different ? bias.mean * bias.mean : bias.second)
      );
    }),
  };
}

/** True when the concatenated axis is not averaged over, so that every part gets statistics of its own. */
function splitsPieces(op: Normalize, x: Field): boolean {
  if (x.pieces === undefined) return false;
  const role = (x.axes[x.pieces.axis] ?? [])[0]?.role;
  if (op.over === 'group') {
    // Groups that lie within one part each.
    const channels = axisSize(x.axes[1] ?? []) / Math.max(1, op.groups ?? 1);
    return x.pieces.axis === 1 && x.pieces.parts.every((p) => p.size % channels === 0);
  }
  return !groupOf(op, x.axes).some((g) => g.role === role);
}

/** The parts seen with the whole's axes and roles, at their own sizes. */
function partsOf(x: Field): readonly { size: number; field: Field }[] {
  return x.pieces?.parts ?? [];
}

export const normalize: Rule<'normalize'> = {
  forward(op, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    if (!splitsPieces(op, x)) return [normalizedOnce(op, x, c)];
    const parts = partsOf(x);
    const total = parts.reduce((s, p) => s + p.size, 0);
    const whole = normalizedOnce(op, x, c);
    const kernel = floats(CLASSES);
    let mean = 0;
    for (const { size, field } of parts) {
      // Of the parts only the moments are asked for.
      const own = normalizedMoments(op, field, c, x.axes);
      mean += (size / total) * own.mean;
      for (let m = 0; m < CLASSES; m++) kernel[m] = kernel[m]! + (size / total) * at(own.kernel, m);
    }
    const across = bit((x.axes[x.pieces?.axis ?? 0] ?? [])[0]?.role ?? 0);
    for (let m = 0; m < CLASSES; m++) if (m & across) kernel[m] = at(whole.kernel, m);
    return [{ ...whole, mean, kernel }];
  },
  /**
   * g_x = γ/σ·(g − mean(g) − x̂·mean(g·x̂)) (Ioffe & Szegedy 2015, appendix): the two means are taken by pair classes;
   * E[1/σ²] exceeds 1/E[σ²] by what σ² fluctuates.
   */
  backward(op, [x], [y], [g], c) {
    if (x === undefined || y === undefined || g === undefined) return [undefined];
    if (!splitsPieces(op, x)) return [gradientOnce(op, x, g, c)];
    const parts = partsOf(x).map((p) => ({
      size: p.size,
      field: gradientOnce(op, p.field, g, c, x.axes),
    }));
    const total = parts.reduce((s, p) => s + p.size, 0);
    const whole = gradientOfParts(parts.map((p) => ({ field: p.field, share: p.size / total })));
    return [{ ...whole, axes: x.axes, pieces: { axis: x.pieces?.axis ?? 1, parts } }];
  },
  withUnknownInput(op, c) {
    if (op.over === 'l2' || usesRunning(op, c)) return undefined;
    c.note('input not known: taken as independent entries, whose scale the normalization fixes');
    const sizes = sizesOf(c.outputShapes[0] ?? []);
    const axes = freshAxes(sizes);
    const roles = rolesOf(axes);
    const unit: Moments = { mean: 0, kernel: newKernel((m) => (m & roles ? 0 : 1)) };
    return [{ ...affine(op, unit, axes, c), scale: 0, axes }];
  },
};

/**
 * Layer norm divides each position's gradient by that position's own variance. The last `dims` axes are averaged over:
 * what differs along them, as the parts of a concatenation do, is divided by the same.
 */
function quotientProfiles(
  g: Gradient,
  x: Field,
  share: number,
  dims: number,
): { factor: number; profiles: Gradient['profiles'] } {
  if (x.profiles === undefined) return { factor: 1, profiles: g.profiles };
  let factor = 1;
  const profiles = x.axes.map((_, i) => {
    const r = x.profiles?.[i];
    const own = g.profiles?.[i];
    const isAveraged = i >= x.axes.length - dims;
    if (r === undefined || isAveraged || (own !== undefined && own.length !== r.length)) return own;
    const out = r.map((v, k) => (own?.[k] ?? 1) / Math.max(1e-6, share * v + 1 - share));
    let mean = 0;
    for (const v of out) mean += v / out.length;
    if (!(mean > 0)) return own;
    factor *= mean;
    return out.map((v) => v / mean);
  });
  return { factor, profiles };
}

function gradientOnce(op: Normalize, x: Field, g: Gradient, c: RuleContext, whole: readonly Axis[] = x.axes): Gradient {
  const w = parameterSquare(c, op.weight) ?? { mean: 1, second: 1 };
  const group = groupOf(op, x.axes, whole);
  if (usesRunning(op, c))
    return { ...g, weights: undefined, kernel: mapped(g.kernel, (k) => (k * w.second) / (1 + op.eps)), axes: x.axes };
  const eps = epsOf(op, x);
  const s = statistics(op, x, group, eps);
  const n = group.reduce((p, q) => p * q.count, 1);
  const divisor = op.over === 'l2' ? n * s.variance : s.variance + eps;
  if (!(divisor > 0)) return { ...g, kernel: floats(CLASSES), axes: x.axes };
  const effective = op.over === 'l2' ? s.variance : divisor;
  const hat = op.over === 'l2' ? newKernel((m) => at(s.centred, m) / effective) : s.hat;
  const kernel =
    op.over === 'rms' || op.over === 'l2' ? g.kernel : centredKernel(g.kernel, groupAverage(g.kernel, group), group);
  const along = groupAverage(g.along !== undefined && op.over !== 'l2' ? g.along : productOf(kernel, hat), group);
  const share = s.variance / effective;
  const weightSpread = op.over === 'batch' || op.over === 'instance' ? Math.min(0.6, (x.spread ?? 0) * share) : 0;
  const absorbed = 1 / (1 - weightSpread);
  const perPosition =
    op.over === 'layer' || op.over === 'rms'
      ? quotientProfiles(g, x, share, op.dims ?? 1)
      : { factor: 1, profiles: g.profiles };
  const factor = (w.second / divisor) * absorbed * perPosition.factor * s.inverse;
  const kept = keptBy(group);
  const projected = floats(CLASSES);
  for (let m = 0; m < CLASSES; m++) projected[m] = (at(kernel, m) - at(along, m & kept) * at(hat, m)) * factor;
  return {
    mean: 0,
    kernel: projected,
    scale: g.scale - x.scale,
    axes: x.axes,
    near: op.over === 'layer' || op.over === 'rms' || op.over === 'l2' ? undefined : g.near,
    profiles: perPosition.profiles,
    absorbed: weightSpread > 0 ? absorbed : undefined,
  };
}
