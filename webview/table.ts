import type { Report, SourceRange } from '../src/protocol/model.js';
import { formatCount, formatNumber, formatShape } from '../src/protocol/numbers.js';
import {
  describeDistribution,
  describeRecommendation,
  describeSetBy,
  displayName,
  layerParameters,
} from '../src/protocol/words.js';
import { h } from './dom.js';
import type { Row } from './series.js';

export interface TableEvents {
  /** A row was chosen; `focus` when the keyboard should follow into the editor. */
  pick(row: Row, focus: boolean): void;
  reveal(range: SourceRange): void;
}

const columns: readonly { readonly title: string; readonly class?: string; readonly hint?: string }[] = [
  { title: 'Layer' },
  { title: 'Type' },
  { title: 'Weight', class: 'wide', hint: 'Shape of the weight tensor' },
  { title: 'Fan in / out', class: 'wide number', hint: 'Inputs and outputs that one unit is connected to' },
  { title: 'Starts as', hint: 'Distribution of the weight at initialization, and who set it' },
  { title: 'σ', class: 'wide number', hint: 'Standard deviation of one weight' },
  { title: 'Var signal', class: 'number', hint: 'Variance of the layer’s output' },
  { title: 'Var gradient', class: 'number', hint: 'Variance of the loss’s gradient at the layer’s output' },
  { title: 'Recommended' },
];

/** The table of layers: the chart in numbers, for keyboard and screen reader too. */
export class LayerTable {
  readonly element: HTMLElement;
  private readonly body = h('tbody');
  private rows: readonly Row[] = [];
  private readonly elements = new Map<number, HTMLTableRowElement>();

  constructor(private readonly events: TableEvents) {
    const head = h(
      'tr',
      { attributes: { role: 'row' } },
      ...columns.map(({ title, class: name, hint }) =>
        h('th', {
          text: title,
          ...(name !== undefined && { class: name }),
          ...(hint !== undefined && { title: hint }),
          attributes: { scope: 'col' },
        }),
      ),
    );
    const table = h(
      'table',
      { attributes: { role: 'grid', 'aria-label': 'Layers in execution order' } },
      h('thead', {}, head),
      this.body,
    );
    this.element = h('div', { class: 'table-scroll' }, table);
    this.body.addEventListener('keydown', (event) => {
      this.onKey(event);
    });
  }

  show(rows: readonly Row[], report: Report): void {
    this.rows = rows;
    this.elements.clear();
    this.body.replaceChildren(
      ...rows.map((row) => {
        const element = this.row(row, report);
        this.elements.set(row.index, element);
        return element;
      }),
    );
    const [first] = rows;
    if (first !== undefined) this.elements.get(first.index)?.setAttribute('tabindex', '0');
  }

  select(index: number, { scroll, focus }: { readonly scroll: boolean; readonly focus: boolean }): void {
    for (const [i, element] of this.elements) {
      element.setAttribute('aria-selected', String(i === index));
      element.setAttribute('tabindex', i === index ? '0' : '-1');
    }
    const element = this.elements.get(index);
    if (element === undefined) {
      const [first] = this.rows;
      if (first !== undefined) this.elements.get(first.index)?.setAttribute('tabindex', '0');
      return;
    }
    if (scroll) element.scrollIntoView({ block: 'nearest' });
    if (focus) element.focus();
  }

  private row(row: Row, report: Report): HTMLTableRowElement {
    const { layer } = row;
    const { weight } = layerParameters(layer, report);
    const fans =
      weight?.fanIn === undefined ? '' : `${formatCount(weight.fanIn)} / ${formatCount(weight.fanOut ?? NaN)}`;
    const std = weight?.distribution.std;
    const cells = [
      h('th', { class: 'name', text: displayName(layer), title: displayName(layer), attributes: { scope: 'row' } }),
      h('td', { text: layer.type }),
      h('td', { class: 'wide', text: weight === undefined ? '' : formatShape(weight.shape) }),
      h('td', { class: 'wide number', text: fans }),
      h('td', {}, ...(weight === undefined ? [] : this.initInForce(weight, report))),
      h('td', { class: 'wide number', text: std === undefined ? '' : formatNumber(std) }),
      variance(layer.forward?.variance, layer.unknown),
      variance(layer.backward?.variance, layer.unknown),
      recommendation(row),
    ];
    const element = h(
      'tr',
      { attributes: { tabindex: '-1', 'aria-selected': 'false', 'data-layer': layer.name } },
      ...cells,
    );
    element.addEventListener('click', () => {
      this.events.pick(row, false);
    });
    return element;
  }

  private initInForce(weight: Report['parameters'][number], report: Report): (Node | string)[] {
    const text = `${describeDistribution(weight.distribution)} `;
    const { range } = weight.setBy;
    const by = describeSetBy(weight, report);
    if (range === undefined) return [text, h('span', { class: 'muted', text: 'default', title: by })];
    const link = h('button', {
      class: 'link',
      text: `line ${range.line}`,
      title: `${by}, line ${range.line}`,
      attributes: { type: 'button', tabindex: '-1' },
      onClick: (event) => {
        event.stopPropagation();
        this.events.reveal(range);
      },
    });
    return [text, link];
  }

  private onKey(event: KeyboardEvent): void {
    const current = this.rows.findIndex((row) => this.elements.get(row.index) === document.activeElement);
    if (current < 0) return;
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + 10,
      PageUp: current - 10,
      Home: 0,
      End: this.rows.length - 1,
    };
    const target = targets[event.key];
    if (target !== undefined) {
      const row = this.rows[Math.min(Math.max(target, 0), this.rows.length - 1)];
      if (row !== undefined) this.elements.get(row.index)?.focus();
      event.preventDefault();
    } else if (event.key === 'Enter' || event.key === ' ') {
      const row = this.rows[current];
      if (row !== undefined) this.events.pick(row, event.key === 'Enter');
      event.preventDefault();
    }
  }
}

function variance(value: number | undefined, reason: string | undefined): HTMLElement {
  if (value !== undefined) return h('td', { class: 'number', text: formatNumber(value) });
  return h('td', { class: 'number muted', text: '–', ...(reason !== undefined && { title: reason }) });
}

function recommendation({ layer: { recommended: r, unknown } }: Row): HTMLElement {
  if (r === undefined) return h('td', { class: 'muted', text: unknown ?? '' });
  if (r.satisfied) return h('td', { class: 'fits', text: '✓ fits', title: r.why });
  const sigma =
    r.std !== undefined ? `, σ ${formatNumber(r.std)}` : r.symbolic !== undefined ? `, σ ${r.symbolic}` : '';
  return h('td', { class: 'advice', text: `${describeRecommendation(r)}${sigma}`, title: r.why });
}
