import type { Distribution, FedBy, Recommendation } from '../../model/index.js';
import { short } from '../findings/words.js';
import { recommendEmbedding } from './embedding.js';
import type { Feeder } from './feeder.js';
import { currentStd, isConstant, near } from './in-force.js';
import { isAbsorbed, type Place, type Survey } from './place.js';
import type { TrueFan } from './sizes.js';
import { gainText, shareText, sigmaText } from './symbols.js';

/** An initializer's usual name, where σ is what it gives. */
function nameFor(feeder: Feeder, gain: number, fan: TrueFan): string {
  const homogeneous = feeder.activation?.activation.homogeneous === true;
  if (homogeneous && gain > 1.2) return 'he_normal';
  if (Math.abs(gain - 1) < 0.03) {
    return 'lecun_normal';
  }
  const name = feeder.activation?.activation.name;
  const uneven =
    fan.fanIn !== undefined &&
    fan.fanOut !== undefined &&
    Math.max(fan.fanIn, fan.fanOut) > 2 * Math.min(fan.fanIn, fan.fanOut);
  return name === 'tanh' && uneven ? 'glorot_normal' : 'scaled_normal';
}

/** The recommendation for a weight, by what feeds it, what follows it and where it stands. */
export function recommendWeight(s: Survey, place: Place): Recommendation {
  const { fan, feeder } = place;
  return { ...byPlace(s, place), weight: fan.weight, bias: fan.bias, fedBy: fedBy(feeder) };
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

function byPlace(s: Survey, place: Place): Recommendation {
  const { node, fan, distribution, feeder } = place;
  if (node.operation.kind === 'embedding')
    return place.normNext ? absorbed(distribution, false) : recommendEmbedding(s.model, fan, distribution);
  const end = place.branchEnd !== undefined;
  if (isAbsorbed(place)) return absorbed(distribution, end);
  const gain = 1 / Math.sqrt(feeder.second);
  return scaled(s, { feeder, gain, fan, distribution, end, head: place.head });
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

interface Case {
  readonly feeder: Feeder;
  readonly gain: number;
  readonly fan: TrueFan;
  readonly distribution: Distribution | undefined;
  readonly end: boolean;
  readonly head: boolean;
}

function scaled(s: Survey, c: Case): Recommendation {
  const { feeder, fan, distribution } = c;
  const scale = c.end ? 1 / Math.sqrt(Math.max(1, s.sums.length)) : 1;
  const gain = c.gain * scale;
  const current = currentStd(distribution);
  const init = c.end ? 'scaled_normal' : nameFor(feeder, c.gain, fan);
  const why = reason(s, c, gain);
  if (fan.fanIn === undefined)
    return {
      init,
      gain,
      symbolic: `${sigmaText(gain, 'fan_in')}, fan_in = ${fan.expression}`,
      satisfied: false,
      why,
    };
  const std = gain / Math.sqrt(fan.fanIn);
  if (feeder.activation?.activation.name === 'sigmoid' && !c.head)
    return { init: 'normalize', gain, std, satisfied: false, why };
  const zeroEnd = isConstant(distribution) && (c.end || c.head);
  // Where small is right too: a head, or the end of a branch whose stream is normalized.
  const lenient = c.head || (c.end && s.normedStream);
  const limit = c.end ? std / scale : std;
  const satisfied =
    zeroEnd ||
    near(current, std) ||
    (lenient && !isConstant(distribution) && current !== undefined && current <= 1.1 * limit);
  return { init, gain, std, satisfied, why, ...(c.end && { branches: Math.max(1, s.sums.length) }) };
}

function reason(s: Survey, c: Case, gain: number): string {
  const { feeder, fan } = c;
  const keeps = feeder.second;
  const sigma =
    fan.fanIn === undefined
      ? `σ = ${sigmaText(gain, fan.expression)}`
      : `σ = ${sigmaText(gain, fan.fanIn)} = ${short(gain / Math.sqrt(fan.fanIn))}`;
  if (isConstant(c.distribution) && !(c.end || c.head))
    return `All weights are equal, so all units stay the same: draw them with ${sigma}.`;
  const fed =
    feeder.kind === 'activation'
      ? `Fed by ${feeder.label}, which keeps ${shareText(keeps)} E[z²]: g = ${gainText(c.gain)}`
      : feeder.kind === 'norm'
        ? `Fed by ${feeder.label}, whose output has variance 1: g = 1`
        : feeder.kind === 'data'
          ? `Fed by ${feeder.label}, taken as standardized: g = 1`
          : `Fed by ${feeder.label}: g = ${gainText(c.gain)}`;
  if (feeder.activation?.activation.name === 'sigmoid' && !c.head)
    return `${fed}, but no scale makes sigmoids pass gradients (at best 0.153 of the variance a layer): use another activation or add a norm.`;
  if (c.end)
    return `${fed}; it ends one of ${s.sums.length} residual branches, so it is divided by √${s.sums.length}: ${sigma}${s.normedStream ? ' (or start it at zero)' : '; without a norm the stream grows with every block'}.`;
  if (c.head) return `${fed}, ${sigma}; as an output layer it may be smaller, down to zero.`;
  const unstable = ['gelu', 'gelu_tanh', 'silu', 'mish', 'hardswish', 'quick_gelu'].includes(
    feeder.activation?.activation.name ?? '',
  );
  return `${fed}, ${sigma}.${unstable ? ' This fixed point is unstable: in a deep net add norms or residual connections.' : ''}`;
}
