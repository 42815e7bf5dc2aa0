import type { Distribution, SourceRange } from '../../model/index.js';
import { freshDraw, type Draw } from './tensor.js';

/** torch's default generator, as far as which draws come out alike: those of one size at one place after one seed. */
export class Generator {
  private seed: number | undefined;
  private at: SourceRange | undefined;
  /** Entries drawn since it was seeded. */
  private drawn = 0;
  private readonly sources = new Map<string, number>();

  /** `undefined`: a seed that isn't known. */
  reseed(seed: number | undefined, at: SourceRange | undefined): void {
    this.seed = seed;
    this.at = at;
    this.drawn = 0;
  }

  /** The draw of so many entries; one of its own where the generator's state isn't known. */
  draw(distribution: Distribution, entries: number | undefined): Draw {
    if (this.seed === undefined) return freshDraw();
    if (entries === undefined || distribution.kind === 'unknown') {
      this.seed = undefined;
      return freshDraw();
    }
    const key = `${this.seed} ${this.drawn} ${entries} ${distribution.kind} ${distribution.mean} ${distribution.std}`;
    const source = this.sources.get(key) ?? freshDraw().source;
    this.sources.set(key, source);
    this.drawn += entries;
    return { source, by: 'seed', at: this.at };
  }
}
