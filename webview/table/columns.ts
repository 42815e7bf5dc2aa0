import type { LayerReport, Report } from '../../src/protocol/model.js';
import { formatCount, formatNumber, formatShape } from '../../src/protocol/numbers.js';
import {
  describeDistribution,
  describeRecommendation,
  describeSetBy,
  layerParameters,
  unknownReason,
  shortLine,
} from '../../src/protocol/words.js';
import { layersFor } from '../chart/curves.js';
import { t } from '../../src/protocol/l10n.js';
import type { Row } from '../rows.js';

/** A row of the table with what its cells are made of. */
export interface Line {
  readonly row: Row;
  readonly layer: LayerReport;
  readonly report: Report;
  /** By draws at finite width, where there were any. */
  readonly finite: Report | undefined;
  readonly drawn: LayerReport | undefined;
  readonly compared: Pick<LayerReport, 'forward' | 'backward'> | undefined;
}

export interface Column {
  readonly id: string;
  readonly title: () => string;
  readonly hint?: () => string;
  readonly class?: string;
  readonly text: (line: Line) => string;
  /** What the column is sorted by: numbers by size, texts by the alphabet; unknown comes last. */
  readonly key: (line: Line) => number | string | undefined;
}

export function linesOf(
  rows: readonly Row[],
  report: Report,
  finite: Report | undefined,
  compared: Report | 'recommended' | undefined,
): Line[] {
  const drawn = finite && layersFor(rows, finite);
  const other = typeof compared === 'object' ? layersFor(rows, compared) : undefined;
  return rows.map((row) => ({
    row,
    layer: row.layer,
    report,
    finite,
    drawn: drawn?.(row),
    compared: compared === 'recommended' ? row.layer.withRecommended : other?.(row),
  }));
}

const weightOf = ({ layer, report }: Line) => layerParameters(layer, report).weight;
const size = (shape: readonly (number | string)[] | undefined): number | undefined =>
  shape?.reduce<number>((n, d) => n * (typeof d === 'number' ? d : NaN), 1);

function number(
  id: string,
  title: () => string,
  hint: () => string,
  key: (line: Line) => number | undefined,
  more = '',
): Column {
  const text = (line: Line): string => {
    const x = key(line);
    return x === undefined ? '–' : formatNumber(x);
  };
  return { id, title, hint, class: `number${more}`, text, key };
}

/** The variance that the chart draws: the draws' median, or what moments say. */
export const forwardOf = ({ layer, drawn }: Line): number | undefined =>
  drawn?.finite?.forwardVariance.median ?? layer.forward?.variance;
export const gradientOf = ({ layer, drawn }: Line): number | undefined =>
  drawn?.finite?.backwardVariance?.median ?? layer.backward?.variance;

export const columns: readonly Column[] = [
  { id: 'layer', title: () => t('Layer'), class: 'name', text: ({ row }) => row.label, key: ({ row }) => row.index },
  { id: 'type', title: () => t('Type'), text: ({ layer }) => layer.type, key: ({ layer }) => layer.type },
  {
    id: 'shape',
    title: () => t('Output'),
    hint: () => t('Shape of the output'),
    class: 'wide',
    text: ({ layer }) => formatShape(layer.outputShape),
    key: ({ layer }) => size(layer.outputShape),
  },
  {
    id: 'weight',
    title: () => t('Weight'),
    hint: () => t('Shape of the weight tensor'),
    class: 'wide',
    text: (line) => {
      const weight = weightOf(line);
      return weight === undefined ? '' : formatShape(weight.shape);
    },
    key: (line) => size(weightOf(line)?.shape),
  },
  {
    id: 'fans',
    title: () => t('Fan in / out'),
    hint: () => t('Inputs and outputs that one unit is connected to'),
    class: 'wide number',
    text: (line) => {
      const weight = weightOf(line);
      return weight?.fanIn === undefined ? '' : `${formatCount(weight.fanIn)} / ${formatCount(weight.fanOut ?? NaN)}`;
    },
    key: (line) => weightOf(line)?.fanIn,
  },
  {
    id: 'init',
    title: () => t('Starts as'),
    hint: () => t('Distribution of the weight at initialization, and who set it'),
    text: (line) => {
      const weight = weightOf(line);
      if (weight === undefined) return '';
      const by = weight.setBy.range === undefined ? t('default') : shortLine(weight.setBy.range, line.report.file);
      return `${describeDistribution(weight.distribution)} ${by}`;
    },
    key: (line) => {
      const weight = weightOf(line);
      return weight && `${describeSetBy(weight, line.report)} ${describeDistribution(weight.distribution)}`;
    },
  },
  {
    ...number(
      'sigma',
      () => 'σ',
      () => t('Standard deviation of one weight'),
      (line) => weightOf(line)?.distribution.std,
      ' wide',
    ),
    text: (line) => {
      const std = weightOf(line)?.distribution.std;
      return std === undefined ? '' : formatNumber(std);
    },
  },
  number(
    'forward',
    () => t('Var signal'),
    () => t('Variance of the layer’s output'),
    forwardOf,
  ),
  number(
    'gradient',
    () => t('Var gradient'),
    () => t('Variance of the loss’s gradient at the layer’s output'),
    gradientOf,
  ),
  number(
    'ratio',
    () => t('Grad / weight'),
    () => t('Size of the weight’s gradient over that of the weight'),
    ({ drawn, finite }) => drawn && finite && layerParameters(drawn, finite).weight?.gradient?.ratio?.median,
    ' wide',
  ),
  number(
    'comparedForward',
    () => t('Signal, compared'),
    () => t('Variance of the output in the compared model'),
    ({ compared }) => compared?.forward?.variance,
    ' wide',
  ),
  number(
    'comparedGradient',
    () => t('Gradient, compared'),
    () => t('Variance of the gradient in the compared model'),
    ({ compared }) => compared?.backward?.variance,
    ' wide',
  ),
  {
    id: 'recommended',
    title: () => t('Recommended'),
    text: ({ layer, report }) => {
      const { recommended: r } = layer;
      if (r === undefined) return unknownReason(layer, report.file) ?? '';
      if (r.satisfied) return `✓ ${t('fits')}`;
      const sigma =
        r.std !== undefined ? `, σ ${formatNumber(r.std)}` : r.symbolic !== undefined ? `, σ ${r.symbolic}` : '';
      return `${describeRecommendation(r)}${sigma}`;
    },
    key: ({ layer: { recommended: r } }) => (r === undefined ? undefined : r.satisfied ? '~' : r.init),
  },
];
