import type { Distribution } from './distribution.js';
import type { Shape, SourceRange } from './source.js';

/**
 * The graph of operations that a model's `forward` computes, as traced on shape-only tensors.
 * Static single assignment: every node makes new values; values are numbered in the order they are made.
 * Plain data: it can be posted to a worker and written as JSON.
 */
export interface Graph {
  readonly values: readonly GraphValue[];
  readonly nodes: readonly GraphNode[];
  /** Values given to forward (in the order of its arguments) and values it returned. */
  readonly inputs: readonly ValueId[];
  readonly outputs: readonly ValueId[];
}

export type ValueId = number;
/** Index into `Model.parameters`. */
export type ParameterId = number;
/** A layer's weight: a parameter, or `'input'` for a computed one (weight standardisation), which then is the node's last input. */
export type Weight = ParameterId | 'input';

export interface GraphValue {
  readonly id: ValueId;
  readonly shape: Shape;
  readonly dtype: 'float' | 'int' | 'bool';
}

export interface GraphNode {
  readonly operation: Operation;
  readonly inputs: readonly ValueId[];
  readonly outputs: readonly ValueId[];
  /** Qualified name of the innermost module whose forward was running ("" for the root). */
  readonly path: string;
  /** Where in the source the operation was called. */
  readonly range?: SourceRange | undefined;
  /** No gradient comes back through it, nor does any belong to its outputs. */
  readonly stopsGradient?: GradientStop | undefined;
}

/** What keeps a gradient back: `detach`, a computation without gradients, or a draw that cannot be differentiated. */
export type GradientStop = 'detach' | 'no_grad' | 'sample';

/** Per-axis amounts for the spatial axes, first to last. `padding` holds [before, after] for each. */
export interface Window {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly (readonly [number, number])[];
  readonly dilation: readonly number[];
}

/**
 * What a node computes. Conventions: channels are axis 1 ("NCHW") unless said otherwise; axes are
 * non-negative; a parameter is named by its id. `x` is the first input.
 */
