import type { ActivationCurve, FiniteStatistics, LinearHistogram, OctaveHistogram } from '../../src/protocol/model.js';
import { formatNumber, superscript } from '../../src/protocol/numbers.js';
import { h, svg } from '../dom.js';
import { t } from '../../src/protocol/l10n.js';
import type { Density } from './density.js';

const W = 220;
const H = 110;
const BASE = H - 16;

/** A small plot with its name and a sentence for whoever can't see it. */
function plot(title: string, description: string, kind: string, ...parts: readonly SVGElement[]): HTMLElement {
  return h(
    'figure',
    { class: `plot ${kind}` },
    h('figcaption', { text: title }),
    svg(
      'svg',
      { viewBox: `0 0 ${W} ${H}`, role: 'img', 'aria-label': `${title}: ${description}` },
      svg('line', { class: 'axis', x1: '0', x2: String(W), y1: String(BASE), y2: String(BASE) }),
      ...parts,
    ),
  );
}

function label(text: string, x: number, anchor: 'start' | 'middle' | 'end'): SVGElement {
  const element = svg('text', { class: 'tick', x: String(x), y: String(H - 3), 'text-anchor': anchor });
  element.textContent = text;
  return element;
}

function ends(low: number, high: number): SVGElement[] {
  const zero = low < 0 && high > 0 ? [label('0', (-low / (high - low)) * W, 'middle')] : [];
  return [
    label(formatNumber(low, { digits: 2 }), 1, 'start'),
    ...zero,
    label(formatNumber(high, { digits: 2 }), W - 1, 'end'),
  ];
}

export function weightPlot(density: Density, description: string): HTMLElement {
  const { low, high, heights, spikes } = density;
  const top = Math.max(...heights, 1e-300);
  const x = (at: number): number => ((at - low) / (high - low)) * W;
  const path = heights
    .map((height, i) => `L${(i / (heights.length - 1)) * W} ${BASE - (height / top) * (BASE - 8)}`)
    .join('');
  return plot(
    t('Weights'),
    description,
    'weights',
    svg('path', { class: 'area', d: `M0 ${BASE}${path}L${W} ${BASE}Z` }),
    ...spikes
      .filter(({ share }) => share > 0)
      .map(({ at, share }) =>
        svg('line', {
          class: 'spike',
          x1: String(x(at)),
          x2: String(x(at)),
          y1: String(BASE),
          y2: String(BASE - share * (BASE - 8)),
        }),
      ),
    ...ends(low, high),
  );
}

/** Bars of equal width; the limits are those that hold nearly all of the entries. */
function bars({ limit, counts }: LinearHistogram, low: number, high: number): SVGElement {
  const top = Math.max(...counts, 1);
  const step = (2 * limit) / counts.length;
  const d = counts
    .map((count, i) => {
      const a = ((-limit + i * step - low) / (high - low)) * W;
      const b = ((-limit + (i + 1) * step - low) / (high - low)) * W;
      const y = BASE - (count / top) * (BASE - 8);
      return count === 0 || b < 0 || a > W ? '' : `M${a.toFixed(1)} ${BASE}V${y.toFixed(1)}H${b.toFixed(1)}V${BASE}Z`;
    })
    .join('');
  return svg('path', { class: 'area', d });
}

/** What moments say where nothing was drawn: a bell of that mean and variance. */
function bell(mean: number, variance: number, low: number, high: number): SVGElement {
  const std = Math.sqrt(variance);
  const d = Array.from({ length: 81 }, (_, i) => {
    const at = low + ((high - low) * i) / 80;
    const y = BASE - Math.exp(-0.5 * ((at - mean) / (std || 1e-300)) ** 2) * (BASE - 8);
    return `${i === 0 ? 'M' : 'L'}${((i / 80) * W).toFixed(1)} ${y.toFixed(1)}`;
  }).join('');
  return svg('path', { class: 'bell', d });
}

export interface Values {
  readonly mean: number;
  readonly variance: number;
  readonly finite?: FiniteStatistics | undefined;
}

function describe({ mean, variance, finite }: Values): string {
  const drawn = finite === undefined ? t('a bell, as moments have it') : t('{0} draws', finite.seeds);
  return t('mean {0}, variance {1}, {2}', formatNumber(mean), formatNumber(variance), drawn);
}

function reach({ mean, variance, finite }: Values): number {
  const four = Math.abs(mean) + 4 * Math.sqrt(variance);
  const most = four > 0 && Number.isFinite(four) ? four : 1;
  return finite === undefined ? most : Math.min(finite.histogram.limit, most * 1.5) || 1;
}

