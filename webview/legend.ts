import { type Quantity, quantities } from './chart/curves.js';
import { quantityLabel } from './chart/style.js';
import { h, svg } from './dom.js';
import { t } from '../src/protocol/l10n.js';

/** Buttons that show and hide quantities; each draws its mark, so that colour isn't needed to tell lines apart. */
export function legend(
  shown: ReadonlySet<Quantity>,
  hidden: ReadonlySet<Quantity>,
  onToggle: (quantity: Quantity) => void,
): HTMLElement {
  const buttons = quantities
    .filter((quantity) => shown.has(quantity))
    .map((quantity) =>
      h(
        'button',
        {
          class: 'legend-item',
          attributes: { type: 'button', 'aria-pressed': String(!hidden.has(quantity)), 'data-quantity': quantity },
          onClick: () => {
            onToggle(quantity);
          },
        },
        sample(quantity),
        quantityLabel(quantity),
      ),
    );
  return h('div', { class: 'legend', attributes: { role: 'group', 'aria-label': t('Lines shown') } }, ...buttons);
}

/** What strokes and shades mean. */
export function strokes(parts: { readonly compared: string | undefined; readonly isFinite: boolean }): HTMLElement {
  const { compared, isFinite } = parts;
  return h(
    'p',
    { class: 'strokes' },
    item(line(''), t('as written')),
    compared !== undefined && item(line('6 4'), compared),
    isFinite && item(line('1.5 2.5'), t('infinite width')),
    isFinite && item(h('span', { class: 'swatch spread' }), t('10–90 % of draws')),
    item(h('span', { class: 'swatch healthy' }), t('healthy, 0.1–10')),
  );
}

function item(mark: Node, text: string): HTMLElement {
  return h('span', { class: 'stroke' }, mark, text);
}

function line(dash: string): SVGElement {
  return svg(
    'svg',
    { class: 'line-sample', width: '26', height: '8', 'aria-hidden': 'true' },
    svg('line', { x1: '0', y1: '4', x2: '26', y2: '4', ...(dash !== '' && { 'stroke-dasharray': dash }) }),
  );
}

const shapes: Readonly<Record<Quantity, () => SVGElement>> = {
  signal: () => svg('circle', { cx: '14', cy: '6', r: '3.5' }),
  activation: () => svg('path', { d: 'M14 2 L18 6 L14 10 L10 6 Z' }),
  gradient: () => svg('path', { d: 'M14 2 L18 9.5 L10 9.5 Z' }),
  ratio: () => svg('rect', { x: '10.5', y: '2.5', width: '7', height: '7' }),
};

function sample(quantity: Quantity): SVGElement {
  return svg(
    'svg',
    { class: `sample ${quantity}`, width: '28', height: '12', 'aria-hidden': 'true' },
    svg('line', { x1: '0', y1: '6', x2: '28', y2: '6' }),
    shapes[quantity](),
  );
}
