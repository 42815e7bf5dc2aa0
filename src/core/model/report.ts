import type { Distribution } from './distribution.js';
import type { Fix } from './fix.js';
import type { ConstructorArgument, Framework, LeafModule, SetBy, UnknownNote } from './model.js';
import type { Shape, SourceRange } from './source.js';
import type { WhatIfOutcome } from './whatif.js';

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
  /** What its constructor was given, where the entry alone doesn't say. */
  readonly arguments?: readonly ConstructorArgument[] | undefined;
  readonly className: string;
  readonly definedAt?: SourceRange | undefined;
  readonly input: readonly Shape[];
  readonly inputFrom: string;
  /** By input: integers are drawn below this, `null` for floats. Absent where all are floats. */
  readonly inputRanges?: readonly (number | null)[] | undefined;
  /** `auto`: moments and draws; each layer's `from` tells which gave its numbers. */
  readonly engine: 'moments' | 'sampler' | 'dense' | 'auto';
  readonly parameters: readonly ParameterReport[];
  readonly modules: readonly LeafModule[];
  readonly layers: readonly LayerReport[];
  /** Graphs of activations, which layers name by index. */
  readonly curves?: readonly ActivationCurve[] | undefined;
  readonly unknown: readonly UnknownNote[];
  readonly findings: readonly Finding[];
  /** Where equal layers without norms and residual streams repeat. */
  readonly meanField?: MeanFieldSummary | undefined;
  /** The model is not the source's own: what was changed, and what could not be. */
  readonly whatIf?: WhatIfOutcome | undefined;
  /** Edits that nothing is wrong without; there only where they were asked for. */
  readonly refactorings?: readonly Refactoring[] | undefined;
}

/** An edit offered on a definition: of a layer, or of the model's class. */
export interface Refactoring {
  readonly on: 'layer' | 'model';
  /** The definition. */
  readonly range: SourceRange;
  readonly fix: Fix;
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
  readonly unregistered?: true | undefined;
  /** Made and drawn by the first forward: what the constructor writes to it is lost. */
  readonly lazy?: true | undefined;
  /** Finite-width engines only: the weight's gradient, for the loss of `LayerReport.backward`. */
  readonly gradient?: WeightGradient | undefined;
}

/** What moments say of a what-if whose layers are those of a Report that is known: the numbers alone, layer by layer. */
export interface SignalValues {
  readonly layers: readonly Pick<LayerReport, 'forward' | 'backward'>[];
  readonly whatIf?: WhatIfOutcome | undefined;
}

/**
 * Mean-field theory of the layers that repeat, z = W·φ(z) + b (Poole et al. 2016, Schoenholz et al. 2017). Depths are in
 * layers for an e-fold, absent where there is no end.
 */
export interface MeanFieldSummary {
  /** φ as a person writes it. */
  readonly activation: string;
  /** How many layers are alike. */
  readonly layers: number;
  /** σw² = fan_in·E[w²], and σb². */
  readonly weightVariance: number;
  readonly biasVariance: number;
  /** Where E[z²] ends; absent where it grows without bound. */
  readonly fixedPoint?: number | undefined;
  /** χ₁: factor on the gradient's second moment a layer, going back. Below 1 gradients vanish and inputs get alike, above 1 gradients explode. */
  readonly chi: number;
  /** Where the correlation of two inputs ends. */
  readonly correlation?: number | undefined;
  readonly varianceDepth?: number | undefined;
  readonly correlationDepth?: number | undefined;
  /** σw² at the edge of chaos (χ₁ = 1) for this σb², and E[z²] there; absent where there is none. */
  readonly critical?: { readonly weightVariance: number; readonly fixedPoint: number } | undefined;
}

