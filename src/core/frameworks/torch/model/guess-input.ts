import type { Interpreter } from '../../../python/interpreter/index.js';
import { Journal, recording, Unknown, type Instance, type Value } from '../../../python/values/index.js';
import { torchState } from '../context.js';
import { namedModules } from '../nn/module-tree.js';
import { requiredInputs } from './calling.js';
import { Tensor, type Size } from '../tensor.js';
import { traceForward, tryTrace, type InputTensor, type TraceResult } from './trace-forward.js';

/** Side lengths of images that models are written for, most frequent first. */
const SIDES = [32, 28, 224, 64, 84, 256, 128, 96, 299, 227, 48, 112, 512, 16] as const;
const LENGTHS = [128, 784, 1024, 100, 16000] as const;
const TOKENS = 16;

export interface GuessedInputs {
  readonly inputs: InputTensor[];
  readonly from: 'callSite' | 'comment' | 'layers';
}

/**
 * Shapes to try as forward's inputs, likeliest first: what the file itself shows, then what the model's own layers
 * accept. The first layer with weights tells channels or features; sizes that the layers behind a flatten need are
 * found by trying. The first that goes through forward is taken; when none does, the one that gets furthest.
 */
export function guessInputs(
  it: Interpreter,
  root: Instance,
  hints: { readonly callSites: readonly (readonly InputTensor[])[]; readonly comments: readonly InputTensor[] },
): GuessedInputs | undefined {
  const count = requiredInputs(root);
  let best: { readonly guess: GuessedInputs; readonly reached: number } | undefined;
  let tries = 0;
  const start = it.budget.now();
  const attempt = (candidate: readonly InputTensor[], from: GuessedInputs['from']): GuessedInputs | undefined => {
    if (tries++ > MOST_TRIES || it.budget.now() - start > LONGEST) return undefined;
    const { inputs, result } = it.budget.within(LONGEST, () => tryWithIntegers(it, root, candidate));
    const guess = { inputs, from };
    if (result.failure ? result.failure.stopped : result.outputs.length > 0) return guess;
    if (from === 'layers' && (!best || result.reached > best.reached)) best = { guess, reached: result.reached };
    return undefined;
  };
  for (const group of hints.callSites) {
    for (let i = 0; i + count <= group.length; i++) {
      const found = attempt(group.slice(i, i + count), 'callSite');
      if (found) return found;
    }
  }
  if (count === 1) {
    for (const c of hints.comments) {
      const found = attempt([c], 'comment');
      if (found) return found;
    }
  }
  const others = secondInputs(root);
  for (const first of candidatesOf(root)) {
    // In symbols nearly everything fits, so that trying tells nothing of the other inputs.
    if (count > 1 && first.shape.some((d) => typeof d !== 'number')) continue;
    for (const rest of count <= 1 ? [[]] : others(first, count - 1)) {
      const found = attempt([first, ...rest], 'layers');
      if (found) return found;
    }
  }
  return best?.guess;
}

/** Traces that may be tried for one model. */
const MOST_TRIES = 40;
/** Milliseconds that looking for an input may take. */
const LONGEST = 400;

function candidatesOf(root: Instance): InputTensor[] {
  for (const [, m] of namedModules(root)) {
    const own = shapesFor(m);
    if (own.length > 0) return own;
  }
  return [];
}

function numberOf(m: Instance, name: string): number | undefined {
  const v: Value | undefined = m.names.get(name);
  return typeof v === 'number' ? v : undefined;
}

/** A size of a layer, perhaps only in symbols; a lazy layer takes whatever it is given. */
function sizeOf(m: Instance, name: string): Size | undefined {
  const v: Value | undefined = m.names.get(name);
  if (v instanceof Unknown) return v;
  if (v === 0 && m.cls.name.startsWith('Lazy'))
    return new Unknown(`a lazy layer takes ${name} from its first input`, m.constructedAt, name);
  return typeof v === 'number' && v > 0 ? v : undefined;
}

function weightOf(m: Instance): Tensor | undefined {
  const parameters = m.names.get('_parameters');
  const v =
    parameters && typeof parameters === 'object' && 'get' in parameters
      ? (parameters as { get(k: Value): Value | undefined }).get('weight')
      : undefined;
  return v instanceof Tensor ? v : undefined;
}

/** Spatial axes of a convolution; a lazy one has no weight to show yet. */
function rankOf(m: Instance): number {
  const shape = weightOf(m)?.shape;
  const named = /(\d)d$/.exec(m.cls.name)?.[1];
  return Array.isArray(shape) ? shape.length - 2 : named === undefined ? 2 : Number(named);
}

