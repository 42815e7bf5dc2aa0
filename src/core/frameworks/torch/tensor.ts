import type { Distribution, LostWrite, SetBy, SourceRange, ValueId } from '../../model/index.js';
import { touch, type Mutable } from '../../python/values/journal.js';
import type { Runtime } from '../../python/values/runtime.js';
import { NativeObject, type ClassValue, type Unknown, type Value } from '../../python/values/index.js';

/** One dimension as the evaluator sees it. */
export type Size = number | Unknown;

export type DType = 'float' | 'int' | 'bool' | 'complex';

/** Numbers of draws: tensors of one number hold the same entries. */
let draws = 0;

/** The draw that entries come from; `by` and `at` tell how more than one tensor came to it. */
export interface Draw {
  readonly source: number;
  readonly by?: 'copy' | 'seed';
  readonly at?: SourceRange | undefined;
}

export function freshDraw(): Draw {
  return { source: ++draws };
}

/** A loop may set a tensor entry by entry. */
const MOST_SETTERS = 15;

/**
 * Entries, row by row: of a small tensor all of them; of a large one (a table of positions, of which forward takes the
 * first few) how each is computed.
 */
export type Entries = readonly number[] | ((place: number) => number);

/**
 * What is known of the entries of a tensor that exists before forward runs: parameters, buffers, constants.
 * Views (`weight.data`, `weight[:k]`, `weight.t()`) share it, so an in-place call through a view reaches the parameter.
 */
export class Storage implements Mutable {
  constructor(
    public distribution: Distribution,
    public setBy: SetBy,
    /** Size of axis 0, for regions; 0 where it isn't known. */
    readonly rows = 0,
    /** Of tensors built from known numbers (`torch.linspace(0, .1, 12)`). */
    public data: Entries | null = null,
    /** What the user's code had set it to before, oldest first. */
    public setBefore: readonly SetBy[] = [],
  ) {}

  /** What the framework had given it before the user's code set it. */
  byDefault: Distribution | undefined;
  draw: Draw = freshDraw();
  /** The call that loaded a checkpoint into it. */
  loadedAt: SourceRange | undefined;
  /** What it holds came from there. */
  isLoaded = false;
  /** For a weight that hooks compute: the parameter's, from which they do it again before each forward. */
  computedFrom: { readonly storage: Storage; readonly by: string } | undefined;
  /** What was written to weights that are computed from it, and is gone when they are computed anew. */
  lost: readonly LostWrite[] = [];

  set(distribution: Distribution, setBy: SetBy, data: Entries | null = null): void {
    touch(this);
    this.draw = freshDraw();
    this.computedFrom?.storage.lose({ distribution, setBy, by: this.computedFrom.by });
    if (this.setBy.range !== undefined) this.setBefore = [...this.setBefore.slice(-MOST_SETTERS), this.setBy];
    if (this.setBy.what === 'default' && setBy.what !== 'default') this.byDefault = this.distribution;
    this.distribution = distribution;
    this.isLoaded = false;
    this.setBy = this.loadedAt && setBy.range ? { ...setBy, loadedAt: this.loadedAt } : setBy;
    this.data = data;
  }

  /** The entries are those of another draw: a copy's, or one from the same seed. */
  drawnAs(draw: Draw): void {
    touch(this);
    this.draw = draw;
  }

  /** A checkpoint was read, which has values for it, or, where not all need to be there, may have. */
  load(at: SourceRange | undefined, isSure: boolean): void {
    touch(this);
    this.loadedAt = at;
    this.isLoaded = isSure;
  }

  private lose(write: LostWrite): void {
    if (write.setBy.range === undefined) return;
    touch(this);
    this.lost = [...this.lost.slice(-MOST_SETTERS), write];
  }

  save(): () => void {
    const { distribution, setBy, data, setBefore, byDefault, draw, loadedAt, isLoaded, lost } = this;
    return () => {
      Object.assign(this, { distribution, setBy, data, setBefore, byDefault, draw, loadedAt, isLoaded, lost });
    };
  }
}

/** The part of its storage that a view covers. */
export interface Region {
  /** Share of the storage's entries, in (0, 1]; NaN where it isn't known. */
  readonly fraction: number;
  /** Where entry (i, j, …) stands: at offset + i·strides[0] + j·strides[1] + …, in a storage of `entries`; absent where sizes aren't known. */
  readonly layout?: { readonly offset: number; readonly strides: readonly number[]; readonly entries: number };
}

