import type { Distribution, FedBy, Recommendation } from '../../model/index.js';
import { isTied, recommendEmbedding } from './embedding.js';
import type { Feeder } from './feeder.js';
import { isConstant } from './in-force.js';
import { isAbsorbed, type Place, type Survey } from './place.js';
import { recommendScale } from './scaled.js';
import { recommendSine } from './sine.js';
import type { Drift } from './stability.js';

/** The recommendation for a weight, by what feeds it, what follows it and where it stands. */
export function recommendWeight(s: Survey, place: Place, drift: Drift | undefined): Recommendation {
  const { fan, feeder } = place;
  return { ...byPlace(s, place, drift), weight: fan.weight, bias: fan.bias, fedBy: fedBy(feeder) };
}

function fedBy({ kind, label, activation }: Feeder): FedBy {
  const slope = activation?.activation.name === 'leaky_relu' ? activation.constants['slope'] : undefined;
  return {
    kind,
    label,
    ...(activation && { activation: activation.activation.name }),
    ...(slope !== undefined && { slope }),
  };
}

function byPlace(s: Survey, place: Place, drift: Drift | undefined): Recommendation {
  const { node, fan, distribution, parameter } = place;
  if (parameter?.loaded === true)
    return {
      init: 'keep',
      satisfied: true,
      why: 'A checkpoint is read into these weights: what they start with is gone.',
    };
  if (node.operation.kind === 'embedding')
    return place.normNext && !isTied(s.model, fan.weight)
      ? absorbed(distribution, false)
      : recommendEmbedding(s, fan, distribution);
  if (isAbsorbed(place)) return absorbed(distribution, place.branchEnd !== undefined);
  return recommendSine(s, place) ?? recommendScale(s, place, drift);
}

function absorbed(d: Distribution | undefined, branchEnd: boolean): Recommendation {
  if (isConstant(d))
    return {
      init: 'he_normal',
      satisfied: false,
      why: 'A norm follows, so the scale does not matter, but a constant weight makes all units the same: draw it at random.',
    };
  const more = branchEnd
    ? ' It ends a residual branch: starting that norm at γ = 0 lets every block begin as the identity.'
    : '';
  return {
    init: 'keep',
    satisfied: true,
    why: `A norm directly follows: it absorbs the scale of these weights.${more}`,
  };
}
