import { formatNumber } from '../../../src/protocol/numbers.js';
import { h, svg } from '../../dom.js';
import { t } from '../../../src/protocol/l10n.js';
import type { FrameOf } from '../experiment.js';
import { percent } from '../words.js';

const width = 260;
const height = 130;
const foot = 16;

/** The pre-activations of a layer over the activation's curve; its regimes as grounds of their own pattern. */
export function regimePicture(
  { curve, borders, regimes }: FrameOf<'regimes'>,
  { histogram, measured, expected, measuredVariance }: FrameOf<'regimes'>['layers'][number],
  index: number,
): HTMLElement {
  const reach = Math.max(4, Math.min(16, histogram.limit));
  const x = (z: number): number => (width * (z + reach)) / (2 * reach);
  const base = height - foot;
  const picture = svg('svg', {
    viewBox: `0 0 ${width} ${height}`,
    class: 'regimes',
    role: 'img',
    'aria-label': t(
      'Layer {0}: pre-activations of variance {1} over the curve; {2}',
      index + 1,
      formatNumber(measuredVariance),
      words(measured),
    ),
  });
  const edges = [-reach, ...borders.map((b) => Math.max(-reach, Math.min(reach, b))), reach];
  regimes.forEach((regime, i) => {
    const [from, to] = [x(edges[i] ?? -reach), x(edges[i + 1] ?? reach)];
    const ground = { x: from.toFixed(1), y: '0', width: Math.max(0, to - from).toFixed(1), height: String(base) };
    picture.append(svg('rect', { class: `ground ${regime}`, ...ground }));
  });
  const top = Math.max(1, ...histogram.counts);
  const bin = (2 * histogram.limit) / histogram.counts.length;
  histogram.counts.forEach((n, i) => {
    const z = -histogram.limit + i * bin;
    if (n === 0 || z + bin < -reach || z > reach) return;
    const tall = (0.92 * base * n) / top;
    const box = { x: x(z).toFixed(1), y: (base - tall).toFixed(1), height: tall.toFixed(1) };
    picture.append(
      svg('rect', { class: 'bar line-0', ...box, width: Math.max(0.5, x(z + bin) - x(z) - 0.5).toFixed(1) }),
    );
  });
  const shown = curve.filter(({ z }) => Math.abs(z) <= reach);
  const values = shown.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const y = (v: number): number => base - 4 - ((base - 12) * (v - low)) / (high - low || 1);
  const d = shown.map(({ z, value }, i) => `${i === 0 ? 'M' : 'L'}${x(z).toFixed(1)} ${y(value).toFixed(1)}`).join('');
  picture.append(svg('path', { class: 'line curve', d }));
  for (const [z, anchor] of [
    [-reach, 'start'],
    [0, 'middle'],
    [reach, 'end'],
  ] as const) {
    const t = svg('text', { class: 'tick', x: x(z).toFixed(1), y: String(height - 3), 'text-anchor': anchor });
    t.textContent = formatNumber(z, { digits: 2 });
    picture.append(t);
  }
  return h(
    'figure',
    { class: 'layer' },
    h('figcaption', { text: t('Layer {0}', index + 1) }),
    picture,
    h('p', { class: 'note', text: t('measured: {0}', words(measured)) }),
    h('p', { class: 'note', text: t('theory: {0}', words(expected)) }),
  );
}

/** What the grounds mean. */
export function regimeLegend(): HTMLElement {
  const entry = (regime: string, text: string): HTMLElement =>
    h(
      'li',
      {},
      svg(
        'svg',
        { viewBox: '0 0 24 12', class: 'swatch', 'aria-hidden': 'true' },
        svg('rect', { class: `ground ${regime}`, width: '24', height: '12' }),
      ),
      h('span', { text }),
    );
  return h(
    'ul',
    { class: 'legend' },
    entry('linear', t('linear middle: the slope is at least 90 % of its largest')),
    entry('flat', t('flat ends: it is below 5 % of that')),
  );
}

function words({ linear, between, flat }: FrameOf<'regimes'>['layers'][number]['measured']): string {
  return t('{0} linear, {1} between, {2} flat', percent(linear), percent(between), percent(flat));
}
