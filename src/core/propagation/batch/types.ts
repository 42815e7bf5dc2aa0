import type { Operation, OperationKind, ParameterId } from '../../model/index.js';
import type { Kernels } from '../kernels/types.js';
import type { LinearMap } from '../sampler/index.js';
import type { Product, Rows } from './gradients.js';
import type { Tensor } from './tensor/tensor.js';

/** A value that could not be computed, and why. */
export interface Unknown {
  readonly unknown: string;
}

export function isUnknown(v: unknown): v is Unknown {
  return typeof v === 'object' && v !== null && 'unknown' in v;
}

export type OperationOf<K extends OperationKind> = Extract<Operation, { kind: K }>;

/** What a rule may ask of the run. One per node and seed: the same object forward and backward. */
export interface RuleContext {
  readonly kernels: Kernels;
  /** Batch statistics and dropout on. */
  readonly training: boolean;
  readonly outputShapes: readonly (readonly number[])[];
  /** Zeros; whoever makes it releases it or hands it over as a result. */
  make(shape: readonly number[]): Tensor;
  release(...tensors: readonly (Tensor | undefined)[]): void;
  /** Kept until this node's way back is done. */
  keep(tensor: Tensor): Tensor;
  /** Anything else that the way back needs. */
  memo: unknown;
  /** A parameter's entries in this seed's draw; to be released. */
  parameter(id: ParameterId): Tensor | Unknown;
  /** Some rows of a parameter, by ascending number; to be released. */
  parameterRows(id: ParameterId, rows: ArrayLike<number>): Tensor | Unknown;
  /**
   * A parameter that is too large to be held, some rows at a time, which are only lent. False, and nothing visited, where it
   * can be held.
   */
  eachBlock(id: ParameterId, visit: (first: number, rows: Tensor) => void): boolean;
  /** The weight seen only through its products, where the run holds it like that. */
  linearMap(id: ParameterId): LinearMap | undefined;
  parameterShape(id: ParameterId): readonly number[];
  /** Adds to a parameter's gradient; the tensor is handed over. */
  giveGradient(id: ParameterId, gradient: Tensor): void;
  /** Adds a product to a parameter's gradient; its factors are only lent. */
  giveProduct(id: ParameterId, product: Product): void;
  /** Adds to some rows of a parameter's gradient; the tensor is handed over. */
  giveRows(id: ParameterId, rows: Rows): void;
  /** Whether anybody needs the gradient of the input of that number. */
  wants(input: number): boolean;
  note(text: string): void;
  /** Starts a stream of random numbers of this node's own, one for the way forward and one for the way back. */
  seed(way?: 'forward' | 'back'): void;
}

/** Values and gradients on the way back. Values that the rule does not `read` have a shape but no data. */
export interface Given {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** By output; absent where no gradient arrives. */
  readonly gradients: readonly (Tensor | undefined)[];
}

/**
 * What an operation does to a real batch, forward and backward. Results are new tensors, or tensors that share the
 * data of an input (forward) or of a gradient (backward).
 */
export interface Rule<K extends OperationKind> {
  forward(op: OperationOf<K>, inputs: readonly Tensor[], c: RuleContext): readonly Tensor[] | Unknown;
  /** Gradients of the inputs; absent where there is none. Called only when some output has a gradient. */
  backward(op: OperationOf<K>, given: Given, c: RuleContext): readonly (Tensor | undefined)[];
  /** Which values the way back looks at. */
  readonly reads: 'nothing' | 'inputs' | 'outputs' | 'both' | ((op: OperationOf<K>) => Reads);
}

/** A rule that does not look at its operation: it serves several kinds. */
export interface PlainRule {
  forward(op: unknown, inputs: readonly Tensor[], c: RuleContext): readonly Tensor[] | Unknown;
  backward(op: unknown, given: Given, c: RuleContext): readonly (Tensor | undefined)[];
  readonly reads: Reads;
}

export type Reads = 'nothing' | 'inputs' | 'outputs' | 'both';

export type RuleTable = { readonly [K in OperationKind]: Rule<K> };
