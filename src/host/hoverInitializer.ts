import type { LayerReport, ParameterReport, Report, SetBy } from '../core/model/index.js';
import type { Hit } from '../protocol/atOffset.js';
import { t } from '../protocol/l10n.js';
import { formatNumber } from '../protocol/numbers.js';
import { forwardGain, isActivation } from '../protocol/words.js';
import { recommendationLine } from './hoverLayers.js';
import { type Links, nameList, span } from './hoverMarkdown.js';
import { parameterTable } from './hoverParameters.js';

/** The hover on a call such as `nn.init.kaiming_normal_(…)`: what it sets, what that does, and what it does not read. */
export function initializerText({ report, parameters }: Extract<Hit, { kind: 'initializer' }>, links: Links): string {
  const [first] = parameters;
  if (first === undefined) return '';
  const layers = report.layers.filter(({ parameters: ids }) =>
    ids.some((id) => parameters.some((p) => p === report.parameters[id])),
  );
  return [
    `${t('{0} sets {1}', `**\`${first.setBy.what}\`**`, nameList(parameters.map(({ name }) => name)))} · ${links.inspect(report, layers[0]?.name)}`,
    parameterTable([{ items: parameters, label: () => t('entries') }], report, links),
    effectLine(parameters, layers, report),
    ...quirks(first),
    parameters.some(({ shape }) => shape.length > 1) ? recommendationLine({ layers, modules: layers }) : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** `gain fan-in · Var(W) = 2.00 · relu gets variance 2.00`. */
function effectLine(parameters: readonly ParameterReport[], layers: readonly LayerReport[], report: Report): string {
  const gains = layers.flatMap((layer) => {
    const own = parameters.find((p) => layer.parameters.some((id) => report.parameters[id] === p));
    return own !== undefined && own.shape.length > 1 ? (forwardGain(own, layer.type) ?? []) : [];
  });
  if (gains.length === 0) return '';
  const parts = [t('gain {0}', `fan-in · Var(W) = **${span(gains)}**`)];
  const variances = layers.flatMap(({ forward }) => forward?.variance ?? []);
  const next = report.layers[report.layers.findIndex((layer) => layer === layers[0]) + 1];
  const into = next !== undefined && isActivation(next.type) ? next.type : undefined;
  if (variances.length > 0)
    parts.push(
      into === undefined ? t('variance out {0}', span(variances)) : t('{0} gets variance {1}', into, span(variances)),
    );
  return parts.join(' · ');
}

/** What is easily taken for something else in PyTorch's functions. */
function quirks({ setBy, distribution }: ParameterReport): string[] {
  const { what, arguments: given = {} }: SetBy = setBy;
  const { a, b, mode, nonlinearity } = given;
  const notes: string[] = [];
  if (what.startsWith('kaiming_')) {
    if (nonlinearity !== 'leaky_relu' && typeof a === 'number' && a !== 0)
      notes.push(
        t('{0} is not read: only {1} has a slope.', `\`a = ${formatNumber(a)}\``, "`nonlinearity='leaky_relu'`"),
      );
    else if (nonlinearity === 'leaky_relu' && a === 0)
      notes.push(t("`nonlinearity` is `'leaky_relu'` by default; with `a = 0` its gain is √2, that of ReLU."));
    if (mode === 'fan_out')
      notes.push(t('`fan_out` keeps the variance of the gradient; the signal’s changes by fan-in/fan-out.'));
  }
  const std = distribution.std ?? 0;
  if (what.startsWith('trunc_normal') && typeof a === 'number' && typeof b === 'number' && std > 0) {
    const times = Math.min(Math.abs(a), Math.abs(b)) / std;
    notes.push(
      times > 5
        ? t('`a` and `b` are bounds on the values, not multiples of σ: at {0} σ nothing is cut.', formatNumber(times))
        : t('`a` and `b` are bounds on the values, not multiples of σ.'),
    );
  }
  return notes;
}
