import { formatNumber } from '../../../src/protocol/numbers.js';
import { h, svg } from '../../dom.js';
import { t } from '../../../src/protocol/l10n.js';
import { linearScale, logScale } from './scale.js';

export interface Line {
  readonly name: string;
  /** By point; what is not a finite number leaves a gap. */
  readonly values: readonly (number | null)[];
  /** Lines are told apart by number: colour, dashes and marks together. */
  readonly style: number;
  readonly band?: { readonly low: readonly number[]; readonly high: readonly number[] } | undefined;
}

export interface LinePlotOptions {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly lines: readonly Line[];
  readonly log?: boolean;
  /** Point i lies at `first` + i·`every`. */
  readonly first?: number;
  readonly every?: number;
  /** Kept in view, marked with their name. */
  readonly marks?: readonly { readonly value: number; readonly text: string }[];
  /** Points are few: each is drawn and listed. */
  readonly points?: boolean;
}

const width = 340;
const height = 190;
const left = 44;
const right = 8;
const top = 22;
const bottom = 34;
const styles = 6;

/** Lines over a common axis, with their legend, and with a table of the numbers for who would rather read them. */
export function linePlot(options: LinePlotOptions): HTMLElement {
  const { title, x, y, lines, log = false, first = 0, every = 1, marks = [], points = false } = options;
  const all = lines.flatMap(({ values, band }) => [...values, ...(band?.low ?? []), ...(band?.high ?? [])]);
  const usable = [...all, ...marks.map(({ value }) => value)].filter(
    (v): v is number => v !== null && Number.isFinite(v) && Math.abs(v) < 1e29 && (!log || v > 0),
  );
  const [low, high] = usable.length === 0 ? [log ? 0.1 : 0, 1] : [Math.min(...usable), Math.max(...usable)];
  const vertical = log
    ? logScale(low, high)
    : linearScale(Math.min(0, low), high === low ? low + 1 : high + 0.04 * (high - Math.min(0, low)));
  const count = Math.max(2, ...lines.map(({ values }) => values.length));
  const horizontal = linearScale(first, first + (count - 1) * every, points ? 10 : 4, 1);
  const place = (i: number): number => left + (width - left - right) * horizontal.at(first + i * every);
  const rise = (v: number): number => height - bottom - (height - top - bottom) * Math.min(1.02, vertical.at(v));

  const picture = svg('svg', {
    viewBox: `0 0 ${width} ${height}`,
    class: 'plot',
    role: 'img',
    'aria-label': `${title}. ${summary(lines)}`,
  });
  for (const { value, text } of vertical.ticks) {
    const at = String(rise(value));
    picture.append(svg('line', { class: 'grid', x1: String(left), x2: String(width - right), y1: at, y2: at }));
    picture.append(label(text, left - 6, rise(value) + 4, 'end'));
  }
  for (const { value, text } of horizontal.ticks)
    picture.append(label(text, place((value - first) / every), height - bottom + 16, 'middle'));
  picture.append(label(x, (left + width - right) / 2, height - 3, 'middle'), label(y, 0, 11, 'start', 'axis'));
  for (const { value, text } of marks) {
    const at = String(rise(value));
    picture.append(svg('line', { class: 'mark', x1: String(left), x2: String(width - right), y1: at, y2: at }));
    picture.append(label(text, width - right - 4, rise(value) - 4, 'end', 'mark'));
  }
  for (const line of lines) picture.append(...drawn(line, place, rise, log, points));
  return h(
    'figure',
    {},
    h('figcaption', { text: title }),
    picture,
    legend(lines, points),
    points ? table(title, x, lines, first, every) : undefined,
  );
}

