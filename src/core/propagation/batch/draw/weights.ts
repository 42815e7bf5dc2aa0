import { isKnown, type Parameter, type ParameterId } from '../../../model/index.js';
import type { Memory } from '../tensor/memory.js';
import { numbersOf, sizeOf, type Tensor } from '../tensor/tensor.js';
import { isUnknown, type Unknown } from '../types.js';
import { blocksOf, drawBlock, drawParameter, rowsOfBlock, type Blocks, type Draw } from './blocks.js';

export type DrawnParameter = Pick<Parameter, 'shape' | 'distribution' | 'sameAs'>;

interface Blocked {
  readonly blocks: Blocks;
  readonly draw: Draw;
}

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

  /** Some rows, in the order given (ascending): of a parameter drawn in blocks only those that hold them are drawn. */
  takeRows(id: ParameterId, rows: ArrayLike<number>): Tensor | Unknown {
    const blocked = this.blocked(id);
    const whole = blocked === undefined ? this.take(id) : undefined;
    if (whole !== undefined && isUnknown(whole)) return whole;
    const shape = this.shape(id);
    const width = sizeOf(shape.slice(1));
    const out = this.memory.reserve([rows.length, ...shape.slice(1)]);
    const copy = (i: number, from: Float32Array, row: number): void => {
      out.data.set(from.subarray(row * width, (row + 1) * width), i * width);
    };
    if (whole !== undefined) {
      for (let i = 0; i < rows.length; i++) copy(i, whole.data, rows[i]!);
      this.memory.release(whole);
    } else if (blocked !== undefined) {
      const wanted = (block: number): boolean => this.isIn(blocked.blocks, block, rows[next]);
      let next = 0;
      this.visit(blocked, wanted, (first, { data }, block) => {
        for (; this.isIn(blocked.blocks, block, rows[next]); next++) copy(next, data, rows[next]! - first);
      });
    }
    return out;
  }

  /**
   * Lends a parameter that is too large to be kept some rows at a time. False: it is drawn whole, or there is room for it;
   * nothing was visited.
   */
  eachBlock(id: ParameterId, visit: (first: number, rows: Tensor) => void): boolean {
    const blocked = this.blocked(id);
    if (blocked === undefined || this.floats + sizeOf(this.shape(id)) <= this.room) return false;
    this.visit(blocked, () => true, visit);
    return true;
  }

  private isIn({ rows }: Blocks, block: number, row: number | undefined): boolean {
    return row !== undefined && Math.floor(row / rows) === block;
  }

  private visit(
    { draw, blocks }: Blocked,
    isWanted: (block: number) => boolean,
    visit: (first: number, rows: Tensor, block: number) => void,
  ): void {
    const held = this.memory.reserve([blocks.rows, blocks.width]);
    for (let block = 0; block < blocks.count; block++) {
      if (!isWanted(block)) continue;
      const rows = rowsOfBlock(blocks, block);
      const data = held.data.subarray(0, rows * blocks.width);
      drawBlock(this.memory.kernels, draw, blocks, block, data);
      visit(block * blocks.rows, { shape: [rows, blocks.width], data }, block);
    }
    this.memory.release(held);
  }

  /** A parameter that is not there and can be drawn in blocks. */
  private blocked(id: ParameterId): Blocked | undefined {
    const distribution = this.parameters[id]?.distribution;
    if (this.kept.has(id) || this.given.has(id) || distribution === undefined || !isKnown(distribution))
      return undefined;
    const blocks = blocksOf(this.shape(id), distribution);
    return blocks === undefined ? undefined : { blocks, draw: { seed: this.seed, id: this.drawnAs(id), distribution } };
  }

  /** A deep copy holds the entries of what it was copied from. */
  private drawnAs(id: ParameterId): ParameterId {
    return this.parameters[id]?.sameAs?.parameter ?? id;
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
      const t = this.memory.reserve(shape);
      t.data.set(given);
      return t;
    }
    const d = p.distribution;
    if (d.kind === 'uninitialized') return { unknown: 'a weight is uninitialized memory' };
    if (!isKnown(d)) return { unknown: `a weight's distribution is not known: ${d.reason}` };
    const t = this.memory.reserve(shape);
    drawParameter(this.memory.kernels, { seed: this.seed, id: this.drawnAs(id), distribution: d }, t);
    return t;
  }
}
