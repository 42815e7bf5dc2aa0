import type { Report, SourceRange } from '../src/protocol/model.js';
import { type PanelContent, type PanelState, parseToPanel } from '../src/protocol/panel.js';
import { verdict } from '../src/protocol/verdict.js';
import { modelTitle } from '../src/protocol/words.js';
import { SignalChart } from './chart.js';
import { detail } from './detail.js';
import { h } from './dom.js';
import { facts, headline, picker } from './header.js';
import { legend } from './legend.js';
import { failure, message, notes } from './notes.js';
import { type Row, rowsOf } from './series.js';
import { LayerTable } from './table.js';
import { onThemeChange } from './theme.js';
import { post, savedState, saveState } from './vscodeApi.js';

declare global {
  interface Window {
    /** For tests: what the chart shows. */
    initscope?: { readonly chartData: SignalChart['data'] };
  }
}

const app = document.getElementById('app') ?? document.body;
const head = h('header', { class: 'head' });
const noteArea = h('div');
const detailArea = h('div', { attributes: { 'aria-live': 'polite' } });
const canvas = h('canvas', { attributes: { role: 'img' } });
const stepsToggle = h('input', { attributes: { type: 'checkbox', id: 'all-steps' } });
const tools = h(
  'div',
  { class: 'tools' },
  legend((series, visible) => {
    chart.toggle(series, visible);
  }),
  h('label', { class: 'toggle', attributes: { for: 'all-steps' } }, stepsToggle, 'every step'),
);
const table = new LayerTable({ pick, reveal });
const figure = h(
  'section',
  { class: 'figure', attributes: { 'aria-label': 'Variance by layer' } },
  tools,
  h('div', { class: 'chart' }, canvas),
);
const stateArea = h('div', { attributes: { role: 'status' } });
app.append(head, stateArea, figure, detailArea, table.element, noteArea);
const chart = new SignalChart(canvas, (row) => {
  pick(row, false);
});
window.initscope = {
  get chartData() {
    return chart.data;
  },
};

let content: PanelContent = { kind: 'busy' };
let state: PanelState = savedState() ?? { uri: '' };

stepsToggle.checked = state.allSteps === true;
stepsToggle.addEventListener('change', () => {
  update({ allSteps: stepsToggle.checked });
  render();
});
onThemeChange(() => {
  chart.refreshTheme();
});
window.addEventListener('message', (event: MessageEvent<unknown>) => {
  const parsed = parseToPanel(event.data);
  if (!parsed.ok) {
    post({ type: 'log', message: `a message was ignored: ${parsed.problem}` });
    return;
  }
  const { value } = parsed;
  if (value.type === 'show') {
    content = value.content;
    update({ uri: value.document.uri });
    document.title = `InitScope: ${value.document.name}`;
    render();
  } else {
    const { step: _, ...rest } = state;
    state = rest;
    update({
      ...(value.entry !== undefined && { entry: value.entry }),
      ...(value.layer !== undefined && { layer: value.layer }),
    });
    render({ scroll: value.layer !== undefined });
  }
});
render();
post({ type: 'ready' });

function update(change: Partial<PanelState>): void {
  state = { ...state, ...change };
  saveState(state);
}

function pick(row: Row, focus: boolean): void {
  update({ layer: row.layer.name, step: row.index });
  const report = currentReport();
  if (report !== undefined) showSelection(row, report, false);
  const range = row.layer.declaredAt ?? row.layer.calledAt;
  if (range !== undefined) post({ type: 'reveal', range, focus });
}

function reveal(range: SourceRange): void {
  post({ type: 'reveal', range, focus: true });
}

function currentReport(): Report | undefined {
  if (content.kind !== 'ready') return undefined;
  const { reports, failed } = content;
  if (failed.some(({ entry }) => entry === state.entry)) return undefined;
  return reports.find(({ entry }) => entry === state.entry) ?? reports[0];
}

function render({ scroll = false } = {}): void {
  const report = currentReport();
  const entry = report?.entry ?? state.entry;
  document.body.dataset['state'] = content.kind === 'ready' && report === undefined ? 'empty' : content.kind;
  const hasLayers = report !== undefined && report.layers.length > 0;
  figure.hidden = table.element.hidden = detailArea.hidden = !hasLayers;
  head.replaceChildren(...headOf(report, entry));
  stateArea.replaceChildren(...stateOf(report, hasLayers));
  noteArea.replaceChildren(...(content.kind === 'ready' ? [notes(content, entry, reveal) ?? ''] : []));
  if (hasLayers) renderLayers(report, scroll);
  document.body.dataset['ready'] = String(content.kind !== 'busy');
}

function headOf(report: Report | undefined, entry: string | undefined): Node[] {
  if (content.kind !== 'ready') return [];
  const model = picker(content, entry, (chosen) => {
    const { layer: _layer, step: _step, ...rest } = state;
    state = rest;
    update({ entry: chosen });
    render();
  });
  return report === undefined ? [model] : [model, facts(report, reveal), headline(report)];
}

function stateOf(report: Report | undefined, hasLayers: boolean): Node[] {
  if (content.kind === 'busy') return [h('p', { class: 'busy', text: 'Reading the model…' })];
  if (content.kind === 'failed') return [message('InitScope stopped', content.message)];
  if (report !== undefined) {
    return hasLayers
      ? []
      : [
          message(
            'The forward pass could not be followed',
            'Without it there is no signal to show. The notes below say what is missing.',
          ),
        ];
  }
  const failed = content.failed.find(({ entry }) => entry === state.entry) ?? content.failed[0];
  if (failed !== undefined) {
    return [
      failure(`${modelTitle(failed)} could not be built`, failed.reason, failed.range ?? failed.definedAt, reveal),
    ];
  }
  return [
    message(
      'No model here',
      'InitScope looks for classes derived from nn.Module, and for models that the file builds.',
    ),
  ];
}

function renderLayers(report: Report, scroll: boolean): void {
  const remembered = report.layers[state.step ?? -1];
  const wanted = remembered?.name === state.layer ? remembered : report.layers.find(({ name }) => name === state.layer);
  const short = rowsOf(report, stepsToggle.checked);
  const rows = wanted !== undefined && !short.some(({ layer }) => layer === wanted) ? rowsOf(report, true) : short;
  chart.show(
    rows,
    `Variance of signal and gradient over ${rows.length} layers. ${verdict(report).text} The table below has the numbers.`,
  );
  table.show(rows, report);
  const row = rows.find(({ layer }) => layer === wanted);
  if (row !== undefined) {
    showSelection(row, report, scroll);
  } else {
    chart.select(-1);
    detailArea.replaceChildren();
  }
}

function showSelection(row: Row, report: Report, scroll: boolean): void {
  chart.select(row.index);
  table.select(row.index, { scroll, focus: false });
  detailArea.replaceChildren(detail(row.layer, report));
}
