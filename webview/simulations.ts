import type { Report, SignalValues, SimulationSettings } from '../src/protocol/model.js';
import type { SimulationContent, ToHost } from '../src/protocol/panel.js';

/** What is known of one simulation that the panel has asked for. */
export interface View {
  readonly moments?: Report | undefined;
  /** Of `moments` only the layers' numbers are its own; the rest is the Report's that they belong to. */
  readonly isBrief?: boolean | undefined;
  readonly finite?: Report | undefined;
  readonly isRunning: boolean;
  /** Share done, in [0, 1]. */
  readonly done: number;
  /** Draws that came in, of those asked for. */
  readonly draws: readonly [number, number];
  readonly problem?: string | undefined;
}

export const idle: View = { isRunning: false, done: 0, draws: [0, 0] };

let lastId = 0;

/**
 * Asks the host for simulations of one kind, the newest wish at a time: while an answer is out, later wishes wait and
 * only the last of them is sent. What came before stays to be seen until the new answer is there.
 */
export class Simulation {
  private id = 0;
  private view: View = idle;
  private waiting: Parameters<Simulation['ask']> | undefined;
  /** The Report whose layers an answer in numbers alone is about. */
  private onto: Report | undefined;
  private isAnswered = true;
  private isFinite = false;
  /** What the answer that is out was asked for. */
  private asked = '';

  constructor(
    private readonly post: (message: ToHost) => void,
    private readonly onView: (view: View) => void,
  ) {}

  /** An answer is out. */
  get isOut(): boolean {
    return !this.isAnswered;
  }

  /** With a Report, numbers for its layers will do. */
  ask(entry: string, settings: SimulationSettings, onto?: Report): void {
    // Moments answer within milliseconds, so a drag of a slider waits for each answer; draws are given up.
    const asked = JSON.stringify([entry, settings]);
    if (!this.isAnswered && !this.isFinite) {
      // A key on a slider tells of one value twice: as it moves, and when it has come to rest.
      this.waiting = asked === this.asked ? undefined : [entry, settings, onto];
      return;
    }
    this.asked = asked;
    this.stop();
    this.waiting = undefined;
    this.id = ++lastId;
    this.isAnswered = false;
    this.isFinite = settings.engine !== 'moments';
    this.show({ ...this.view, isRunning: true, done: 0, draws: [0, 0], problem: undefined });
    this.onto = onto;
    this.post({ type: 'simulate', id: this.id, entry, settings, ...(onto !== undefined && { valuesOnly: true }) });
  }

  cancel(): void {
    this.waiting = undefined;
    this.stop();
    this.isAnswered = true;
    this.show({ ...this.view, isRunning: false });
  }

  /** Forgets what it knew: the model is another one. */
  clear(): void {
    this.waiting = undefined;
    this.stop();
    this.isAnswered = true;
    this.show(idle);
  }

  /** An answer of the host; those to older wishes are left alone. */
  receive(id: number, content: SimulationContent): void {
    if (id !== this.id) return;
    switch (content.kind) {
      case 'report': {
        const { report, state } = content;
        const isDraws = report.engine !== 'moments';
        this.show({
          ...this.view,
          ...(isDraws
            ? { finite: report }
            : { moments: report, isBrief: false, finite: this.isFinite ? this.view.finite : undefined }),
          draws: [state.done, state.seeds],
        });
        break;
      }
      case 'values': {
        const moments = this.onto && withValues(this.onto, content.values);
        this.show({ ...this.view, moments, isBrief: true, finite: undefined, isRunning: false, done: 1 });
        break;
      }
      case 'progress':
        this.show({ ...this.view, done: content.progress.done });
        return;
      case 'done': {
        const [lost] = content.state.lost;
        const problem = lost?.message;
        this.show({
          ...this.view,
          isRunning: false,
          done: 1,
          draws: [content.state.done, content.state.seeds],
          problem,
        });
        break;
      }
      case 'failed':
        this.show({ ...this.view, isRunning: false, problem: content.message });
        break;
      case 'cancelled':
        this.show({ ...this.view, isRunning: false });
    }
    this.isAnswered = true;
    const { waiting } = this;
    if (waiting !== undefined) this.ask(...waiting);
  }

  private stop(): void {
    if (this.view.isRunning) this.post({ type: 'cancelSimulation', id: this.id });
    this.id = 0;
  }

  private show(view: View): void {
    this.view = view;
    this.onView(view);
  }
}

/** The Report with other numbers on the same layers; what else it says of them, it would not say now. */
function withValues(report: Report, { layers, whatIf }: SignalValues): Report | undefined {
  if (layers.length !== report.layers.length) return undefined;
  return {
    ...report,
    engine: 'moments',
    layers: report.layers.map(({ recommended: _r, withRecommended: _w, finite: _f, band: _b, ...layer }, i) => ({
      ...layer,
      forward: layers[i]?.forward,
      backward: layers[i]?.backward,
    })),
    whatIf,
  };
}
