import { formatNumber } from '../src/protocol/numbers.js';
import type { Report } from '../src/protocol/model.js';
import { type Quantity, quantities, valueAt } from './chart/curves.js';
import { BandStrip } from './chart/bands.js';
import type { Picture } from './chart/picture.js';
import { type ChartEvents, SignalChart } from './chart/signalChart.js';
import { quantityLabel } from './chart/style.js';
import { h } from './dom.js';
import { t } from '../src/protocol/l10n.js';
import { legend, strokes } from './legend.js';
import type { Band } from './modules.js';
import type { Row } from './rows.js';

export interface FigureEvents extends Omit<ChartEvents, 'hover' | 'layout'> {
  toggle(quantity: Quantity): void;
  fold(path: string, fold: boolean): void;
  everyStep(on: boolean): void;
}

/** What the figure shows besides the picture itself. */
export interface FigureContent {
  readonly picture: Picture;
  readonly bands: readonly Band[];
  /** Whose numbers the reader is told: drawn ones where there are any. */
  readonly report: Report;
  readonly compared: string | undefined;
  readonly isFinite: boolean;
  readonly allSteps: boolean;
  readonly description: string;
}

/** The chart of signal propagation with its legend, zoom, module bands and readout. */
export class Figure {
  readonly element: HTMLElement;
  private readonly canvas = h('canvas', { attributes: { role: 'slider', tabindex: '0', 'aria-valuemin': '1' } });
  private readonly legendArea = h('div');
  private readonly strokeArea = h('div');
  private readonly readout = h('div', { class: 'readout', attributes: { 'aria-hidden': 'true' } });
  private readonly steps = h('input', { attributes: { type: 'checkbox', id: 'all-steps' } });
  private readonly strip: BandStrip;
  private readonly chart: SignalChart;
  private content: FigureContent;
  private legendKey = '';
  private strokeKey = '';

  constructor(content: FigureContent, events: FigureEvents) {
    this.content = content;
    this.strip = new BandStrip((path, fold) => {
      events.fold(path, fold);
    });
    this.steps.addEventListener('change', () => {
      events.everyStep(this.steps.checked);
    });
    const tool = (text: string, name: string, act: () => void): HTMLElement =>
      h('button', {
        class: 'tool',
        text,
        title: name,
        attributes: { type: 'button', 'aria-label': name },
        onClick: act,
      });
    this.element = h(
      'section',
      { class: 'figure', attributes: { 'aria-label': t('Signal propagation') } },
      h(
        'div',
        { class: 'tools' },
        this.legendArea,
        h(
          'div',
          { class: 'zoom', attributes: { role: 'group', 'aria-label': t('Zoom') } },
          tool('+', t('Zoom in'), () => {
            this.chart.zoom(0.5);
          }),
          tool('−', t('Zoom out'), () => {
            this.chart.zoom(2);
          }),
          tool('⤢', t('Show all layers'), () => {
            events.look(undefined);
          }),
        ),
        h('label', { class: 'toggle', attributes: { for: 'all-steps' } }, this.steps, t('every step')),
      ),
      h('div', { class: 'chart' }, this.canvas, this.readout),
      this.strip.element,
      this.strokeArea,
    );
    this.chart = new SignalChart(this.canvas, content.picture, {
      pick: (place) => {
        events.pick(place);
      },
      open: (place) => {
        events.open(place);
      },
      look: (window) => {
        events.look(window);
      },
      hover: (place, x) => {
        this.read(place, x);
      },
      layout: (left, right) => {
        this.strip.align(left, right);
      },
    });
    this.toggle = (quantity) => {
      events.toggle(quantity);
    };
    this.show(content);
  }

  private readonly toggle: (quantity: Quantity) => void;

  show(content: FigureContent): void {
    this.content = content;
    const { picture, bands, compared, isFinite, allSteps, description } = content;
    this.steps.checked = allSteps;
    const shown = new Set(picture.curves.map(({ quantity }) => quantity));
    const legendKey = JSON.stringify([[...shown], [...picture.hidden]]);
    if (legendKey !== this.legendKey) {
      this.legendKey = legendKey;
      const focused =
        document.activeElement instanceof HTMLElement ? document.activeElement.dataset['quantity'] : undefined;
      this.legendArea.replaceChildren(legend(shown, picture.hidden, this.toggle));
      if (focused !== undefined) this.legendArea.querySelector<HTMLElement>(`[data-quantity="${focused}"]`)?.focus();
    }
    const strokeKey = JSON.stringify([compared, isFinite]);
    if (strokeKey !== this.strokeKey) {
      this.strokeKey = strokeKey;
      this.strokeArea.replaceChildren(strokes({ compared, isFinite }));
    }
    this.chart.show(picture);
    this.strip.show(bands, picture.window);
    const { selected, rows } = picture;
    const row = rows[selected];
    const attributes = {
      'aria-label': description,
      'aria-valuemax': String(rows.length),
      'aria-valuenow': String(Math.max(1, selected + 1)),
      'aria-valuetext':
        row === undefined ? t('no layer selected') : [row.label, row.layer.type, ...this.numbers(row)].join(', '),
    };
    for (const [name, value] of Object.entries(attributes))
      if (this.canvas.getAttribute(name) !== value) this.canvas.setAttribute(name, value);
  }

  private numbers(row: Row): string[] {
    const { report, picture } = this.content;
    const layer = report.layers[row.index];
    return quantities.flatMap((quantity) => {
      const found = layer && !picture.hidden.has(quantity) ? valueAt(quantity, row, layer, report) : undefined;
      return found === undefined ? [] : [`${quantityLabel(quantity)} ${formatNumber(found.y)}`];
    });
  }

  /** The numbers of the row under the pointer, on the side where there is room. */
  private read(place: number, x: number): void {
    const row = this.content.picture.rows[place];
    this.readout.hidden = row === undefined;
    if (row === undefined) return;
    this.readout.replaceChildren(
      h('strong', { text: row.label }),
      h('span', {
        class: 'muted',
        text: row.folded === undefined ? row.layer.type : t('{0} layers, folded', row.folded.layers.length),
      }),
      ...this.numbers(row).map((text) => h('span', { text })),
    );
    this.readout.classList.toggle('at-left', x > this.canvas.clientWidth / 2);
  }
}
