import type { ClassValue, Instance } from '../../python/values/index.js';
import type { ModuleCall } from './nn/module-call.js';
import { Generator } from './generator.js';
import { Tracer } from './trace.js';
import type { Walk } from './nn/walks.js';

/** The classes of torch that Python code can name; made anew for each evaluation, since user code may change them. */
export interface TorchClasses {
  readonly Tensor: ClassValue;
  readonly Parameter: ClassValue;
  readonly UninitializedParameter: ClassValue;
  readonly Module: ClassValue;
}

/** What the torch library keeps during one evaluation; made anew for each, so that nothing leaks from file to file. */
export class TorchState {
  tracer = new Tracer();
  /** Calls of leaf modules in the traced forward, in the order in which they ended. */
  calls: ModuleCall[] = [];
  /** Qualified names of the root's modules, set before forward is traced. */
  names: ReadonlyMap<Instance, string> = new Map();
  /** Forward is followed as in training: dropout on, random slopes random. */
  readonly training = true;
  /** Passes of the user's code over modules, and the one that runs. */
  readonly walks: Walk[] = [];
  walk: Walk | undefined;
  readonly generator = new Generator();
  /** Random tensors made so far, so that each gets draws of its own. */
  draws = 0;

  constructor(
    /** True while the innermost running code is the torch library's own: an init call there is the framework's default. */
    private readonly inLibrary: () => boolean,
    readonly classes: TorchClasses,
  ) {}

  get isDefaultInit(): boolean {
    return this.inLibrary();
  }

  beginTrace(): void {
    this.tracer = new Tracer();
    this.calls = [];
  }
}

let current: TorchState | undefined;

/** The evaluation that is running (there is one at a time on a thread). */
export function torchState(): TorchState {
  if (!current) throw new Error('torch library used outside an evaluation');
  return current;
}

export function withTorchState<T>(state: TorchState, body: () => T): T {
  const before = current;
  current = state;
  try {
    return body();
  } finally {
    current = before;
  }
}
