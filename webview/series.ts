import type { LayerReport, Report } from '../src/protocol/model.js';
import { isMainStep, layerParameters } from '../src/protocol/words.js';

/** What the chart and the table show of one layer. */
export interface Row {
  /** Index into the report's layers. */
  readonly index: number;
  readonly layer: LayerReport;
}

export function rowsOf(report: Report, allSteps: boolean): Row[] {
  const rows = report.layers.map((layer, index) => ({ index, layer }));
  const main = rows.filter(({ layer }) => isMainStep(layer));
  return allSteps || main.length === 0 ? rows : main;
}

export const seriesNames = ['forward', 'gradient', 'forwardRecommended', 'gradientRecommended'] as const;
export type SeriesName = (typeof seriesNames)[number];

export const seriesLabels: Readonly<Record<SeriesName, string>> = {
  forward: 'Signal',
  gradient: 'Gradient',
  forwardRecommended: 'Signal, recommended',
  gradientRecommended: 'Gradient, recommended',
};

/** A value that a logarithmic axis can show, or a gap. */
function drawable(x: number | undefined): number | null {
  return x !== undefined && Number.isFinite(x) && x > 0 ? x : null;
}

export function seriesOf(rows: readonly Row[]): Record<SeriesName, (number | null)[]> {
  return {
    forward: rows.map(({ layer }) => drawable(layer.forward?.variance)),
    gradient: rows.map(({ layer }) => drawable(layer.backward?.variance)),
    forwardRecommended: rows.map(({ layer }) => drawable(layer.withRecommended?.forward?.variance)),
    gradientRecommended: rows.map(({ layer }) => drawable(layer.withRecommended?.backward?.variance)),
  };
}

export function parameterCount(report: Report): number | undefined {
  let count = 0;
  for (const { shape } of report.parameters) {
    const size = shape.reduce<number>((n, d) => n * (typeof d === 'number' ? d : NaN), 1);
    if (Number.isNaN(size)) return undefined;
    count += size;
  }
  return count;
}

export { layerParameters };
