import type { Distribution, GraphNode, Model, ParameterId, Recommendation } from '../../model/index.js';
import { short } from '../findings/words.js';
import { makerOf, movesEntries, nextSteps, type Wiring } from './graph-walk.js';
import { currentStd, isConstant } from './in-force.js';
import type { Survey } from './place.js';
import type { TrueFan } from './sizes.js';

/** The table is an output layer's weight as well. */
export function isTied(model: Model, weight: ParameterId): boolean {
  return model.graph.nodes.some(({ operation: op }) => op.kind === 'linear' && op.weight === weight);
}

/** What numbers multiply the logits by, before or after the product with the table (T5 divides by √d). */
function logitFactor(w: Wiring, weight: ParameterId): number {
  const head = w.graph.nodes.find(({ operation: op }) => op.kind === 'linear' && op.weight === weight);
  const factorOf = (node: GraphNode | undefined): number | undefined =>
    node?.operation.kind === 'affine' && node.operation.offset === 0 ? Math.abs(node.operation.factor) : undefined;
  if (head === undefined) return 1;
  const after = nextSteps(w, head.outputs[0]!);
  const before = makerOf(w, head.inputs[0]!, movesEntries)?.node;
  return (factorOf(before) ?? 1) * (after.length === 1 ? (factorOf(after[0]) ?? 1) : 1);
}

/** An embedding without a norm behind: rows are looked up, not summed, so only its second use as an output layer sets its scale. */
export function recommendEmbedding(
  { model, wiring }: Survey,
  fan: TrueFan,
  d: Distribution | undefined,
): Recommendation {
  const current = currentStd(d);
  if (isTied(model, fan.weight)) {
    const std = 0.02;
    const other = fan.fanOut === undefined ? std : 1 / Math.sqrt(fan.fanOut);
    const factor = logitFactor(wiring, fan.weight);
    const satisfied = current !== undefined && current > 0 && current * factor <= 1.1 * Math.max(std, other);
    return {
      init: 'scaled_normal',
      std,
      satisfied,
      why: `The embedding is also the output layer: σ = 0.02 (or 1/√d${fan.fanOut === undefined ? '' : ` = ${short(other)}`}) keeps the first logits small; σ = 1 makes them of order √d.`,
    };
  }
  if (isConstant(d))
    return {
      init: 'scaled_normal',
      std: 1,
      satisfied: false,
      why: 'All rows are equal, so all tokens look alike: draw them at random.',
    };
  return {
    init: 'keep',
    satisfied: true,
    why: 'Each row is used by itself: nothing is summed, the following layers see the scale as it is.',
  };
}