export function valuesPlot(title: string, values: Values): HTMLElement {
  const r = reach(values);
  const { finite, mean, variance } = values;
  return plot(
    title,
    describe(values),
    'signal',
    finite === undefined ? bell(mean, variance, -r, r) : bars(finite.histogram, -r, r),
    ...ends(-r, r),
  );
}

/** Pre-activations under the graph of the activation, with the regimes where it passes no gradient shaded. */
export function preActivationPlot(values: Values, curve: ActivationCurve): HTMLElement {
  const { finite, mean, variance } = values;
  // At least as far as the activation bends, so that linear and saturated regimes are seen; a kink at 0 is seen anyway.
  const r = bendsOnlyAtZero(curve) ? reach(values) : Math.max(reach(values), 3);
  const x = (z: number): number => ((z + r) / (2 * r)) * W;
  const points = seen(curve.points, r);
  const all = points.map(([, value]) => value);
  const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
  const y = (value: number): number => BASE - 4 - ((value - low) / (high - low || 1)) * (BASE - 12);
  const last = curve.points.at(-1)?.[0] ?? r;
  const shades = (curve.saturated ?? []).map(([from, to]) => {
    const a = Math.max(-r, from <= -last ? -r : from);
    const b = Math.min(r, to >= last ? r : to);
    return svg('rect', {
      class: 'saturated',
      x: String(x(a)),
      y: '0',
      width: String(Math.max(0, x(b) - x(a))),
      height: String(BASE),
    });
  });
  return plot(
    t('Pre-activations and {0}', curve.label),
    describe(values),
    'signal',
    ...shades,
    finite === undefined ? bell(mean, variance, -r, r) : bars(finite.histogram, -r, r),
    svg('path', {
      class: 'curve',
      d: points.map(([z, value], i) => `${i === 0 ? 'M' : 'L'}${x(z).toFixed(1)} ${y(value).toFixed(1)}`).join(''),
    }),
    ...ends(-r, r),
  );
}

/** ReLU and its like look the same at every scale. */
function bendsOnlyAtZero({ points }: ActivationCurve): boolean {
  const slopes = points.filter(([z]) => z !== 0).map(([z, value]) => ({ side: Math.sign(z), slope: value / z }));
  const first = (side: number): number => slopes.find((s) => s.side === side)?.slope ?? 0;
  return slopes.every(({ side, slope }) => Math.abs(slope - first(side)) < 1e-9);
}

/** The curve's points within reach, and its straight ends. */
function seen(points: ActivationCurve['points'], r: number): (readonly [number, number])[] {
  const at = (z: number): number => {
    const i = Math.min(
      Math.max(
        points.findIndex(([p]) => p >= z),
        1,
      ),
      points.length - 1,
    );
    const [a = [0, 0], b = [1, 0]] = [points[i - 1], points[i]];
    return a[1] + ((b[1] - a[1]) * (z - a[0])) / (b[0] - a[0] || 1);
  };
  return [[-r, at(-r)], ...points.filter(([z]) => z > -r && z < r), [r, at(r)]];
}

/** Magnitudes of gradients in octaves: they span too many of them for equal bins. */
export function gradientPlot({ lowest, counts, zeros }: OctaveHistogram): HTMLElement {
  const used = counts.findIndex((count) => count > 0);
  const shown = counts.slice(Math.max(0, used));
  const top = Math.max(...shown, zeros, 1);
  const width = W / (shown.length + 2);
  const bar = (count: number, x: number): string =>
    count === 0
      ? ''
      : `M${x.toFixed(1)} ${BASE}V${(BASE - (count / top) * (BASE - 8)).toFixed(1)}H${(x + width - 0.5).toFixed(1)}V${BASE}Z`;
  const first = lowest + Math.max(0, used);
  const total = counts.reduce((a, b) => a + b, 0) + zeros;
  return plot(
    t('Gradients, by magnitude'),
    t(
      'from 2{0} to 2{1}, {2} % zeros',
      superscript(first),
      superscript(lowest + counts.length),
      formatNumber((100 * zeros) / (total || 1)),
    ),
    'gradient',
    svg('path', {
      class: 'area',
      d: `${bar(zeros, 0)}${shown.map((count, i) => bar(count, (i + 2) * width)).join('')}`,
    }),
    label('0', width / 2, 'middle'),
    label(`2${superscript(first)}`, 2 * width + 1, 'start'),
    label(`2${superscript(lowest + counts.length)}`, W - 1, 'end'),
  );
}
