import type { LayerReport } from '../core/model/index.js';
import { activationMoments, activationNamed, constantsOf, summarize } from '../core/propagation/activations/index.js';
import { chi, fixedPoint, varianceMap } from '../core/propagation/meanfield.js';
import type { Hit } from '../protocol/atOffset.js';
import { t } from '../protocol/l10n.js';
import { formatNumber } from '../protocol/numbers.js';
import { type Links, nameList } from './hoverMarkdown.js';
import { signalLine } from './hoverLayers.js';

/** The hover on a call of an activation in forward. */
export function activationText({ report, layers }: Extract<Hit, { kind: 'activation' }>, links: Links): string {
  const [first] = layers;
  if (first === undefined) return '';
  const name = activationNamed(first.activation?.name ?? '')?.label ?? first.type;
  return [
    `**${name}** ${nameList(layers.map((layer) => layer.name))} · ${links.inspect(report, first.name)}`,
    signalLine({ layers, report, modules: [] }, []),
    activationFacts(layers),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** What an activation does to a wide network: the gain it asks for, and where a stack with the weights at hand ends. */
export function activationFacts(layers: readonly LayerReport[]): string {
  const given = layers[0]?.activation;
  const activation = activationNamed(given?.name ?? '');
  if (given === undefined || activation === undefined) return '';
  const constants = constantsOf(activation, given.constants);
  const { gain, chi: growth } = summarize(activation, constants);
  const lines = [
    `${t('gain {0}', `**${formatNumber(gain)}**`)} — ${t('a layer that it feeds keeps the variance with σ = {0}/√fan_in; the gradient’s then {1}', formatNumber(gain), perLayer(growth))}`,
  ];
  const scales = new Set(layers.map((layer) => layer.activation?.weightVariance));
  const [weightVariance] = scales;
  if (weightVariance !== undefined && weightVariance > 0 && scales.size === 1) {
    const net = { activation, constants, weightVariance, biasVariance: 0 };
    const q = fixedPoint(net);
    const at = q === undefined || q === 0 ? limitSlope(weightVariance, activation, constants, q) : chi(net, q);
    const ends =
      q === undefined
        ? t('the variance grows without bound')
        : q === 0
          ? t('the variance falls to 0')
          : // ReLU and its like keep any variance alike, and so have no point of their own.
            Math.abs(varianceMap(net, 2 * q) / (2 * q) - 1) < 1e-6
            ? t('the variance stays as it is')
            : t('the variance settles at {0}', formatNumber(q));
    lines.push(
      t(
        'stacked with the weights before it (σw² = {0}), {1}; χ₁ = {2}: the gradient’s {3}',
        formatNumber(weightVariance),
        ends,
        formatNumber(at),
        perLayer(at),
      ),
    );
  }
  return lines.join('  \n');
}

/** χ₁ = σw²·E[φ′²] where the variance is as good as gone, or beyond all bounds. */
function limitSlope(
  weightVariance: number,
  activation: Parameters<typeof activationMoments>[0],
  constants: Parameters<typeof activationMoments>[3],
  q: number | undefined,
): number {
  return weightVariance * activationMoments(activation, 0, q === undefined ? 1e6 : 1e-6, constants).slopeSecond;
}

function perLayer(factor: number): string {
  const text = formatNumber(factor);
  if (text === formatNumber(1)) return t('holds');
  return factor < 1 ? t('falls {0}× a layer', formatNumber(1 / factor)) : t('grows {0}× a layer', text);
}
