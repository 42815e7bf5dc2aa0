import { Journal, PyException, recording, Stopped, type Value } from '../../../python/values/index.js';
import type { Instance } from '../../../python/values/index.js';
import type { Interpreter } from '../../../python/interpreter/index.js';
import type { SourceRange } from '../../../model/index.js';
import { torchState } from '../context.js';
import { withTrackedForward } from '../nn/module-call.js';
import { Tensor, type Size } from '../tensor.js';
import { batchAxes, callModel } from './calling.js';
import { outputsOf } from './outputs.js';

/** One tensor that forward is given. */
export interface InputTensor {
  readonly shape: readonly Size[];
  readonly dtype: 'float' | 'int';
  /** Integers are drawn from [0, range). */
  readonly range?: number;
}

export interface TraceResult {
  readonly outputs: readonly Tensor[];
  /** Why the trace ended before forward did; absent when it went through. */
  readonly failure?: {
    readonly reason: string;
    readonly range: SourceRange | undefined;
    /** It ran out of time or steps: nothing speaks against the input. */
    readonly stopped: boolean;
  };
  /** How many nodes were recorded: of two traces that fail, the longer one got further. */
  readonly reached: number;
}

/** Calls the root on shape-only tensors and records what it computes in the evaluation's tracer. */
export function traceForward(it: Interpreter, root: Instance, inputs: readonly InputTensor[]): TraceResult {
  const [last = 0, ...others] = [...batchAxes(root, inputs)].reverse();
  for (const axis of others.reverse()) {
    const journal = new Journal();
    const notes = it.notes.list.length;
    const result = recording(journal, () => traceOnce(it, root, inputs, axis));
    if (result.failure === undefined || result.failure.stopped) return result;
    journal.rollBack();
    it.notes.take(notes);
  }
  return traceOnce(it, root, inputs, last);
}

function traceOnce(it: Interpreter, root: Instance, inputs: readonly InputTensor[], batchAxis: number): TraceResult {
  const state = torchState();
  state.beginTrace();
  const args: Value[] = inputs.map((input, i) => {
    const t = new Tensor([...input.shape], input.dtype, null);
    return state.tracer.input(t, `input ${String(i + 1)}`, input.dtype === 'int' ? (input.range ?? 2) : undefined);
  });
  state.tracer.active = true;
  try {
    const result = withTrackedForward(it, state.names.keys(), () => callModel(it, root, inputs, args, batchAxis));
    return { outputs: outputsOf(it, result), reached: state.tracer.nodes.length };
  } catch (e) {
    if (!(e instanceof PyException) && !(e instanceof Stopped && e.cause !== 'cancelled')) throw e;
    return {
      outputs: [],
      failure: {
        reason: e instanceof PyException ? `${e.className}: ${e.message}` : e.message,
        range: e.range,
        stopped: e instanceof Stopped,
      },
      reached: state.tracer.nodes.length,
    };
  } finally {
    state.tracer.active = false;
  }
}

/** Runs a trace and takes every change that it made to the model back. */
export function tryTrace(it: Interpreter, root: Instance, inputs: readonly InputTensor[]): TraceResult {
  const journal = new Journal();
  try {
    return recording(journal, () => traceForward(it, root, inputs));
  } finally {
    journal.rollBack();
  }
}
