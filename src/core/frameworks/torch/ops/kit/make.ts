import { constant } from '../../../../initializers/index.js';
import type { Distribution, Operation, SetBy } from '../../../../model/index.js';
import type { Runtime, Unknown, Value } from '../../../../python/values/index.js';
import { torchState } from '../../context.js';
import { Storage, Tensor, type DType, type Entries } from '../../tensor.js';
import { describe } from './draws.js';
import { MAX_ENTRIES } from './entries.js';
import { hasRank, isComplete, type Shape } from './sizes.js';
import { numberOf } from './values.js';

/** Storages that came to be while forward ran: what is written into them is not an initialization of the model. */
const bornInForward = new WeakSet<Storage>();

/** Whether an in-place call may change what a storage starts with. In forward only what forward made may change. */
export function isWritable(storage: Storage): boolean {
  const state = torchState();
  return !state.tracer.active || state.isDefaultInit || bornInForward.has(storage);
}

/** Who sets a value at this moment, with the arguments given to it. */
export function setter(what: string, rt: Runtime, given?: Readonly<Record<string, Value>>): SetBy {
  if (torchState().isDefaultInit) return { what: 'default' };
  const { walk } = torchState();
  return {
    what,
    range: rt.here,
    ...(given && { arguments: plainArguments(given) }),
    ...(walk && { walk: walk.range }),
  };
}

function plainArguments(given: Readonly<Record<string, Value>>): SetBy['arguments'] {
  const plain: Record<string, number | string | boolean> = {};
  for (const [name, v] of Object.entries(given)) {
    const n = numberOf(v);
    if (typeof v === 'string' || typeof v === 'boolean') plain[name] = v;
    else if (n !== undefined) plain[name] = n;
  }
  return plain;
}

/** What is known of the entries of a tensor that depends neither on forward's input nor on a parameter. */
export interface Content {
  readonly distribution: Distribution;
  readonly data?: Entries | null;
  /** Who gave the entries; by default the function that makes the tensor. */
  readonly setBy?: SetBy | undefined;
}

export function unknownContent(reason: string): Content {
  return { distribution: { kind: 'unknown', reason } };
}

/** Entries that are known one by one. */
export function dataContent(data: readonly number[], what: string): Content {
  return { data: data.length <= MAX_ENTRIES ? data : null, distribution: describe(data, what) };
}

/** All entries equal; which they are, the distribution says. */
export function constantContent(value: number): Content {
  return { distribution: constant(value) };
}

/** A tensor with a storage of its own. */
export function makeConstant(rt: Runtime, what: string, shape: Shape, dtype: DType, content: Content): Tensor {
  const rows = hasRank(shape) && typeof shape[0] === 'number' ? shape[0] : 0;
  rt.allocate(typeof content.data === 'object' ? (content.data?.length ?? 0) : 0);
  const storage = new Storage(content.distribution, content.setBy ?? setter(what, rt), rows, content.data);
  const state = torchState();
  if (state.tracer.active) bornInForward.add(storage);
  else if (isDrawn(content)) storage.drawnAs(state.generator.draw(content.distribution, entriesOf(shape)));
  const tensor = new Tensor(shape, dtype, storage);
  tensor.declaredAt = rt.here;
  return tensor;
}

/** Entries that the generator gives at this moment, not those of another tensor. */
function isDrawn({ distribution, setBy, data }: Content): boolean {
  return !setBy && !data && !['constant', 'uninitialized', 'identity', 'dirac', 'mixture'].includes(distribution.kind);
}

function entriesOf(shape: Shape): number | undefined {
  return isComplete(shape) ? shape.reduce((n, d) => n * d, 1) : undefined;
}

export interface Outcome {
  readonly shape: Shape;
  readonly dtype?: DType;
}

export function isTraced(inputs: readonly Tensor[]): boolean {
  return torchState().tracer.isTraced(inputs);
}

/** True when it names a parameter as its weight: a table of positions looked up with indices that forward makes itself. */
function hasWeight(operation: Operation): boolean {
  return 'weight' in operation && typeof operation.weight === 'number';
}

/** One operation with one result: a node of the graph, or a constant where no input takes part in forward. */
export function compute(
  rt: Runtime,
  operation: Operation,
  inputs: readonly Tensor[],
  out: Outcome,
  content: () => Content = () => unknownContent(`computed by ${nameOf(operation)} before forward`),
): Tensor {
  if (isTraced(inputs) || hasWeight(operation)) return emit(rt, operation, inputs, [out])[0]!;
  return makeConstant(rt, nameOf(operation), out.shape, out.dtype ?? 'float', content());
}

export function emit(rt: Runtime, operation: Operation, inputs: readonly Tensor[], outs: readonly Outcome[]): Tensor[] {
  return torchState().tracer.emit(rt, operation, inputs, outs);
}

/** The same with several results. */
export function computeMany(
  rt: Runtime,
  operation: Operation,
  inputs: readonly Tensor[],
  outs: readonly Outcome[],
  content: (index: number) => Content = () => unknownContent(`computed by ${nameOf(operation)} before forward`),
): Tensor[] {
  if (isTraced(inputs)) return emit(rt, operation, inputs, outs);
  return outs.map((o, i) => makeConstant(rt, nameOf(operation), o.shape, o.dtype ?? 'float', content(i)));
}

/** The result of something InitScope has no rule for. */
export function opaque(rt: Runtime, name: string, reason: string, inputs: readonly Tensor[], out: Outcome): Tensor {
  return compute(rt, { kind: 'opaque', name, reason }, inputs, out, () => unknownContent(reason));
}

export function unknownShape(rt: Runtime, reason: string): Unknown {
  return rt.unknown(reason, '…');
}

function nameOf(operation: Operation): string {
  return operation.kind === 'activation' || operation.kind === 'opaque' ? operation.name : operation.kind;
}
