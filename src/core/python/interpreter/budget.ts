import type { SourceRange } from '../../model/source.js';
import { Stopped } from '../values/index.js';

export interface Limits {
  /** Statements and calls in one evaluation. */
  readonly steps: number;
  readonly depth: number;
  readonly milliseconds: number;
  /** After so many milliseconds no further file of the workspace is read: what it gives is unknown. */
  readonly importMilliseconds: number;
  /** After so many, what is at the top of modules is only given time enough for a definition. */
  readonly definitionMilliseconds: number;
  readonly isCancelled?: (() => boolean) | undefined;
}
export const DEFAULT_LIMITS: Limits = {
  steps: 4_000_000,
  depth: 400,
  milliseconds: 8_000,
  importMilliseconds: 5_000,
  definitionMilliseconds: 6_000,
};
/** Items of all large sequences together in one evaluation: 64 MB at 8 bytes. */
const MOST_ALLOCATED = 8_000_000;
const A_SMALL_SEQUENCE = 1000;
/** Milliseconds that define any class or function. */
const A_DEFINITION = 20;

/** What an evaluation may use of steps, time and memory. Running out is `Stopped` with cause 'budget', which Python code can't catch. */
export class Budget {
  private steps = 0;
  private allocated = 0;
  private stepLimit: number;
  private readonly started: number;
  private deadline: number;
  private readonly importDeadline: number;

  constructor(
    private readonly limits: Limits,
    /** A clock in milliseconds. */
    readonly now: () => number,
    private readonly here: () => SourceRange | undefined,
  ) {
    this.stepLimit = limits.steps;
    this.started = now();
    this.deadline = this.started + limits.milliseconds;
    this.importDeadline = this.started + limits.importMilliseconds;
  }

  spend(steps: number): void {
    const before = this.steps;
    if (before + steps > this.stepLimit) {
      // One huge thing that is refused leaves the budget for the rest.
      if (steps <= 1024) this.steps += steps;
      throw new Stopped('budget', `stopped after ${String(before + steps)} steps`, this.here());
    }
    this.steps += steps;
    // The clock is asked now and then only: a step takes microseconds, one that copies a large list a millisecond.
    if (before >> 6 !== this.steps >> 6) this.lookAtTheClock();
  }

  /**
   * Counts what large sequences take, those that are garbage by now as well; small ones are bounded by the steps that
   * make them. False when there is no room.
   */
  allocate(items: number): boolean {
    if (items < A_SMALL_SEQUENCE) return true;
    if (this.allocated + items > MOST_ALLOCATED) return false;
    this.allocated += items;
    this.spend(Math.ceil(items / 256));
    return true;
  }

  private lookAtTheClock(): void {
    if (this.limits.isCancelled?.() === true) throw new Stopped('cancelled', 'cancelled', this.here());
    const now = this.now();
    if (now > this.deadline)
      throw new Stopped('budget', `stopped after ${((now - this.started) / 1000).toFixed(1)} s`, this.here());
  }

  /** Runs `body` for at most so many milliseconds of what is left. */
  within<T>(milliseconds: number, body: () => T): T {
    const before = this.deadline;
    this.deadline = Math.min(before, this.now() + milliseconds);
    try {
      return body();
    } finally {
      this.deadline = before;
    }
  }

  /** Runs `body` with at most `steps` steps of what is left. */
  withSteps<T>(steps: number, body: () => T): T {
    const before = this.stepLimit;
    this.stepLimit = Math.min(before, this.steps + steps);
    try {
      return body();
    } finally {
      this.stepLimit = before;
    }
  }

  /** Milliseconds since the evaluation began. */
  get elapsed(): number {
    return this.now() - this.started;
  }

  /** Milliseconds that a statement at the top of a module may take. */
  get timeForStatement(): number {
    return Math.max(A_DEFINITION, this.limits.definitionMilliseconds - this.elapsed);
  }

  /** Time for reading further files is used up. */
  get importsAreLate(): boolean {
    return this.now() > this.importDeadline;
  }

  get isExhausted(): boolean {
    return this.steps >= this.limits.steps || this.now() > this.deadline;
  }
}
