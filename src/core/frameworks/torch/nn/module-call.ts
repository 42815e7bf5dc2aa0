import type { SourceRange, ValueId } from '../../../model/index.js';
import type { Interpreter } from '../../../python/interpreter/index.js';
import { Dict, Instance, List, Tuple, type Value } from '../../../python/values/index.js';
import { torchState } from '../context.js';
import { Tensor } from '../tensor.js';
import { namedChildren, registry } from './module-tree.js';

/** A call of a module while forward is traced. */
export interface ModuleCall {
  readonly module: Instance;
  readonly calledAt: SourceRange | undefined;
  readonly inputs: readonly ValueId[];
  readonly output: ValueId;
  /** Nodes of the trace that the call made: [first, last). */
  readonly nodes: readonly [number, number];
}

/** `module(*args)`: pre-hooks, forward, hooks; and a line in the trace when the module is a leaf. */
export function callModule(
  it: Interpreter,
  module: Instance,
  args: readonly Value[],
  kwargs: ReadonlyMap<string, Value> | undefined,
): Value {
  const state = torchState();
  const { tracer } = state;
  const calledAt = it.here;
  let inputs = [...args];
  for (const hook of hooksOf(module, '_forward_pre_hooks')) {
    const changed = it.call(hook, [module, new Tuple(inputs)]);
    if (changed instanceof Tuple) inputs = [...changed.items];
    else if (changed instanceof Tensor) inputs = [changed];
  }
  const before = tracer.path;
  const callsBefore = state.calls.length;
  const first = tracer.nodes.length;
  const given = [...inputs, ...(kwargs?.values() ?? [])]
    .flatMap(tensorsIn)
    .flatMap((t) => (t.value === null ? [] : [t.value]));
  tracer.path = state.names.get(module) ?? before;
  let result: Value;
  try {
    result = it.callMethod(module, 'forward', inputs, kwargs);
  } finally {
    tracer.path = before;
  }
  for (const hook of hooksOf(module, '_forward_hooks')) {
    const changed = it.call(hook, [module, new Tuple(inputs), result]);
    if (changed !== null) result = changed;
  }
  const output = tensorsIn(result)[0]?.value;
  // A leaf is what a person would name as one step: no child of it was called, and it has none or weights of its own.
  const isLeaf =
    state.calls.length === callsBefore &&
    (namedChildren(module).length === 0 || (registry(module, '_parameters')?.size ?? 0) > 0);
  if (tracer.active && isLeaf && output !== undefined && output !== null)
    state.calls.push({ module, calledAt, inputs: given, output, nodes: [first, tracer.nodes.length] });
  return result;
}

function hooksOf(module: Instance, name: '_forward_pre_hooks' | '_forward_hooks'): readonly Value[] {
  const hooks = module.names.get(name);
  return hooks instanceof List ? hooks.items : [];
}

/** The tensors in a result: itself, or those in a tuple, list, dict or output object, in order. */
export function tensorsIn(v: Value, depth = 0): Tensor[] {
  if (v instanceof Tensor) return [v];
  if (depth > 4) return [];
  if (v instanceof Tuple || v instanceof List) return v.items.flatMap((x) => tensorsIn(x, depth + 1));
  if (v instanceof Dict) return v.values().flatMap((x) => tensorsIn(x, depth + 1));
  if (v instanceof Instance) {
    if (v.payload !== undefined) return tensorsIn(v.payload, depth + 1);
    if (registry(v, '_modules')) return [];
    return [...v.names.entries()].flatMap(([, x]) => tensorsIn(x, depth + 1));
  }
  return [];
}
