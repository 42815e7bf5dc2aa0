import {
  Chart,
  type ChartConfiguration,
  type ChartDataset,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  type Scale,
} from 'chart.js';
import { t } from '../../src/protocol/l10n.js';
import type { Row } from '../rows.js';
import { type Theme, withAlpha } from '../theme.js';
import type { Curve, Point } from './curves.js';
import { decadeLabel, type Decades } from './logAxis.js';
import type { Picture } from './picture.js';
import type { Window } from './viewport.js';
import { pluginsFor } from './plugins.js';
import { colorOf, marks, strokeOf } from './style.js';

Chart.register(LineController, LineElement, PointElement, LogarithmicScale, LinearScale);

export type LineChart = Chart<'line', Point[]>;
type Configuration = ChartConfiguration<'line', Point[]>;

/** Chart.js's view of a picture; the same for the page, a PNG and an SVG. */
export function configurationOf(picture: () => Picture): Configuration {
  return {
    type: 'line',
    data: { datasets: datasetsOf(picture()) },
    options: optionsOf(picture()),
    plugins: pluginsFor(picture),
  };
}

type Dataset = ChartDataset<'line', Point[]>;

export function datasetsOf({ curves, hidden, theme, window }: Picture): Dataset[] {
  return curves
    .filter(({ quantity }) => !hidden.has(quantity))
    .map((curve) => datasetOf(curve, theme, isDense(window)));
}

/** Where marks of neighbouring rows would run into each other. */
function isDense({ from, to }: Window): boolean {
  return to - from > 70;
}

function datasetOf(curve: Curve, theme: Theme, isSparse: boolean): Dataset {
  const { width, dash, opacity, radius, isHollow } = strokeOf(curve);
  const color = withAlpha(colorOf(theme, curve.quantity), opacity);
  return {
    label: labelOf(curve),
    data: [...curve.points],
    parsing: false,
    borderColor: color,
    borderWidth: width,
    borderDash: [...dash],
    pointStyle: marks[curve.quantity],
    pointBackgroundColor: isHollow ? theme.background : color,
    pointBorderColor: color,
    pointBorderWidth: 1,
    pointRadius: isSparse ? sparse(curve, radius) : radius,
    pointHitRadius: 0,
    spanGaps: false,
    clip: 4,
  };
}

/** Says whose line it is and of what, and so how it looks. */
function labelOf({ quantity, role, isBranch }: Curve): string {
  return `${quantity} ${role}${isBranch ? ' branch' : ''}`;
}

/**
 * Other numbers along the same lines, in place: Chart.js keeps what it knows of datasets, options and labels. The places
 * of the lines that have changed; `undefined` where the lines themselves, or what they are drawn in, are others.
 */
export function refill(chart: LineChart, before: Picture, after: Picture): number[] | undefined {
  const { datasets } = chart.data;
  if (before.rows !== after.rows || before.theme !== after.theme || before.window !== after.window) return undefined;
  const curves = after.curves.filter(({ quantity }) => !after.hidden.has(quantity));
  if (curves.length !== datasets.length) return undefined;
  if (!curves.every((curve, i) => labelOf(curve) === datasets[i]?.label)) return undefined;
  const known = new Set(before.curves);
  const changed: number[] = [];
  curves.forEach((curve, i) => {
    const dataset = datasets[i];
    if (dataset === undefined || known.has(curve)) return;
    const { data, pointRadius } = datasetOf(curve, after.theme, isDense(after.window));
    Object.assign(dataset, { data, pointRadius });
    changed.push(i);
  });
  Object.assign(chart.options.scales?.['y'] ?? {}, decades(after.domain));
  return changed;
}

export function haveSameDecades({ domain: a }: Picture, { domain: b }: Picture): boolean {
  return a.min === b.min && a.max === b.max;
}

/** What the axis of variances spans, and where it has marks. */
function decades({ min, max, marks: exponents }: Decades) {
  return {
    min,
    max,
    afterBuildTicks: (axis: Scale) => {
      axis.ticks = exponents.map((exponent) => ({ value: 10 ** exponent }));
    },
  };
}

/** In a long model a mark here and there tells the lines apart. */
function sparse({ points }: Curve, radius: number): (context: { readonly dataIndex: number }) => number {
  const step = Math.ceil(points.length / 24);
  return ({ dataIndex }) => (dataIndex % step === Math.floor(step / 2) ? radius : 0);
}

export function optionsOf({ rows, window, domain, theme }: Picture): NonNullable<Configuration['options']> {
  const font = { family: theme.fontFamily, size: Math.max(10, theme.fontSize - 2) };
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    events: [],
    font,
    color: theme.foreground,
    layout: { padding: { top: 4, right: 6 } },
    scales: {
      x: {
        type: 'linear',
        min: window.from - 0.5,
        max: window.to + 0.5,
        grid: { display: false },
        border: { color: theme.grid },
        afterBuildTicks: (axis) => {
          axis.ticks = ticksBetween(window.from, window.to, axis.chart.width / labelWidth(rows, window));
        },
        ticks: {
          color: theme.muted,
          font,
          autoSkip: false,
          minRotation: 0,
          maxRotation: 50,
          callback: (value) => shorten(rows[Number(value)]),
        },
      },
      y: {
        type: 'logarithmic',
        ...decades(domain),
        grid: { color: theme.grid },
        border: { display: false },
        title: { display: true, text: t('variance'), color: theme.muted, font },
        ticks: { color: theme.muted, font, autoSkip: false, callback: (value) => decadeLabel(Number(value)) },
      },
    },
  };
}

function ticksBetween(from: number, to: number, most: number): { value: number }[] {
  const step = Math.max(1, Math.ceil((to - from + 1) / Math.max(2, most)));
  const ticks: { value: number }[] = [];
  for (let value = from; value <= to; value += step) ticks.push({ value });
  return ticks;
}

/** Pixels that short labels need side by side; longer ones are turned. */
function labelWidth(rows: readonly Row[], { from, to }: Window): number {
  const longest = Math.max(...rows.slice(from, to + 1).map(({ label }) => label.length));
  return Math.min(60, Math.max(44, 7 * longest + 12));
}

function shorten(row: Row | undefined): string {
  const label = row?.label ?? '';
  return label.length > 16 ? `…${label.slice(-15)}` : label;
}
