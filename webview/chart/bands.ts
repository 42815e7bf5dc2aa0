import { h } from '../dom.js';
import { t } from '../../src/protocol/l10n.js';
import { type Band, GROUP_LEVELS } from '../modules.js';
import type { Window } from './viewport.js';

/** Below the chart: a band for each module, as wide as its layers; a click folds it or opens it. */
export class BandStrip {
  readonly element = h('div', { class: 'bands', attributes: { role: 'group', 'aria-label': t('Modules') } });
  private bands: readonly Band[] = [];
  private window: Window = { from: 0, to: 0 };
  private edges: readonly [number, number] = [0, 0];
  private drawn = '';

  constructor(private readonly onFold: (path: string, fold: boolean) => void) {}

  show(bands: readonly Band[], window: Window): void {
    this.bands = bands;
    this.window = window;
    this.draw();
  }

  /** Between these pixels the chart draws its rows. */
  align(left: number, right: number): void {
    if (this.edges[0] === left && this.edges[1] === right) return;
    this.edges = [left, right];
    this.draw();
  }

  private draw(): void {
    const [left, right] = this.edges;
    const { from, to } = this.window;
    const width = (right - left) / (to - from + 1);
    if (!(width > 0)) return;
    const seen = this.bands.flatMap((band) => {
      const start = Math.max(band.first, from);
      const end = Math.min(band.last, to + 1);
      const pixels = (end - start) * width;
      // A band that nobody can read or hit is left to the ones around it.
      return pixels < 7 ? [] : [{ band, x: left + (start - from) * width, pixels }];
    });
    const key = JSON.stringify(seen);
    if (key === this.drawn) return;
    this.drawn = key;
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['path'] : undefined;
    const levels = Math.max(0, ...seen.map(({ band }) => band.depth + 1));
    this.element.hidden = seen.length === 0;
    this.element.style.setProperty('--levels', String(Math.min(levels, GROUP_LEVELS)));
    this.element.replaceChildren(...seen.map(({ band, x, pixels }) => this.button(band, x, pixels)));
    if (focused !== undefined) this.element.querySelector<HTMLElement>(`[data-path="${CSS.escape(focused)}"]`)?.focus();
  }

  private button(band: Band, x: number, pixels: number): HTMLElement {
    const { path, label, depth, isFolded } = band;
    const name = isFolded ? t('Open {0}', path) : t('Fold {0}', path);
    const button = h(
      'button',
      {
        class: `band-of-module${isFolded ? ' folded' : ''}`,
        title: name,
        attributes: { type: 'button', 'aria-expanded': String(!isFolded), 'aria-label': path, 'data-path': path },
        onClick: () => {
          this.onFold(path, !isFolded);
        },
      },
      h('span', { class: 'fold-mark', text: isFolded ? '+' : '', attributes: { 'aria-hidden': 'true' } }),
      pixels > 18 && h('span', { class: 'band-label', text: label }),
    );
    button.style.left = `${x}px`;
    button.style.width = `${pixels - 1}px`;
    button.style.setProperty('--depth', String(depth));
    return button;
  }
}
