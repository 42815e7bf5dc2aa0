import type { Report, SourceRange } from '../../src/protocol/model.js';
import { h } from '../dom.js';
import { t } from '../../src/protocol/l10n.js';
import { layerView } from './view.js';

/** The place of the selected layer's view, made anew when the layer or what is known of it is another. */
export class DetailArea {
  /** Not read out as it changes: what is selected says its own numbers, in the chart as in the table. */
  readonly element = h('div');
  private shown: readonly unknown[] = [];

  constructor(private readonly reveal: (range: SourceRange) => void) {}

  show(report: Report, finite: Report | undefined, index: number): void {
    const parts = [report, finite, index];
    if (parts.every((part, i) => part === this.shown[i])) return;
    this.shown = parts;
    this.element.replaceChildren(
      index < 0
        ? h('p', { class: 'muted hint', text: t('Select a layer to see its values.') })
        : layerView(report, finite, index, this.reveal),
    );
  }
}
