import type { WhatIfControls } from '../../src/protocol/panel.js';
import type { Report } from '../../src/protocol/model.js';
import { h } from '../dom.js';
import { t } from '../../src/protocol/l10n.js';
import type { View } from '../simulations.js';
import { button, checkbox, numberField, select, slider } from './controls.js';
import { activationChoices, initChoiceOf, initChoices, isRecommendedOnly, valueOf } from './settings.js';

export interface WhatIfEvents {
  /** `isLive`: more of it is to come, as while a slider is dragged. */
  change(controls: WhatIfControls, isLive: boolean): void;
  tune(open: boolean): void;
  apply(): void;
  cancel(): void;
}

/** The controls of what the model is compared with. */
export class WhatIfBar {
  readonly element: HTMLElement;
  private controls: WhatIfControls = {};
  private selected: string | undefined;
  private tuning = false;
  private readonly init = select(
    t('Compare with initialization'),
    initChoices.map(({ id, label }) => ({ value: id, label: label() })),
    (init) => {
      this.change({ init, value: undefined });
    },
  );
  private readonly value = numberField('value', '', (value) => {
    this.change({ value });
  });
  private readonly scope = checkbox(t('only the selected layer'), (isOn) => {
    this.change({ onlyLayer: isOn ? this.selected : undefined });
  });
  private readonly activation = select(
    t('Activation'),
    [{ value: '', label: t('as written') }, ...activationChoices.map((name) => ({ value: name, label: name }))],
    (name) => {
      this.change({ activation: name === '' ? undefined : name });
    },
  );
  private readonly depth = slider(
    t('Depth'),
    [-2, 3, 0.5],
    (x) => 2 ** x,
    (depth, live) => {
      this.change({ depth: depth === 1 ? undefined : depth }, live);
    },
  );
  private readonly width = slider(
    t('Width'),
    [-3, 3, 0.5],
    (x) => 2 ** x,
    (width, live) => {
      this.change({ width: width === 1 ? undefined : width }, live);
    },
  );
  private readonly inputScale = slider(
    t('Input scale'),
    [-3, 3, 0.25],
    (x) => 10 ** x,
    (scale, live) => {
      this.change({ inputScale: scale === 1 ? undefined : scale }, live);
    },
  );
  private readonly norm = checkbox(t('without normalization'), (isOff) => {
    this.change({ normalization: isOff ? 'off' : undefined });
  });
  private readonly batch = numberField('batch', t('Batch'), (batch) => {
    this.change({ batch: whole(batch, 4096) });
  });
  private readonly seed = numberField('seed', t('First seed'), (seed) => {
    this.change({ seed: whole(seed, 2 ** 31) });
  });
  private readonly seeds = numberField('seeds', t('Draws'), (seeds) => {
    this.change({ seeds: whole(seeds, 100) });
  });
  private readonly more = h('details', { class: 'more-controls' });
  private readonly notes = h('p', { class: 'what-if-notes muted', attributes: { role: 'status' } });
  private readonly reset = button(t('Reset'), 'link', () => {
    this.events.change({}, false);
  });
  private readonly apply: HTMLButtonElement;
  private readonly progress = h('progress', { attributes: { max: '1', 'aria-label': t('Simulating draws') } });
  private readonly running: HTMLElement;
  private readonly draws = h('span', { class: 'muted' });

  constructor(private readonly events: WhatIfEvents) {
    this.apply = button(t('Apply to code'), 'secondary', () => {
      events.apply();
    });
    this.running = h(
      'span',
      { class: 'running' },
      this.progress,
      this.draws,
      button(t('Cancel'), 'link', () => {
        events.cancel();
      }),
    );
    this.more.append(
      h('summary', { text: t('What if…') }),
      h(
        'div',
        { class: 'control-grid' },
        this.activation.element,
        this.depth.element,
        this.width.element,
        this.inputScale.element,
        this.batch.element,
        this.seed.element,
        this.seeds.element,
        this.norm.element,
        this.scope.element,
      ),
    );
    this.more.addEventListener('toggle', () => {
      events.tune(this.more.open);
    });
    this.element = h(
      'section',
      { class: 'what-if', attributes: { 'aria-label': t('What if') } },
      h('div', { class: 'what-if-main' }, this.init.element, this.value.element, this.apply, this.reset, this.running),
      this.more,
      this.notes,
    );
  }

  show(controls: WhatIfControls, selected: string | undefined, tuning: boolean): void {
    this.controls = controls;
    this.selected = selected;
    const choice = initChoiceOf(controls);
    this.init.set(choice.id);
    this.value.element.hidden = choice.value === undefined;
    this.value.name(choice.value?.label() ?? '');
    this.value.set(choice.value === undefined ? undefined : valueOf(controls));
    this.scope.set(controls.onlyLayer !== undefined, selected === undefined && controls.onlyLayer === undefined);
    this.activation.set(controls.activation ?? '');
    this.depth.set(Math.log2(controls.depth ?? 1), controls.depth ?? 1);
    this.width.set(Math.log2(controls.width ?? 1), controls.width ?? 1);
    this.inputScale.set(Math.log10(controls.inputScale ?? 1), controls.inputScale ?? 1);
    this.norm.set(controls.normalization === 'off', false);
    this.batch.set(controls.batch);
    this.seed.set(controls.seed ?? 1);
    this.seeds.set(controls.seeds ?? 5);
    this.reset.hidden = Object.values(controls).every((part) => part === undefined);
    this.apply.hidden = !isRecommendedOnly(controls);
    // Only when that is another: what the user has just opened is told a moment later, and a frame may come between.
    if (this.tuning !== tuning) this.more.open = tuning;
    this.tuning = tuning;
  }

  outcome(current: View, compared: View, report: Report | undefined): void {
    const views = [current, compared].filter(({ isRunning, draws: [, of] }) => isRunning && of > 0);
    this.running.classList.toggle('idle', views.length === 0);
    const done = views.reduce((sum, view) => sum + view.done, 0) / Math.max(1, views.length);
    this.progress.value = done;
    const [came, of] = views.reduce(([a, b], { draws: [c, d] }) => [a + c, b + d], [0, 0]);
    this.draws.textContent = views.length === 0 ? '' : t('{0} of {1} draws', came, of);
    const refused = report?.whatIf?.refused.map(({ part, reason }) => `${partName(part)}: ${reason}`) ?? [];
    const problems = [current.problem, compared.problem].flatMap((problem) => problem ?? []);
    const text = [...new Set([...refused, ...(report?.whatIf?.notes ?? []), ...problems])].slice(0, 4).join('; ');
    if (this.notes.textContent !== text) this.notes.textContent = text;
  }

  private change(change: Partial<WhatIfControls>, isLive = false): void {
    const all = Object.entries({ ...this.controls, ...change });
    const next: WhatIfControls = Object.fromEntries(all.filter(([, value]) => value !== undefined));
    this.controls = next;
    this.events.change(next, isLive);
  }
}

function whole(x: number | undefined, most: number): number | undefined {
  return x === undefined || !(x >= 1) ? undefined : Math.min(most, Math.round(x));
}

function partName(part: string): string {
  const names: Readonly<Record<string, string>> = {
    init: t('Initialization'),
    activation: t('Activation'),
    inputScale: t('Input scale'),
    normalization: t('Normalization'),
    width: t('Width'),
    depth: t('Depth'),
  };
  return names[part] ?? part;
}
