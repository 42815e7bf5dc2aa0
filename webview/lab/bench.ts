import type { ExperimentName, FromLabPage, LabModel, LabStart, ToLabPage } from '../../src/protocol/lab/index.js';
import { h } from '../dom.js';
import { t } from '../../src/protocol/l10n.js';
import { choice, wholeNumber } from './controls.js';
import type { Page, View } from './experiment.js';
import { keepingPlace } from './place.js';

type Frame = Extract<ToLabPage, { type: 'frame' }>;

export interface BenchOptions {
  models(): readonly LabModel[];
  images(): Page<ExperimentName>['images'];
  begin(start: LabStart, play: boolean): void;
  keep(start: LabStart): void;
  send(message: FromLabPage): void;
}

/** Milliseconds after which a start that has shown nothing is said to be under way. */
const patience = 400;
/** Between two texts of a training that plays: thirty a second are too many to be read out. */
const speech = 400;

/** One experiment on the page: words, controls, the buttons that play it, and its pictures. */
export class Bench {
  readonly element: HTMLElement;
  private readonly controls = h('div', {
    class: 'controls',
    attributes: { role: 'group', 'aria-label': t('Settings') },
  });
  private readonly words = h('p', { class: 'words', attributes: { role: 'status', 'aria-live': 'polite' } });
  private readonly hint = h('p', { class: 'note', attributes: { role: 'status' } });
  private readonly problem = h('p', { class: 'problem', attributes: { role: 'alert' } });
  private readonly pictures = h('div', { class: 'pictures' });
  private readonly playButton: HTMLButtonElement;
  private readonly stepButton: HTMLButtonElement;
  private readonly sizes = h('div', { class: 'control beside' });
  private frame: Frame | undefined;
  private isPlaying = false;
  private said = 0;
  private waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly view: View<ExperimentName>,
    private start: LabStart,
    private readonly options: BenchOptions,
  ) {
    this.playButton = h('button', {
      text: t('Play'),
      onClick: () => {
        options.send({ type: this.isPlaying ? 'pause' : 'play' });
      },
    });
    this.stepButton = h('button', {
      class: 'secondary',
      text: t('Step'),
      onClick: () => {
        options.send({ type: 'step' });
      },
    });
    this.element = h(
      'div',
      { class: 'bench' },
      h('h2', { text: view.question }),
      h('p', { class: 'text', text: view.text }),
      h('p', { class: 'formula', text: view.formula }),
      view.correction === undefined ? undefined : h('p', { class: 'text correction', text: view.correction }),
      this.controls,
      this.transport(),
      this.problem,
      this.hint,
      this.words,
      this.pictures,
    );
    this.showControls();
    this.begin(start, false);
  }

  show(frame: Frame): void {
    clearTimeout(this.waiting);
    this.frame = frame;
    this.isPlaying = frame.isPlaying;
    this.playButton.textContent = frame.isPlaying ? t('Pause') : t('Play');
    this.disable(frame.isOver);
    this.draw();
  }

  redraw(): void {
    this.draw();
  }

  fail(message: string): void {
    clearTimeout(this.waiting);
    this.isPlaying = false;
    this.frame = undefined;
    this.playButton.textContent = t('Play');
    this.disable(true);
    this.problem.textContent = message;
    this.pictures.replaceChildren();
    this.words.textContent = '';
  }

  /** Something went wrong that leaves what is shown as it is. */
  tell(message: string): void {
    this.problem.textContent = message;
  }

  modelsChanged(): void {
    if (this.view.name === 'race') this.showControls();
    else this.showSizes();
  }

  /** Other images are there: whoever shows them starts anew, unless these are the first. */
  imagesChanged(areFirst: boolean): void {
    const { start } = this;
    if (start.experiment === 'digits') this.showControls();
    const usesThem = start.experiment === 'digits' || (start.experiment === 'race' && start.settings.data === 'digits');
    if (usesThem && !areFirst) this.change(start);
  }

  private transport(): HTMLElement {
    const seed = wholeNumber(t('Seed'), this.start.settings.seed, 0, 2 ** 31 - 1, (now) => {
      this.change({ ...this.start, settings: { ...this.start.settings, seed: now } } as LabStart);
    });
    seed.classList.add('beside');
    const reset = h('button', {
      class: 'secondary',
      text: t('Reset'),
      title: t('Back to the first step with these settings'),
      onClick: () => {
        this.begin(this.start, false);
      },
    });
    const defaults = h('button', {
      class: 'secondary',
      text: t('Defaults'),
      title: t('All settings as they were at first'),
      onClick: () => {
        this.begin(this.view.initial, false);
        const input = seed.querySelector('input');
        if (input !== null) input.value = String(this.start.settings.seed);
        this.showControls();
      },
    });
    return h(
      'div',
      { class: 'transport', attributes: { role: 'toolbar', 'aria-label': t('Run') } },
      this.playButton,
      this.stepButton,
      reset,
      defaults,
      seed,
      this.sizes,
    );
  }

  private disable(isOver: boolean): void {
    // A button that is disabled under the finger loses the focus to nowhere.
    const { activeElement } = document;
    const hadFocus = isOver && (activeElement === this.playButton || activeElement === this.stepButton);
    this.playButton.disabled = isOver;
    this.stepButton.disabled = isOver;
    if (hadFocus) (this.stepButton.nextElementSibling as HTMLElement | null)?.focus();
  }

  private draw(): void {
    const { frame } = this;
    if (frame?.data.experiment !== this.view.name) return;
    const own = frame.data.frame;
    keepingPlace(this.pictures, () => {
      this.pictures.replaceChildren(...this.view.draw(own, this.start));
    });
    const now = performance.now();
    if (frame.isPlaying && now - this.said < speech) return;
    this.said = now;
    this.words.textContent = this.view.words(own, this.start);
  }

  private begin(start: LabStart, play: boolean): void {
    this.start = start;
    this.problem.textContent = '';
    this.hint.textContent = '';
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      this.words.textContent = t('Setting up…');
    }, patience);
    this.options.begin(start, play);
  }

  private change(start: LabStart): void {
    this.begin(start, this.isPlaying);
  }

  private page(): Page<ExperimentName> {
    return {
      start: () => this.start,
      models: this.options.models(),
      images: this.options.images(),
      change: (start) => {
        const structure = shapeOf(start) !== shapeOf(this.start);
        this.change(start);
        if (structure) this.showControls();
      },
      look: (start) => {
        this.start = start;
        this.options.keep(start);
        this.draw();
      },
      chooseImages: () => {
        this.options.send({ type: 'openImages' });
      },
      shippedImages: () => {
        this.options.send({ type: 'ownImages' });
      },
    };
  }

  private showControls(): void {
    const own = this.view.controls(this.start, this.page());
    keepingPlace(this.controls, () => {
      this.controls.replaceChildren(...own);
    });
    this.showSizes();
  }

  /** "With the layer sizes of …", where models are open. */
  private showSizes(): void {
    const models = this.options.models();
    if (models.length === 0) {
      this.sizes.replaceChildren();
      return;
    }
    const options = models.map(({ label }, i) => [String(i), label] as const);
    const own = choice(t('Run it on your own sizes'), [['', t('choose a model…')], ...options], '', (value) => {
      const model = models[Number(value)];
      if (value === '' || model === undefined) return;
      const { start, cut } = this.view.withSizes(this.start, model);
      this.change(start);
      this.showControls();
      this.hint.textContent = cut === undefined ? '' : `${model.label}: ${cut}.`;
    });
    keepingPlace(this.sizes, () => {
      this.sizes.replaceChildren(...own.childNodes);
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
