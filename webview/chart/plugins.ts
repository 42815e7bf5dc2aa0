import type { Chart, ChartArea, Plugin } from 'chart.js';
import { withAlpha } from '../theme.js';
import type { Picture } from './picture.js';
import { colorOf } from './style.js';
import { crossings, FLOAT_LIMITS } from './floats.js';
import { t } from '../../src/protocol/l10n.js';

type Context = CanvasRenderingContext2D;

/** What Chart.js does not draw: the healthy range, spreads, limits of number formats, the selection. */
export function pluginsFor(picture: () => Picture): Plugin<'line'>[] {
  return [
    {
      id: 'below',
      beforeDatasetsDraw: (chart) => {
        within(chart, (ctx, area) => {
          healthyRange(chart, ctx, area, picture());
          spreads(chart, ctx, picture());
        });
      },
    },
    {
      id: 'above',
      afterDatasetsDraw: (chart) => {
        within(chart, (ctx, area) => {
          limits(chart, ctx, area, picture());
          selection(chart, ctx, area, picture());
        });
      },
    },
  ];
}

function within(chart: Chart, draw: (ctx: Context, area: ChartArea) => void): void {
  const { ctx, chartArea: area } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(area.left, area.top, area.width, area.height);
  ctx.clip();
  draw(ctx, area);
  ctx.restore();
}

function pixel(chart: Chart, axis: 'x' | 'y', value: number): number {
  return chart.scales[axis]?.getPixelForValue(value) ?? NaN;
}

/** Variances between 0.1 and 10: neither vanishing nor exploding. */
function healthyRange(chart: Chart, ctx: Context, area: ChartArea, { theme }: Picture): void {
  const [top, bottom] = [pixel(chart, 'y', 10), pixel(chart, 'y', 0.1)];
  ctx.fillStyle = theme.healthy;
  ctx.fillRect(area.left, top, area.width, bottom - top);
  if (!theme.isHighContrast) return;
  ctx.strokeStyle = theme.grid;
  ctx.setLineDash([2, 4]);
  ctx.strokeRect(area.left - 2, top, area.width + 4, bottom - top);
}

function spreads(chart: Chart, ctx: Context, { curves, theme, rows, hidden }: Picture): void {
  for (const { quantity, role, spread } of curves) {
    if (hidden.has(quantity) || role !== 'current') continue;
    const color = colorOf(theme, quantity);
    ctx.fillStyle = withAlpha(color, 0.2);
    ctx.strokeStyle = withAlpha(color, 0.55);
    ctx.lineWidth = 2;
    const at = spread.filter(({ low, high }) => low > 0 && Number.isFinite(high));
    const smooth = at.filter(({ x }) => rows[x]?.folded === undefined);
    ctx.beginPath();
    smooth.forEach(({ x, high }) => {
      ctx.lineTo(pixel(chart, 'x', x), pixel(chart, 'y', high));
    });
    [...smooth].reverse().forEach(({ x, low }) => {
      ctx.lineTo(pixel(chart, 'x', x), pixel(chart, 'y', low));
    });
    ctx.closePath();
    ctx.fill();
    // A folded module reaches from its smallest layer to its largest.
    for (const { x, low, high } of at) {
      if (rows[x]?.folded === undefined) continue;
      ctx.beginPath();
      ctx.moveTo(pixel(chart, 'x', x), pixel(chart, 'y', low));
      ctx.lineTo(pixel(chart, 'x', x), pixel(chart, 'y', high));
      ctx.stroke();
    }
  }
}

/** Where the axis shows them: lines at the limits of number formats, a cross where a curve goes past one. */
function limits(chart: Chart, ctx: Context, area: ChartArea, { theme, curves, hidden, domain }: Picture): void {
  ctx.font = `${theme.fontSize - 3}px ${theme.fontFamily}`;
  ctx.textBaseline = 'bottom';
  ctx.textAlign = 'right';
  ctx.lineWidth = 1;
  for (const { format, kind, variance } of FLOAT_LIMITS) {
    if (variance < domain.min || variance > domain.max) continue;
    const y = pixel(chart, 'y', variance);
    ctx.strokeStyle = ctx.fillStyle = theme.muted;
    ctx.setLineDash([8, 3, 2, 3]);
    ctx.beginPath();
    ctx.moveTo(area.left, y);
    ctx.lineTo(area.right, y);
    ctx.stroke();
    const text = kind === 'underflow' ? t('{0} underflows below', format) : t('{0} overflows above', format);
    ctx.fillText(text, area.right - 6, y - 2);
  }
  ctx.setLineDash([]);
  ctx.lineWidth = 2;
  for (const { quantity, role, isBranch, points } of curves) {
    if (role !== 'current' || isBranch || hidden.has(quantity) || quantity === 'ratio') continue;
    for (const { x, y } of crossings(points, quantity === 'gradient' ? 'backward' : 'forward')) {
      const [px, py] = [pixel(chart, 'x', x), pixel(chart, 'y', y)];
      ctx.strokeStyle = theme.foreground;
      ctx.beginPath();
      ctx.moveTo(px - 5, py - 5);
      ctx.lineTo(px + 5, py + 5);
      ctx.moveTo(px - 5, py + 5);
      ctx.lineTo(px + 5, py - 5);
      ctx.stroke();
    }
  }
}

function selection(chart: Chart, ctx: Context, area: ChartArea, { selected, theme }: Picture): void {
  if (selected < 0) return;
  const x = pixel(chart, 'x', selected);
  ctx.strokeStyle = theme.selection;
  ctx.lineWidth = theme.isHighContrast ? 2 : 1;
  ctx.beginPath();
  ctx.moveTo(x, area.top);
  ctx.lineTo(x, area.bottom);
  ctx.stroke();
}
