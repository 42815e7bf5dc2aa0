import { formatNumber } from '../../../src/protocol/numbers.js';
import { svg } from '../../dom.js';

interface Histogram {
  readonly limit: number;
  readonly counts: readonly number[];
}

export interface BarsOptions {
  readonly label: string;
  readonly histogram: Histogram;
  readonly style: number;
  readonly width?: number;
  readonly height?: number;
}

const foot = 14;

/** A histogram over [−limit, limit]; the fullest bin reaches the top. */
export function bars({ label, histogram, style, width = 150, height = 70 }: BarsOptions): SVGElement {
  const { counts, limit } = histogram;
  const top = Math.max(1, ...counts);
  const bin = width / counts.length;
  const picture = svg('svg', {
    viewBox: `0 0 ${width} ${height}`,
    class: 'bars',
    role: 'img',
    'aria-label': label,
  });
  // One path: pictures are made anew many times a second.
  const wide = Math.max(0.5, bin - 0.5).toFixed(2);
  const boxes = counts.map((n, i) => {
    if (n === 0) return '';
    const tall = Math.max(1, ((height - foot) * n) / top).toFixed(2);
    return `M${(i * bin).toFixed(2)} ${height - foot}v-${tall}h${wide}v${tall}z`;
  });
  picture.append(svg('path', { class: `bar line-${style}`, d: boxes.join('') }));
  const base = String(height - foot);
  picture.append(svg('line', { class: 'grid', x1: '0', x2: String(width), y1: base, y2: base }));
  const end = formatNumber(limit, { digits: 2 });
  for (const [text, x, anchor] of [
    [`−${end}`, 0, 'start'],
    ['0', width / 2, 'middle'],
    [end, width, 'end'],
  ] as const) {
    const t = svg('text', { class: 'tick', x: String(x), y: String(height - 2), 'text-anchor': anchor });
    t.textContent = text;
    picture.append(t);
  }
  return picture;
}
