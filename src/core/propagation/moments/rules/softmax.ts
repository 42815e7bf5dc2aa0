import { mainRole } from '../axes.js';
import { at, axisSize, bit, CLASSES, newKernel, rolesOf, type Field } from '../field.js';
import { floats } from '../floats.js';
import { logSumExpMean } from '../log-sum-exp.js';
import { softmaxOf, type SoftmaxMoments } from '../softmax-moments.js';
import { unknown, type Gradient, type Rule, type RuleContext, type Unknown } from '../types.js';

/** Numbers of keys that the queries see: t + 1 for query t under a causal mask. */
function keysSeen(x: Field, axis: number, n: number): number[] | undefined {
  if (x.causal !== true) return undefined;
  const rows = x.axes[axis - 1] === undefined ? 1 : axisSize(x.axes[axis - 1]!);
  return Array.from({ length: rows }, (_, t) => Math.max(1, Math.min(n, t + 1 + (n - rows))));
}

interface Shares {
  readonly n: number;
  readonly role: number;
  /** E[Σⱼ pⱼp′ⱼ] by class of the pair of rows; class 0: E[Σ p²]. */
  readonly overlap: Float64Array;
  /** E[Σ p²] by row, where rows differ. */
  readonly byRow: Float64Array | undefined;
  /** E‖J·g‖² of a row of independent g: of all rows, or by row where they differ. */
  readonly passed: Float64Array;
}

/** Asked for forward and backward. */
const KNOWN = new WeakMap<Field, { readonly axis: number; readonly shares: Shares | Unknown }>();

function shares(axis: number, x: Field): Shares | Unknown {
  const known = KNOWN.get(x);
  if (known?.axis === axis) return known.shares;
  const made = computedShares(axis, x);
  KNOWN.set(x, { axis, shares: made });
  return made;
}

function computedShares(axis: number, x: Field): Shares | Unknown {
  const own = x.axes[axis];
  const n = own === undefined ? 1 : axisSize(own);
  const role = mainRole(own);
  const b = bit(role);
  if (x.scale > 200) return unknown('logits beyond what exp can hold');
  const unit = Math.pow(2, Math.max(-1000, x.scale));
  const variance = Math.max(0, (at(x.kernel, 0) - at(x.kernel, b)) * unit);
  const seen = keysSeen(x, axis, n);
  const rows = seen === undefined ? 0 : bit(mainRole(x.axes[axis - 1]));
  // Rows of a causal mask are of many lengths, for which the Gaussian's integrals are kept.
  const of = softmaxOf(variance, seen === undefined ? x.marginal : undefined);
  const ofKeys = (keys: number): SoftmaxMoments => of(Math.max(1, Math.round(keys)));
  const byRow = seen === undefined ? undefined : Float64Array.from(seen, (k) => ofKeys(k).concentration);
  const whole = n * (1 - (x.hidden ?? 0));
  const ofPair = (pair: number): number => {
    const common =
      pair === 0
        ? variance
        : Math.max(-variance, Math.min(variance, (at(x.kernel, pair) - at(x.kernel, pair | b)) * unit));
    const rho = variance > 0 ? common / variance : 1;
    // Rows whose logits have correlation ρ choose alike: between 1/n and Σp², geometrically.
    const between = (alone: number, all: number): number => (rho >= 1 ? all : alone * Math.pow(all / alone, rho));
    if (seen === undefined || byRow === undefined) {
      const keys = Math.max(1, whole);
      return between(1 / keys, ofKeys(keys).concentration);
    }
    if (!(pair & rows)) return seen.reduce((s, k, t) => s + between(1 / k, byRow[t]!), 0) / seen.length;
    // Rows t < t′ under a causal mask both see the first t + 1 keys, each with 1/(t′ + 1) of the later row.
    let sum = 0;
    let weight = 0;
    seen.forEach((k, t) => {
      const alone = 1 / k;
      sum += t * (variance > 0 && pair !== 0 ? between(alone, Math.max(alone, byRow[t]!)) : alone);
      weight += t;
    });
    return weight > 0 ? sum / weight : 1 / n;
  };
  const overlap = floats(CLASSES);
  // Pairs that differ in the key are not told apart; a role that the logits lack has a twin that is computed already.
  for (let m = 0; m < CLASSES; m++) {
    const lacking = m & ~rolesOf(x.axes);
    overlap[m] = m & b ? overlap[m & ~b]! : lacking !== 0 ? overlap[m & ~lacking]! : ofPair(m);
  }
  return { n, role, overlap, byRow, passed: Float64Array.from(seen ?? [whole], (k) => ofKeys(k).passed) };
}

