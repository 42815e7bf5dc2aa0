import type { LayerReport, Report, SourceRange } from '../../src/protocol/model.js';
import { formatNumber } from '../../src/protocol/numbers.js';
import {
  describeDistribution,
  describeRecommendation,
  displayName,
  layerParameters,
  unknownReason,
  lineText,
} from '../../src/protocol/words.js';
import { h } from '../dom.js';
import { t } from '../../src/protocol/l10n.js';
import { densityOf } from './density.js';
import { activationOf, factsOf, formulasOf } from './facts.js';
import { gradientPlot, preActivationPlot, valuesPlot, type Values, weightPlot } from './plots.js';

/** The selected layer: what its values look like, what it does to the variance, and why what is recommended is. */
export function layerView(
  report: Report,
  finite: Report | undefined,
  index: number,
  reveal: (range: SourceRange) => void,
): HTMLElement {
  const layer = report.layers[index];
  if (layer === undefined) return h('div');
  const range = layer.declaredAt ?? layer.calledAt;
  return h(
    'section',
    { class: 'detail', attributes: { 'aria-label': t('Selected layer') } },
    h(
      'h2',
      {},
      displayName(layer),
      h('span', { class: 'muted', text: ` ${layer.type} ` }),
      range !== undefined &&
        h('button', {
          class: 'link',
          text: lineText(range, report.file),
          attributes: { type: 'button' },
          onClick: () => {
            reveal(range);
          },
        }),
    ),
    advice(layer, report.file),
    h('div', { class: 'plots' }, ...plotsOf(report, finite, index)),
    h(
      'dl',
      { class: 'facts-grid' },
      ...factsOf(report, index, finite).map(({ name, value }) =>
        h('div', {}, h('dt', { text: name }), h('dd', { text: value })),
      ),
    ),
    ...formulasOf(report, index).map((text) => h('p', { class: 'formula', text })),
    layer.approximations !== undefined &&
      layer.approximations.length > 0 &&
      h('p', { class: 'muted', text: t('Approximate: {0}.', layer.approximations.join('; ')) }),
  );
}

function plotsOf(report: Report, finite: Report | undefined, index: number): HTMLElement[] {
  const layer = report.layers[index];
  if (layer === undefined) return [];
  const { weight } = layerParameters(layer, report);
  const density = weight && densityOf(weight.distribution);
  const activated = activationOf(report, index);
  const curve = activated && report.curves?.[report.layers[activated.activation]?.curve ?? -1];
  const before = activated && valuesAt(report, finite, activated.before);
  const after = valuesAt(report, finite, activated?.activation ?? index);
  const gradients = (finite ?? report).layers[index]?.finite?.gradientHistogram;
  return [
    weight && density && weightPlot(density, describeDistribution(weight.distribution)),
    before && curve && preActivationPlot(before, curve),
    after && valuesPlot(activated === undefined ? t('Output') : t('Activations'), after),
    gradients && gradientPlot(gradients),
  ].filter((plot) => plot !== undefined);
}

function valuesAt(report: Report, finite: Report | undefined, index: number): Values | undefined {
  const layer = (finite ?? report).layers[index];
  return layer?.forward && { ...layer.forward, finite: layer.finite };
}

function advice(layer: LayerReport, file: string): HTMLElement | undefined {
  const { recommended: r, gradientStop } = layer;
  if (r !== undefined) {
    const sigma =
      r.std !== undefined ? `, σ = ${formatNumber(r.std)}` : r.symbolic !== undefined ? `, σ = ${r.symbolic}` : '';
    const title = r.satisfied ? `✓ ${t('The init fits')}` : `${describeRecommendation(r)}${sigma}`;
    return h('p', {}, h('strong', { text: title }), ` — ${r.why}`);
  }
  const unknown = unknownReason(layer, file);
  if (unknown === undefined) return undefined;
  return h('p', { text: gradientStop === undefined ? t('Not known: {0}', unknown) : unknown });
}
