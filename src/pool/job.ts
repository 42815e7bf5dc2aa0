import type { Report, SignalValues, SimulationProgress, SimulationSettings } from '../core/model/index.js';
import type { Packed, SeedResult } from '../protocol/worker.js';
import type { LostSeed, SimulationState } from '../protocol/simulation.js';
import { makeFlag, setFlag } from './flag.js';

export interface SimulationRequest {
  readonly model: Packed;
  readonly settings: SimulationSettings;
  /** What is known so far: first by moments, then after each draw, or after several that came at once. */
  readonly onReport?: ((report: Report, state: SimulationState) => void) | undefined;
  readonly onProgress?: ((progress: SimulationProgress) => void) | undefined;
  /** Who gives this is told the numbers alone where the layers stay the same, and no Report then. */
  readonly onValues?: ((values: SignalValues) => void) | undefined;
}

export type SimulationResult =
  | { readonly kind: 'done'; readonly report: Report; readonly state: SimulationState }
  /** `onValues` was told. */
  | { readonly kind: 'values' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'cancelled' };

/** One simulation: which draws are out, done, told and lost. */
export class SimulationJob {
  readonly cancel = makeFlag();
  /** Draws at finite width that are to be made; 0 where none were asked for, or there is no memory for them. */
  seeds = 0;
  readonly result: Promise<SimulationResult>;
  isOver = false;
  /** Draws that are done but not in a report yet. */
  fresh: SeedResult[] = [];
  private done = 0;
  private readonly lost: LostSeed[] = [];
  private readonly shares = new Map<number, number>();
  private report: Report | undefined;
  private settle!: (result: SimulationResult) => void;

  constructor(
    readonly id: number,
    readonly request: SimulationRequest,
  ) {
    this.result = new Promise((settle) => {
      this.settle = settle;
    });
  }

  get state(): SimulationState {
    return { seeds: this.seeds, done: this.done, lost: this.lost };
  }

  /** Every draw has come or is lost. */
  get isDrawn(): boolean {
    return this.done + this.lost.length === this.seeds;
  }

  drawn(result: SeedResult): void {
    this.done++;
    this.shares.set(result.index, 1);
    this.fresh.push(result);
  }

  lose(index: number, message: string): void {
    this.lost.push({ seed: (this.request.settings.firstSeed ?? 1) + index, message });
    this.shares.set(index, 1);
  }

  /** A worker knows of its own draw only; the whole is the sum. */
  progressed(index: number, progress: SimulationProgress): void {
    this.shares.set(index, Math.max(0, progress.done * this.seeds - index));
    const all = [...this.shares.values()].reduce((a, b) => a + b, 0);
    this.request.onProgress?.({ ...progress, done: Math.min(1, all / this.seeds) });
  }

  told(report: Report, state: SimulationState): void {
    this.report = report;
    this.request.onReport?.(report, state);
  }

  finish(): void {
    const [loss] = this.lost;
    // A preview by moments is no answer to who asked for draws.
    if (this.report === undefined || (loss !== undefined && this.done === 0))
      this.end({ kind: 'failed', message: loss?.message ?? 'nothing was simulated' });
    else this.end({ kind: 'done', report: this.report, state: this.state });
  }

  end(result: SimulationResult): void {
    if (this.isOver) return;
    this.isOver = true;
    if (result.kind !== 'done') setFlag(this.cancel);
    this.settle(result);
  }
}
