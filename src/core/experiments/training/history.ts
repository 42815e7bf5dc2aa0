import { finiteLoss } from './losses.js';

/** How a training goes, in one word. */
export type Verdict = 'starting' | 'still' | 'slow' | 'learning' | 'diverged' | 'stuck';

/** Steps before anything is said of a training. */
const FIRST_WORD = 20;
/** A loss that fell by less than this share of its start, and keeps to it, stands still. */
const STILL = 0.002;
/** Below this share of the start, a training counts as learning well. */
const GOOD = 0.7;

/** The losses of a training, thinned so that a curve of any length stays small: every 2ᵏ-th step is kept. */
export class History {
  private readonly kept: number[] = [];
  private stride = 1;
  private count = 0;
  private first = NaN;
  private last = NaN;
  /** An average of the last losses, each step counting 5 %: one batch is a poor witness. */
  private smooth = NaN;

  constructor(private readonly most = 512) {}

  add(loss: number): void {
    if (this.count === 0) this.first = this.smooth = loss;
    else this.smooth = Number.isFinite(loss) ? 0.95 * this.smooth + 0.05 * loss : loss;
    this.last = loss;
    if (this.count % this.stride === 0) {
      if (this.kept.length === this.most) {
        const half = this.kept.filter((_, i) => i % 2 === 0);
        this.kept.splice(0, this.kept.length, ...half);
        this.stride *= 2;
      }
      if (this.count % this.stride === 0) this.kept.push(loss);
    }
    this.count++;
  }

  /** Loss i was that of step i·`every`. */
  get curve(): { readonly every: number; readonly losses: readonly number[] } {
    return { every: this.stride, losses: this.kept.map(finiteLoss) };
  }

  get steps(): number {
    return this.count;
  }

  /**
   * `chance` is the loss of guessing. Diverged: not finite, or far above both its start and guessing. Stuck: it started
   * far above guessing and stays there (saturated outputs). Still: it does not move at all.
   */
  verdict(chance: number): Verdict {
    if (this.count > 0 && !Number.isFinite(this.last)) return 'diverged';
    if (this.count < FIRST_WORD) return 'starting';
    if (this.smooth > 3 * Math.max(this.first, chance)) return 'diverged';
    if (this.smooth > 1.5 * chance) return 'stuck';
    const start = Math.min(this.first, chance);
    if (this.smooth > (1 - STILL) * start) return 'still';
    return this.smooth < GOOD * start ? 'learning' : 'slow';
  }
}