/** Inputs that a layer accepts, when it is the first of a model. */
function shapesFor(m: Instance): InputTensor[] {
  const is = (name: string): boolean => m.cls.mro.some((c) => c.name === name && c.module?.isLibrary === true);
  const float = (shape: Size[]): InputTensor => ({ shape, dtype: 'float' });
  if (is('_ConvNd')) {
    const channels = sizeOf(m, 'in_channels');
    const rank = rankOf(m);
    if (channels === undefined) return [];
    if (rank === 1) return LENGTHS.map((n) => float([1, channels, n]));
    if (rank === 2) return SIDES.map((n) => float([1, channels, n, n]));
    return [16, 32, 64].map((n) => float([1, channels, n, n, n]));
  }
  if (is('Linear') || is('Bilinear')) {
    const features = sizeOf(m, 'in_features') ?? sizeOf(m, 'in1_features');
    if (features === undefined) return [];
    if (typeof features !== 'number') return [float([1, features]), float([1, TOKENS, features])];
    const side = Math.sqrt(features);
    const images = [1, 3].flatMap((c) =>
      Number.isInteger(Math.sqrt(features / c)) && features / c >= 16
        ? [float([1, c, Math.sqrt(features / c), Math.sqrt(features / c)])]
        : [],
    );
    return [float([1, features]), float([1, TOKENS, features]), ...(side > 0 ? images : [])];
  }
  if (is('Embedding') || is('EmbeddingBag')) {
    const range = numberOf(m, 'num_embeddings') ?? 2;
    return [
      { shape: [1, TOKENS], dtype: 'int', range },
      { shape: [1], dtype: 'int', range },
    ];
  }
  if (is('RNNBase') || is('RNNCellBase')) {
    const size = sizeOf(m, 'input_size');
    if (size === undefined) return [];
    return is('RNNCellBase') ? [float([1, size])] : [float([1, TOKENS, size])];
  }
  if (is('_BatchNorm') || is('_NormBase')) {
    const features = sizeOf(m, 'num_features');
    if (features === undefined) return [];
    return m.cls.name.includes('2d') ? SIDES.map((n) => float([1, features, n, n])) : [float([1, features])];
  }
  return [];
}

/** Shapes for the inputs after the first: the same again, a time step, a hidden state. */
function secondInputs(root: Instance): (first: InputTensor, count: number) => InputTensor[][] {
  const linear = [...namedModules(root)]
    .map(([, m]) => numberOf(m, 'in_features'))
    .filter((n): n is number => n !== undefined && n > 0);
  return (first, count) => {
    const same = Array.from({ length: count }, () => first);
    const steps: InputTensor[] = Array.from({ length: count }, () => ({
      shape: [first.shape[0] ?? 1],
      dtype: 'int',
      range: 1000,
    }));
    const features = [...new Set(linear)]
      .slice(0, 3)
      .map((n) =>
        Array.from({ length: count }, (): InputTensor => ({ shape: [first.shape[0] ?? 1, n], dtype: 'float' })),
      );
    return [same, steps, ...features];
  };
}

/**
 * Traces forward on inputs whose types nobody gave: those that it uses as indices of an embedding are integers of its
 * range, which shows when they are traced as floats. The trace is done again only then.
 */
export function traceUntyped(it: Interpreter, root: Instance, inputs: readonly InputTensor[]): TraceResult {
  const journal = new Journal();
  const notes = it.notes.list.length;
  const result = recording(journal, () => traceForward(it, root, inputs));
  const typed = integersOfTrace(inputs);
  if (typed.every((x, i) => x === inputs[i])) return result;
  journal.rollBack();
  it.notes.take(notes);
  return traceForward(it, root, typed);
}

/** The integers among some inputs, and what comes of a trace that is taken back. */
function tryWithIntegers(
  it: Interpreter,
  root: Instance,
  inputs: readonly InputTensor[],
): { readonly inputs: InputTensor[]; readonly result: TraceResult } {
  const result = tryTrace(it, root, inputs);
  const out = integersOfTrace(inputs);
  return { inputs: out, result: out.every((x, i) => x === inputs[i]) ? result : tryTrace(it, root, out) };
}

/** Inputs of the last trace, those used as indices made integers. */
function integersOfTrace(inputs: readonly InputTensor[]): InputTensor[] {
  const { tracer } = torchState();
  const origin = new Map<number, number>();
  let position = 0;
  const out = [...inputs];
  for (const node of tracer.nodes) {
    if (node.operation.kind === 'input') {
      const v = node.outputs[0];
      if (v !== undefined) origin.set(v, position++);
      continue;
    }
    const from = node.inputs[0];
    const source = from === undefined ? undefined : origin.get(from);
    if (source === undefined) continue;
    const input = out[source];
    if (node.operation.kind === 'embedding' && input !== undefined) {
      const weight = typeof node.operation.weight === 'number' ? tracer.parameters[node.operation.weight] : undefined;
      const rows = Array.isArray(weight?.shape) ? (weight.shape[0] as unknown) : undefined;
      const range = typeof rows === 'number' ? rows : (input.range ?? 2);
      // Of several tables the smallest one says which integers fit.
      if (input.dtype === 'float' || (input.range ?? 2) > range)
        out[source] = { shape: input.shape, dtype: 'int', range };
    } else if (['reshape', 'permute', 'select', 'repeat', 'pad'].includes(node.operation.kind))
      for (const v of node.outputs) origin.set(v, source);
  }
  return out;
}
