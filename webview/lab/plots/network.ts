import { formatNumber } from '../../../src/protocol/numbers.js';
import { h, svg } from '../../dom.js';
import { t } from '../../../src/protocol/l10n.js';
import type { FrameOf } from '../experiment.js';

const gap = 124;
const margin = 36;
const leastHeight = 190;
/** Between the middles of two units. */
const row = 44;
/** Of a wide layer only the first units are drawn. */
const most = 6;
/** Links between two layers above which their numbers would lie over each other. */
const mostLabels = 9;

/** A small network from its inputs to its output; links carry weights or gradients, nodes what they give for one sample. */
export function networkPicture(frame: FrameOf<'symmetry'>, show: 'weights' | 'gradients'): HTMLElement {
  const columns = frame.activations.map((units) => units.slice(0, most));
  const height = Math.max(leastHeight, row * Math.max(...columns.map((units) => units.length)));
  const width = gap * (columns.length - 1) + 2 * margin;
  const title = show === 'weights' ? t('Weights') : t('Gradients');
  const picture = svg('svg', {
    viewBox: `0 0 ${width} ${height}`,
    class: 'network',
    role: 'img',
    'aria-label': t('{0} of the network: {1}', title, describe(frame, show)),
  });
  const x = (column: number): number => margin + column * gap;
  const y = (unit: number, units: number): number => (height * (unit + 0.5)) / units;
  const largest = Math.max(1e-12, ...frame.layers.flatMap((layer) => layer[show].flat().map(Math.abs)));
  const labels: SVGElement[] = [];
  frame.layers.forEach((layer, l) => {
    const [from, to] = [columns[l] ?? [], columns[l + 1] ?? []];
    to.forEach((_, unit) => {
      const isCrowded = from.length * to.length > mostLabels;
      from.forEach((_input, input) => {
        const value = layer[show][unit]?.[input] ?? 0;
        const [x1, y1, x2, y2] = [x(l), y(input, from.length), x(l + 1), y(unit, to.length)];
        const link = svg('line', {
          class: value < 0 ? 'link negative' : 'link',
          x1: String(x1),
          y1: String(y1),
          x2: String(x2),
          y2: String(y2),
          'stroke-width': (0.5 + ((isCrowded ? 1 : 4) * Math.abs(value)) / largest).toFixed(2),
        });
        picture.append(link);
        if (isCrowded) return;
        // A third of the way, where links that will cross are still apart.
        const along = 0.34;
        const text = svg('text', {
          class: 'tick on-link',
          x: (x1 + along * (x2 - x1)).toFixed(1),
          y: (y1 + along * (y2 - y1) - 3).toFixed(1),
          'text-anchor': 'middle',
        });
        text.textContent = formatNumber(value, { digits: 2 });
        labels.push(text);
      });
    });
  });
  columns.forEach((units, column) => {
    units.forEach((value, unit) => {
      const [cx, cy] = [x(column), y(unit, units.length)];
      picture.append(svg('circle', { class: 'node', cx: String(cx), cy: String(cy), r: '19' }));
      const text = svg('text', { class: 'in-node', x: String(cx), y: String(cy + 4), 'text-anchor': 'middle' });
      text.textContent = formatNumber(value, { digits: 2 });
      labels.push(text);
    });
  });
  picture.append(...labels);
  const isCut = frame.activations.some((units) => units.length > most);
  return h(
    'figure',
    {},
    h('figcaption', { text: isCut ? t('{0} (the first {1} units of each layer)', title, most) : title }),
    picture,
  );
}

function describe(frame: FrameOf<'symmetry'>, show: 'weights' | 'gradients'): string {
  return frame.layers
    .map((layer, l) => {
      const units = layer[show].slice(0, most).map((w) => w.map((v) => formatNumber(v)).join(', '));
      return t('layer {0}: {1}', l + 1, units.join('; '));
    })
    .join('. ');
}
