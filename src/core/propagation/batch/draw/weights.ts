import { isKnown, type Parameter, type ParameterId } from '../../../model/index.js';
import type { Memory } from '../tensor/memory.js';
import { numbersOf, sizeOf, type Tensor } from '../tensor/tensor.js';
import { isUnknown, type Unknown } from '../types.js';
import { drawInto } from './draw.js';

export type DrawnParameter = Pick<Parameter, 'shape' | 'distribution'>;

/**
 * The parameters' entries in one seed's draw. A draw is a function of the seed and the parameter's number, so it may be
 * given up and made again; it is kept while there is room.
 */
export class Weights {
  private readonly kept = new Map<ParameterId, Tensor>();
  private floats = 0;

  constructor(
    private readonly parameters: readonly DrawnParameter[],
    private readonly memory: Memory,
    private readonly seed: number,
    /** Floats that draws may take while nobody uses them. */
    private readonly room: number,
    /** Entries to take instead of draws. */
    private readonly given: ReadonlyMap<ParameterId, ArrayLike<number>> = new Map(),
  ) {}

  shape(id: ParameterId): readonly number[] {
    return numbersOf(this.parameters[id]?.shape ?? []) ?? [];
  }

  /** To be released by whoever asks. */
  take(id: ParameterId): Tensor | Unknown {
    const known = this.kept.get(id);
    if (known !== undefined) return this.memory.hold(known);
    const drawn = this.draw(id);
    if (isUnknown(drawn)) return drawn;
    const size = sizeOf(drawn.shape);
    if (this.floats + size <= this.room) {
      this.floats += size;
      this.kept.set(id, this.memory.hold(drawn));
    }
    return drawn;
  }

  /** Nobody will ask for it again. */
  drop(id: ParameterId): void {
    const known = this.kept.get(id);
    if (known === undefined) return;
    this.floats -= sizeOf(known.shape);
    this.kept.delete(id);
    this.memory.release(known);
  }

  private draw(id: ParameterId): Tensor | Unknown {
    const p = this.parameters[id];
    if (p === undefined) return { unknown: 'a weight that is not known' };
    const shape = numbersOf(p.shape);
    if (shape === undefined) return { unknown: 'a weight of unknown size' };
    const given = this.given.get(id);
    if (given !== undefined) {
      const t = this.memory.make(shape);
      t.data.set(given);
      return t;
    }
    const d = p.distribution;
    if (d.kind === 'uninitialized') return { unknown: 'a weight is uninitialized memory' };
    if (!isKnown(d)) return { unknown: `a weight's distribution is not known: ${d.reason}` };
    const t = this.memory.make(shape);
    this.memory.kernels.seed(this.seed, 2 * id);
    drawInto(this.memory.kernels, d, t);
    return t;
  }
}
