import type { ValueId } from '../../model/index.js';
import { activationMoments, activationPair, type Activation, type Constants } from '../activations/index.js';
import { levels, throughFunction, timesSlopes, withPairClasses, type Levels } from './near.js';
import { at, bit, CLASSES, newKernel, type Field, type Marginal } from './field.js';
import { Expansion, GAUSSIAN } from './marginal.js';
import { Lazy } from './lazy.js';
import { isShared } from './unit-slopes.js';
import { unknown, type Gradient, type Unknown } from './types.js';
import { affineOf, allFinite, filled, floats, mapped } from './floats.js';

/**
 * A value that is a function of one other value (its source), entry by entry. Composites such as
 * x·sigmoid(x) are then integrated exactly, where treating the factors as independent would be wrong.
 * Everything is tabulated on the nodes of the source's distribution.
 */
export interface Curve {
  readonly source: ValueId;
  readonly marginal: Marginal;
  /** f at the nodes, over 2^(scale/2). */
  readonly values: Float64Array;
  readonly scale: number;
  /** Operands within the same curve family, with ∂f/∂operand at the nodes, in true units. Empty for the source itself. */
  readonly operands: readonly { readonly value: ValueId; readonly partial: Float64Array }[];
  /** The source itself with mean 0: an activation that only scales has the same slopes at its nodes whatever the variance. */
  readonly centred?: boolean | undefined;
  /** Set when f is one tabled activation of the source: its closed forms are used instead of the grid. */
  readonly direct?: { readonly activation: Activation; readonly constants: Constants } | undefined;
}

/** The source as a function of itself. */
export function identityCurve(source: ValueId, field: Field): Curve {
  const marginal = field.marginal ?? GAUSSIAN;
  const mean = field.mean;
  const std = Math.sqrt(Math.max(0, at(field.kernel, 0) - mean * mean));
  return {
    source,
    marginal,
    values: affineOf(marginal.nodes, mean, std),
    scale: field.scale,
    operands: [],
    centred: mean === 0 && std > 0,
  };
}

/** Correlation of two entries of the source, by class. */
function correlations(source: Field): Float64Array {
  const m2 = source.mean * source.mean;
  const variance = at(source.kernel, 0) - m2;
  if (!(variance > 1e-14 * at(source.kernel, 0))) return filled(CLASSES, 1);
  return newKernel((m) => (m === 0 ? 1 : Math.max(-1, Math.min(1, (at(source.kernel, m) - m2) / variance))));
}

/** Moments of the curve's value: mean, second moment, and all pair classes through the source's correlations. */
export function fieldOfCurve(curve: Curve, source: Field): Field | Unknown {
  if (
    !allFinite(curve.values) &&
    curve.values.some((v, i) => !Number.isFinite(v) && curve.marginal.weights[i]! > 1e-12)
  )
    return unknown('the value is infinite or undefined for inputs that occur');
  const direct = curve.direct;
  const variance = at(source.kernel, 0) - source.mean * source.mean;
  const rho = correlations(source);
  let kernel: Float64Array;
  let mean: number;
  let valueAt: (correlation: number) => number;
  const closed =
    direct !== undefined &&
    source.marginal === undefined &&
    source.scale === curve.scale &&
    (source.scale === 0 || direct.activation.homogeneous === true);
  if (closed && source.mean === 0 && direct.activation.closedPair !== undefined && variance > 0) {
    const m = activationMoments(direct.activation, 0, variance, direct.constants);
    mean = m.mean;
    valueAt = (r) =>
      r >= 1
        ? m.second
        : activationPair(
            direct.activation,
            { mean: 0, varianceU: variance, varianceV: variance, covariance: Math.max(-1, r) * variance },
            direct.constants,
          ).value;
    kernel = newKernel((k) => (k === 0 || at(rho, k) === 1 ? m.second : valueAt(at(rho, k))));
  } else {
    const exact = closed ? activationMoments(direct.activation, source.mean, variance, direct.constants) : undefined;
    const e = new Expansion(cleaned(curve.values), curve.marginal, exact);
    mean = e.mean;
    valueAt = (r) => e.at(r);
    kernel = byCorrelation(rho, valueAt);
  }
  const standard: Marginal | undefined = undefined;
  const near = nearThrough(source, variance, kernel, valueAt);
  return {
    mean,
    kernel: near.kernel,
    near: near.near,
    scale: curve.scale,
    axes: source.axes,
    free: source.free,
    profiles: source.profiles,
    marginal: standard,
    causal: source.causal,
    hidden: source.hidden,
  };
}

