import type { Distribution } from './distribution.js';
import type { Graph, ParameterId, ValueId } from './graph.js';
import type { Shape, SourceRange } from './source.js';

export type Framework = 'torch' | 'keras' | 'flax' | 'tfjs' | 'plain';

/** Who gave a parameter its distribution: a call in the user's code, or the framework's own default. */
export interface SetBy {
  /** Name of the function (`kaiming_normal_`), or `default`. */
  readonly what: string;
  /** The call; absent for a default. */
  readonly range?: SourceRange | undefined;
  /** Arguments of an initializer by their names, defaults included, as far as they are plain values that are known. */
  readonly arguments?: Readonly<Record<string, number | string | boolean>> | undefined;
  /** Only a part of the tensor was set: a row, the bias of a gate. */
  readonly part?: true | undefined;
  /** The pass over modules in which it was set: `apply(init)`, `for m in self.modules()`. */
  readonly walk?: SourceRange | undefined;
  /** A checkpoint had been loaded before, by this call, and is written over. */
  readonly loadedAt?: SourceRange | undefined;
}

/** A write to a weight that is computed anew before each forward. */
export interface LostWrite {
  readonly setBy: SetBy;
  /** What was written. */
  readonly distribution: Distribution;
  /** What computes the weight: `weight_norm`. */
  readonly by: string;
}

export interface Parameter {
  /** The framework's own name: `layer1.0.conv1.weight`. */
  readonly name: string;
  /** Further names of the same tensor (tied weights, shared modules). */
  readonly aliases: readonly string[];
  readonly shape: Shape;
  /** As the framework's own fan function counts them; absent for tensors of fewer than two axes or of unknown size. */
  readonly fanIn?: number | undefined;
  readonly fanOut?: number | undefined;
  readonly distribution: Distribution;
  readonly setBy: SetBy;
  /** What the user's code had set it to before, oldest first. */
  readonly setBefore?: readonly SetBy[] | undefined;
  /** What the framework itself gave it, where the user's code set something else. */
  readonly byDefault?: Distribution | undefined;
  /** Writes to the weight that weight_norm or spectral_norm computes from it. */
  readonly lost?: readonly LostWrite[] | undefined;
  /** A parameter with the same entries, drawn once: this one is a deep copy, or was drawn from the same state of the generator. */
  readonly sameAs?:
    | { readonly parameter: ParameterId; readonly by: 'copy' | 'seed'; readonly at?: SourceRange | undefined }
    | undefined;
  /** A checkpoint is read into it, and nothing has set it since: its distribution is that before. */
  readonly loaded?: true | undefined;
  /** Made and drawn by the first forward: what the constructor writes to it is lost. */
  readonly lazy?: true | undefined;
  /** Not trained (`requires_grad=False`). */
  readonly frozen?: true | undefined;
  /** The constructor call of the layer, or the `nn.Parameter(...)`, that made it. */
  readonly declaredAt?: SourceRange | undefined;
  /** Forward uses it, but no module registers it, so the framework neither lists nor trains it (or, with weight_norm, lists its parts). */
  readonly unregistered?: true;
}

/** A module that has no children, as constructed (whether or not forward reaches it). */
export interface LeafModule {
  readonly name: string;
  readonly type: string;
  /** The expression that constructed it, innermost in the user's files. */
  readonly declaredAt?: SourceRange | undefined;
  readonly parameters: readonly ParameterId[];
}

/** A pass of the user's code over the modules of the model that initialized some of them. */
export interface ModuleWalk {
  readonly range: SourceRange;
  /** Parameters of modules in which it set something, and of those that it came by and left alone. */
  readonly set: readonly ParameterId[];
  readonly left: readonly ParameterId[];
}

/** One step of forward that a person would name: a call of a leaf module, or of a function that changes the signal. */
export interface Layer {
  /** `conv1`, or `block.0/relu` for a function called in module `block.0`. */
  readonly name: string;
  readonly type: string;
  readonly kind: 'module' | 'function';
  readonly declaredAt?: SourceRange | undefined;
  readonly calledAt?: SourceRange | undefined;
  readonly inputs: readonly ValueId[];
  readonly output: ValueId;
  /** Indices into graph.nodes: [first, last). */
  readonly nodes: readonly [number, number];
  readonly parameters: readonly ParameterId[];
}

/** Something that could not be known: why, and where. */
export interface UnknownNote {
  readonly reason: string;
  /** `memory`: more of it would do; how to give more is for each surface to say. */
  readonly about?: 'memory' | undefined;
  readonly range?: SourceRange | undefined;
}

/** A parameter of a model's constructor: what it was given, or why that is not known. */
export interface ConstructorArgument {
  readonly name: string;
  /** As it is written in Python. */
  readonly value?: string | undefined;
  readonly reason?: string | undefined;
}

export interface Model {
  readonly file: string;
  readonly framework: Framework;
  /** The expression that built it: `resnet18()`. */
  readonly entry: string;
  /** The call that the entry was taken from, in this file or another; absent when the entry stands by itself. */
  readonly entryAt?: SourceRange | undefined;
  /** What the constructor was given, where the entry alone doesn't say; parameters left at their defaults are left out. */
  readonly arguments?: readonly ConstructorArgument[] | undefined;
  /** Name and place of the class of the root module. */
  readonly className: string;
  readonly definedAt?: SourceRange | undefined;
  /** Shapes given to forward. */
  readonly input: readonly Shape[];
  /** How the input shape was found: given, directive, call site, comment, or guessed from the first layers. */
  readonly inputFrom: 'given' | 'directive' | 'callSite' | 'comment' | 'layers' | 'none';
  readonly parameters: readonly Parameter[];
  readonly modules: readonly LeafModule[];
  readonly walks?: readonly ModuleWalk[] | undefined;
  /** The file speaks of checkpoints, or of inference: what nothing initializes may be filled by one. */
  readonly readsCheckpoints?: true | undefined;
  /** In execution order; empty when forward could not be traced. */
  readonly layers: readonly Layer[];
  readonly graph: Graph;
  /** The same model over a part of the batch, which `auto` draws instead: see propagation/part-of-batch.ts. */
  readonly part?: { readonly model: Model; readonly samples: number } | undefined;
  readonly unknown: readonly UnknownNote[];
}