function drawn(
  { values, style, band }: Line,
  place: (i: number) => number,
  rise: (v: number) => number,
  log: boolean,
  points: boolean,
): SVGElement[] {
  const isFine = (v: number | null | undefined): v is number =>
    v !== null && v !== undefined && Number.isFinite(v) && Math.abs(v) < 1e29 && (!log || v > 0);
  const pieces: string[] = [];
  let pen = 'M';
  values.forEach((v, i) => {
    if (!isFine(v)) {
      pen = 'M';
      return;
    }
    pieces.push(`${pen}${place(i).toFixed(1)} ${rise(v).toFixed(1)}`);
    pen = 'L';
  });
  const kind = `line line-${style % styles}`;
  const out: SVGElement[] = [];
  if (band !== undefined) {
    const edge = (list: readonly number[]): string[] =>
      list.flatMap((v, i) => (isFine(v) ? [`${place(i).toFixed(1)} ${rise(v).toFixed(1)}`] : []));
    const outline = [...edge(band.high), ...edge(band.low).reverse()];
    if (outline.length > 3) out.push(svg('polygon', { class: `band ${kind}`, points: outline.join(' ') }));
  }
  out.push(svg('path', { class: kind, d: pieces.join('') }));
  if (points)
    values.forEach((v, i) => {
      if (isFine(v)) out.push(mark(style, place(i), rise(v), kind));
    });
  return out;
}

/** A circle, a square, a triangle … by the line's number. */
function mark(style: number, x: number, y: number, kind: string): SVGElement {
  const [cx, cy] = [x.toFixed(1), y.toFixed(1)];
  if (style % 3 === 0) return svg('circle', { class: `${kind} point`, cx, cy, r: '3' });
  if (style % 3 === 1)
    return svg('rect', {
      class: `${kind} point`,
      x: (x - 3).toFixed(1),
      y: (y - 3).toFixed(1),
      width: '6',
      height: '6',
    });
  const corners = `${cx},${(y - 4).toFixed(1)} ${(x - 4).toFixed(1)},${(y + 3).toFixed(1)} ${(x + 4).toFixed(1)},${(y + 3).toFixed(1)}`;
  return svg('polygon', { class: `${kind} point`, points: corners });
}

function label(text: string, x: number, y: number, anchor: string, kind = 'tick'): SVGElement {
  const element = svg('text', { class: kind, x: x.toFixed(1), y: y.toFixed(1), 'text-anchor': anchor });
  element.textContent = text;
  return element;
}

function legend(lines: readonly Line[], points: boolean): HTMLElement | undefined {
  if (lines.length < 2) return undefined;
  const entries = lines.map(({ name, style }) =>
    h(
      'li',
      {},
      svg(
        'svg',
        { viewBox: '0 0 24 8', class: 'swatch', 'aria-hidden': 'true' },
        svg('path', { class: `line line-${style % styles}`, d: 'M0 4L24 4' }),
        ...(points ? [mark(style, 12, 4, `line line-${style % styles}`)] : []),
      ),
      h('span', { text: name }),
    ),
  );
  return h('ul', { class: 'legend' }, ...entries);
}

function table(title: string, x: string, lines: readonly Line[], first: number, every: number): HTMLElement {
  const rows = Math.max(...lines.map(({ values }) => values.length));
  const head = h('tr', {}, h('th', { text: x }), ...lines.map(({ name }) => h('th', { text: name })));
  const body = Array.from({ length: rows }, (_, i) =>
    h(
      'tr',
      {},
      h('th', { text: String(first + i * every), attributes: { scope: 'row' } }),
      ...lines.map(({ values }) => h('td', { text: numberOr(values[i]) })),
    ),
  );
  return h(
    'details',
    {},
    h('summary', { text: t('Numbers'), attributes: { id: `numbers-${title.replaceAll(/\s+/g, '-')}` } }),
    h('table', {}, h('thead', {}, head), h('tbody', {}, ...body)),
  );
}

function numberOr(v: number | null | undefined): string {
  return v === null || v === undefined ? '–' : formatNumber(v);
}

function summary(lines: readonly Line[]): string {
  return lines
    .map(({ name, values }) => {
      const known = values.filter((v): v is number => v !== null);
      return t('{0}: from {1} to {2}', name, numberOr(known[0]), numberOr(known.at(-1)));
    })
    .join('; ');
}
