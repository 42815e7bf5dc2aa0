import type { LayerReport, Report } from '../../src/protocol/model.js';
import { formatCount, formatNumber, formatShape } from '../../src/protocol/numbers.js';
import {
  describeDistribution,
  describeSetBy,
  forwardGain,
  layerParameters,
  lineText,
} from '../../src/protocol/words.js';
import { t } from '../../src/protocol/l10n.js';

/** Layers whose output is not the pre-activation yet, but what the activation gets is theirs, scaled. */
const NORM = /norm/i;

/** The activation that a layer's output goes into, and the layer whose output that activation gets. */
export interface Activated {
  readonly activation: number;
  /** Index of the layer that puts out the pre-activations; the activation's own index where it carries itself. */
  readonly before: number;
}

export function activationOf(report: Report, index: number): Activated | undefined {
  const layer = report.layers[index];
  if (layer === undefined) return undefined;
  if (layer.curve !== undefined) {
    const before = layer.fedBy?.[0];
    return layer.parameters.length === 0 && before !== undefined ? { activation: index, before } : undefined;
  }
  let at = index;
  for (let i = 0; i < 3; i++) {
    const next = report.layers.findIndex(({ fedBy }) => fedBy?.length === 1 && fedBy[0] === at);
    const found = report.layers[next];
    if (found === undefined) return undefined;
    if (found.curve !== undefined) return { activation: next, before: at };
    if (!NORM.test(found.type)) return undefined;
    at = next;
  }
  return undefined;
}

export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** The layer in numbers. */
export function factsOf(report: Report, index: number, finite: Report | undefined): Fact[] {
  const layer = report.layers[index];
  if (layer === undefined) return [];
  const { weight } = layerParameters(layer, report);
  const measured = finite?.layers[index];
  const activated = activationOf(report, index);
  const activation = activated && finite?.layers[activated.activation]?.finite;
  const facts: (Fact | undefined)[] = [
    { name: t('Output'), value: formatShape(layer.outputShape) },
    weight && { name: t('Weight'), value: formatShape(weight.shape) },
    weight?.fanIn === undefined
      ? undefined
      : { name: t('Fan in / out'), value: `${formatCount(weight.fanIn)} / ${formatCount(weight.fanOut ?? NaN)}` },
    weight && {
      name: t('Starts as'),
      value: `${describeDistribution(weight.distribution)}, ${describeSetBy(weight, report)}${weight.setBy.range === undefined ? '' : `, ${lineText(weight.setBy.range, report.file)}`}`,
    },
    numberFact(t('Mean of the output'), (measured ?? layer).forward?.mean),
    bandFact(t('Variance of the output'), layer.forward?.variance, measured?.finite?.forwardVariance),
    bandFact(t('Variance of the gradient'), layer.backward?.variance, measured?.finite?.backwardVariance),
    bandFact(t('Weight gradient / weight'), undefined, ratioOf(finite, index)),
    shareFact(t('Saturated inputs of the activation'), activation?.saturated),
    shareFact(t('Dead units'), activation?.dead),
    numberFact(t('Correlation of two inputs'), measured?.finite?.correlation),
    numberFact(t('Directions that inputs spread over'), measured?.finite?.effectiveRank),
  ];
  return facts.filter((fact) => fact !== undefined);
}

function ratioOf(finite: Report | undefined, index: number) {
  const layer = finite?.layers[index];
  return finite === undefined || layer === undefined
    ? undefined
    : layerParameters(layer, finite).weight?.gradient?.ratio;
}

function numberFact(name: string, x: number | undefined): Fact | undefined {
  return x === undefined ? undefined : { name, value: formatNumber(x) };
}

function shareFact(name: string, x: number | undefined): Fact | undefined {
  return x === undefined ? undefined : { name, value: `${formatNumber(100 * x)} %` };
}

function bandFact(
  name: string,
  moments: number | undefined,
  band: { readonly low: number; readonly median: number; readonly high: number } | undefined,
): Fact | undefined {
  if (band === undefined) return numberFact(name, moments);
  const draws = t('{0} ({1} to {2})', formatNumber(band.median), formatNumber(band.low), formatNumber(band.high));
  return { name, value: moments === undefined ? draws : t('{0}; infinite width {1}', draws, formatNumber(moments)) };
}

/** The rule with this layer's own values: what its weights make of what comes in, and what σ would keep it. */
export function formulasOf(report: Report, index: number): string[] {
  const layer = report.layers[index];
  if (layer === undefined) return [];
  const { weight, bias } = layerParameters(layer, report);
  return [...gainFormula(report, layer, weight, bias), ...sigmaFormula(layer, weight)];
}

type Weight = ReturnType<typeof layerParameters>['weight'];

function gainFormula(report: Report, layer: LayerReport, weight: Weight, bias: Weight): string[] {
  const gain = forwardGain(weight, layer.type);
  const feeder = report.layers[layer.fedBy?.[0] ?? -1]?.forward;
  if (gain === undefined || weight?.fanIn === undefined || weight.distribution.std === undefined) return [];
  const n = formatNumber;
  const product = `${t('fan-in')} · Var(W) = ${formatCount(weight.fanIn)} · ${n(weight.distribution.std)}² = ${n(gain)}`;
  // Only where nothing but this layer stands between is the input's second moment known.
  const second = layer.fedBy === undefined ? 1 : feeder && feeder.variance + feeder.mean ** 2;
  if (second === undefined || layer.fedBy?.length !== (layer.fedBy === undefined ? undefined : 1)) return [product];
  const b = bias?.distribution.std;
  const biasPart = b === undefined || b === 0 ? '' : ` + ${n(b ** 2)}`;
  const total = gain * second + (b ?? 0) ** 2;
  return [
    product,
    `Var(z) = ${t('fan-in')} · Var(W) · E[x²]${biasPart === '' ? '' : ' + Var(b)'} = ${n(gain)} · ${n(second)}${biasPart} = ${n(total)}`,
  ];
}

function sigmaFormula({ recommended: r }: LayerReport, weight: Weight): string[] {
  if (r?.gain === undefined) return [];
  const g = Math.abs(r.gain - Math.SQRT2) < 1e-6 ? '√2' : formatNumber(r.gain);
  if (r.std === undefined) return r.symbolic === undefined ? [] : [`σ = g / √${t('fan-in')} = ${r.symbolic}`];
  // A grouped or transposed convolution sums other entries than the framework's fan counts.
  const fan = (r.gain / r.std) ** 2;
  const text = Math.abs(fan - Math.round(fan)) < 1e-6 * fan ? formatCount(Math.round(fan)) : formatNumber(fan);
  const now = weight?.distribution.std;
  return [
    `σ = g / √${t('fan-in')} = ${g} / √${text} = ${formatNumber(r.std)}${now === undefined ? '' : `; ${t('now')} ${formatNumber(now)}`}`,
  ];
}