/** What neighbours share of a function of the source. */
function nearThrough(
  source: Field,
  variance: number,
  kernel: Float64Array,
  valueAt: (correlation: number) => number,
): Pick<Field, 'kernel' | 'near'> {
  const before = source.near;
  if (before === undefined || !(variance > 0)) return { kernel, near: undefined };
  const { role } = before;
  const value = (covariance: number): number => valueAt((covariance - source.mean * source.mean) / variance);
  const own = levels(source, role, 0);
  const near = throughFunction(before, own, value, value(own.far), at(kernel, 0));
  return {
    near,
    kernel: withPairClasses(kernel, near, role, source.axes, (m) => value(levels(source, role, m).far)),
  };
}

/** Applies f to every class, computing each distinct correlation once. */
function byCorrelation(rho: Float64Array, f: (r: number) => number): Float64Array {
  const out = floats(CLASSES);
  for (let m = 0; m < CLASSES; m++) {
    const r = at(rho, m);
    // A role that the tensor lacks doubles every class: the twin has been computed already.
    let twin = 0;
    while (twin < m && at(rho, twin) !== r) twin++;
    out[m] = twin < m ? at(out, twin) : f(r);
  }
  return out;
}

/** Values beyond the doubles at nodes that practically never occur are dropped. */
function cleaned(values: Float64Array): Float64Array {
  return allFinite(values) ? values : mapped(values, (u) => (Number.isFinite(u) ? u : 0));
}

/**
 * Gradient at the source from the gradient at the curve's value: E[f′(x)f′(x′)] multiplies each class
 * (`slopes` is f′ at the nodes).
 */
export function pullBack(
  gradient: Gradient,
  slopes: Float64Array,
  curve: Curve,
  source: Field,
  wantAlong = false,
): Gradient {
  const rho = correlations(source);
  const slope = cleaned(slopes);
  const variance = at(source.kernel, 0) - source.mean * source.mean;
  const direct = curve.direct;
  let factor: Float64Array;
  let slopeAt: (correlation: number) => number;
  if (
    direct !== undefined &&
    source.marginal === undefined &&
    (source.scale === 0 || direct.activation.homogeneous === true) &&
    variance > 0
  ) {
    const m = activationMoments(direct.activation, source.mean, variance, direct.constants);
    if (source.mean === 0 && direct.activation.closedPair !== undefined)
      slopeAt = (r) =>
        r >= 1
          ? m.slopeSecond
          : activationPair(
              direct.activation,
              { mean: 0, varianceU: variance, varianceV: variance, covariance: Math.max(-1, r) * variance },
              direct.constants,
            ).slope;
    else {
      const e = new Expansion(slope, curve.marginal, { mean: m.slopeMean, second: m.slopeSecond });
      slopeAt = (r) => e.at(r);
    }
  } else {
    const e = new Expansion(slope, curve.marginal);
    slopeAt = (r) => e.at(r);
  }
  factor = byCorrelation(rho, slopeAt);
  let tilted = 1;
  const carrying = weightsOf(gradient, slope.length);
  if (carrying !== undefined && at(factor, 0) > 0) {
    let picked = 0;
    let square = 0;
    let pickedMean = 0;
    let plainMean = 0;
    for (let i = 0; i < slope.length; i++) {
      const w = carrying[i]! * slope[i]! ** 2;
      picked += w;
      square += w * curve.marginal.nodes[i]! ** 2;
      pickedMean += carrying[i]! * slope[i]!;
      plainMean += curve.marginal.weights[i]! * slope[i]!;
    }
    const ratio = picked / at(factor, 0);
    // Both members of a pair of different entries carry gradient: E[f′] of each is that of the picked ones.
    const pair = Math.abs(plainMean) > 1e-9 ? (pickedMean / plainMean) ** 2 : ratio;
    tilted = picked > 0 ? square / picked : 1;
    factor = mapped(factor, (x, m) => x * (m === 0 || at(rho, m) >= 1 ? ratio : Math.min(pair, ratio * ratio)));
  }
  const local = nearSlopes(gradient, source, variance, factor, slopeAt);
  const kernel = local?.kernel ?? mapped(gradient.kernel, (g, i) => g * at(factor, i));
  const weights = new Lazy(() => carriedBy(carrying, slope, curve.marginal));
  const along = wantAlong
    ? alongSource(gradient, carrying !== undefined, kernel, slope, curve.marginal, rho, tilted)
    : undefined;
  return { ...gradient, kernel, near: local?.near, weights, base: curve.marginal.weights, marginal: undefined, along };
}

