import { h } from '../../dom.js';
import type { FrameOf } from '../experiment.js';
import { paintPixels, rgbOf } from './pixels.js';

const across = 10;

/** The images of the last batch, each with what the network called it; wrong ones are framed and struck. */
export function digitsPicture({ rows, columns, pixels, labels, answers }: FrameOf<'digits'>['shown']): HTMLElement {
  const right = labels.filter((label, i) => label === answers[i]).length;
  const size = rows * columns;
  const ink = rgbOf(getComputedStyle(document.body).color);
  const cells = labels.map((label, i) => {
    const canvas = h('canvas', { attributes: { width: String(columns), height: String(rows), 'aria-hidden': 'true' } });
    paintPixels(canvas, (p) => ({ color: ink, opacity: (pixels[i * size + p] ?? 0) / 255 }));
    const answer = answers[i];
    const isRight = answer === label;
    return h(
      'li',
      {
        class: isRight ? 'digit' : 'digit wrong',
        attributes: { 'aria-label': isRight ? `${label}, right` : `${label}, called ${String(answer)}` },
      },
      canvas,
      h('span', { text: isRight ? String(answer) : `${String(answer)} ✕`, attributes: { 'aria-hidden': 'true' } }),
    );
  });
  return h(
    'figure',
    {},
    h('figcaption', {
      text: labels.length === 0 ? 'Answers' : `Answers: ${right} of ${labels.length} shown are right`,
    }),
    h('ul', { class: 'digits', attributes: { 'data-across': String(across) } }, ...cells),
  );
}
