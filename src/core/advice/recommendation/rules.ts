import { isKnown, type Distribution, type GraphNode, type Recommendation } from '../../model/index.js';
import type { Feeder } from './feeder.js';
import { isAbsorbed, placeOf, type Setting } from './place.js';
import type { TrueFan } from './sizes.js';

/** Four significant digits, as a reader compares them. */
export function digits(x: number): string {
  if (x === 0) return '0';
  return String(Number(x.toPrecision(3)));
}

function gainText(gain: number): string {
  return Math.abs(gain - Math.SQRT2) < 1e-6 ? '√2' : digits(gain);
}

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

/** Standard deviation in force; undefined when it is not known. */
function currentStd(d: Distribution | undefined): number | undefined {
  return d !== undefined && isKnown(d) ? d.std : undefined;
}

function isConstant(d: Distribution | undefined): boolean {
  return d?.kind === 'constant' || (d !== undefined && isKnown(d) && d.std === 0);
}

function near(current: number | undefined, wanted: number): boolean {
  return current !== undefined && Math.abs(current / wanted - 1) <= 0.1;
}

/** The recommendation for a node with a weight, by what feeds it, what follows it and where it stands. */
export function recommendNode(
  s: Setting,
  index: number,
): { recommendation: Recommendation; fan: TrueFan | undefined } | undefined {
  const node = s.model.graph.nodes[index];
  if (node === undefined) return undefined;
  if (node.operation.kind === 'recurrent') return { recommendation: recurrentAdvice(s, node), fan: undefined };
  const place = placeOf(s, index);
  if (place === undefined) return undefined;
  const { fan, distribution, feeder } = place;
  if (node.operation.kind === 'embedding')
    return { recommendation: embeddingAdvice(s, fan, place.normNext, distribution), fan };
  const end = place.branchEnd !== undefined;
  if (isAbsorbed(place)) return { recommendation: absorbed(distribution, end), fan };
  const gain = 1 / Math.sqrt(feeder.second);
  return { recommendation: scaled(s, { feeder, gain, fan, distribution, end, head: place.head }), fan };
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

function scaled(s: Setting, c: Case): Recommendation {
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
  return { init, gain, std, satisfied, why };
}

function reason(s: Setting, c: Case, gain: number): string {
  const { feeder, fan } = c;
  const keeps = feeder.second;
  const sigma =
    fan.fanIn === undefined
      ? `σ = ${sigmaText(gain, fan.expression)}`
      : `σ = ${sigmaText(gain, fan.fanIn)} = ${digits(gain / Math.sqrt(fan.fanIn))}`;
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

/** `√(2/512)`, `1.59/√fan_in`: gain over the root of the fan-in, in digits or as an expression. */
function sigmaText(gain: number, fan: number | string): string {
  const g2 = gain * gain;
  const whole = Math.abs(g2 - Math.round(g2)) < 1e-9 && g2 >= 1;
  const text = typeof fan === 'string' ? fan : Number.isInteger(fan) ? String(fan) : digits(fan);
  // A factor behind a fraction's bar needs brackets, and so does all but a name or a number behind a root.
  const bracketed = /^\w+$/.test(text) || Number(text) > 0 ? text : `(${text})`;
  return whole ? `√(${Math.round(g2)}/${bracketed})` : `${digits(gain)}/√${bracketed}`;
}

/** `half of E[z²]`: what an activation keeps. */
function shareText(kept: number): string {
  if (kept === 0.5) return 'half of';
  return Math.abs(kept - 1) < 5e-4 ? 'all of' : `${digits(kept)} of`;
}

function embeddingAdvice(s: Setting, fan: TrueFan, norm: boolean, d: Distribution | undefined): Recommendation {
  if (norm) return absorbed(d, false);
  const tied = s.model.graph.nodes.some((n) => n.operation.kind === 'linear' && n.operation.weight === fan.weight);
  const current = currentStd(d);
  if (tied) {
    const std = 0.02;
    const other = fan.fanOut === undefined ? std : 1 / Math.sqrt(fan.fanOut);
    const satisfied = current !== undefined && current > 0 && current <= 1.1 * Math.max(std, other);
    return {
      init: 'scaled_normal',
      std,
      satisfied,
      why: `The embedding is also the output layer: σ = 0.02 (or 1/√d${fan.fanOut === undefined ? '' : ` = ${digits(other)}`}) keeps the first logits small; σ = 1 makes them of order √d.`,
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

function recurrentAdvice(s: Setting, node: GraphNode): Recommendation {
  const op = node.operation;
  if (op.kind !== 'recurrent') return { init: 'keep', satisfied: true, why: '' };
  const std = 1 / Math.sqrt(op.hidden);
  const matrices = op.parameters
    .map((id) => s.model.parameters[id])
    .filter((p) => p !== undefined && p.shape.length >= 2);
  const state = matrices[1]?.distribution;
  const orthogonal = state?.kind === 'orthogonal';
  const current = currentStd(state);
  return {
    init: 'orthogonal',
    std,
    gain: 1,
    satisfied: orthogonal || near(current, std),
    why: `The recurrent matrix is applied at every step: orthogonal per gate (σ = 1/√${op.hidden} = ${digits(std)}) neither shrinks nor grows the state; ${op.cell === 'lstm' ? 'a forget-gate bias of 1 keeps the memory open at the start.' : 'input weights: Glorot.'}`,
  };
}
