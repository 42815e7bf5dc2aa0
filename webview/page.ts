import type { Report, SourceRange } from '../src/protocol/model.js';
import type { PanelState, ToPanel, WhatIfControls } from '../src/protocol/panel.js';
import { type Comparison, type Curve, curvesOf, type Quantity, valueAt } from './chart/curves.js';
import { pictureOf } from './chart/picture.js';
import { type Window, windowOf, zoomOf } from './chart/viewport.js';
import { h } from './dom.js';
import { exportMenu, type ExportKind } from './exports/menu.js';
import { takeAway } from './exports/takeAway.js';
import { Figure, type FigureContent } from './figure.js';
import { Head } from './head.js';
import { t } from './l10n.js';
import { layerView } from './layer/view.js';
import type { Row } from './rows.js';
import { idle, Simulation } from './simulations.js';
import {
  comparisonOf,
  currentReport,
  layoutOf,
  noControls,
  type PageState,
  placeOf,
  selectedIndex,
  simulatedOf,
} from './state.js';
import { Store } from './store.js';
import { linesOf } from './table/columns.js';
import { LayerTable } from './table/table.js';
import type { Theme } from './theme.js';
import { memo } from './memo.js';
import { WhatIfBar } from './whatIf/bar.js';
import {
  comparedSettings,
  currentSettings,
  describeControls,
  isAsWritten,
  isRecommendedOnly,
} from './whatIf/settings.js';
import { verdict } from '../src/protocol/verdict.js';
import { post, saveState } from './vscodeApi.js';

/** After the last change of a control, so that draws start when the hand rests. */
const restMilliseconds = 350;

/** The page: one state, and views that follow it. */
export class Page {
  private readonly store: Store<PageState>;
  private readonly head: Head;
  private readonly models = h('div', { class: 'body' });
  private readonly detailArea = h('div', { attributes: { 'aria-live': 'polite' } });
  private readonly toldArea = h('p', { class: 'told', attributes: { role: 'status' } });
  private readonly current: Simulation;
  private readonly compared: Simulation;
  private readonly bar: WhatIfBar;
  private readonly table: LayerTable;
  private figure: Figure | undefined;
  private rest: ReturnType<typeof setTimeout> | undefined;
  private frame: number | undefined;
  private tableTimer: ReturnType<typeof setTimeout> | undefined;
  private scroll = false;
  private readonly layout = memo((report: Report, allSteps: unknown, folds: unknown, layer: unknown, step: unknown) =>
    layoutOf(report, { allSteps, folds, layer, step } as Parameters<typeof layoutOf>[1]),
  );
  private readonly curves = memo(
    (rows: readonly Row[], report: Report, finite: Report | undefined, comparison: Comparison): Curve[] =>
      curvesOf(rows, { moments: report, finite }, comparison),
  );
  private readonly comparison = memo(comparisonOf);
  private readonly hidden = memo((names: readonly string[] | undefined) => new Set((names ?? ['ratio']) as Quantity[]));
  private readonly window = memo(windowOf);

