import { short } from '../findings/words.js';
import { isConstant } from './in-force.js';
import { gainText, shareText, sigmaText } from './symbols.js';
import type { Case } from './scaled.js';

/** A deviation that grows by less than this over a stack is lost in what finite widths do anyway. */
const DRIFT = 2;

/** The sentence for a weight whose scale matters. */
export function reason(c: Case): string {
  const { feeder, fan, place } = c;
  const sigma =
    fan.fanIn === undefined
      ? `σ = ${sigmaText(c.gain, fan.expression)}`
      : `σ = ${sigmaText(c.gain, fan.fanIn)} = ${short(c.gain / Math.sqrt(fan.fanIn))}`;
  if (isConstant(place.distribution) && !(place.branchEnd !== undefined || place.head))
    return `All weights are equal, so all units stay the same: draw them with ${sigma}.`;
  if (feeder.activation?.activation.name === 'sigmoid' && !place.head)
    return `${fed(c)}, but no scale makes sigmoids pass gradients (at best 0.153 of the variance a layer): use another activation or add a norm.`;
  if (c.terms > 1)
    return `${fed(c)}; its output is one of ${c.terms} that are added and share the sum's variance, so it is divided by √${c.terms}: ${sigma}.`;
  if (place.branchEnd !== undefined) return atBranchEnd(c, sigma);
  if (place.head) return `${fed(c)}, ${sigma}; as an output layer it may be smaller, down to zero.`;
  return `${fed(c)}, ${sigma}.${he(c)}${drift(c)}`;
}

function fed({ feeder, feederGain }: Case): string {
  switch (feeder.kind) {
    case 'activation':
      return `Fed by ${feeder.label}, which keeps ${shareText(feeder.second)} E[z²]: g = ${gainText(feederGain)}`;
    case 'norm':
      return `Fed by ${feeder.label}, whose output has variance 1: g = 1`;
    case 'data':
      return `Fed by ${feeder.label}, taken as standardized: g = 1`;
    default:
      return `Fed by ${feeder.label}: g = ${gainText(feederGain)}`;
  }
}

function atBranchEnd(c: Case, sigma: string): string {
  const end = c.place.branchEnd!;
  if (end.sumNormed)
    return `${fed(c)}; it ends a residual branch whose sum is normalized (post-norm), so branches do not add up: ${sigma}, or smaller${deepNorm(end.branches)}.`;
  if (end.branches === 1)
    return `${fed(c)}; it ends the only residual branch of its stream: ${sigma}${c.normedStream ? ' (or start it at zero)' : ''}.`;
  return `${fed(c)}; it ends one of ${end.branches} residual branches, so it is divided by √${end.branches}: ${sigma}${c.normedStream ? ' (or start it at zero)' : '; without a norm the stream grows with every block'}.`;
}

/** Wang et al. 2022 (arXiv:2203.00555): (8N)^(-1/4) for N layers of two branches each; shallow stacks train without. */
function deepNorm(branches: number): string {
  if (branches < 24) return '';
  return `; in a stack this deep, DeepNorm divides it by (8·${branches / 2})^¼ = ${short((4 * branches) ** 0.25)} and multiplies the shortcut`;
}

/** He's 2 makes up for a rectifier before the layer; where none is, it is one factor of 2 for the whole model. */
function he({ feeder, place, current, std, isHarmless }: Case): string {
  const ratio = current === undefined || std === undefined ? 0 : (current / std) ** 2;
  if ((feeder.kind !== 'data' && feeder.kind !== 'norm') || place.head || ratio < 1.9 || ratio > 2.1) return '';
  return isHarmless
    ? " Nothing rectifies this layer's input, so nothing halves it: He's 2 doubles the variance once, which is fine: the rectifiers behind it only hand it on."
    : " Nothing rectifies this layer's input, so nothing halves it; He's 2 would only double the variance once.";
}

function drift({ drift: d, feeder }: Case): string {
  if (d === undefined || d.slope ** d.layers < DRIFT) return '';
  return ` But no init holds this by itself: around that fixed point each layer multiplies a deviation of the variance by ${short(d.slope)}, ${d.layers} layers after ${feeder.label} by ${short(d.slope ** d.layers)}. Normalize, or add residual connections.`;
}
