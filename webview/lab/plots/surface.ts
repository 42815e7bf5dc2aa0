import { h, svg } from '../../dom.js';
import { t } from '../../../src/protocol/l10n.js';
import type { FrameOf } from '../experiment.js';
import { percent } from '../words.js';
import { paintPixels, rgbOf } from './pixels.js';

const size = 260;
const extent = 1.5;

/** The points on the network's output over the plane: dots and crosses, on a ground that is darker where the output is surer. */
export function surfacePicture({ surface, grid, points, labels, error }: FrameOf<'scale'>): HTMLElement {
  const canvas = h('canvas', {
    class: 'surface',
    attributes: { width: String(grid), height: String(grid), 'aria-hidden': 'true' },
  });
  requestAnimationFrame(() => {
    paint(canvas, surface);
  });
  const marks = svg('svg', {
    viewBox: `0 0 ${size} ${size}`,
    role: 'img',
    'aria-label': t(
      'The output over the plane with {0} points of two kinds; {1} lie on the wrong side.',
      labels.length,
      percent(error),
    ),
  });
  const at = (v: number): number => (size * (v + extent)) / (2 * extent);
  const paths: [string, string] = ['', ''];
  labels.forEach((label, i) => {
    const [x, y] = [at(points[2 * i] ?? 0), at(-(points[2 * i + 1] ?? 0))];
    if (label === 1) paths[1] += circle(x, y);
    else paths[0] += cross(x, y);
  });
  marks.append(...paths.map((d, label) => svg('path', { class: `sample sample-${label}`, d })));
  return h(
    'figure',
    { class: 'plane' },
    h('figcaption', { text: t('Output over the plane') }),
    h('div', { class: 'layered' }, canvas, marks),
    h(
      'ul',
      { class: 'legend' },
      h('li', { text: t('● class 1, wanted output 1') }),
      h('li', { text: t('✕ class 0, wanted output 0') }),
    ),
  );
}

const radius = 2.6;

function circle(x: number, y: number): string {
  const r = radius;
  return `M${(x - r).toFixed(1)} ${y.toFixed(1)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
}

function cross(x: number, y: number): string {
  const r = radius;
  return `M${(x - r).toFixed(1)} ${(y - r).toFixed(1)}l${2 * r} ${2 * r}m0 ${-2 * r}l${-2 * r} ${2 * r}`;
}

/** One pixel a cell, enlarged by the page: from the colour of class 0 over none to that of class 1. */
function paint(canvas: HTMLCanvasElement, surface: readonly number[]): void {
  const style = getComputedStyle(canvas);
  const [zero, one] = ['--lab-zero', '--lab-one'].map((name) => rgbOf(style.getPropertyValue(name)));
  paintPixels(canvas, (i) => {
    const p = surface[i] ?? 0.5;
    return { color: (p > 0.5 ? one : zero) ?? [0, 0, 0], opacity: Math.min(1, Math.abs(p - 0.5) * 1.2) };
  });
}
