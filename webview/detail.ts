import type { LayerReport, Report } from '../src/protocol/model.js';
import { formatNumber } from '../src/protocol/numbers.js';
import { describeRecommendation, displayName, forwardGain, layerParameters } from '../src/protocol/words.js';
import { h } from './dom.js';

/** The selected layer in a sentence or two: what it does to the variance, and what to do about it. */
export function detail(layer: LayerReport, report: Report): HTMLElement {
  const { weight } = layerParameters(layer, report);
  const gain = forwardGain(weight, layer.type);
  const parts: string[] = [];
  if (gain !== undefined) parts.push(`gain fan-in · Var(W) = ${formatNumber(gain)}`);
  if (layer.forward !== undefined)
    parts.push(`output mean ${formatNumber(layer.forward.mean)}, variance ${formatNumber(layer.forward.variance)}`);
  const improved = layer.withRecommended?.forward?.variance;
  if (improved !== undefined) parts.push(`with the recommended inits ${formatNumber(improved)}`);
  return h(
    'div',
    { class: 'detail' },
    h(
      'p',
      {},
      h('strong', { text: displayName(layer) }),
      ` ${layer.type}${parts.length > 0 ? ` · ${parts.join(' · ')}` : ''}`,
    ),
    advice(layer),
    layer.approximations !== undefined &&
      layer.approximations.length > 0 &&
      h('p', { class: 'muted', text: `Approximate: ${layer.approximations.join('; ')}.` }),
  );
}

function advice({ recommended: r, unknown }: LayerReport): HTMLElement | undefined {
  if (r !== undefined) {
    const sigma =
      r.std !== undefined ? `, σ = ${formatNumber(r.std)}` : r.symbolic !== undefined ? `, σ = ${r.symbolic}` : '';
    const title = r.satisfied ? '✓ The init fits' : `${describeRecommendation(r)}${sigma}`;
    return h('p', {}, h('strong', { text: title }), ` — ${r.why}`);
  }
  return unknown === undefined ? undefined : h('p', { text: `Not known: ${unknown}` });
}