  constructor(root: HTMLElement, kept: PanelState, theme: Theme) {
    this.store = new Store<PageState>({
      content: { kind: 'busy' },
      kept,
      current: idle,
      compared: idle,
      theme,
      told: '',
    });
    this.current = new Simulation(post, (current) => {
      this.store.update({ current });
    });
    this.compared = new Simulation(post, (compared) => {
      this.store.update({ compared });
    });
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
        this.current.cancel();
        this.compared.cancel();
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
    const menu = exportMenu((kind) => {
      this.takeAway(kind);
    });
    root.append(
      h('div', { class: 'top' }, this.head.element, menu),
      this.head.below,
      this.models,
      this.toldArea,
      this.head.notes,
    );
    this.store.watch(
      ({ content, kept: { entry, asking } }) => [content, entry, asking],
      () => {
        this.showModel();
      },
    );
    this.store.watch(
      ({ content, kept, current, compared, theme: own }) => [content, kept, current, compared, own],
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

  /** What the chart shows, layer by layer; whatever is hidden or folded too. */
  get chartData() {
    const { kept, current, compared } = this.store.value;
    const report = currentReport(this.store.value);
    if (report === undefined) return { labels: [], series: {} };
    const { rows } = this.layoutNow(report);
    const { finite } = simulatedOf(report, current);
    const lines = linesOf(rows, report, finite, this.comparedReport(kept, compared));
    const at = (quantity: Quantity) =>
      rows.map(
        (row) => valueAt(quantity, row, (finite ?? report).layers[row.index] ?? row.layer, finite ?? report)?.y ?? null,
      );
    return {
      labels: rows.map(({ label }) => label),
      engine: finite?.engine ?? report.engine,
      series: {
        forward: lines.map(({ layer }) => layer.forward?.variance ?? null),
        gradient: lines.map(({ layer }) => layer.backward?.variance ?? null),
        forwardRecommended: rows.map(({ layer }) => layer.withRecommended?.forward?.variance ?? null),
        gradientRecommended: rows.map(({ layer }) => layer.withRecommended?.backward?.variance ?? null),
        forwardCompared: lines.map((line) => line.compared?.forward?.variance ?? null),
        drawnSignal: at('signal'),
        drawnGradient: at('gradient'),
        ratio: at('ratio'),
      },
      window: this.windowNow(rows, kept),
      folded: rows.flatMap((row) => row.folded?.path ?? []),
    };
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
        this.simulateCurrent();
        this.simulateCompared('auto');
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
        this.current.receive(message.id, message.content);
        this.compared.receive(message.id, message.content);
    }
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
    saveState(kept);
    return kept;
  }

  private changeModel(): void {
    this.current.clear();
    this.compared.clear();
    const { kept } = this.store.value;
    if (kept.zoom !== undefined || kept.whatIf?.onlyLayer !== undefined)
      this.store.update({
        kept: this.saved({ zoom: undefined, whatIf: kept.whatIf && { ...kept.whatIf, onlyLayer: undefined } }),
      });
    this.simulateCurrent();
    this.simulateCompared('auto');
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
    const before = this.store.value.kept.whatIf ?? noControls;
    this.keep({ whatIf });
    clearTimeout(this.rest);
    if (whatIf.seed !== before.seed || whatIf.seeds !== before.seeds) this.simulateCurrent();
    this.simulateCompared('moments');
    if (!isLive)
      this.rest = setTimeout(() => {
        this.simulateCompared('auto');
      }, restMilliseconds);
  }

  private simulateCurrent(): void {
    const report = currentReport(this.store.value);
    if (report === undefined || report.layers.length === 0) this.current.clear();
    else this.current.ask(report.entry, currentSettings(this.controls, 'auto'));
  }

  private simulateCompared(engine: 'moments' | 'auto'): void {
    const report = currentReport(this.store.value);
    const { controls } = this;
    if (report === undefined || isAsWritten(controls) || isRecommendedOnly(controls)) this.compared.clear();
    else this.compared.ask(report.entry, comparedSettings(controls, engine));
  }

  private get controls(): WhatIfControls {
    return this.store.value.kept.whatIf ?? noControls;
  }

  private apply(): void {
    const report = currentReport(this.store.value);
    if (report !== undefined) post({ type: 'apply', entry: report.entry });
  }

  private layoutNow(report: Report) {
    const { allSteps, folds, layer, step } = this.store.value.kept;
    return this.layout(report, allSteps, folds, layer, step);
  }

  private windowNow(rows: readonly Row[], { zoom }: PanelState): Window {
    return this.window(rows, zoom);
  }

  private comparedReport(kept: PanelState, view: PageState['compared']): Report | 'recommended' | undefined {
    const comparison = this.comparison(kept.whatIf ?? noControls, view);
    if (comparison === undefined) return undefined;
    return comparison.kind === 'recommended' ? 'recommended' : (comparison.finite ?? comparison.moments);
  }

  /** Header, states, form and notes: what changes with the model, not with what is looked at. */
  private showModel(): void {
    const { content } = this.store.value;
    const report = currentReport(this.store.value);
    document.body.dataset['state'] = content.kind === 'ready' && report === undefined ? 'empty' : content.kind;
    this.head.show(this.store.value);
    this.models.hidden = report === undefined || report.layers.length === 0;
    document.body.dataset['ready'] = String(content.kind !== 'busy');
  }

  /** Once a frame at most, however many messages come. */
  private schedule(): void {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.draw();
    });
  }

  private draw(): void {
    const state = this.store.value;
    const report = currentReport(state);
    if (report === undefined || report.layers.length === 0) return;
    const content = this.figureContent(report);
    if (this.figure === undefined) {
      this.figure = new Figure(content, {
        pick: (place) => {
          const row = this.rowAt(place);
          if (row !== undefined) this.pick(row, false);
        },
        open: (place) => {
          const row = this.rowAt(place);
          if (row !== undefined) this.pick(row, true);
        },
        look: (window) => {
          const own = currentReport(this.store.value);
          if (own === undefined) return;
          const { rows } = this.layoutNow(own);
          this.keep({ zoom: window && zoomOf(rows, window) });
        },
        toggle: (quantity) => {
          const hidden = new Set(this.hidden(this.store.value.kept.hidden));
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
      this.models.append(this.bar.element, this.figure.element, this.detailArea, this.table.element);
    } else this.figure.show(content);
    const { kept, current, compared } = state;
    const index = selectedIndex(report, kept);
    this.bar.show(this.controls, kept.layer, kept.tuning === true);
    this.bar.outcome(current, compared, isRecommendedOnly(this.controls) ? undefined : compared.moments);
    this.detail(report, index);
    this.list(report);
    document.body.dataset['drawn'] = String(Number(document.body.dataset['drawn'] ?? 0) + 1);
  }

  private rowAt(place: number): Row | undefined {
    const report = currentReport(this.store.value);
    return report && this.layoutNow(report).rows[place];
  }

  private figureContent(report: Report): FigureContent {
    const { kept, current, compared, theme } = this.store.value;
    const { rows, bands } = this.layoutNow(report);
    const { finite } = simulatedOf(report, current);
    const comparison = this.comparison(kept.whatIf ?? noControls, compared);
    const curves = this.curves(rows, report, finite, comparison);
    const picture = pictureOf({
      rows,
      curves,
      hidden: this.hidden(kept.hidden),
      window: this.windowNow(rows, kept),
      selected: placeOf(rows, selectedIndex(report, kept)),
      theme,
    });
    return {
      picture,
      bands,
      report: finite ?? report,
      compared: comparison === undefined ? undefined : describeControls(this.controls),
      isFinite: finite !== undefined,
      allSteps: kept.allSteps === true,
      description: t(
        'Variance of signal and gradient over {0} layers. {1} The table below has the numbers.',
        rows.length,
        verdict(report).text,
      ),
    };
  }

  private shownDetail: readonly unknown[] = [];

  private detail(report: Report, index: number): void {
    const { finite } = simulatedOf(report, this.store.value.current);
    const key = [report, finite, index];
    if (key.every((part, i) => part === this.shownDetail[i])) return;
    this.shownDetail = key;
    this.detailArea.replaceChildren(
      index < 0
        ? h('p', { class: 'muted hint', text: t('Select a layer to see its values.') })
        : layerView(report, finite, index, reveal),
    );
  }

  /** The table follows when the hand rests: a slider's numbers would run past anyway. */
  private list(report: Report): void {
    const { kept } = this.store.value;
    const isFirst = this.tableTimer === undefined;
    clearTimeout(this.tableTimer);
    const show = (): void => {
      this.listNow();
    };
    const index = selectedIndex(report, kept);
    if (isFirst || this.listed !== report || this.arrangement !== JSON.stringify([kept.filter, kept.sort])) show();
    this.tableTimer = setTimeout(show, 200);
    this.table.select(index, { scroll: this.scroll });
    this.scroll = false;
  }

  private listed: Report | undefined;
  private arrangement = '';

  private listNow(): void {
    const { kept, current, compared } = this.store.value;
    const report = currentReport(this.store.value);
    if (report === undefined) return;
    this.listed = report;
    this.arrangement = JSON.stringify([kept.filter, kept.sort]);
    const { all } = this.layoutNow(report);
    const { finite } = simulatedOf(report, current);
    this.table.show(linesOf(all, report, finite, this.comparedReport(kept, compared)), kept);
    this.table.select(selectedIndex(report, kept), { scroll: false });
  }

  private takeAway(kind: ExportKind): void {
    const { kept, current, compared } = this.store.value;
    const report = currentReport(this.store.value);
    if (report === undefined) return;
    const { all } = this.layoutNow(report);
    const { finite } = simulatedOf(report, current);
    const other = this.comparedReport(kept, compared);
    const { picture, description } = this.figureContent(report);
    const lines = linesOf(all, report, finite, other);
    post(
      takeAway(kind, {
        report,
        finite,
        compared: typeof other === 'object' ? other : undefined,
        lines,
        picture,
        description,
        path: kept.path ?? report.file,
      }),
    );
  }
}

function reveal(range: SourceRange): void {
  post({ type: 'reveal', range, focus: true });
}
