import type { Distribution } from './distribution.js';
import type { Framework, LeafModule, SetBy, UnknownNote } from './model.js';
import type { Shape, SourceRange } from './source.js';

/**
 * What every surface shows. One Report per model and simulation; serialisable, nothing is recomputed from it.
 * All `variance` fields are variances, E[x²] − E[x]²; all `std` fields standard deviations.
 */
export interface Report {
  readonly schema: 1;
  readonly file: string;
  readonly framework: Framework;
  readonly entry: string;
  /** The call that the entry was taken from, perhaps in another file. */
  readonly entryAt?: SourceRange | undefined;
  readonly className: string;
  readonly definedAt?: SourceRange | undefined;
  readonly input: readonly Shape[];
  readonly inputFrom: string;
  readonly engine: 'moments' | 'sampler' | 'dense';
  readonly parameters: readonly ParameterReport[];
  readonly modules: readonly LeafModule[];
  readonly layers: readonly LayerReport[];
  readonly unknown: readonly UnknownNote[];
  readonly findings: readonly Finding[];
}

export interface ParameterReport {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly shape: Shape;
  readonly fanIn?: number | undefined;
  readonly fanOut?: number | undefined;
  readonly distribution: Distribution;
  readonly setBy: SetBy;
  readonly declaredAt?: SourceRange | undefined;
  /** Used by forward but not among the framework's own parameters. */
  readonly unregistered?: true;
}

export interface LayerReport {
  readonly name: string;
  readonly type: string;
  readonly kind: 'module' | 'function';
  readonly declaredAt?: SourceRange | undefined;
  readonly calledAt?: SourceRange | undefined;
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  /** Indices into `parameters`. */
  readonly parameters: readonly number[];
  /** Absent where the signal could not be followed; `unknown` says why. */
  readonly forward?: ForwardMoments | undefined;
  /** Gradient of the loss with respect to this layer's output, for a loss whose gradient at the model's output is iid N(0,1). */
  readonly backward?: { readonly variance: number } | undefined;
  readonly recommended?: Recommendation | undefined;
  /** The same layer's moments in the model with every recommendation applied. */
  readonly withRecommended?:
    | { readonly forward?: ForwardMoments | undefined; readonly backward?: { readonly variance: number } | undefined }
    | undefined;
  readonly unknown?: string | undefined;
  /** Where the engine had to approximate, in a few words each. */
  readonly approximations?: readonly string[] | undefined;
}

export interface ForwardMoments {
  readonly mean: number;
  readonly variance: number;
  /** Before the activation that the layer itself carries (Keras `activation=`); equal to the above elsewhere. */
  readonly preMean?: number | undefined;
  readonly preVariance?: number | undefined;
}

export interface Recommendation {
  /** `he_normal`, `lecun_normal`, `glorot_uniform`, `scaled_normal`, `keep`, `normalize` … */
  readonly init: string;
  /** Standard deviation to use; absent where the scale does not matter or is not known. */
  readonly std?: number | undefined;
  /** σ in symbols, for sizes that are not known: `√(2/fan_in), fan_in = hidden·4`. */
  readonly symbolic?: string | undefined;
  /** The gain g in σ = g/√fan_in. */
  readonly gain?: number | undefined;
  /** True when the init in force is already right (within 10 % of the std), or the scale is absorbed. */
  readonly satisfied: boolean;
  /** One sentence for the user. */
  readonly why: string;
}

export type Severity = 'error' | 'warning' | 'info' | 'hint';

export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  readonly range?: SourceRange | undefined;
  readonly message: string;
  readonly layer?: string | undefined;
}
