import type { Report } from '../../src/protocol/model.js';
import type { PanelState } from '../../src/protocol/panel.js';
import type { Line } from './columns.js';
import type { LayerTable } from './table.js';

const restMilliseconds = 200;

/** Keeps the table up to date: at once with another model or arrangement, else when the hand rests, for a slider's numbers would run past anyway. */
export class TableFollower {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private report: Report | undefined;
  private arrangement = '';
  private selected = -1;

  constructor(
    private readonly table: LayerTable,
    /** The lines as they are when it comes to showing them. */
    private readonly lines: () => { readonly lines: readonly Line[]; readonly kept: PanelState } | undefined,
  ) {}

  show(report: Report, selected: number, { filter, sort }: PanelState, scroll: boolean): void {
    const arrangement = JSON.stringify([filter, sort]);
    const isOther = this.report !== report || this.arrangement !== arrangement;
    this.report = report;
    this.arrangement = arrangement;
    this.selected = selected;
    clearTimeout(this.timer);
    if (isOther) this.fill();
    this.timer = setTimeout(() => {
      this.fill();
    }, restMilliseconds);
    this.table.select(selected, { scroll });
  }

  private fill(): void {
    const shown = this.lines();
    if (shown === undefined) return;
    this.table.show(shown.lines, shown.kept);
    this.table.select(this.selected, { scroll: false });
  }
}
