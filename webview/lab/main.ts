import './speak.js';
import { parseToLabPage, type ExperimentName, type LabModel, type LabStart } from '../../src/protocol/lab/index.js';
import { h } from '../dom.js';
import { t } from '../../src/protocol/l10n.js';
import { onThemeChange } from '../theme.js';
import { viewStrip } from '../viewStrip.js';
import { post, saveState, savedState } from './api.js';
import type { View } from './experiment.js';
import { derivation } from './experiments/derivation.js';
import { digits } from './experiments/digits.js';
import { products } from './experiments/products.js';
import { race } from './experiments/race.js';
import { regimes } from './experiments/regimes.js';
import { scale } from './experiments/scale.js';
import { symmetry } from './experiments/symmetry.js';
import { Bench } from './bench.js';

/** In the order in which they build on each other. */
const first = symmetry as unknown as View<ExperimentName>;
const views = [first, scale, products, derivation, regimes, digits, race] as unknown as readonly View<ExperimentName>[];

const app = document.getElementById('app');
if (app === null) throw new Error('the page has no place for the Lab');

const saved = savedState();
const starts = new Map<ExperimentName, LabStart>(views.map((view) => [view.name, view.initial]));
for (const start of saved?.starts ?? []) starts.set(start.experiment, start);
let models: readonly LabModel[] = [];
let images: { readonly name: string; readonly count: number; readonly isOwn: boolean } | undefined;
let current: View<ExperimentName> = views.find(({ name }) => name === saved?.experiment) ?? first;
let bench: Bench;
/** Of the starts of this page; those of a page before it, as it was before a reload, are lower. */
let run = Date.now() % 2 ** 31;

/** Milliseconds from one picture to the next where motion is reduced. */
const calm = 1000;

const tabs = views.map((view) => {
  const tab = h('button', {
    class: 'tab',
    text: view.tab,
    attributes: { role: 'tab', id: `tab-${view.name}`, 'aria-controls': 'experiment' },
    onClick: () => {
      show(view);
    },
  });
  tab.addEventListener('keydown', (event) => {
    const at = views.indexOf(view);
    const last = views.length - 1;
    const next = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[
      event.key
    ];
    if (next === undefined) return;
    event.preventDefault();
    tabs[next]?.click();
    tabs[next]?.focus();
  });
  return tab;
});
const place = h('section', { attributes: { id: 'experiment', role: 'tabpanel', tabindex: '-1' } });
const strip = viewStrip('lab', () => {
  post({ type: 'openSignal' });
});
strip.hidden = true;
app.append(
  strip,
  h('h1', { text: t('InitScope Lab') }),
  h('div', { class: 'tabs', attributes: { role: 'tablist', 'aria-label': t('Experiments') } }, ...tabs),
  place,
);

function show(view: View<ExperimentName>): void {
  current = view;
  tabs.forEach((tab, i) => {
    const isCurrent = views[i] === view;
    tab.setAttribute('aria-selected', String(isCurrent));
    tab.tabIndex = isCurrent ? 0 : -1;
  });
  place.setAttribute('aria-labelledby', `tab-${view.name}`);
  bench = new Bench(view, starts.get(view.name) ?? view.initial, {
    models: () => models,
    images: () => images,
    begin(start, play) {
      starts.set(view.name, start);
      save();
      post({ type: 'start', run: ++run, what: start, play });
    },
    keep(start) {
      starts.set(view.name, start);
      save();
    },
    send: post,
  });
  place.replaceChildren(bench.element);
  save();
}

function save(): void {
  saveState({ experiment: current.name, starts: [...starts.values()] });
}

addEventListener('message', (event: MessageEvent<unknown>) => {
  const parsed = parseToLabPage(event.data);
  if (!parsed.ok) {
    post({ type: 'log', message: `A message was ignored: ${parsed.problem}` });
    return;
  }
  const message = parsed.value;
  switch (message.type) {
    case 'models':
      models = message.models;
      strip.hidden = !message.hasSignal;
      bench.modelsChanged();
      return;
    case 'images': {
      const areFirst = images === undefined;
      images = message;
      bench.imagesChanged(areFirst);
      return;
    }
    case 'frame':
      requestAnimationFrame(() => {
        if (message.run === run) bench.show(message);
        if (message.isPlaying && wantsCalm()) setTimeout(seen, calm);
        else seen();
      });
      return;
    case 'failed':
      if (message.run === run) bench.fail(message.message);
      return;
    case 'problem':
      bench.tell(message.message);
  }
});

function seen(): void {
  post({ type: 'seen' });
}

/** Motion is to be reduced: pictures change once in a while instead of moving. */
function wantsCalm(): boolean {
  return (
    matchMedia('(prefers-reduced-motion: reduce)').matches || document.body.classList.contains('vscode-reduce-motion')
  );
}

show(current);
onThemeChange(() => {
  bench.redraw();
});
post({ type: 'ready' });
