import type { ExperimentName, FromLabPage, LabModel, LabStart, ToLabPage } from '../../src/protocol/lab/index.js';
import { h } from '../dom.js';
import { wholeNumber } from './controls.js';
import type { Page, View } from './experiment.js';

type Frame = Extract<ToLabPage, { type: 'frame' }>;

export interface BenchOptions {
  models(): readonly LabModel[];
  images(): Page<ExperimentName>['images'];
  begin(start: LabStart, play: boolean): void;
  send(message: FromLabPage): void;
}

/** One experiment on the page: words, controls, the buttons that play it, and its pictures. */
export class Bench {
  readonly element: HTMLElement;
  private readonly controls = h('div', { class: 'controls', attributes: { role: 'group', 'aria-label': 'Settings' } });
  private readonly words = h('p', { class: 'words', attributes: { role: 'status', 'aria-live': 'polite' } });
  private readonly pictures = h('div', { class: 'pictures' });
  private readonly problem = h('p', { class: 'problem', attributes: { role: 'alert' } });
  private readonly playButton: HTMLButtonElement;
  private readonly stepButton: HTMLButtonElement;
  private readonly sizes = h('div', { class: 'control' });
  private frame: Frame | undefined;
  private isPlaying = false;
  private said = 0;

  constructor(
    private readonly view: View<ExperimentName>,
    private start: LabStart,
    private readonly options: BenchOptions,
  ) {
    this.playButton = h('button', {
      text: 'Play',
      onClick: () => {
        this.togglePlay();
      },
    });
    this.stepButton = h('button', {
      class: 'secondary',
      text: 'Step',
      onClick: () => {
        options.send({ type: 'step' });
      },
    });
    const reset = h('button', {
      class: 'secondary',
      text: 'Reset',
      title: 'Back to the first step with these settings',
      onClick: () => {
        this.begin(this.start, false);
      },
    });
    const defaults = h('button', {
      class: 'secondary',
      text: 'Defaults',
      title: 'All settings as they were at first',
      onClick: () => {
        this.change(view.initial);
        this.showControls();
      },
    });
    const transport = h(
      'div',
      { class: 'transport', attributes: { role: 'toolbar', 'aria-label': 'Run' } },
      view.hasSteps && this.playButton,
      view.hasSteps && this.stepButton,
      reset,
      defaults,
      this.seedControl(),
    );
    this.element = h(
      'div',
      { class: 'bench' },
      h('h2', { text: view.question }),
      ...view.text.map((text) => h('p', { class: 'text', text })),
      h('p', { class: 'formula', text: view.formula }),
      this.controls,
      transport,
      this.problem,
      this.words,
      this.pictures,
    );
    this.showControls();
    this.begin(start, false);
  }

  show(frame: Frame): void {
    this.frame = frame;
    this.isPlaying = frame.isPlaying;
    this.playButton.textContent = frame.isPlaying ? 'Pause' : 'Play';
    this.playButton.disabled = frame.isOver;
    this.stepButton.disabled = frame.isOver;
    this.draw();
  }

  redraw(): void {
    this.draw();
  }

  fail(message: string): void {
    this.isPlaying = false;
    this.playButton.textContent = 'Play';
    this.problem.textContent = message;
    this.pictures.replaceChildren();
    this.words.textContent = '';
  }

  /** A word that leaves what is shown as it is. */
  tell(message: string): void {
    this.problem.textContent = message;
  }

  modelsChanged(): void {
    this.showSizes();
    if (this.view.name === 'race') this.showControls();
  }

  imagesChanged(): void {
    if (this.view.name !== 'digits') return;
    this.showControls();
  }

  private draw(): void {
    const { frame } = this;
    if (frame?.data.experiment !== this.view.name) return;
    const own = frame.data.frame;
    const open = [...this.pictures.querySelectorAll('details')].map((details) => details.open);
    this.pictures.replaceChildren(...this.view.draw(own, this.start));
    this.pictures.querySelectorAll('details').forEach((details, i) => {
      details.open = open[i] ?? false;
    });
    // Thirty frames a second are too many to be read out.
    const now = performance.now();
    if (frame.isPlaying && now - this.said < 400) return;
    this.said = now;
    this.words.textContent = this.view.words(own, this.start);
  }

  private togglePlay(): void {
    this.options.send({ type: this.isPlaying ? 'pause' : 'play' });
  }

  private begin(start: LabStart, play: boolean): void {
    this.start = start;
    this.problem.textContent = '';
    this.options.begin(start, play);
  }

  private change(start: LabStart): void {
    this.begin(start, this.isPlaying);
  }

  private page(): Page<ExperimentName> {
    return {
      models: this.options.models(),
      images: this.options.images(),
      change: (start) => {
        const structure = shapeOf(start) !== shapeOf(this.start);
        this.change(start);
        if (structure) this.showControls();
      },
      chooseImages: () => {
        this.options.send({ type: 'openImages' });
      },
      shippedImages: () => {
        this.options.send({ type: 'ownImages' });
        this.begin(this.start, false);
      },
    };
  }

  private showControls(): void {
    const own = this.view.controls(this.start, this.page());
    this.controls.replaceChildren(...own, this.sizes);
    this.showSizes();
  }

  /** "With the layer sizes of …", where models are open. */
  private showSizes(): void {
    const models = this.options.models();
    if (this.view.withSizes === undefined || models.length === 0) {
      this.sizes.replaceChildren();
      return;
    }
    const select = h('select', { attributes: { id: 'own-sizes' } });
    select.append(h('option', { text: 'choose a model…', attributes: { value: '' } }));
    select.append(...models.map(({ label }, i) => h('option', { text: label, attributes: { value: String(i) } })));
    select.addEventListener('change', () => {
      const model = models[Number(select.value)];
      if (select.value === '' || model === undefined) return;
      this.change(this.view.withSizes?.(this.start, model) ?? this.start);
      this.showControls();
      if (model.cut !== undefined) this.tell(model.cut);
    });
    this.sizes.replaceChildren(
      h('label', { text: 'Run it on your own sizes', attributes: { for: 'own-sizes' } }),
      select,
    );
  }

  private seedControl(): HTMLElement {
    return wholeNumber('Seed', this.start.settings.seed, 0, 2 ** 31 - 1, (seed) => {
      this.change({ ...this.start, settings: { ...this.start.settings, seed } } as LabStart);
    });
  }
}

/** Which controls a start has; sliders must not be made anew while they are dragged. */
function shapeOf(start: LabStart): string {
  switch (start.experiment) {
    case 'race':
      return JSON.stringify([start.subject, start.settings.data]);
    case 'products':
      return String(new Set(start.settings.widths).size === 1);
    default:
      return '';
  }
}
