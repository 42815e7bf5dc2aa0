import type { SourceRange, ValueId } from '../../../model/index.js';
import type { Interpreter } from '../../../python/interpreter/index.js';
import { Dict, Instance, List, NativeFunction, Tuple, type Value } from '../../../python/values/index.js';
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
  let inputs = [...args];
  for (const hook of hooksOf(module, '_forward_pre_hooks')) {
    const changed = it.call(hook, [module, new Tuple(inputs)]);
    if (changed instanceof Tuple) inputs = [...changed.items];
    else if (changed instanceof Tensor) inputs = [changed];
  }
  return recorded(it, module, inputs, kwargs, () => {
    let result = it.call(plainForward(it, module), inputs, kwargs);
    for (const hook of hooksOf(module, '_forward_hooks')) {
      const changed = it.call(hook, [module, new Tuple(inputs), result]);
      if (changed !== null) result = changed;
    }
    return result;
  });
}

/** Runs a module's forward under its own name, and notes the call when the module is a leaf. */
function recorded(
  it: Interpreter,
  module: Instance,
  inputs: readonly Value[],
  kwargs: ReadonlyMap<string, Value> | undefined,
  forward: () => Value,
): Value {
  const state = torchState();
  const { tracer } = state;
  const calledAt = it.here;
  const before = tracer.path;
  const callsBefore = state.calls.length;
  const first = tracer.nodes.length;
  const given = [...inputs, ...(kwargs?.values() ?? [])]
    .flatMap((v) => tensorsIn(v))
    .flatMap((t) => (t.value === null ? [] : [t.value]));
  tracer.path = state.names.get(module) ?? before;
  let result: Value;
  try {
    result = forward();
  } finally {
    tracer.path = before;
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

/** What stands in for `forward` on instances while a trace runs, and the method itself. */
const TRACKED = new WeakMap<Value & object, Value>();

function plainForward(it: Interpreter, module: Instance): Value {
  const method = it.getAttr(module, 'forward');
  return (typeof method === 'object' && method !== null ? TRACKED.get(method) : undefined) ?? method;
}

/**
 * Some models call `self.conv.forward(x)` where `self.conv(x)` is meant. While `body` runs, such calls are noted like
 * any other: each instance has a `forward` of its own, which `super().forward()` does not see.
 */
export function withTrackedForward<T>(it: Interpreter, modules: Iterable<Instance>, body: () => T): T {
  const tracked: Instance[] = [];
  for (const module of modules) {
    if (module.names.has('forward')) continue;
    const method = it.getAttr(module, 'forward');
    const wrapper = new NativeFunction(
      'forward',
      (_rt, args, kwargs) => recorded(it, module, args, kwargs, () => it.call(method, args, kwargs)),
      true,
    );
    TRACKED.set(wrapper, method);
    module.names.set('forward', wrapper);
    tracked.push(module);
  }
  try {
    return body();
  } finally {
    for (const module of tracked) module.names.delete('forward');
  }
}

function hooksOf(module: Instance, name: '_forward_pre_hooks' | '_forward_hooks'): readonly Value[] {
  const hooks = module.names.get(name);
  return hooks instanceof List ? hooks.items : [];
}

/**
 * The tensors in a result: itself, or those in a tuple, list, dict or output object, in order. `other` gives the tensor
 * that anything else stands for.
 */
export function tensorsIn(v: Value, other: (v: Value) => Tensor | undefined = () => undefined, depth = 0): Tensor[] {
  if (v instanceof Tensor) return [v];
  const own = other(v);
  if (own !== undefined) return [own];
  if (depth > 4) return [];
  const inside = (x: Value): Tensor[] => tensorsIn(x, other, depth + 1);
  if (v instanceof Tuple || v instanceof List) return v.items.flatMap(inside);
  if (v instanceof Dict) return v.values().flatMap(inside);
  if (v instanceof Instance) {
    if (v.payload !== undefined) return inside(v.payload);
    if (registry(v, '_modules')) return [];
    return [...v.names.entries()].flatMap(([, x]) => inside(x));
  }
  return [];
}
