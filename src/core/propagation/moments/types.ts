import type { Distribution, GraphNode, Operation, OperationKind, ParameterId, Shape } from '../../model/index.js';
import type { Field } from './field.js';
import type { Lazy } from './lazy.js';

/** A value whose moments could not be followed, and why. */
export interface Unknown {
  readonly unknown: string;
}

export function unknown(reason: string): Unknown {
  return { unknown: reason };
}

export function isUnknown(x: Field | Unknown | readonly Field[]): x is Unknown {
  return 'unknown' in x;
}

/**
 * Second moments of the gradient with respect to a value. Its mean is zero: the gradient at the outputs has mean
 * zero and backpropagation is linear in it.
 */
export interface Gradient extends Field {
  /**
   * Where on the source's distribution the entries that carry gradient sit, when that is not everywhere alike
   * (max pooling picks the largest): weights on the marginal's nodes. Layers with weights of their own never ask.
   */
  readonly weights?: Lazy<Float64Array | undefined> | undefined;
  /** The marginal's own weights, for entries that carry gradient like all others. */
  readonly base?: Float64Array | undefined;
  /**
   * E[g·g′·x̂·x̂′] by class, x̂ the standardized value that this is the gradient of, over 2^scale. A rectifier lets
   * gradient through where x̂ is positive, so that mean(g·x̂), which a normalization takes off, is not small.
   */
  readonly along?: Float64Array | undefined;
  /** Factor by which the gradient is larger because it is divided by the variance that this layer's own few weights made. */
  readonly absorbed?: number | undefined;
}

/**
 * The same with every member present, in one order: rules then meet objects of one layout only, which engines compile to
 * faster code, and sooner.
 */
export function uniform(f: Gradient): Gradient {
  return {
    mean: f.mean,
    kernel: f.kernel,
    scale: f.scale,
    axes: f.axes,
    free: f.free,
    marginal: f.marginal,
    profiles: f.profiles,
    bordered: f.bordered,
    near: f.near,
    overlap: f.overlap,
    pieces: f.pieces,
    spread: f.spread,
    causal: f.causal,
    stochastic: f.stochastic,
    hidden: f.hidden,
    weights: f.weights,
    base: f.base,
    along: f.along,
    absorbed: f.absorbed,
  };
}

/** What the engine needs to know of a parameter. */
export interface ParameterInfo {
  readonly shape: Shape;
  readonly distribution: Distribution;
}

export interface RuleContext {
  readonly node: GraphNode;
  readonly inputShapes: readonly Shape[];
  readonly outputShapes: readonly Shape[];
  readonly inputTypes: readonly ('float' | 'int' | 'bool')[];
  readonly training: boolean;
  parameter(id: ParameterId): ParameterInfo | undefined;
  /** Samples in the batch when the traced size is 1. */
  readonly batch: number;
  /** Says in a few words what is not exact about this node. */
  note(text: string): void;
}

/** The member of the union whose kinds include K. */
type Having<O, K> = O extends { readonly kind: infer J } ? (K extends J ? O : never) : never;
export type OperationOf<K extends OperationKind> = Having<Operation, K>;

export interface Rule<K extends OperationKind = OperationKind> {
  forward(op: OperationOf<K>, inputs: readonly Field[], c: RuleContext): readonly Field[] | Unknown;
  /** Gradients by input; undefined where none arrives. `grads` are those at the outputs. */
  backward(
    op: OperationOf<K>,
    inputs: readonly Field[],
    outputs: readonly Field[],
    grads: readonly (Gradient | undefined)[],
    c: RuleContext,
  ): readonly (Gradient | undefined)[];
  /** Output moments when an input is unknown (a normalization fixes its output's scale whatever comes in). */
  withUnknownInput?(op: OperationOf<K>, c: RuleContext): readonly Field[] | undefined;
}

export type RuleTable = { readonly [K in OperationKind]?: Rule<K> };