/** A quantity over seeds: median and the 10 % and 90 % quantiles. */
export interface Band {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

export interface WeightGradient {
  /** Mean over the weight's entries of (∂L/∂w)². */
  readonly meanSquare: Band;
  /** Root mean square of the gradient over that of the weight; absent where the weight is zero. */
  readonly ratio?: Band | undefined;
}

/** Equal bins over [−limit, limit]; entries outside count in the outermost. */
export interface LinearHistogram {
  readonly limit: number;
  readonly counts: readonly number[];
}

/** Bin i counts magnitudes in [2^(lowest+i), 2^(lowest+i+1)); `zeros` what is smaller. */
export interface OctaveHistogram {
  readonly lowest: number;
  readonly counts: readonly number[];
  readonly zeros: number;
}

/** What the finite-width engines measure of a layer's output, beyond the means over seeds in `forward` and `backward`. */
export interface FiniteStatistics {
  readonly seeds: number;
  readonly forwardVariance: Band;
  readonly backwardVariance?: Band | undefined;
  readonly histogram: LinearHistogram;
  readonly gradientHistogram?: OctaveHistogram | undefined;
  /** Mean cosine between two samples' vectors, in [−1, 1]. */
  readonly correlation?: number | undefined;
  /** (Σλ)²/Σλ² of the samples' Gram matrix, from 1 (all alike) to the batch size. */
  readonly effectiveRank?: number | undefined;
  /** Activations: share of inputs in [0, 1] where the derivative is small. */
  readonly saturated?: number | undefined;
  /** Activations: share of units in [0, 1] that are 0 for the whole batch. */
  readonly dead?: number | undefined;
}

/** The graph of an activation, to be drawn: straight lines between the points and beyond them. */
export interface ActivationCurve {
  readonly name: string;
  readonly label: string;
  readonly points: readonly (readonly [z: number, value: number])[];
  /** Intervals of z where it hardly passes gradients; one that ends with the points goes on. */
  readonly saturated?: readonly (readonly [number, number])[] | undefined;
}

/** Where a number comes from: theory, the draws' mean, or both, each counted by its precision. */
export type NumberSource = 'moments' | 'draws' | 'both';

export interface LayerReport {
  readonly name: string;
  readonly type: string;
  readonly kind: 'module' | 'function';
  readonly declaredAt?: SourceRange | undefined;
  readonly calledAt?: SourceRange | undefined;
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  /** Indices of the layers whose outputs it takes, as far as those are layers' outputs. */
  readonly fedBy?: readonly number[] | undefined;
  /** Part of a residual branch, or the sum that ends one. */
  readonly residual?: 'stream' | 'branch' | undefined;
  /** The graph of the activation it is, or carries itself: index into `Report.curves`. */
  readonly curve?: number | undefined;
  /** Indices into `parameters`. */
  readonly parameters: readonly number[];
  /** Absent where the signal could not be followed, or no gradient arrives; `unknown` says why. */
  readonly forward?: ForwardMoments | undefined;
  /** Gradient of the loss with respect to this layer's output, for a loss whose gradient at the model's output is iid N(0,1). */
  readonly backward?: { readonly variance: number } | undefined;
  readonly recommended?: Recommendation | undefined;
  /** The same layer's moments in the model with every recommendation applied. */
  readonly withRecommended?:
    | { readonly forward?: ForwardMoments | undefined; readonly backward?: { readonly variance: number } | undefined }
    | undefined;
  readonly unknown?: string | undefined;
  /** Where the gradient is stopped that this layer gets none of. */
  readonly gradientStop?: SourceRange | undefined;
  readonly activation?: LayerActivation | undefined;
  /** Moments only: the forward variance over draws of the network, estimated to first order in 1/width; draws have theirs in `finite`. */
  readonly band?: Band | undefined;
  /** Moments only: E[x·x′]/E[x²] of one unit's answers to two inputs, 1 when all inputs look alike. */
  readonly correlation?: number | undefined;
  /** Engine `auto` only. */
  readonly from?: { readonly forward: NumberSource; readonly backward: NumberSource } | undefined;
  /** Finite-width engines only. */
  readonly finite?: FiniteStatistics | undefined;
  /** Where the engine had to approximate, in a few words each. */
  readonly approximations?: readonly string[] | undefined;
}

/** An activation and the weights before it, for what theory says of a stack of them. */
export interface LayerActivation {
  readonly name: string;
  readonly constants: Readonly<Record<string, number>>;
  /** σw² = fan_in·E[w²] of the layer that it takes its input from. */
  readonly weightVariance?: number | undefined;
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
  /** The weight that it speaks of, and the bias that belongs to it: indices into `parameters`. */
  readonly weight?: number | undefined;
  readonly bias?: number | undefined;
  /** What makes the entries that the layer sums. */
  readonly fedBy?: FedBy | undefined;
  /** It ends one of this many residual branches, by the root of which its σ is divided. */
  readonly branches?: number | undefined;
  /** At the end of a branch whose stream is normalized: anything down to zero does, and up to this σ. */
  readonly largest?: number | undefined;
}

/** What a layer's input comes from, and the activation where it is one. */
export interface FedBy {
  readonly kind: 'data' | 'norm' | 'linear' | 'activation' | 'sum' | 'embedding' | 'other';
  /** As a person names it. */
  readonly label: string;
  readonly activation?: string | undefined;
  /** Of a leaky ReLU. */
  readonly slope?: number | undefined;
}

export type Severity = 'error' | 'warning' | 'info' | 'hint';

export interface RelatedPlace {
  readonly message: string;
  readonly range: SourceRange;
}

/** One cause of trouble, however many layers it touches. */
export interface Finding {
  /** `IS1NN`; docs/rules has a page for each. */
  readonly code: string;
  readonly severity: Severity;
  readonly range?: SourceRange | undefined;
  readonly message: string;
  /** Name of the first layer that it touches. */
  readonly layer?: string | undefined;
  readonly related?: readonly RelatedPlace[] | undefined;
  /** Edits after which it is gone, best first; there only where they were asked for. */
  readonly fixes?: readonly Fix[] | undefined;
}
