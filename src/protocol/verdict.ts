import type { LayerReport, Report } from '../core/model/index.js';
import { t } from './l10n.js';
import { formatNumber, type NumberStyle } from './numbers.js';
import { displayName } from './words.js';

/** One line in words and numbers about a whole model. */
export interface Verdict {
  readonly tone: 'good' | 'poor' | 'bad' | 'unknown';
  readonly text: string;
  /** What the recommended inits would make of it; absent when there is nothing to gain. */
  readonly remedy?: string | undefined;
}

interface Flow {
  /** Variance at the last weighted layer over that of the input. */
  readonly signal?: { readonly ratio: number; readonly layer: string; readonly ordinal: number } | undefined;
  /**
   * Squared norm of the gradient at the first weighted layer over that at the last, and per layer. The norm, not the
   * variance: a layer with more outputs has the same gradient spread over more entries, and loses nothing by that.
   */
  readonly gradient?: { readonly ratio: number; readonly perLayer: number; readonly depth: number } | undefined;
}

export function verdict(report: Report, style: NumberStyle = {}): Verdict {
  const all = report.layers.filter((layer) => carriesWeights(layer, report));
  const { weighted, zeros } = splitZeros(all, report);
  if (weighted.length === 0) {
    return {
      tone: 'unknown',
      text:
        report.layers.length === 0
          ? t('The forward pass could not be followed.')
          : t('No layer with weights is reached.'),
    };
  }
  const now = flowOf(weighted, (layer) => layer, zeros.length > 0);
  if (now.signal === undefined)
    return { tone: 'unknown', text: t('The signal could not be followed through the layers.') };
  const fixed = flowOf(weighted, (layer) => layer.withRecommended ?? {}, zeros.length > 0);
  const remedy = describeRemedy(now, fixed, style);
  const tone = toneOf(now, remedy !== undefined);
  const text = [describeSignal(now, tone, style), describeGradient(now, tone, style), describeZeros(zeros)]
    .filter((part) => part !== '')
    .join('; ');
  return { tone, text: `${text}.`, remedy: tone === 'good' ? undefined : remedy };
}

/** `50 layers · signal ×0.98 · gradient ×1.1`: the verdict where there is room for numbers only. */
export function summaryLine(report: Report): string {
  const all = report.layers.filter((layer) => carriesWeights(layer, report));
  if (all.length === 0) return report.layers.length === 0 ? t('forward not followed') : t('no layer with weights');
  const { weighted, zeros } = splitZeros(all, report);
  const { signal, gradient } = flowOf(weighted, (layer) => layer, zeros.length > 0);
  const times = (ratio: number): string => `×${formatNumber(ratio, { digits: 2 })}`;
  return [
    all.length === 1 ? t('1 layer') : t('{0} layers', all.length),
    signal === undefined ? t('signal not known') : t('signal {0}', times(signal.ratio)),
    ...(gradient === undefined ? [] : [t('gradient {0}', times(gradient.ratio))]),
  ].join(' · ');
}

/** A head or the end of a residual branch that starts at zero on purpose holds back nothing that matters. */
function splitZeros(all: readonly LayerReport[], report: Report) {
  const zeros = all.filter((layer) => startsAtZero(layer, report));
  return { zeros, weighted: zeros.length < all.length ? all.filter((layer) => !zeros.includes(layer)) : all };
}

/** Whether the layer has a weight matrix or kernel (a normalization's scale is not one). */
function carriesWeights(layer: LayerReport, report: Report): boolean {
  return layer.parameters.some((id) => (report.parameters[id]?.shape.length ?? 0) > 1);
}

function startsAtZero(layer: LayerReport, report: Report): boolean {
  const weight = layer.parameters.map((id) => report.parameters[id]).find((p) => (p?.shape.length ?? 0) > 1);
  const d = weight?.distribution;
  return d?.kind === 'constant' && d.mean === 0 && layer.recommended?.satisfied === true;
}

type Moments = Pick<LayerReport, 'forward' | 'backward'>;

/** `held`: layers that start at zero may let no gradient through, which then says nothing. */
function flowOf(layers: readonly LayerReport[], pick: (layer: LayerReport) => Partial<Moments>, held: boolean): Flow {
  const first = layers[0];
  const forward = layers.flatMap((layer, i) => {
    const moments = pick(layer).forward;
    return moments === undefined ? [] : [{ layer, ordinal: i + 1, variance: moments.preVariance ?? moments.variance }];
  });
  const last = forward.at(-1);
  // Inputs have variance 1; an embedding makes its own signal, so the rest is measured against that.
  const reference = first !== undefined && /embedding/i.test(first.type) ? (forward[0]?.variance ?? 1) : 1;
  const signal = last && { ratio: last.variance / reference, layer: displayName(last.layer), ordinal: last.ordinal };
  const backward = layers.flatMap((layer) => {
    const variance = pick(layer).backward?.variance;
    return variance === undefined ? [] : [variance * entries(layer.outputShape)];
  });
  const [g1, gn] = [backward[0], backward.at(-1)];
  const depth = backward.length;
  const gradient =
    depth > 1 && g1 !== undefined && gn !== undefined && gn > 0 && !(held && g1 === 0)
      ? { ratio: g1 / gn, perLayer: (g1 / gn) ** (1 / (depth - 1)), depth }
      : undefined;
  return { signal, gradient };
}