/** Row profile of Σp², relative to its average. */
function rowProfile(s: Shares, x: Field, axis: number): Field['profiles'] {
  if (s.byRow === undefined || axis < 1) return undefined;
  const mean = at(s.overlap, 0);
  const own = s.byRow.map((v) => v / mean);
  return x.axes.map((_, i) => (i === axis - 1 ? own : undefined));
}

/**
 * Softmax over n logits. Only what differs between the logits of one row counts: variance K[same] − K[other logit].
 * Rows whose logits correlate choose alike.
 */
export const softmax: Rule<'softmax'> = {
  forward(op, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    if (op.log) return logSoftmax(op.axis, x);
    const s = shares(op.axis, x);
    if ('unknown' in s) return s;
    noteMask(x, c);
    const b = bit(s.role);
    const kernel = newKernel((m) => {
      const o = at(s.overlap, m & ~b);
      return m & b ? (s.n > 1 ? (1 - o) / (s.n * (s.n - 1)) : o) : o / s.n;
    });
    return [
      {
        mean: 1 / s.n,
        kernel,
        scale: 0,
        axes: x.axes,
        profiles: rowProfile(s, x, op.axis),
        stochastic: s.byRow !== undefined,
        causal: x.causal,
      },
    ];
  },
  /** g_l = p∘(g − Σ p·g): what is common to a row's gradient drops out. */
  backward(op, [x], [p], [g]) {
    if (g === undefined || x === undefined || p === undefined) return [undefined];
    const role = mainRole(x.axes[op.axis]);
    const n = axisSize(x.axes[op.axis] ?? []);
    const b = bit(role);
    const s = shares(op.axis, x);
    if ('unknown' in s) return [undefined];
    const incoming = g.profiles?.[op.axis - 1];
    const rows = s.passed;
    let weight = rows[0]! / n;
    let profiles: Gradient['profiles'] = g.profiles;
    if (s.byRow !== undefined) {
      // Averaged with where the gradient is.
      const local = rows.map((v, t) => (v / n) * (incoming?.length === rows.length ? incoming[t]! : 1));
      weight = local.reduce((a, v) => a + v, 0) / local.length;
      const mean = weight;
      if (mean > 0) profiles = x.axes.map((_, i) => (i === op.axis - 1 ? local.map((v) => v / mean) : g.profiles?.[i]));
    }
    const whole = at(s.overlap, 0);
    const kernel = newKernel((m) => {
      const row = m & ~b;
      const differing = at(g.kernel, row) - at(g.kernel, row | b);
      if (op.log) {
        // d log softmax: g − p·Σg; for many classes p·Σg is small.
        const plain = at(g.kernel, row) - (at(g.kernel, row) + (n - 1) * at(g.kernel, row | b)) / n;
        return m & b ? -plain / Math.max(1, n - 1) : plain;
      }
      const own = differing * weight * (whole > 0 ? at(s.overlap, row) / whole : 0);
      return m & b ? -own / Math.max(1, n - 1) : own;
    });
    return [{ mean: 0, kernel, scale: g.scale, axes: x.axes, profiles: op.log ? undefined : profiles }];
  },
};

function noteMask(x: Field, c: RuleContext): void {
  if (x.hidden !== undefined) c.note('mask taken to hide keys at random');
}

/** log softmax: logits minus log Σ exp, whose mean is log n + s²/2 and whose fluctuation is small for many classes. */
function logSoftmax(axis: number, x: Field): readonly Field[] | Unknown {
  const own = x.axes[axis];
  const n = own === undefined ? 1 : axisSize(own);
  const b = bit(mainRole(own));
  if (x.scale > 200) return unknown('logits beyond what exp can hold');
  const unit = Math.pow(2, Math.max(-1000, x.scale));
  const s2 = Math.max(0, (at(x.kernel, 0) - at(x.kernel, b)) * unit);
  const shift = logSumExpMean(n, s2);
  const average = newKernel((m) => ((at(x.kernel, m & ~b) + (n - 1) * at(x.kernel, m | b)) / n) * unit);
  return [
    {
      mean: -shift,
      kernel: newKernel((m) => at(x.kernel, m) * unit - at(average, m & ~b) + shift * shift),
      scale: 0,
      axes: x.axes,
    },
  ];
}
