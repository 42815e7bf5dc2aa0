import { requiresGradient } from '../../../propagation/gradient-flow.js';
import type { SourceRange } from '../../../model/index.js';
import type { Runtime, Value } from '../../../python/values/index.js';
import { torchState } from '../context.js';
import { tensorsIn } from '../nn/module-call.js';
import { readFrom } from '../ops/tensor/reading.js';
import { Tensor } from '../tensor.js';

/**
 * What the traced call gives, as far as a loss could be taken of it. Methods that models act with (`step`, `act`) compute
 * without gradients, or give detached tensors, arrays or numbers: as long as nothing trainable is returned, these count
 * as the tensors that they were made of, and as if they had been computed for training.
 */
export function outputsOf(rt: Runtime, result: Value): readonly Tensor[] {
  const { tracer } = torchState();
  const isTraced = (t: Tensor): boolean => t.value !== null;
  const canTrain = (outputs: readonly Tensor[]): boolean => {
    const requires = requiresGradient(tracer);
    return outputs.some((t) => requires[t.value!]);
  };
  const tensors = tensorsIn(result).filter(isTraced);
  // Numbers beside tensors are lengths and statistics.
  const all = tensors.length > 0 ? tensors : tensorsIn(result, readFrom).filter(isTraced);
  if (all.length === 0 || canTrain(all)) return all;
  const before = [...tracer.nodes];
  const noGrad = tracer.ignoreNoGrad();
  const note = (how: string, range: SourceRange | undefined): void => {
    rt.note(`all that is returned is ${how}: shown are the gradients that the same layers have in training`, range);
  };
  if (canTrain(all)) {
    note('computed without gradients', noGrad);
    return all;
  }
  const attached = all.map((t) => new Tensor(t.shape, t.dtype, null, tracer.beforeDetach(t.value!)));
  if (canTrain(attached)) {
    note('detached', tracer.madeBy(all[0]!.value!)?.range);
    return attached;
  }
  tracer.nodes.splice(0, before.length, ...before);
  return all;
}