/** Which of `n` nodes carry the gradient; undefined where all do alike, or the nodes are others. */
function weightsOf(g: Gradient, n: number): Float64Array | undefined {
  const weights = g.weights?.value;
  return weights?.length === n ? weights : undefined;
}

/** The gradient's classes times the slopes', where neighbours share more than far positions; `factor` may be tilted by weights. */
function nearSlopes(
  gradient: Gradient,
  source: Field,
  variance: number,
  factor: Float64Array,
  slopeAt: (correlation: number) => number,
): Pick<Field, 'kernel' | 'near'> | undefined {
  const role = (gradient.near ?? source.near)?.role;
  if (role === undefined || !(variance > 0)) return undefined;
  const average = at(source.kernel, bit(role));
  const plain = (covariance: number): number => slopeAt((covariance - source.mean * source.mean) / variance);
  const [f0, fp] = [slopeAt(1), plain(average)];
  const [t0, tp] = [at(factor, 0), at(factor, bit(role))];
  const slopes = (covariance: number): number =>
    Math.abs(f0 - fp) > 1e-9 ? tp + ((t0 - tp) * (plain(covariance) - fp)) / (f0 - fp) : t0;
  const g = { ...gradient, axes: source.axes };
  const near = timesSlopes(gradient.near, levels(g, role, 0), source.near, levels(source, role, 0), slopes);
  const kernel = mapped(gradient.kernel, (k, i) => k * at(factor, i));
  const farOf = (m: number): number => {
    const own: Levels = levels(g, role, m);
    const slope = m === 0 ? slopes(levels(source, role, 0).far) : at(factor, m | bit(role));
    return own.far * slope;
  };
  return { near, kernel: withPairClasses(kernel, near, role, source.axes, farOf) };
}

/** E[g·g′·x̂·x̂′]: the incoming gradient's classes times E[f′(x̂)x̂·f′(x̂′)x̂′]. */
function alongSource(
  g: Gradient,
  isPicked: boolean,
  kernel: Float64Array,
  slope: Float64Array,
  marginal: Marginal,
  rho: Float64Array,
  tilted: number,
): Float64Array {
  const e = sharedBy(slope, marginal)?.tilted ?? tiltedBy(slope, marginal);
  const factor = byCorrelation(rho, (r) => e.at(r));
  return newKernel((m) => (m === 0 && isPicked ? at(kernel, 0) * tilted : at(g.kernel, m) * at(factor, m)));
}

/** What depends on an activation's slopes at the nodes only. */
interface OfSlopes {
  readonly tilted: Expansion;
  readonly carried: Float64Array | undefined;
}

/** Of the slopes that many curves share (see `unitSlopes`). */
const OF_SLOPES = new WeakMap<Float64Array, OfSlopes>();

function sharedBy(slope: Float64Array, marginal: Marginal): OfSlopes | undefined {
  if (marginal !== GAUSSIAN || !isShared(slope)) return undefined;
  let known = OF_SLOPES.get(slope);
  if (known === undefined) {
    known = { tilted: tiltedBy(slope, marginal), carried: passedOn(marginal.weights, slope)?.slice() };
    OF_SLOPES.set(slope, known);
  }
  return known;
}

/** f′(x̂)·x̂. */
function tiltedBy(slope: Float64Array, marginal: Marginal): Expansion {
  return new Expansion(
    mapped(slope, (s, i) => s * marginal.nodes[i]!),
    marginal,
  );
}

/** Which entries of the source carry gradient: those that did before, by how much the function lets through. */
function carriedBy(
  before: Float64Array | undefined,
  slope: Float64Array,
  marginal: Marginal,
): Float64Array | undefined {
  if (before !== undefined) return passedOn(before, slope);
  const shared = sharedBy(slope, marginal);
  return shared === undefined ? passedOn(marginal.weights, slope) : shared.carried;
}

function passedOn(before: Float64Array, slope: Float64Array): Float64Array | undefined {
  const w = floats(slope.length);
  let total = 0;
  for (let i = 0; i < w.length; i++) total += w[i] = before[i]! * slope[i]! * slope[i]!;
  if (!(total > 0)) return undefined;
  for (let i = 0; i < w.length; i++) w[i] = w[i]! / total;
  return w;
}
