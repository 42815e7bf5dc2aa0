import { OutOfMemory } from './types.js';

interface Block {
  readonly offset: number;
  readonly size: number;
}

const ALIGNMENT = 64;

/** Hands out pieces of one stretch of memory: first fit, neighbours merged when given back. */
export class Arena {
  /** Free blocks by offset, no two of which touch. */
  readonly #free: Block[];
  readonly #sizes = new Map<number, number>();
  /** Everything from here on was never handed out and so is still zero. */
  #untouched: number;
  #used = 0;
  #peak = 0;

  /** Offsets from `start` (a multiple of 64) up to `end` may be used. */
  constructor(
    start: number,
    private readonly end: number,
  ) {
    this.#free = [{ offset: start, size: Math.max(0, end - start) }];
    this.#untouched = start;
  }

  get bytes(): { readonly used: number; readonly peak: number } {
    return { used: this.#used, peak: this.#peak };
  }

  /** `dirty`: how many bytes at its beginning may hold what an earlier owner left. */
  allocate(bytes: number): { readonly offset: number; readonly dirty: number } {
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
    const index = this.#free.findIndex((block) => block.size >= size);
    const block = this.#free[index];
    if (block === undefined) throw new OutOfMemory(this.#used + size, this.end);
    const { offset } = block;
    if (block.size === size) this.#free.splice(index, 1);
    else this.#free[index] = { offset: offset + size, size: block.size - size };
    this.#sizes.set(offset, size);
    this.#used += size;
    this.#peak = Math.max(this.#peak, this.#used);
    const dirty = Math.max(0, Math.min(bytes, this.#untouched - offset));
    this.#untouched = Math.max(this.#untouched, offset + size);
    return { offset, dirty };
  }

  free(offset: number): void {
    const size = this.#sizes.get(offset);
    if (size === undefined) throw new Error('not an array of these kernels, or given back twice');
    this.#sizes.delete(offset);
    this.#used -= size;
    let low = 0;
    let high = this.#free.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#free[middle]!.offset < offset) low = middle + 1;
      else high = middle;
    }
    let from = offset;
    let to = offset + size;
    let first = low;
    let count = 0;
    const before = this.#free[low - 1];
    if (before !== undefined && before.offset + before.size === from) {
      from = before.offset;
      first--;
      count++;
    }
    const after = this.#free[low];
    if (after?.offset === to) {
      to += after.size;
      count++;
    }
    this.#free.splice(first, count, { offset: from, size: to - from });
  }
}
