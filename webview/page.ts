import type { Report, SourceRange } from '../src/protocol/model.js';
import type { PanelState, ToHost, ToPanel, WhatIfControls } from '../src/protocol/panel.js';
import { Asking } from './asking.js';
import { chartDataOf } from './chartData.js';
import { zoomOf } from './chart/viewport.js';
import { Derived } from './derived.js';
import { h } from './dom.js';
import { exportMenu, type ExportKind } from './exports/menu.js';
import { takeAway } from './exports/takeAway.js';
import { Figure } from './figure.js';
import { Head } from './head.js';
import { t } from '../src/protocol/l10n.js';
import { DetailArea } from './layer/area.js';
import type { Row } from './rows.js';
import { idle } from './simulations.js';
import { controlsOf, currentReport, hasNumbers, type PageState, selectedIndex, simulatedOf } from './state.js';
import { Store } from './store.js';
import { TableFollower } from './table/follower.js';
import { LayerTable } from './table/table.js';
import type { Theme } from './theme.js';
import { beganControl, paintedControl } from './timing.js';
import { viewStrip } from './viewStrip.js';
import { post, saveState } from './vscodeApi.js';
import { WhatIfBar } from './whatIf/bar.js';
import { isRecommendedOnly } from './whatIf/settings.js';

/** So long an answer may take before what was asked shows without it. */
const patienceMilliseconds = 60;

/** The page: one state, and views that follow it. */
export class Page {
  private readonly store: Store<PageState>;
  private readonly derived = new Derived();
  private readonly asking: Asking;
  private readonly head: Head;
  private readonly models = h('div', { class: 'body' });
  private readonly detail = new DetailArea(reveal);
  private readonly toldArea = h('p', { class: 'told', attributes: { role: 'status' } });
  private readonly bar: WhatIfBar;
  private readonly table: LayerTable;
  private readonly list: TableFollower;
  private figure: Figure | undefined;
  private frame: number | undefined;
  private isEarly = false;
  private saving: ReturnType<typeof setTimeout> | undefined;
  private patience: ReturnType<typeof setTimeout> | undefined;
  private scroll = false;

  constructor(root: HTMLElement, kept: PanelState, theme: Theme) {
    this.store = new Store<PageState>({
      content: { kind: 'busy' },
      kept,
      current: idle,
      compared: idle,
      theme,
      told: '',
    });
    this.asking = new Asking(this.store);
    this.head = new Head({
      keep: (change) => {
        this.keep(change);
      },
      reveal,
    });
    this.bar = new WhatIfBar({
      change: (controls, isLive) => {
        this.whatIf(controls, isLive);
      },
      tune: (tuning) => {
        this.keep({ tuning });
      },
      apply: () => {
        this.apply();
      },
      cancel: () => {
        this.asking.cancel();
      },
    });
    this.table = new LayerTable({
      pick: (row, focus) => {
        this.pick(row, focus);
      },
      reveal,
      arrange: ({ filter, sort }) => {
        this.keep({ filter, sort });
      },
      copy: (text) => {
        post({ type: 'copy', text, what: t('Table') });
      },
    });
    this.list = new TableFollower(this.table, () => {
      const report = currentReport(this.store.value);
      const state = this.store.value;
      const { kept: own } = state;
      return report && { lines: this.derived.lines(this.derived.layout(report, own).all, report, state), kept: own };
    });
    const menu = exportMenu((kind) => {
      const message = this.taken(kind);
      if (message !== undefined) post(message);
    });
    root.append(
      viewStrip('signal', () => {
        post({ type: 'openLab' });
      }),
      h('div', { class: 'top' }, this.head.element, menu),
      this.head.below,
      this.models,
      this.toldArea,
      this.head.notes,
    );
    this.watch(menu);
  }

  get chartData() {
    return chartDataOf(this.store.value, this.derived);
  }

  retheme(theme: Theme): void {
    this.store.update({ theme });
  }

