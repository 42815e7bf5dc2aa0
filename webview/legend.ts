import { h, svg } from './dom.js';
import { seriesLabels, type SeriesName, seriesNames } from './series.js';

/** Buttons that show and hide the lines; each draws its line's dash and mark, so colour isn't needed to tell them apart. */
export function legend(onToggle: (series: SeriesName, visible: boolean) => void): HTMLElement {
  const buttons = seriesNames.map((name) => {
    const button = h(
      'button',
      { class: 'legend-item', attributes: { type: 'button', 'aria-pressed': 'true' } },
      sample(name),
      seriesLabels[name],
    );
    button.addEventListener('click', () => {
      const visible = button.getAttribute('aria-pressed') !== 'true';
      button.setAttribute('aria-pressed', String(visible));
      onToggle(name, visible);
    });
    return button;
  });
  return h(
    'div',
    { class: 'legend', attributes: { role: 'group', 'aria-label': 'Lines shown' } },
    ...buttons,
    h('span', { class: 'band', text: '0.1 – 10', title: 'Neither vanishing nor exploding' }),
  );
}

function sample(name: SeriesName): SVGElement {
  const recommended = name.endsWith('Recommended');
  const kind = name.startsWith('forward') ? 'signal' : 'gradient';
  const line = svg('line', { x1: '0', y1: '6', x2: '28', y2: '6', ...(recommended && { 'stroke-dasharray': '5 4' }) });
  const mark =
    kind === 'signal' ? svg('circle', { cx: '14', cy: '6', r: '3.5' }) : svg('path', { d: 'M14 2 L18 9.5 L10 9.5 Z' });
  return svg(
    'svg',
    { class: `sample ${kind}${recommended ? ' recommended' : ''}`, width: '28', height: '12', 'aria-hidden': 'true' },
    line,
    mark,
  );
}
