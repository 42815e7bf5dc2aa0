import {
  chainLanes,
  modelLanes,
  readIdx,
  runDerivation,
  runDigits,
  runProducts,
  runRace,
  runRegimes,
  runScale,
  runSymmetry,
  type Bench,
  type LabelledImages,
  type Running,
} from '../core/experiments/index.js';
import type { Model } from '../core/model/index.js';
import { createKernels, typescriptKernels } from '../core/propagation/kernels/index.js';
import { unpack } from '../pool/packed.js';
import type { LabFrame } from '../protocol/lab/frames.js';
import type { ExperimentName } from '../protocol/lab/settings.js';
import type { LabMessage, Packed, WorkerReply } from '../protocol/worker.js';
import { messageOf } from '../protocol/messageOf.js';

const MEMORY = 2 ** 28;
/** Samples a step of a race on sizes; a model was traced for its own batch. */
const RACE_BATCH = 32;
/** Between two frames: as often as a screen shows one to the eye. */
const FRAME = 33;
/** The longest stretch of steps before messages are looked at. */
const STRETCH = 24;

interface Pace {
  /** Steps that a frame shows at once. */
  readonly steps: number;
  /** Milliseconds between them. */
  readonly wait: number;
}

/** Experiments that an eye is to follow; the others run as fast as they can. Draws need more time to be compared than steps do. */
const paces: Readonly<Partial<Record<ExperimentName, Pace>>> = {
  symmetry: { steps: 1, wait: FRAME },
  scale: { steps: 4, wait: FRAME },
  products: { steps: 1, wait: 5 * FRAME },
  derivation: { steps: 1, wait: 5 * FRAME },
  regimes: { steps: 1, wait: 5 * FRAME },
  race: { steps: 2, wait: FRAME },
};

interface UnderWay {
  readonly id: number;
  readonly experiment: ExperimentName;
  readonly running: Running<unknown>;
  isPlaying: boolean;
}

/** Runs the Lab's experiment, one at a time; steps and messages take turns. */
export class Lab {
  private bench: Bench | undefined;
  private images: LabelledImages | undefined;
  private now: UnderWay | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** The page has drawn the last frame: a slow one gets fewer, not later ones. */
  private isSeen = true;

  constructor(private readonly post: (reply: WorkerReply) => void) {}

  handle(message: LabMessage): void {
    switch (message.kind) {
      case 'labImages':
        this.read(message);
        return;
      case 'labStart':
        this.start(message);
        return;
      case 'labPlay':
        this.play(true);
        return;
      case 'labPause':
        this.play(false);
        this.tell();
        return;
      case 'labSeen':
        this.isSeen = true;
        return;
      case 'labStep':
        this.guard(() => {
          this.play(false);
          this.now?.running.step();
        });
        this.tell();
    }
  }

  private read({ images, labels }: Extract<LabMessage, { kind: 'labImages' }>): void {
    try {
      this.images = readIdx(images, labels);
      this.post({ kind: 'labImages', id: 0, count: this.images.labels.length });
    } catch (error) {
      this.post({ kind: 'labImages', id: 0, problem: messageOf(error) });
    }
  }

  private start(message: Extract<LabMessage, { kind: 'labStart' }>): void {
    clearTimeout(this.timer);
    this.now = undefined;
    const { id, what, play } = message;
    try {
      this.now = { id, experiment: what.experiment, running: this.set(message), isPlaying: false };
    } catch (error) {
      this.fail(id, error);
      return;
    }
    this.play(play);
    this.tell();
  }

  private set({ what, model }: Extract<LabMessage, { kind: 'labStart' }>): Running<unknown> {
    this.bench ??= { exact: typescriptKernels(MEMORY), fast: createKernels({ limit: MEMORY }) };
    const { bench } = this;
    switch (what.experiment) {
      case 'symmetry':
        return runSymmetry(what.settings, bench);
      case 'scale':
        return runScale(what.settings, bench);
      case 'products':
        return runProducts(what.settings, bench);
      case 'digits':
        if (this.images === undefined) throw new Error('the images of digits are not here');
        return runDigits(what.settings, this.images, bench);
      case 'regimes':
        return runRegimes(what.settings, bench);
      case 'derivation':
        return runDerivation(what.settings, bench);
      case 'race': {
        const lanes =
          what.subject.kind === 'sizes'
            ? chainLanes(what.subject.widths, what.subject.activation, what.lanes, RACE_BATCH)
            : modelLanes(modelOf(model), what.lanes);
        return runRace(what.settings, lanes, this.images, bench);
      }
    }
  }

  private play(isPlaying: boolean): void {
    if (this.now === undefined) return;
    clearTimeout(this.timer);
    this.now.isPlaying = isPlaying && !this.now.running.isOver;
    if (this.now.isPlaying)
      this.timer = setTimeout(() => {
        this.turn(performance.now());
      }, 0);
  }

  /** Steps for a while, then lets messages in; a frame when it is time for one. */
  private turn(shown: number): void {
    const { now } = this;
    if (now?.isPlaying !== true) return;
    const pace = paces[now.experiment];
    const most = pace?.steps ?? Infinity;
    const began = performance.now();
    this.guard(() => {
      for (let i = 0; i < most && !now.running.isOver && performance.now() - began < STRETCH; i++) now.running.step();
    });
    if (now.running.isOver) now.isPlaying = false;
    const isDue = !now.isPlaying || (this.isSeen && (pace !== undefined || performance.now() - shown >= FRAME));
    if (isDue) this.tell();
    if (!now.isPlaying || this.now !== now) return;
    const wait = pace === undefined ? 0 : Math.max(0, pace.wait - (performance.now() - began));
    this.timer = setTimeout(() => {
      this.turn(isDue ? performance.now() : shown);
    }, wait);
  }

  private guard(work: () => void): void {
    const id = this.now?.id;
    try {
      work();
    } catch (error) {
      this.now = undefined;
      if (id !== undefined) this.fail(id, error);
    }
  }

  private tell(): void {
    const { now } = this;
    if (now === undefined) return;
    this.isSeen = false;
    this.post({
      kind: 'labFrame',
      id: now.id,
      isPlaying: now.isPlaying,
      isOver: now.running.isOver,
      // Each experiment's own frame: `set` made the one for the other.
      data: { experiment: now.experiment, frame: now.running.frame() } as LabFrame,
    });
  }

  private fail(id: number, error: unknown): void {
    this.post({ kind: 'failed', id, message: messageOf(error) });
  }
}

function modelOf(packed: Packed | undefined): Model {
  if (packed === undefined) throw new Error('the model is not here');
  return unpack(packed) as Model;
}
