import { floats, scaledBy } from './floats.js';
import type { Near } from './near.js';

/**
 * A tensor as the mean-field theory sees it: a random field over its axes, described by second moments of pairs
 * of entries. Axes are put into at most four groups, "roles" (samples of the batch, channels or features,
 * positions, a second position axis such as attention's keys). A pair of entries belongs to the class that says
 * in which roles the two differ; `kernel[class]` is E[x·x′] over random weights and inputs, averaged over all
 * such pairs. Class 0 is E[x²]; "other sample" is what the correlation maps of Poole et al. 2016
 * (arXiv:1606.05340) follow; "other position" is what pooling and batch statistics need.
 */
export interface Field {
  /** E[x]·2^(−scale/2). */
  readonly mean: number;
  /** E[x·x′]·2^(−scale) by class. For a role that the tensor does not have, the class with and without it are equal. */
  readonly kernel: Float64Array;
  /** log₂ of the factor taken out of the kernel, an even integer; 0 unless the values leave the middle of the range of doubles. */
  readonly scale: number;
  /** Roles of each axis, outermost first; an axis can hold several after a reshape. */
  readonly axes: readonly Axis[];
  /** Entries are independent and alike, so that roles may be renamed at will (inputs, parameters). */
  readonly free?: boolean | undefined;
  /** Shape of the distribution of one entry, where it is not taken as Gaussian. */
  readonly marginal?: Marginal | undefined;
  /** Second moment by index along an axis, relative to the average (zero padding weakens borders). By axis. */
  readonly profiles?: readonly (Float64Array | undefined)[] | undefined;
  /** The profiles come from a window cut off at the border in the last step, so that units' offsets differ there too. */
  readonly bordered?: boolean | undefined;
  /** How much of their window two positions have in common, where borders cut it off. */
  readonly overlap?: WindowOverlap | undefined;
  /** What neighbouring positions share beyond far ones. */
  readonly near?: Near | undefined;
  /** A concatenation's parts, which may differ in scale. */
  readonly pieces?: Pieces | undefined;
  /** Relative variance of the per-channel variance over random weights: 2/fan_in for Gaussian weights. Matters for depthwise kernels. */
  readonly spread?: number | undefined;
  /** Attention scores under a causal mask: query t sees t + 1 keys. */
  readonly causal?: boolean | undefined;
  /** Rows add to 1 (a softmax's output whose rows differ in how concentrated they are). */
  readonly stochastic?: boolean | undefined;
  /** Share of keys hidden by a mask that is not causal. */
  readonly hidden?: number | undefined;
}

/**
 * Of the matrix A whose entry is the share of taps that lie inside for both of two positions: averages of A², of the
 * square of A's row means, and of A.
 */
export interface WindowOverlap {
  readonly squares: number;
  readonly rows: number;
  readonly mean: number;
}

export type Axis = readonly Factor[];

export interface Factor {
  readonly role: number;
  readonly size: number;
}

/** Parts of a tensor along one axis, in order. */
export interface Pieces {
  readonly axis: number;
  readonly parts: readonly { readonly size: number; readonly field: Field }[];
}

/** A distribution with mean 0 and variance 1 on nodes; `basis[k]` are its orthonormal polynomials at the nodes. */
export interface Marginal {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
  readonly basis: readonly Float64Array[];
}

export const ROLES = 4;
export const CLASSES = 16;
export const SAMPLE = 0;

export function bit(role: number): number {
  return 1 << role;
}

export function newKernel(f: (mask: number) => number): Float64Array {
  const k = floats(CLASSES);
  for (let m = 0; m < CLASSES; m++) k[m] = f(m);
  return k;
}

/** kernel[mask]. */
export function at(kernel: Float64Array, mask: number): number {
  return kernel[mask]!;
}

/** Roles that occur on the axes, as a mask. */
export function rolesOf(axes: readonly Axis[]): number {
  let mask = 0;
  for (const axis of axes) for (const f of axis) if (f.size > 1) mask |= bit(f.role);
  return mask;
}

/** How many entries the role tells apart. */
export function countOf(axes: readonly Axis[], role: number): number {
  let n = 1;
  for (const axis of axes) for (const f of axis) if (f.role === role) n *= f.size;
  return n;
}

export function axisSize(axis: Axis): number {
  let n = 1;
  for (const f of axis) n *= f.size;
  return n;
}

/** A role that no axis uses; the last one when all are in use. */
export function unusedRole(axes: readonly Axis[], prefer?: number): number {
  const used = rolesOf(axes);
  if (prefer !== undefined && !(used & bit(prefer))) return prefer;
  for (let r = 1; r < ROLES; r++) if (!(used & bit(r))) return r;
  return ROLES - 1;
}

