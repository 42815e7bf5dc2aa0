import type { Interpreter } from '../../../python/interpreter/index.js';
import { FunctionValue, NativeFunction, type Instance, type Value } from '../../../python/values/index.js';
import { dataContent, makeConstant } from '../ops/kit/make.js';
import type { InputTensor } from './trace-forward.js';

/**
 * How a model is called where its forward alone does not say: models that are only used through other methods
 * (`agent.get_value(x)`), hidden states that the model itself makes (`model.init_hidden(batch)`), caches that have to be
 * set up before (`model.setup_caches(batch, length)`). All of them go by names that such code commonly has.
 */

const STATE =
  /^(hidden|h|hx|hc|h_?0|states?|hiddens?|(prev|init|initial|last)_(hidden|state)s?|hidden_states?|hidden_cell)$/;
const STATE_MAKER = /^(get_)?(init|initial|initialize|begin|zero)_?(hiddens?|states?|hidden_states?)$/i;
const CACHE_MAKER = /^(setup|set_up|init|build|make|create|set)_(kv_)?caches?$/;
const POSITIONS = /^(input_pos|positions?|pos|position_ids|cache_position)$/;
const LIFECYCLE =
  /^(configure|training|validation|test|predict|load|save|from|to|train|eval|reset|init|build|make|set|setup)(_|$)/;

/** What is called on the model: `forward`, or the first public method of its own that takes tensors. */
export function calledMethod(root: Instance): { readonly name: string; readonly method: FunctionValue } | undefined {
  const forward = root.cls.find('forward');
  if (forward instanceof FunctionValue) return { name: 'forward', method: forward };
  // While a trace runs, each instance has a native one that notes the call.
  const own = root.names.get('forward');
  if (own !== undefined && !(own instanceof NativeFunction)) return undefined;
  for (const cls of root.cls.mro) {
    if (cls.module === null || cls.module.isLibrary) continue;
    for (const [name, method] of cls.names.entries())
      if (
        method instanceof FunctionValue &&
        !name.startsWith('_') &&
        !LIFECYCLE.test(name) &&
        !STATE_MAKER.test(name) &&
        required(method).length > 0
      )
        return { name, method };
  }
  return undefined;
}

function parametersOf(method: FunctionValue): string[] {
  return [...method.args.positionalOnly, ...method.args.positional].slice(1).map((p) => p.name);
}

function required(method: FunctionValue): string[] {
  return parametersOf(method).filter((name) => !method.defaults.has(name));
}

function ownMethod(
  root: Instance,
  pattern: RegExp,
): { readonly name: string; readonly method: FunctionValue } | undefined {
  for (const cls of root.cls.mro)
    for (const [name, method] of cls.names.entries())
      if (pattern.test(name) && method instanceof FunctionValue) return { name, method };
  return undefined;
}

function stateMaker(root: Instance): { readonly name: string; readonly method: FunctionValue } | undefined {
  const maker = ownMethod(root, STATE_MAKER);
  return maker !== undefined && required(maker.method).length <= 1 ? maker : undefined;
}

/** Whether a parameter gets its value from a method of the model. */
function isMade(root: Instance, parameter: string): boolean {
  return STATE.test(parameter) && stateMaker(root) !== undefined;
}

/** Tensors that the call needs from outside. */
export function requiredInputs(root: Instance): number {
  const called = calledMethod(root);
  if (called === undefined) return 1;
  return Math.max(1, required(called.method).filter((name) => !isMade(root, name)).length);
}

/** A guess at which axis of the first input counts samples; the next one is tried when the call fails. */
export function batchAxes(root: Instance, inputs: readonly InputTensor[]): readonly number[] {
  const called = calledMethod(root);
  const [first] = inputs;
  if (called === undefined || first === undefined || first.shape.length < 2) return [0];
  const lacks = required(called.method).length > inputs.length;
  return lacks && required(called.method).some((name) => isMade(root, name)) ? [0, 1] : [0];
}

/** Calls the model on its inputs, with what it makes itself for the rest. */
export function callModel(
  it: Interpreter,
  root: Instance,
  inputs: readonly InputTensor[],
  tensors: readonly Value[],
  batchAxis: number,
): Value {
  const called = calledMethod(root);
  if (called === undefined) return it.call(root, [...tensors]);
  const shape = inputs[0]?.shape ?? [];
  const batch = shape[batchAxis] ?? 1;
  const length = shape[1 - batchAxis] ?? 1;
  const names = parametersOf(called.method);
  const caches = ownMethod(root, CACHE_MAKER);
  const hasCaches = caches !== undefined && shape.length === 2 && makeCaches(it, root, caches, batch, length);
  const isShort = tensors.length < required(called.method).length;
  const positional: Value[] = [];
  const keywords = new Map<string, Value>();
  const rest = [...tensors];
  for (const name of names) {
    const made =
      isShort && isMade(root, name)
        ? makeState(it, root, batch)
        : hasCaches && POSITIONS.test(name) && typeof length === 'number' && rest.length === 0
          ? positions(it, length)
          : undefined;
    if (made !== undefined) keywords.set(name, made);
    else if (rest.length === 0) continue;
    else if (keywords.size === 0) positional.push(rest.shift()!);
    else keywords.set(name, rest.shift()!);
  }
  // More than it has names for: `*inputs` takes them, or the call fails as in Python.
  positional.push(...rest);
  return called.name === 'forward'
    ? it.call(root, positional, keywords)
    : it.callMethod(root, called.name, positional, keywords);
}

function makeState(it: Interpreter, root: Instance, batch: Value): Value {
  const maker = stateMaker(root)!;
  return it.callMethod(root, maker.name, required(maker.method).length === 0 ? [] : [batch]);
}

/** Calls a method that sets up caches, where each of its arguments is a number of samples or positions. */
function makeCaches(
  it: Interpreter,
  root: Instance,
  { name, method }: { readonly name: string; readonly method: FunctionValue },
  batch: Value,
  length: Value,
): boolean {
  const args = required(method).map((p) =>
    /batch|bsz/.test(p) ? batch : /seq|len|tokens/.test(p) ? length : undefined,
  );
  if (args.some((a) => a === undefined)) return false;
  it.callMethod(root, name, args as Value[]);
  return true;
}

function positions(it: Interpreter, length: number): Value {
  const places = Array.from({ length }, (_, i) => i);
  return makeConstant(it, 'arange', [length], 'int', dataContent(places, 'arange'));
}