  receive(message: ToPanel): void {
    switch (message.type) {
      case 'show': {
        const { document: shown, content } = message;
        window.document.title = `InitScope: ${shown.name}`;
        this.store.update({ content, kept: this.saved({ uri: shown.uri, path: shown.path }) });
        this.asking.anew();
        return;
      }
      case 'answered':
        if (message.problem !== undefined) this.head.report(message.problem, message.line);
        else this.keep({ asking: false });
        return;
      case 'select': {
        const { entry, layer, ask } = message;
        this.scroll = layer !== undefined;
        this.keep({
          step: undefined,
          ...(entry !== undefined && { entry }),
          ...(layer !== undefined && { layer }),
          ...(ask !== undefined && { asking: ask }),
        });
        if (ask === true) this.head.focusForm();
        return;
      }
      case 'cursor':
        this.follow(message.places);
        return;
      case 'told':
        this.store.update({ told: message.text });
        return;
      case 'simulation':
        this.asking.receive(message.id, message.content);
        if (message.content.kind === 'values') this.drawAtOnce();
        else this.endPatience();
    }
  }

  private watch(menu: HTMLElement): void {
    this.store.watch(
      ({ content, kept: { entry, asking } }) => [content, entry, asking],
      () => {
        this.showModel(menu);
      },
    );
    this.store.watch(
      ({ content, kept, current, compared, theme }) => [content, kept, current, compared, theme],
      () => {
        this.schedule();
      },
    );
    this.store.watch(
      ({ told }) => [told],
      (told) => {
        this.toldArea.textContent = told;
      },
    );
  }

  /** Changes what outlives a reload; parts that are undefined are forgotten. */
  private keep(change: Partial<PanelState>): void {
    const before = currentReport(this.store.value);
    this.store.update({ kept: this.saved(change) });
    if (change.entry !== undefined && currentReport(this.store.value) !== before) this.changeModel();
  }

  private saved(change: Partial<PanelState>): PanelState {
    const kept = Object.fromEntries(
      Object.entries({ ...this.store.value.kept, ...change }).filter(([, value]) => value !== undefined),
    ) as unknown as PanelState;
    // After what else is posted now: nobody waits for it.
    this.saving ??= setTimeout(() => {
      this.saving = undefined;
      saveState(this.store.value.kept);
    });
    return kept;
  }

  private changeModel(): void {
    this.asking.forget();
    const { kept } = this.store.value;
    if (kept.zoom !== undefined || kept.whatIf?.onlyLayer !== undefined)
      this.store.update({
        kept: this.saved({ zoom: undefined, whatIf: kept.whatIf && { ...kept.whatIf, onlyLayer: undefined } }),
      });
    this.asking.anew();
  }

  private pick(row: Row, focus: boolean): void {
    const report = currentReport(this.store.value);
    const layer = report?.layers[row.index];
    if (layer === undefined) return;
    this.scroll = true;
    this.keep({ layer: layer.name, step: row.index });
    const range = layer.declaredAt ?? layer.calledAt;
    if (range !== undefined) post({ type: 'reveal', range, focus });
  }

  /** The cursor is on code that made these layers: one of them is selected, unless one is already. */
  private follow(places: Extract<ToPanel, { type: 'cursor' }>['places']): void {
    const report = currentReport(this.store.value);
    const here = places.find(({ entry }) => entry === report?.entry) ?? places[0];
    const [first] = here?.layers ?? [];
    if (here === undefined || first === undefined) return;
    if (here.entry === report?.entry && here.layers.includes(this.store.value.kept.layer ?? '')) return;
    this.scroll = true;
    this.keep({ entry: here.entry, layer: first, step: undefined });
  }

  private whatIf(whatIf: WhatIfControls, isLive: boolean): void {
    const before = controlsOf(this.store.value.kept);
    beganControl();
    this.awaitAnswer();
    this.keep({ whatIf });
    if (!this.asking.changed(isLive, whatIf.seed !== before.seed || whatIf.seeds !== before.seeds)) this.endPatience();
  }

  private apply(): void {
    const report = currentReport(this.store.value);
    if (report !== undefined) post({ type: 'apply', entry: report.entry });
  }

  /** Header, states, form and notes: what changes with the model, not with what is looked at. */
  private showModel(menu: HTMLElement): void {
    const { content } = this.store.value;
    const report = currentReport(this.store.value);
    const isEmpty = report === undefined || report.layers.length === 0;
    document.body.dataset['state'] = content.kind === 'ready' && report === undefined ? 'empty' : content.kind;
    this.head.show(this.store.value);
    this.models.hidden = isEmpty;
    menu.hidden = isEmpty;
    document.body.dataset['ready'] = String(content.kind !== 'busy');
  }

