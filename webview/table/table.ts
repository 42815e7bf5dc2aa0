import type { PanelState } from '../../src/protocol/panel.js';
import type { SourceRange } from '../../src/protocol/model.js';
import {
  describeDistribution,
  describeSetBy,
  layerParameters,
  shortLine,
  unknownReason,
} from '../../src/protocol/words.js';
import { h } from '../dom.js';
import { t } from '../../src/protocol/l10n.js';
import type { Row } from '../rows.js';
import { arranged, tabSeparated } from './arrange.js';
import { type Column, columns, type Line } from './columns.js';

export interface TableEvents {
  /** A row was chosen; `focus` when the keyboard should follow into the editor. */
  pick(row: Row, focus: boolean): void;
  reveal(range: SourceRange): void;
  arrange(change: Pick<PanelState, 'filter' | 'sort'>): void;
  copy(text: string): void;
}

/** Rows that are made before the page is painted; the rest follows in pieces that hold nothing up. */
const FIRST_ROWS = 40;
const MORE_ROWS = 60;

/** The table of layers: every chart in numbers, for keyboard and screen reader too. */
export class LayerTable {
  readonly element: HTMLElement;
  private readonly body = h('tbody');
  private readonly count = h('span', { class: 'muted', attributes: { role: 'status' } });
  private readonly filter = h('input', {
    attributes: { type: 'search', placeholder: t('Filter layers'), 'aria-label': t('Filter layers') },
  });
  private readonly heads = new Map<string, HTMLTableCellElement>();
  private all: readonly Line[] = [];
  private lines: readonly Line[] = [];
  private arrangement: Pick<PanelState, 'filter' | 'sort'> = {};
  private selected = -1;
  private readonly elements = new Map<number, HTMLTableRowElement>();
  private more: ReturnType<typeof setTimeout> | undefined;
  private refilling: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly events: TableEvents) {
    const table = h(
      'table',
      { attributes: { role: 'grid', 'aria-label': t('Layers in execution order') } },
      h('thead', {}, h('tr', {}, ...columns.map((column) => this.head(column)))),
      this.body,
    );
    const copy = h('button', {
      class: 'link',
      text: t('Copy table'),
      attributes: { type: 'button' },
      onClick: () => {
        events.copy(tabSeparated(this.lines));
      },
    });
    this.filter.addEventListener('input', () => {
      this.arrange({ filter: this.filter.value === '' ? undefined : this.filter.value });
    });
    this.element = h(
      'section',
      { class: 'layers', attributes: { 'aria-label': t('Table of layers') } },
      h('div', { class: 'table-tools' }, this.filter, this.count, copy),
      h('div', { class: 'table-scroll', attributes: { tabindex: '-1' } }, table),
    );
    this.body.addEventListener('keydown', (event) => {
      this.onKey(event);
    });
  }

  show(lines: readonly Line[], arrangement: Pick<PanelState, 'filter' | 'sort'>): void {
    this.all = lines;
    this.arrangement = arrangement;
    const { filter = '', sort } = arrangement;
    if (this.filter.value !== filter) this.filter.value = filter;
    for (const [id, head] of this.heads)
      head.ariaSort = sort?.column === id ? (sort.descending ? 'descending' : 'ascending') : 'none';
    const next = arranged(this.all, arrangement);
    const isSame = next.length === this.lines.length && next.every(({ row }, i) => row.id === this.lines[i]?.row.id);
    this.lines = next;
    this.count.textContent = filter === '' ? '' : t('{0} of {1}', next.length, lines.length);
    // The same rows with other numbers: nothing that has focus or is selected goes away.
    if (isSame) this.refill();
    else this.fill();
  }

  select(index: number, { scroll }: { readonly scroll: boolean }): void {
    if (index !== this.selected) this.mark(this.selected, false);
    this.selected = index;
    if (index >= 0 && !this.elements.has(index)) this.finish();
    const element = this.mark(index, true);
    const first = this.elements.get(this.lines[0]?.row.index ?? -1);
    first?.setAttribute('tabindex', element === undefined || element === first ? '0' : '-1');
    if (scroll && element !== undefined) scrollWithin(element);
  }

  private mark(index: number, isSelected: boolean): HTMLTableRowElement | undefined {
    const element = this.elements.get(index);
    if (element !== undefined && element.getAttribute('aria-selected') !== String(isSelected)) {
      element.setAttribute('aria-selected', String(isSelected));
      element.setAttribute('tabindex', isSelected ? '0' : '-1');
    }
    return element;
  }

  private head(column: Column): HTMLElement {
    const { id, title, hint, class: name } = column;
    const head = h(
      'th',
      {
        ...(name !== undefined && { class: name.replace('name', '') }),
        attributes: { scope: 'col', 'aria-sort': 'none' },
      },
      h('button', {
        class: 'sort',
        text: title(),
        ...(hint !== undefined && { title: hint() }),
        attributes: { type: 'button', 'data-column': id },
        onClick: () => {
          const { sort } = this.arrangement;
          const next =
            sort?.column !== id
              ? { column: id, descending: false }
              : sort.descending
                ? undefined
                : { column: id, descending: true };
          this.arrange({ sort: next });
        },
      }),
    );
    this.heads.set(id, head);
    return head;
  }

  /** Known at once: the next key may come before the page shows it. */
  private arrange(change: Pick<PanelState, 'filter' | 'sort'>): void {
    this.arrangement = { ...this.arrangement, ...change };
    this.events.arrange(this.arrangement);
  }

  private fill(): void {
    clearTimeout(this.more);
    clearTimeout(this.refilling);
    const hadFocus = this.body.contains(document.activeElement);
    this.elements.clear();
    this.body.replaceChildren();
    this.append(FIRST_ROWS);
    this.later();
    this.select(this.selected, { scroll: false });
    if (hadFocus) this.body.querySelector<HTMLElement>('tr[tabindex="0"]')?.focus();
  }

  /** In pieces, so that a slider's numbers hold nothing up. */
  private refill(from = 0): void {
    clearTimeout(this.refilling);
    const to = Math.min(from + MORE_ROWS, this.elements.size);
    for (let i = from; i < to; i++) {
      const line = this.lines[i];
      const element = line && this.elements.get(line.row.index);
      if (line === undefined || element === undefined) continue;
      columns.forEach((column, c) => {
        const cell = element.children[c];
        if (cell instanceof HTMLElement && cell.dataset['text'] !== column.text(line))
          cell.replaceWith(this.cell(column, line));
      });
      this.listen(element, i);
    }
    if (to < this.elements.size)
      this.refilling = setTimeout(() => {
        this.refill(to);
      });
  }

  private later(): void {
    if (this.elements.size >= this.lines.length) return;
    this.more = setTimeout(() => {
      this.append(MORE_ROWS);
      this.later();
    });
  }

  private finish(): void {
    if (this.elements.size >= this.lines.length) return;
    clearTimeout(this.more);
    this.append(this.lines.length);
  }

  private append(count: number): void {
    const from = this.elements.size;
    const rows = this.lines.slice(from, from + count).map((line, i) => {
      const element = h(
        'tr',
        { attributes: { tabindex: '-1', 'aria-selected': 'false', 'data-layer': line.layer.name } },
        ...columns.map((column) => this.cell(column, line)),
      );
      this.elements.set(line.row.index, element);
      this.listen(element, from + i);
      return element;
    });
    this.body.append(...rows);
  }

  private listen(element: HTMLTableRowElement, place: number): void {
    element.onclick = () => {
      const line = this.lines[place];
      if (line !== undefined) this.events.pick(line.row, false);
    };
  }

  private cell(column: Column, line: Line): HTMLElement {
    const text = column.text(line);
    const { layer } = line;
    const classes = [column.class ?? '', text === '–' ? 'muted' : ''];
    const why = whyOf(column, text, line);
    const satisfied = layer.recommended?.satisfied;
    if (column.id === 'recommended' && satisfied !== undefined) classes.push(satisfied ? 'fits' : 'advice');
    const cell = h(column.id === 'layer' ? 'th' : 'td', {
      class: classes.filter((name) => name !== '').join(' '),
      ...(column.id === 'init' ? {} : { text }),
      ...((why ?? (column.id === 'layer' ? text : undefined)) !== undefined && { title: why ?? text }),
      attributes: { 'data-text': text, ...(column.id === 'layer' && { scope: 'row' }) },
    });
    if (column.id === 'init') cell.append(...this.initInForce(line));
    return cell;
  }

  private initInForce({ layer, report }: Line): (Node | string)[] {
    const { weight } = layerParameters(layer, report);
    if (weight === undefined) return [];
    const text = `${describeDistribution(weight.distribution)} `;
    const { range } = weight.setBy;
    const by = describeSetBy(weight, report);
    if (range === undefined) return [text, h('span', { class: 'muted', text: t('default'), title: by })];
    const place = shortLine(range, report.file);
    const link = h('button', {
      class: 'link',
      text: place,
      title: `${by}, ${place}`,
      attributes: { type: 'button', tabindex: '-1' },
      onClick: (event) => {
        event.stopPropagation();
        this.events.reveal(range);
      },
    });
    return [text, link];
  }

  private onKey(event: KeyboardEvent): void {
    const current = this.lines.findIndex(({ row }) => this.elements.get(row.index) === document.activeElement);
    if (current < 0) return;
    const last = this.lines.length - 1;
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + 10,
      PageUp: current - 10,
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    if (target !== undefined) {
      this.finish();
      const line = this.lines[Math.min(Math.max(target, 0), last)];
      if (line !== undefined) this.elements.get(line.row.index)?.focus();
      event.preventDefault();
    } else if (event.key === 'Enter' || event.key === ' ') {
      const line = this.lines[current];
      if (line !== undefined) this.events.pick(line.row, event.key === 'Enter');
      event.preventDefault();
    }
  }
}

/** Into sight within the table; the page stays where it is. */
function scrollWithin(row: HTMLTableRowElement): void {
  const box = row.closest<HTMLElement>('.table-scroll');
  if (box === null) return;
  const head = box.querySelector('thead')?.offsetHeight ?? 0;
  if (row.offsetTop - head < box.scrollTop) box.scrollTop = row.offsetTop - head;
  else if (row.offsetTop + row.offsetHeight > box.scrollTop + box.clientHeight)
    box.scrollTop = row.offsetTop + row.offsetHeight - box.clientHeight;
}

/** What a cell tells when it is pointed at: why there is no number, or why that init. */
function whyOf({ id }: Column, text: string, { layer, report }: Line): string | undefined {
  if (id === 'gradient' && text === '–' && layer.gradientStop !== undefined) return unknownReason(layer, report.file);
  return text === '–' || id === 'recommended'
    ? (layer.recommended?.why ?? unknownReason(layer, report.file))
    : undefined;
}
