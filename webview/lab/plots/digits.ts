import { h } from '../../dom.js';
import { t } from '../../../src/protocol/l10n.js';
import type { FrameOf } from '../experiment.js';
import { paintPixels, rgbOf } from './pixels.js';

const across = 10;

const canvases: HTMLCanvasElement[] = [];

/** The canvas of the image at that place, for every picture the same: making them takes longer than painting. */
function canvasFor(place: number, columns: number, rows: number): HTMLCanvasElement {
  const kept = canvases[place];
  if (kept?.width === columns && kept.height === rows) return kept;
  const canvas = h('canvas', { attributes: { width: String(columns), height: String(rows), 'aria-hidden': 'true' } });
  canvases[place] = canvas;
  return canvas;
}

/** The images of the last batch, each with what the network called it; wrong ones are framed and struck. */
export function digitsPicture({ rows, columns, pixels, labels, answers }: FrameOf<'digits'>['shown']): HTMLElement {
  const right = labels.filter((label, i) => label === answers[i]).length;
  const size = rows * columns;
  const ink = rgbOf(getComputedStyle(document.body).color);
  const cells = labels.map((label, i) => {
    const canvas = canvasFor(i, columns, rows);
    paintPixels(canvas, (p) => ({ color: ink, opacity: (pixels[i * size + p] ?? 0) / 255 }));
    const answer = answers[i];
    const isRight = answer === label;
    return h(
      'li',
      {
        class: isRight ? 'digit' : 'digit wrong',
        attributes: { 'aria-label': isRight ? t('{0}, right', label) : t('{0}, called {1}', label, String(answer)) },
      },
      canvas,
      h('span', { text: isRight ? String(answer) : `${String(answer)} ✕`, attributes: { 'aria-hidden': 'true' } }),
    );
  });
  return h(
    'figure',
    {},
    h('figcaption', {
      text: labels.length === 0 ? t('Answers') : t('Answers: {0} of {1} shown are right', right, labels.length),
    }),
    h('ul', { class: 'digits', attributes: { 'data-across': String(across) } }, ...cells),
  );
}