  /** Once a frame at most, however many messages come. */
  private schedule(): void {
    if (this.patience !== undefined) return;
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.draw();
    });
  }

  /** What a control changes is drawn together with its answer, not before it as well; unless that takes long. */
  private awaitAnswer(): void {
    clearTimeout(this.patience);
    this.patience = setTimeout(() => {
      this.endPatience();
    }, patienceMilliseconds);
  }

  private endPatience(): void {
    if (this.patience === undefined) return;
    clearTimeout(this.patience);
    this.patience = undefined;
    this.schedule();
  }

  /** A hand is on a control: not even the next frame is waited for, unless this one has been drawn for already. */
  private drawAtOnce(): void {
    this.endPatience();
    if (this.frame === undefined || this.isEarly) return;
    cancelAnimationFrame(this.frame);
    this.frame = undefined;
    this.isEarly = true;
    requestAnimationFrame(() => {
      this.isEarly = false;
    });
    this.draw();
  }

  private draw(): void {
    const state = this.store.value;
    const { kept, current, compared } = state;
    const report = currentReport(state);
    if (report === undefined || report.layers.length === 0) return;
    const content = this.derived.figure(report, state);
    if (this.figure === undefined) {
      this.figure = this.newFigure(content);
      this.models.append(this.bar.element, this.figure.element, this.detail.element, this.table.element);
    } else this.figure.show(content);
    // Where nothing is known in numbers, there is nothing to draw or to compare; the table has what is.
    const isBlank = !hasNumbers(report);
    this.bar.element.hidden = isBlank;
    this.figure.element.hidden = isBlank;
    const index = selectedIndex(report, kept);
    const controls = controlsOf(kept);
    this.bar.show(controls, kept.layer, kept.tuning === true);
    this.bar.outcome(current, compared, isRecommendedOnly(controls) ? undefined : compared.moments);
    this.detail.show(report, simulatedOf(report, current).finite, index);
    this.list.show(report, index, kept, this.scroll);
    this.scroll = false;
    document.body.dataset['drawn'] = String(Number(document.body.dataset['drawn'] ?? 0) + 1);
    paintedControl(compared);
  }

  private newFigure(content: ConstructorParameters<typeof Figure>[0]): Figure {
    const pick = (place: number, focus: boolean): void => {
      const row = this.rowsNow()[place];
      if (row !== undefined) this.pick(row, focus);
    };
    return new Figure(content, {
      pick: (place) => {
        pick(place, false);
      },
      open: (place) => {
        pick(place, true);
      },
      look: (window) => {
        this.keep({ zoom: window && zoomOf(this.rowsNow(), window) });
      },
      toggle: (quantity) => {
        const hidden = new Set(this.derived.hidden(this.store.value.kept));
        if (!hidden.delete(quantity)) hidden.add(quantity);
        this.keep({ hidden: [...hidden] });
      },
      fold: (path, fold) => {
        this.keep({ folds: { ...this.store.value.kept.folds, [path]: fold } });
      },
      everyStep: (allSteps) => {
        this.keep({ allSteps });
      },
    });
  }

  private rowsNow(): readonly Row[] {
    const report = currentReport(this.store.value);
    return report === undefined ? [] : this.derived.layout(report, this.store.value.kept).rows;
  }

  /** What the host is asked to save or to copy. */
  taken(kind: ExportKind): ToHost | undefined {
    const state = this.store.value;
    const report: Report | undefined = currentReport(state);
    if (report === undefined) return undefined;
    const { kept, current, compared } = state;
    const other = this.derived.comparedReport(state);
    const { picture, description } = this.derived.figure(report, state);
    return takeAway(kind, {
      report,
      finite: simulatedOf(report, current).finite,
      compared: typeof other === 'object' && compared.isBrief !== true ? other : undefined,
      lines: this.derived.lines(this.derived.layout(report, kept).all, report, state),
      picture,
      description,
      path: kept.path ?? report.file,
    });
  }
}

function reveal(range: SourceRange): void {
  post({ type: 'reveal', range, focus: true });
}