export type Operation =
  // Sources (no inputs)
  | {
      readonly kind: 'input';
      readonly name: string;
      /** Integers are drawn uniformly from [0, range). */ readonly range?: number;
    }
  /** A tensor made in forward or kept as a buffer: zeros, randn, position indices. */
  | {
      readonly kind: 'constant';
      readonly distribution: Distribution;
      /** All entries, row by row, where they are known and not all the same. */ readonly entries?: readonly number[];
    }
  /** A parameter used as a tensor by itself. */
  | { readonly kind: 'parameter'; readonly parameter: ParameterId }
  // Layers with weights
  /** y = x·Wᵀ + b over the last axis; weight is (out, in). With `transposed`, weight is (in, out). */
  | {
      readonly kind: 'linear';
      readonly weight: Weight;
      readonly bias?: ParameterId;
      readonly transposed?: boolean;
    }
  /** x₁ᵀ W x₂ + b, weight (out, in1, in2); two inputs. */
  | { readonly kind: 'bilinear'; readonly weight: Weight; readonly bias?: ParameterId }
  /** weight is (Cout, Cin/groups, *k), or (Cin, Cout/groups, *k) when `transposed`. */
  | {
      readonly kind: 'convolution';
      readonly weight: Weight;
      readonly bias?: ParameterId;
      readonly window: Window;
      readonly groups: number;
      readonly transposed: boolean;
      readonly paddingMode: 'zeros' | 'reflect' | 'replicate' | 'circular';
    }
  /** Rows of weight (entries, features); `combine` is set for bags, which reduce the second axis. */
  | {
      readonly kind: 'embedding';
      readonly weight: Weight;
      readonly combine?: 'sum' | 'mean' | 'max';
      readonly paddingIndex?: number;
    }
  /** Outputs: the sequence, then the last state(s). Parameters in the framework's order, layer by layer and direction by direction. */
  | {
      readonly kind: 'recurrent';
      readonly cell: 'rnn_tanh' | 'rnn_relu' | 'lstm' | 'gru';
      readonly hidden: number;
      readonly layers: number;
      readonly bidirectional: boolean;
      readonly batchFirst: boolean;
      /** One step (`LSTMCell`), not a sequence. */
      readonly single: boolean;
      readonly dropout: number;
      readonly projection?: number;
      readonly parameters: readonly ParameterId[];
    }
  // Pointwise
  /** `name` is an activation of core/propagation/activations; `parameters` are its constants by name (slope, alpha, …). */
  | {
      readonly kind: 'activation';
      readonly name: string;
      readonly constants: Readonly<Record<string, number>>;
      /** PReLU's slope. */ readonly learned?: ParameterId;
    }
  /** Splits `axis` in halves a, b and returns a·f(b). */
  | { readonly kind: 'gate'; readonly activation: string; readonly axis: number }
  /** factor·x + offset with numbers. */
  | { readonly kind: 'affine'; readonly factor: number; readonly offset: number }
  | { readonly kind: 'power'; readonly exponent: number }
  | { readonly kind: 'clamp'; readonly low?: number; readonly high?: number }
  /** Two tensors, broadcast. */
  | { readonly kind: 'add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'minimum' }
  /** Inputs: condition, a, b. */
  | { readonly kind: 'where' }
  /** Inputs: x, mask; entries under the mask become `value`. */
  | { readonly kind: 'maskedFill'; readonly value: number }
  // Normalization. Inputs: x.
  | {
      readonly kind: 'normalize';
      /** Which entries share statistics: batch = over all axes but 1; layer and rms = over the last `dims` axes; group = per sample and group of channels; instance = group with one channel each; l2 = unit length along `axis`. */
      readonly over: 'batch' | 'layer' | 'rms' | 'group' | 'instance' | 'l2';
      readonly dims?: number;
      readonly groups?: number;
      readonly axis?: number;
      readonly eps: number;
      readonly weight?: ParameterId;
      readonly bias?: ParameterId;
    }
  | { readonly kind: 'softmax'; readonly axis: number; readonly log: boolean }
  | {
      readonly kind: 'dropout';
      readonly p: number;
      /** What is dropped at once. */ readonly unit: 'entry' | 'channel' | 'sample' | 'alpha';
    }
  // Products of activations
  | { readonly kind: 'matmul' }
  | { readonly kind: 'einsum'; readonly equation: string }
  /** Inputs: q, k, v (…, tokens, head features), optionally a mask. */
  | { readonly kind: 'attention'; readonly scale?: number; readonly causal: boolean; readonly dropout: number }
  // Pooling, reduction, resizing
  | {
      readonly kind: 'pool';
      readonly reduce: 'max' | 'average';
      readonly window: Window;
      readonly countPadding: boolean;
      readonly ceil: boolean;
    }
  | { readonly kind: 'adaptivePool'; readonly reduce: 'max' | 'average'; readonly output: readonly number[] }
  | {
      readonly kind: 'reduce';
      readonly how: 'mean' | 'sum' | 'max' | 'min' | 'variance' | 'std' | 'norm' | 'prod' | 'logsumexp';
      readonly axes: readonly number[];
      readonly keepDims: boolean;
    }
  | { readonly kind: 'cumulate'; readonly how: 'sum' | 'prod'; readonly axis: number }
  | {
      readonly kind: 'resize';
      readonly mode: 'nearest' | 'bilinear' | 'bicubic' | 'area';
      /** Interpolation grid spans the corners' centres (torch `align_corners=True`). */
      readonly alignCorners?: boolean;
      readonly output: readonly number[];
    }
  // Moving entries about
  /** The same entries in another shape: view, flatten, unsqueeze, … */
  | { readonly kind: 'reshape' }
  | { readonly kind: 'permute'; readonly axes: readonly number[] }
  | {
      readonly kind: 'concatenate';
      readonly axis: number;
      /** A new axis was made (`stack`). */ readonly stacked: boolean;
    }
  /** Some of the entries: index, slice, chunk, split, gather. Several outputs for chunk and split. `slices` when it is a box. */
  | {
      readonly kind: 'select';
      readonly slices?: readonly {
        readonly axis: number;
        readonly start: number;
        readonly length: number;
        readonly step: number;
      }[];
      /** Besides slices: the places taken along one axis, where an index list says so. */
      readonly taken?: { readonly axis: number; readonly places: readonly number[] };
    }
  /** Entries repeated: expand, repeat, tile, repeat_interleave. */
  | {
      readonly kind: 'repeat';
      /** Along this axis an entry's copies follow each other (repeat_interleave); elsewhere the whole axis is repeated. */
      readonly interleaved?: number;
    }
  | {
      readonly kind: 'pad';
      readonly amounts: readonly (readonly [number, number])[];
      readonly mode: 'zeros' | 'reflect' | 'replicate' | 'circular';
      readonly value: number;
    }
  /** Entries moved along axes by `shifts`, what leaves at the end coming back at the start; `flipped` axes are turned round. */
  | {
      readonly kind: 'roll';
      readonly shifts?: readonly { readonly axis: number; readonly by: number }[];
      readonly flipped?: readonly number[];
    }
  /** Sliding windows laid out as columns (`unfold`, im2col), or summed back (`fold`). */
  | { readonly kind: 'unfold'; readonly window: Window }
  | { readonly kind: 'fold'; readonly window: Window }
  // Discrete choices: integers and what is made of them; no gradient passes them.
  /** argmax or argmin along an axis. */
  | { readonly kind: 'place'; readonly of: 'max' | 'min'; readonly axis: number; readonly keepDims: boolean }
  /** 1 where the last axis of the result has the place that the input names, else 0. */
  | { readonly kind: 'oneHot' }
  /** Inputs x, y: the value of y, with the gradient of x + y. `x + (y - x).detach()` gives it, of a detached y. */
  | { readonly kind: 'straightThrough' }
  /** Something InitScope has no rule for: its outputs' shapes may be known, its moments are not. */
  | { readonly kind: 'opaque'; readonly name: string; readonly reason: string };

export type OperationKind = Operation['kind'];

/** Hands every entry on as it is: what a `detach` is, or the `0 + x` that `sum(tensors)` starts from. */
export function isIdentity(op: Operation): boolean {
  return op.kind === 'affine' && op.factor === 1 && op.offset === 0;
}
