import type { Distribution, Model, Recommendation } from '../../model/index.js';
import { short } from '../findings/words.js';
import { currentStd, isConstant } from './in-force.js';
import type { TrueFan } from './sizes.js';

/** An embedding without a norm behind: rows are looked up, not summed, so only its second use as an output layer sets its scale. */
export function recommendEmbedding(model: Model, fan: TrueFan, d: Distribution | undefined): Recommendation {
  const tied = model.graph.nodes.some((n) => n.operation.kind === 'linear' && n.operation.weight === fan.weight);
  const current = currentStd(d);
  if (tied) {
    const std = 0.02;
    const other = fan.fanOut === undefined ? std : 1 / Math.sqrt(fan.fanOut);
    const satisfied = current !== undefined && current > 0 && current <= 1.1 * Math.max(std, other);
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