const HIGH = 1e120;
const LOW = 1e-120;

/** Takes a power of two out of a kernel that drifts towards overflow or underflow. */
export function normalized(field: Field): Field {
  const q = at(field.kernel, 0);
  if (q === 0 || (q < HIGH && q > LOW) || !Number.isFinite(q)) return field;
  const shift = 2 * Math.round(Math.log2(q) / 2);
  const factor = Math.pow(2, -shift);
  const pieces = field.pieces;
  return {
    ...field,
    kernel: scaledBy(field.kernel, factor),
    mean: field.mean * Math.pow(2, -shift / 2),
    scale: field.scale + shift,
    pieces:
      pieces === undefined
        ? undefined
        : {
            axis: pieces.axis,
            parts: pieces.parts.map((p) => ({ size: p.size, field: atScale(p.field, p.field.scale) })),
          },
  };
}

/** The same field with another power of two taken out. Classes far below it underflow to 0, harmlessly. */
export function atScale(field: Field, scale: number): Field {
  if (field.scale === scale) return field;
  const d = Math.max(-1070, Math.min(1020, field.scale - scale));
  const factor = Math.pow(2, d);
  return { ...field, scale, kernel: scaledBy(field.kernel, factor), mean: field.mean * Math.pow(2, d / 2) };
}

/** log₂ E[x²]; −∞ for a field of zeros. */
export function logSecondMoment(field: Field): number {
  return Math.log2(at(field.kernel, 0)) + field.scale;
}

/** A field of independent entries of that mean and variance. */
export function independentField(mean: number, variance: number, axes: readonly Axis[]): Field {
  const roles = rolesOf(axes);
  return {
    mean,
    kernel: newKernel((m) => (m & roles ? mean * mean : mean * mean + variance)),
    scale: 0,
    axes,
    free: true,
  };
}

/** A field whose entries all equal one number. */
export function constantField(value: number, axes: readonly Axis[]): Field {
  return independentField(value, 0, axes);
}

/** factor·x. */
export function scaledField(field: Field, factor: number): Field {
  const f2 = factor * factor;
  if (f2 === 0) return { ...field, mean: 0, kernel: floats(CLASSES), scale: 0, pieces: undefined };
  const shift = f2 > 1e100 || f2 < 1e-100 ? 2 * Math.round(Math.log2(f2) / 2) : 0;
  const own = shift === 0 ? factor : factor * Math.pow(2, -shift / 2);
  const scale = (f: Field): Field =>
    normalized({
      ...f,
      mean: f.mean * own,
      kernel: scaledBy(f.kernel, own * own),
      scale: f.scale + shift,
      pieces: mapPieces(f.pieces, scale),
    });
  return scale(field);
}

export function mapPieces(pieces: Pieces | undefined, f: (field: Field) => Field): Pieces | undefined {
  return pieces === undefined
    ? undefined
    : { axis: pieces.axis, parts: pieces.parts.map((p) => ({ size: p.size, field: f(p.field) })) };
}

/** The kernel with `role` no longer telling entries apart. */
export function withoutRole(kernel: Float64Array, role: number): Float64Array {
  const b = bit(role);
  const out = floats(CLASSES);
  for (let m = 0; m < CLASSES; m++) out[m] = at(kernel, m & ~b);
  return out;
}

/**
 * Averages over n entries that differ in `role`, in both members of a pair: E of a product of two such averages
 * is (K[same] + (n−1)·K[differ])/n when they average the same entries. Classes that differ in the role (averages of
 * other entries) stay.
 */
export function averagedOver(kernel: Float64Array, role: number, n: number): Float64Array {
  const b = bit(role);
  const out = floats(CLASSES);
  for (let m = 0; m < CLASSES; m++) out[m] = m & b ? at(kernel, m) : (at(kernel, m) + (n - 1) * at(kernel, m | b)) / n;
  return out;
}

const SCRATCH = new Float64Array(CLASSES);

/** Mean over everything, squared: E[x̄²] of one drawn tensor. */
export function meanSquare(field: Field): number {
  SCRATCH.set(field.kernel);
  for (let r = 0; r < ROLES; r++) {
    const n = countOf(field.axes, r);
    const b = bit(r);
    // Classes that differ in a role already averaged are not needed any more.
    for (let m = 0; m < CLASSES; m += 2 * b) SCRATCH[m] = (at(SCRATCH, m) + (n - 1) * at(SCRATCH, m | b)) / n;
  }
  return at(SCRATCH, 0);
}

/** Expected E[x²] − E[x]² over the entries of one drawn tensor, over 2^scale. */
export function sampleVariance(field: Field): number {
  return Math.max(0, at(field.kernel, 0) - meanSquare(field));
}
