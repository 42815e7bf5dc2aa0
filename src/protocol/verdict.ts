import type { LayerReport, Report } from '../core/model/index.js';
import { formatNumber, type NumberStyle } from './numbers.js';

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
  /** Gradient variance at the first weighted layer over that at the last, and per layer. */
  readonly gradient?: { readonly ratio: number; readonly perLayer: number; readonly depth: number } | undefined;
}

export function verdict(report: Report, style: NumberStyle = {}): Verdict {
  const weighted = report.layers.filter((layer) => carriesWeights(layer, report));
  if (weighted.length === 0) {
    return {
      tone: 'unknown',
      text:
        report.layers.length === 0 ? 'The forward pass could not be followed.' : 'No layer with weights is reached.',
    };
  }
  const now = flowOf(weighted, (layer) => layer);
  if (now.signal === undefined)
    return { tone: 'unknown', text: 'The signal could not be followed through the layers.' };
  const text = [describeSignal(now, style), describeGradient(now, style)].filter((part) => part !== '').join('; ');
  const tone = worse(toneOf(now.signal.ratio), now.gradient === undefined ? 'good' : toneOf(now.gradient.ratio));
  const fixed = flowOf(weighted, (layer) => layer.withRecommended ?? {});
  return { tone, text: `${text}.`, remedy: tone === 'good' ? undefined : describeRemedy(now, fixed, style) };
}

/** Whether the layer has a weight matrix or kernel (a normalization's scale is not one). */
function carriesWeights(layer: LayerReport, report: Report): boolean {
  return layer.parameters.some((id) => (report.parameters[id]?.shape.length ?? 0) > 1);
}

type Moments = Pick<LayerReport, 'forward' | 'backward'>;

function flowOf(layers: readonly LayerReport[], pick: (layer: LayerReport) => Partial<Moments>): Flow {
  const first = layers[0];
  const forward = layers.flatMap((layer, i) => {
    const moments = pick(layer).forward;
    return moments === undefined ? [] : [{ layer, ordinal: i + 1, variance: moments.preVariance ?? moments.variance }];
  });
  const last = forward.at(-1);
  // Inputs have variance 1; an embedding makes its own signal, so the rest is measured against that.
  const reference = first !== undefined && /embedding/i.test(first.type) ? (forward[0]?.variance ?? 1) : 1;
  const signal = last && { ratio: last.variance / reference, layer: last.layer.name, ordinal: last.ordinal };
  const backward = layers.flatMap((layer) => pick(layer).backward?.variance ?? []);
  const [g1, gn] = [backward[0], backward.at(-1)];
  const depth = backward.length;
  const gradient =
    depth > 1 && g1 !== undefined && gn !== undefined && gn > 0
      ? { ratio: g1 / gn, perLayer: (g1 / gn) ** (1 / (depth - 1)), depth }
      : undefined;
  return { signal, gradient };
}

function toneOf(ratio: number): Verdict['tone'] {
  const decades = Math.abs(Math.log10(ratio));
  return !(decades < 3) ? 'bad' : decades > 1 ? 'poor' : 'good';
}

function worse(a: Verdict['tone'], b: Verdict['tone']): Verdict['tone'] {
  return a === 'bad' || b === 'bad' ? 'bad' : a === 'poor' || b === 'poor' ? 'poor' : 'good';
}

function describeSignal({ signal }: Flow, style: NumberStyle): string {
  if (signal === undefined) return '';
  const { ratio, layer, ordinal } = signal;
  const where = ordinal > 1 ? ` by layer ${ordinal} (${layer})` : ` after ${layer}`;
  if (ratio === 0) return `Signal dies${where}`;
  if (ratio < 0.1) return `Signal falls to ${formatNumber(ratio, { digits: 2, ...style })} of the input’s${where}`;
  if (ratio > 10) return `Signal grows to ${formatNumber(ratio, { digits: 2, ...style })} times the input’s${where}`;
  return `Signal holds at ${formatNumber(ratio, style)} of the input’s${where}`;
}

function describeGradient({ gradient }: Flow, style: NumberStyle): string {
  if (gradient === undefined) return '';
  const { ratio, perLayer, depth } = gradient;
  if (ratio === 0) return 'no gradient reaches the first layer';
  if (ratio >= 0.1 && ratio <= 10) return `gradient holds (×${formatNumber(ratio, style)} from last layer to first)`;
  const falls = ratio < 1;
  const factor = falls ? 1 / perLayer : perLayer;
  const total = `×${formatNumber(ratio, { digits: 2, ...style })} from last layer to first`;
  const word = falls ? 'falls' : 'grows';
  return depth < 6
    ? `gradient ${word} (${total})`
    : `gradient ${word} ${formatNumber(factor, { digits: 2, ...style })}× a layer (${total})`;
}

function describeRemedy(now: Flow, fixed: Flow, style: NumberStyle): string | undefined {
  if (fixed.signal === undefined) return undefined;
  const decades = (flow: Flow): number =>
    Math.abs(Math.log10(flow.signal?.ratio ?? 1)) + Math.abs(Math.log10(flow.gradient?.ratio ?? 1));
  if (!(decades(fixed) < decades(now) - 0.3)) return undefined;
  const gradient =
    fixed.gradient === undefined
      ? ''
      : `, gradient ×${formatNumber(fixed.gradient.ratio, style)} from last layer to first`;
  return `With the recommended inits: signal ×${formatNumber(fixed.signal.ratio, style)}${gradient}.`;
}
