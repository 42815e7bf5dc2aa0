import { Chart } from 'chart.js';
import { configurationOf, datasetsOf, haveSameDecades, type LineChart, optionsOf, refill } from './configuration.js';
import type { Picture } from './picture.js';
import { including, panned, type Window, zoomed } from './viewport.js';

export interface ChartEvents {
  /** A row was chosen, by its place among the rows. */
  pick(place: number): void;
  /** Enter: the keyboard goes to the layer's line. */
  open(place: number): void;
  /** The pointer is over a row, or has left. */
  hover(place: number, x: number): void;
  look(window: Window | undefined): void;
  /** Where the rows are drawn, in pixels from the left. */
  layout(left: number, right: number): void;
}

/** The canvas with its gestures: arrows step, + and − zoom, dragging pans, Ctrl+wheel zooms about the pointer. */
export class SignalChart {
  private readonly chart: LineChart;
  private dragged: { readonly x: number; readonly window: Window } | undefined;
  private moved = false;

  constructor(
    readonly canvas: HTMLCanvasElement,
    private picture: Picture,
    private readonly events: ChartEvents,
  ) {
    const configuration = configurationOf(() => this.picture);
    this.chart = new Chart(canvas, {
      ...configuration,
      plugins: [
        ...(configuration.plugins ?? []),
        {
          id: 'layout',
          afterDraw: ({ chartArea }) => {
            events.layout(chartArea.left, chartArea.right);
          },
        },
      ],
    });
    canvas.addEventListener('keydown', (event) => {
      if (!event.altKey && !event.metaKey && this.onKey(event.key)) event.preventDefault();
    });
    canvas.addEventListener('wheel', (event) => {
      this.onWheel(event);
    });
    canvas.addEventListener('pointerdown', (event) => {
      this.dragged = { x: event.offsetX, window: this.picture.window };
      this.moved = false;
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener('pointermove', (event) => {
      this.onMove(event.offsetX);
    });
    canvas.addEventListener('pointerup', (event) => {
      this.dragged = undefined;
      if (!this.moved) events.pick(this.placeAt(event.offsetX));
    });
    canvas.addEventListener('pointerleave', () => {
      events.hover(-1, 0);
    });
    canvas.addEventListener('dblclick', (event) => {
      events.look(zoomed(this.picture.window, this.count, 0.5, this.placeAt(event.offsetX)));
    });
  }

  show(picture: Picture): void {
    const before = this.picture;
    if (picture === before) return;
    this.picture = picture;
    if (
      before.curves === picture.curves &&
      before.window === picture.window &&
      before.theme === picture.theme &&
      before.hidden === picture.hidden
    ) {
      this.chart.draw();
      return;
    }
    const refilled = refill(this.chart, before, picture);
    if (refilled === undefined) {
      this.chart.data.datasets = datasetsOf(picture);
      this.chart.options = optionsOf(picture);
      this.chart.update('none');
    } else if (haveSameDecades(before, picture)) {
      // The axes stay: only lines are placed anew.
      for (const place of refilled) {
        const { controller } = this.chart.getDatasetMeta(place);
        controller.buildOrUpdateElements();
        controller.update('none');
      }
      this.chart.draw();
    } else this.chart.update('none');
  }

  zoom(factor: number): void {
    const { selected, window } = this.picture;
    const isSeen = selected >= window.from && selected <= window.to;
    this.events.look(zoomed(window, this.count, factor, isSeen ? selected : undefined));
  }

  private get count(): number {
    return this.picture.rows.length;
  }

  private placeAt(x: number): number {
    const place = Math.round(this.chart.scales['x']?.getValueForPixel(x) ?? -1);
    return Math.min(Math.max(place, 0), this.count - 1);
  }

  private onMove(x: number): void {
    if (this.dragged === undefined) {
      this.events.hover(this.placeAt(x), x);
      return;
    }
    const { window, x: start } = this.dragged;
    const { left, right } = this.chart.chartArea;
    const rows = ((start - x) / Math.max(1, right - left)) * (window.to - window.from + 1);
    if (Math.abs(start - x) > 4) this.moved = true;
    if (this.moved && window.to - window.from + 1 < this.count) this.events.look(panned(window, this.count, rows));
  }

  private onWheel(event: WheelEvent): void {
    if (event.ctrlKey || event.metaKey) {
      const factor = Math.exp(Math.max(-1, Math.min(1, event.deltaY / 200)));
      this.events.look(zoomed(this.picture.window, this.count, factor, this.placeAt(event.offsetX)));
    } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      const by = (event.deltaX || event.deltaY) / 40;
      this.events.look(panned(this.picture.window, this.count, by));
    } else return;
    event.preventDefault();
  }

  private onKey(key: string): boolean {
    const { selected } = this.picture;
    const last = this.count - 1;
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: selected + 1,
      ArrowUp: selected + 1,
      ArrowLeft: selected - 1,
      ArrowDown: selected - 1,
      PageDown: selected + 10,
      PageUp: selected - 10,
      Home: 0,
      End: last,
    };
    const step = steps[key];
    if (step !== undefined) {
      const place = Math.min(Math.max(step, 0), last);
      this.events.look(including(this.picture.window, this.count, place));
      this.events.pick(place);
    } else if (key === '+' || key === '=') this.zoom(0.5);
    else if (key === '-' || key === '_') this.zoom(2);
    else if (key === '0') this.events.look(undefined);
    else if (key === 'Enter') this.events.open(selected);
    else return false;
    return true;
  }
}
