import { at, sampleVariance, type Field } from './field.js';
import { BackwardPass } from './backward.js';
import { ForwardPass, type MomentsOptions, type Propagated } from './forward.js';
import { isUnknown, unknown, type Gradient, type Unknown } from './types.js';

export type { MomentsOptions, Propagated } from './forward.js';

/** What is known of one value. Variances are those over the entries of one drawn tensor, E[x²] − E[x]². */
export interface ValueMoments {
  readonly mean: number;
  readonly variance: number;
  /** log₂ of E[x²], also where the variance over- or underflows. */
  readonly logSecondMoment: number;
  /** E[x·x′]/E[x²] of one unit's answers to two inputs: 1 when all inputs look alike. */
  readonly sampleCorrelation: number;
}

export interface PropagationResult {
  readonly forward: readonly (ValueMoments | Unknown)[];
  /** Variance of the gradient with respect to each value; undefined where none arrives. */
  readonly backward: readonly ({ readonly variance: number } | Unknown | undefined)[];
  /** What is approximate, by node. */
  readonly approximations: readonly (readonly string[])[];
  /** The fields themselves, for whoever needs more. */
  readonly fields: readonly (Field | Unknown | undefined)[];
  readonly gradients: readonly (Gradient | undefined)[];
}

const PASSES = new WeakMap<PropagationResult, ForwardPass>();

/**
 * Mean-field moments of every value of a graph and of the loss's gradient with respect to it, for a loss whose
 * gradient at the outputs is iid N(0,1). Exact in the limit of wide layers; never NaN or infinite. `like` is the result
 * for a model with the same graph and options whose parameters are drawn otherwise: what stays the same is not redone.
 */
export function propagateMoments(
  model: Propagated,
  options: MomentsOptions = {},
  like?: PropagationResult,
): PropagationResult {
  const before = like === undefined ? undefined : PASSES.get(like);
  const forward = new ForwardPass(model, options, before?.graph === model.graph ? before : undefined);
  const backward = new BackwardPass(forward);
  const gradients = forward.fields.map((_, v) => backward.totalGradient(v));
  const result: PropagationResult = {
    forward: forward.fields.map((f) => momentsOf(f)),
    backward: gradients.map((g, v) => backward.gradientMoments(v, g)),
    approximations: forward.contexts.map((c) => c.notes),
    fields: forward.fields,
    gradients,
  };
  PASSES.set(result, forward);
  return result;
}

function momentsOf(f: Field | Unknown | undefined): ValueMoments | Unknown {
  if (f === undefined) return unknown('a value that was never computed');
  if (isUnknown(f)) return f;
  const unit = Math.pow(2, Math.max(-1070, Math.min(1020, f.scale)));
  const variance = sampleVariance(f) * unit;
  const mean = f.mean * Math.sqrt(unit);
  if (!Number.isFinite(variance) || !Number.isFinite(mean)) return unknown('the variance leaves the range of doubles');
  const q = at(f.kernel, 0);
  return {
    mean,
    variance,
    logSecondMoment: q > 0 ? Math.log2(q) + f.scale : -Number.MAX_VALUE,
    sampleCorrelation: q > 0 ? at(f.kernel, 1) / q : 1,
  };
}