/**
 * How a tensor takes part in the model. `effective` is a weight that is computed from parameters before each forward
 * (weight_norm, spectral_norm): operations take it as they take a parameter, but modules don't register it.
 */
export type Role = 'plain' | 'parameter' | 'buffer' | 'effective';

/** Methods and attributes of tensors, filled by ops/methods.ts (kept apart so that this file needs no operation). */
export interface TensorProtocol {
  getAttribute(tensor: Tensor, name: string, runtime: Runtime): Value | undefined;
  setAttribute(tensor: Tensor, name: string, value: Value, runtime: Runtime): boolean;
  getItem(tensor: Tensor, index: Value, runtime: Runtime): Value;
  setItem(tensor: Tensor, index: Value, value: Value, runtime: Runtime): void;
  binary(op: string, tensor: Tensor, other: Value, reflected: boolean, runtime: Runtime): Value | undefined;
  unary(op: '-' | '+' | '~', tensor: Tensor, runtime: Runtime): Value;
  iterate(tensor: Tensor, runtime: Runtime): Iterable<Value>;
  length(tensor: Tensor, runtime: Runtime): Value;
  truth(tensor: Tensor, runtime: Runtime): boolean | Unknown;
  classOf(tensor: Tensor, runtime: Runtime): ClassValue | undefined;
}
let protocol: TensorProtocol;
export function setTensorProtocol(p: TensorProtocol): void {
  protocol = p;
}

/** A tensor that has a shape but (nearly always) no entries. */
export class Tensor extends NativeObject implements Mutable {
  get typeName(): string {
    return this.role === 'parameter' ? 'Parameter' : 'Tensor';
  }
  role: Role = 'plain';
  requiresGrad = false;
  /** Place of the call that made it, in the user's files. */
  declaredAt: SourceRange | undefined;
  /** Set on parameters of lazy modules until the first forward. */
  isLazy = false;
  /** It had none until the first forward, which drew it. */
  wasLazy = false;
  /** Attributes that user code hangs on a tensor (`p._no_weight_decay = True`). */
  extras: Map<string, Value> | undefined;

  constructor(
    /** Unknown when not even the number of axes is known. */
    public shape: readonly Size[] | Unknown,
    public dtype: DType,
    /** For tensors that exist before forward; null for values computed from forward's inputs. */
    public storage: Storage | null,
    /** Its number in the trace; null until it takes part. */
    public value: ValueId | null = null,
    /** The part of `storage` it covers; null for all of it. */
    public region: Region | null = null,
  ) {
    super();
  }

  /** To be preceded by `touch`: shape, value, entries and marks change when a method works in place. */
  save(): () => void {
    const { shape, dtype, storage, value, region, role, requiresGrad, isLazy, wasLazy } = this;
    const extras = this.extras && new Map(this.extras);
    return () => {
      Object.assign(this, { shape, dtype, storage, value, region, role, requiresGrad, isLazy, wasLazy, extras });
    };
  }

  override getAttribute(name: string, runtime: Runtime): Value | undefined {
    const own = this.extras?.get(name);
    return own !== undefined ? own : protocol.getAttribute(this, name, runtime);
  }
  override setAttribute(name: string, value: Value, runtime: Runtime): boolean {
    return protocol.setAttribute(this, name, value, runtime);
  }
  override getItem(index: Value, runtime: Runtime): Value {
    return protocol.getItem(this, index, runtime);
  }
  override setItem(index: Value, value: Value, runtime: Runtime): boolean {
    protocol.setItem(this, index, value, runtime);
    return true;
  }
  override binary(op: string, other: Value, reflected: boolean, runtime: Runtime): Value | undefined {
    return protocol.binary(op, this, other, reflected, runtime);
  }
  override unary(op: '-' | '+' | '~', runtime: Runtime): Value {
    return protocol.unary(op, this, runtime);
  }
  override iterate(runtime: Runtime): Iterable<Value> {
    return protocol.iterate(this, runtime);
  }
  override length(runtime: Runtime): Value {
    return protocol.length(this, runtime);
  }
  override truth(runtime: Runtime): boolean | Unknown {
    return protocol.truth(this, runtime);
  }
  override classOf(runtime: Runtime): ClassValue | undefined {
    return protocol.classOf(this, runtime);
  }
  override repr(): string {
    return `tensor(shape=${Array.isArray(this.shape) ? `[${this.shape.map((d: Size) => (typeof d === 'number' ? String(d) : d.symbol)).join(', ')}]` : '?'})`;
  }
}
