import {
  CategoryScale,
  Chart,
  type ChartDataset,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  type Plugin,
  PointElement,
  Tooltip,
} from 'chart.js';
import { formatNumber } from '../src/protocol/numbers.js';
import { displayName } from '../src/protocol/words.js';
import { decadeLabel, decadesOf } from './logAxis.js';
import { type Row, seriesLabels, type SeriesName, seriesNames, seriesOf } from './series.js';
import { readTheme, type Theme } from './theme.js';

Chart.register(LineController, LineElement, PointElement, LogarithmicScale, LinearScale, CategoryScale, Tooltip);

type Line = ChartDataset<'line', (number | null)[]>;

/** Variance of signal and gradient, layer by layer. */
export class SignalChart {
  private readonly chart: Chart<'line', (number | null)[], string>;
  private theme: Theme = readTheme();
  private rows: readonly Row[] = [];
  private selected = -1;
  private readonly hidden = new Set<SeriesName>();

  constructor(
    private readonly canvas: HTMLCanvasElement,
    onPick: (row: Row) => void,
  ) {
    this.chart = new Chart(canvas, {
      type: 'line',
      data: { labels: [], datasets: [] },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        interaction: { mode: 'index', intersect: false },
        onClick: (_event, elements) => {
          const row = this.rows[elements[0]?.index ?? -1];
          if (row !== undefined) onPick(row);
        },
      },
      plugins: [this.healthyBand(), this.selectionLine()],
    });
  }

  show(rows: readonly Row[], description: string): void {
    this.rows = rows;
    this.canvas.setAttribute('aria-label', description);
    this.chart.data.labels = rows.map(({ layer }) => displayName(layer));
    this.draw();
  }

  select(row: number): void {
    this.selected = row;
    this.chart.draw();
  }

  toggle(series: SeriesName, visible: boolean): void {
    if (visible) this.hidden.delete(series);
    else this.hidden.add(series);
    this.draw();
  }

  refreshTheme(): void {
    this.theme = readTheme();
    this.draw();
  }

  get data(): { labels: readonly string[]; series: Record<SeriesName, readonly (number | null)[]> } {
    return { labels: this.chart.data.labels ?? [], series: seriesOf(this.rows) };
  }

  private draw(): void {
    const { chart, theme } = this;
    const series = seriesOf(this.rows);
    const dense = this.rows.length > 60;
    chart.data.datasets = seriesNames.map((name) => this.line(name, series[name], dense));
    const shown = seriesNames.filter((name) => !this.hidden.has(name)).flatMap((name) => series[name]);
    const { min, max, marks } = decadesOf(shown);
    const font = { family: theme.fontFamily, size: Math.max(10, theme.fontSize - 2) };
    chart.options.font = font;
    chart.options.color = theme.foreground;
    chart.options.scales = {
      x: {
        type: 'category',
        grid: { display: false },
        border: { color: theme.grid },
        ticks: {
          color: theme.muted,
          font,
          maxRotation: 50,
          autoSkipPadding: 10,
          callback: (value) => shorten(this.chart.data.labels?.[Number(value)] ?? ''),
        },
      },
      y: {
        type: 'logarithmic',
        min,
        max,
        grid: { color: theme.grid },
        border: { display: false },
        title: { display: true, text: 'variance', color: theme.muted, font },
        afterBuildTicks: (axis) => {
          axis.ticks = marks.map((exponent) => ({ value: 10 ** exponent }));
        },
        ticks: { color: theme.muted, font, autoSkip: false, callback: (value) => decadeLabel(Number(value)) },
      },
    };
    chart.options.plugins = {
      tooltip: {
        backgroundColor: theme.tooltipBackground,
        titleColor: theme.tooltipForeground,
        bodyColor: theme.tooltipForeground,
        borderColor: theme.tooltipBorder,
        borderWidth: 1,
        cornerRadius: 3,
        padding: 8,
        usePointStyle: true,
        titleFont: { ...font, weight: 'bold' },
        bodyFont: font,
        callbacks: {
          title: ([item]) => {
            const layer = this.rows[item?.dataIndex ?? -1]?.layer;
            return layer === undefined ? '' : `${displayName(layer)}  ${layer.type}`;
          },
          label: ({ dataset, parsed }) => ` ${dataset.label ?? ''}: ${formatNumber(parsed.y ?? NaN)}`,
        },
      },
    };
    chart.update('none');
  }

  private line(name: SeriesName, data: (number | null)[], dense: boolean): Line {
    const { theme } = this;
    const recommended = name.endsWith('Recommended');
    const color = name.startsWith('forward') ? theme.signal : theme.gradient;
    return {
      label: seriesLabels[name],
      data,
      hidden: this.hidden.has(name),
      borderColor: color,
      borderWidth: recommended ? 1.5 : 2,
      borderDash: recommended ? [5, 4] : [],
      pointStyle: name.startsWith('forward') ? 'circle' : 'triangle',
      pointBackgroundColor: recommended ? theme.background : color,
      pointBorderColor: color,
      // Marks stand where there are weights; the line goes through the activations too.
      pointRadius: this.rows.map(({ layer }) => (dense || layer.parameters.length === 0 ? 0 : recommended ? 3 : 3.5)),
      pointHoverRadius: 5,
      order: recommended ? 1 : 0,
      spanGaps: true,
    };
  }

  /** Shades variances between 0.1 and 10: neither vanishing nor exploding. */
  private healthyBand(): Plugin<'line'> {
    return {
      id: 'healthyBand',
      beforeDatasetsDraw: ({ ctx, chartArea, scales }) => {
        const y = scales['y'];
        if (y === undefined) return;
        const [top, bottom] = [y.getPixelForValue(10), y.getPixelForValue(0.1)];
        ctx.save();
        ctx.fillStyle = this.theme.healthy;
        ctx.fillRect(chartArea.left, top, chartArea.width, bottom - top);
        ctx.restore();
      },
    };
  }

  private selectionLine(): Plugin<'line'> {
    return {
      id: 'selectionLine',
      afterDatasetsDraw: ({ ctx, chartArea, scales }) => {
        const index = this.rows.findIndex((row) => row.index === this.selected);
        const x = scales['x']?.getPixelForValue(index);
        if (index < 0 || x === undefined) return;
        ctx.save();
        ctx.strokeStyle = this.theme.selection;
        ctx.lineWidth = 1;
        ctx.beginPath();
        ctx.moveTo(x, chartArea.top);
        ctx.lineTo(x, chartArea.bottom);
        ctx.stroke();
        ctx.restore();
      },
    };
  }
}

function shorten(name: string): string {
  return name.length > 18 ? `…${name.slice(-17)}` : name;
}
