import {
  Chart,
  type ChartConfiguration,
  type ChartDataset,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
} from 'chart.js';
import { t } from '../../src/protocol/l10n.js';
import type { Row } from '../rows.js';
import { withAlpha } from '../theme.js';
import type { Curve, Point } from './curves.js';
import { decadeLabel } from './logAxis.js';
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

export function datasetsOf({ curves, hidden, theme, window }: Picture): ChartDataset<'line', Point[]>[] {
  const isDense = window.to - window.from > 70;
  return curves
    .filter(({ quantity }) => !hidden.has(quantity))
    .map((curve): ChartDataset<'line', Point[]> => {
      const { width, dash, opacity, radius, isHollow } = strokeOf(curve);
      const color = withAlpha(colorOf(theme, curve.quantity), opacity);
      return {
        label: `${curve.quantity} ${curve.role}`,
        data: [...curve.points],
        parsing: false,
        borderColor: color,
        borderWidth: width,
        borderDash: [...dash],
        pointStyle: marks[curve.quantity],
        pointBackgroundColor: isHollow ? theme.background : color,
        pointBorderColor: color,
        pointBorderWidth: 1,
        pointRadius: isDense ? sparse(curve, radius) : radius,
        pointHitRadius: 0,
        spanGaps: false,
        clip: 4,
      };
    });
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
        min: domain.min,
        max: domain.max,
        grid: { color: theme.grid },
        border: { display: false },
        title: { display: true, text: t('variance'), color: theme.muted, font },
        afterBuildTicks: (axis) => {
          axis.ticks = domain.marks.map((exponent) => ({ value: 10 ** exponent }));
        },
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