/** Number of entries; where a size is not known, 1, so that variances are compared. */
function entries(shape: LayerReport['outputShape']): number {
  return shape.reduce<number>((n, size) => (typeof size === 'number' ? n * size : NaN), 1) || 1;
}

/** How many powers of ten signal and gradient are off. */
function decades({ signal, gradient }: Flow): { readonly worst: number; readonly sum: number } {
  const off = [signal?.ratio ?? 1, gradient?.ratio ?? 1].map((ratio) => Math.abs(Math.log10(ratio)));
  return { worst: Math.max(...off), sum: off.reduce((a, b) => a + b, 0) };
}

/**
 * Three powers of ten are bad whatever the cause. One is worth a word only when another init would help: pooling and
 * narrow heads take as much by themselves.
 */
function toneOf(flow: Flow, remediable: boolean): Verdict['tone'] {
  const { worst } = decades(flow);
  if (!(worst < 3)) return 'bad';
  return worst > 1 && remediable ? 'poor' : 'good';
}

function describeSignal({ signal }: Flow, tone: Verdict['tone'], style: NumberStyle): string {
  if (signal === undefined) return '';
  const { ratio, layer, ordinal } = signal;
  const where = ordinal > 1 ? t('by layer {0} ({1})', ordinal, layer) : t('after {0}', layer);
  if (ratio === 0) return t('Signal dies {0}', where);
  const n = formatNumber(ratio, style);
  const times = ratio < 1 ? t('{0} of the input’s', n) : t('{0} times the input’s', n);
  const two = formatNumber(ratio, { digits: 2, ...style });
  if (tone === 'good')
    return ratio > 0.1 && ratio < 10
      ? t('Signal holds at {0} {1}', times, where)
      : t('Signal arrives at {0} {1}', times, where);
  if (ratio < 0.1) return t('Signal falls to {0} of the input’s {1}', two, where);
  if (ratio > 10) return t('Signal grows to {0} times the input’s {1}', two, where);
  return t('Signal holds at {0} {1}', times, where);
}

function describeGradient({ gradient }: Flow, tone: Verdict['tone'], style: NumberStyle): string {
  if (gradient === undefined) return '';
  const { ratio, perLayer, depth } = gradient;
  if (ratio === 0) return t('no gradient reaches the first layer');
  const n = formatNumber(ratio, style);
  if (ratio >= 0.1 && ratio <= 10) return t('gradient holds (×{0} from last layer to first)', n);
  if (tone === 'good') return t('gradient ×{0} from last layer to first', n);
  const total = formatNumber(ratio, { digits: 2, ...style });
  const factor = formatNumber(ratio < 1 ? 1 / perLayer : perLayer, { digits: 2, ...style });
  if (depth < 6)
    return ratio < 1
      ? t('gradient falls (×{0} from last layer to first)', total)
      : t('gradient grows (×{0} from last layer to first)', total);
  return ratio < 1
    ? t('gradient falls {0}× a layer (×{1} from last layer to first)', factor, total)
    : t('gradient grows {0}× a layer (×{1} from last layer to first)', factor, total);
}

function describeZeros(zeros: readonly LayerReport[]): string {
  const [first, ...more] = zeros;
  if (first === undefined) return '';
  const name = displayName(first);
  return more.length === 0
    ? t('{0} starts at zero, so what feeds only into it gets its gradient from the second step on', name)
    : t(
        '{0} and {1} more start at zero, so what feeds only into them gets its gradient from the second step on',
        name,
        more.length,
      );
}

function describeRemedy(now: Flow, fixed: Flow, style: NumberStyle): string | undefined {
  if (fixed.signal === undefined) return undefined;
  if (!(decades(fixed).sum < decades(now).sum - 0.3)) return undefined;
  const signal = formatNumber(fixed.signal.ratio, style);
  return fixed.gradient === undefined
    ? t('With the recommended inits: signal ×{0}.', signal)
    : t(
        'With the recommended inits: signal ×{0}, gradient ×{1} from last layer to first.',
        signal,
        formatNumber(fixed.gradient.ratio, style),
      );
}
