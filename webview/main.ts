import type { FailedEntry, Report, SourceRange } from '../src/protocol/model.js';
import { type PanelContent, type PanelState, parseToPanel } from '../src/protocol/panel.js';
import { questionAbout } from '../src/protocol/question.js';
import { verdict } from '../src/protocol/verdict.js';
import { modelTitle } from '../src/protocol/words.js';
import { SignalChart } from './chart.js';
import { detail } from './detail.js';
import { h } from './dom.js';
import { QuestionForm } from './form.js';
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
const askArea = h('div');
app.append(head, stateArea, askArea, figure, detailArea, table.element, noteArea);
const chart = new SignalChart(canvas, (row) => {
  pick(row, false);
});
window.initscope = {
  get chartData() {
    return chart.data;
  },
};

let content: PanelContent = { kind: 'busy' };
let form: QuestionForm | undefined;
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
  } else if (value.type === 'answered') {
    if (value.problem !== undefined) form?.report(value.problem, value.line);
    else ask(false);
  } else if (value.type === 'select') {
    const { step: _, ...rest } = state;
    state = rest;
    update({
      ...(value.entry !== undefined && { entry: value.entry }),
      ...(value.layer !== undefined && { layer: value.layer }),
      ...(value.ask !== undefined && { asking: value.ask }),
    });
    render({ scroll: value.layer !== undefined });
    if (value.ask === true) form?.focus();
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

function ask(asking: boolean): void {
  update({ asking });
  render();
  if (asking) form?.focus();
}

/** The model that is shown, or that could not be built. */
function currentFailure(): FailedEntry | undefined {
  if (content.kind !== 'ready' || currentReport() !== undefined) return undefined;
  return content.failed.find(({ entry }) => entry === state.entry) ?? content.failed[0];
}

/** The form, where something is asked or the user asked for it; what was typed stays while the question does. */
function renderForm(): void {
  const model = currentReport() ?? currentFailure();
  // Without any number to show, the form is the page.
  const isNeeded =
    model !== undefined && ('reason' in model || model.layers.every(({ forward }) => forward === undefined));
  if (content.kind !== 'ready' || model === undefined || !(isNeeded || state.asking === true)) {
    form = undefined;
    askArea.replaceChildren();
    return;
  }
  const question = questionAbout(model);
  const namesModel = content.reports.length + content.failed.length > 1 || question.missing.length > 0;
  if (form?.asks(question, namesModel) === true) return;
  form = new QuestionForm({
    question,
    namesModel,
    onCancel: isNeeded
      ? undefined
      : () => {
          ask(false);
        },
    onAnswer: (answer) => {
      if (answer.entry !== undefined) update({ entry: answer.entry });
      post({ type: 'answer', about: question.about, ...answer });
    },
  });
  askArea.replaceChildren(form.element);
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
  stateArea.replaceChildren(...stateOf(report));
  noteArea.replaceChildren(...(content.kind === 'ready' ? [notes(content, entry, reveal) ?? ''] : []));
  renderForm();
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
  return report === undefined
    ? [model]
    : [
        model,
        facts(report, reveal, () => {
          ask(true);
        }),
        headline(report),
      ];
}

function stateOf(report: Report | undefined): Node[] {
  if (content.kind === 'busy') return [h('p', { class: 'busy', text: 'Reading the model…' })];
  if (content.kind === 'failed') return [message('InitScope stopped', content.message)];
  // The verdict says that forward could not be followed, the form what is missing.
  if (report !== undefined) return [];
  const failed = currentFailure();
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
