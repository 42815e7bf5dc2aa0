import { formatNumber } from '../../../src/protocol/numbers.js';
import { h, svg } from '../../dom.js';
import type { FrameOf } from '../experiment.js';

const width = 320;
const height = 190;
/** Of a wide layer only the first units are drawn. */
const most = 6;

/** A network of two inputs, a hidden layer and one output; links carry weights or gradients, nodes what they give for one sample. */
export function networkPicture(frame: FrameOf<'symmetry'>, show: 'weights' | 'gradients'): HTMLElement {
  const columns = frame.activations.map((units) => units.slice(0, most));
  const title = show === 'weights' ? 'Weights' : 'Gradients';
  const picture = svg('svg', {
    viewBox: `0 0 ${width} ${height}`,
    class: 'network',
    role: 'img',
    'aria-label': `${title} of the network: ${describe(frame, show)}`,
  });
  const x = (column: number): number => 36 + (column * (width - 72)) / (columns.length - 1);
  const y = (unit: number, units: number): number => (height * (unit + 0.5)) / units;
  const largest = Math.max(1e-12, ...frame.layers.flatMap((layer) => layer[show].flat().map(Math.abs)));
  const labels: SVGElement[] = [];
  frame.layers.forEach((layer, l) => {
    const [from, to] = [columns[l] ?? [], columns[l + 1] ?? []];
    to.forEach((_, unit) => {
      from.forEach((_input, input) => {
        const value = layer[show][unit]?.[input] ?? 0;
        const [x1, y1, x2, y2] = [x(l), y(input, from.length), x(l + 1), y(unit, to.length)];
        const link = svg('line', {
          class: value < 0 ? 'link negative' : 'link',
          x1: String(x1),
          y1: String(y1),
          x2: String(x2),
          y2: String(y2),
          'stroke-width': (0.5 + (4 * Math.abs(value)) / largest).toFixed(2),
        });
        picture.append(link);
        // At thirds, so that labels of crossing links keep apart.
        const along = 0.34 + 0.2 * (input % 2);
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
  const hidden = frame.activations[1]?.length ?? 0;
  return h(
    'figure',
    {},
    h('figcaption', { text: hidden > most ? `${title} (the first ${most} of ${hidden} units)` : title }),
    picture,
  );
}

function describe(frame: FrameOf<'symmetry'>, show: 'weights' | 'gradients'): string {
  return frame.layers
    .map((layer, l) => {
      const units = layer[show].slice(0, most).map((w) => w.map((v) => formatNumber(v)).join(', '));
      return `layer ${l + 1}: ${units.join('; ')}`;
    })
    .join('. ');
}
