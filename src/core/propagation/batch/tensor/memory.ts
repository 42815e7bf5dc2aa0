import type { Kernels } from '../../kernels/types.js';
import { sizeOf, type Tensor } from './tensor.js';

/** Tensors whose data is shared are counted; the last one that is released gives the data back to the kernels. */
export class Memory {
  private readonly holders = new Map<Float32Array, number>();

  constructor(readonly kernels: Kernels) {}

  /** Zeros. */
  make(shape: readonly number[]): Tensor {
    return this.held(shape, (length) => this.kernels.allocate(length));
  }

  /** Whatever was there before: for who writes every entry. */
  reserve(shape: readonly number[]): Tensor {
    return this.held(shape, (length) => this.kernels.reserve(length));
  }

  private held(shape: readonly number[], take: (length: number) => Float32Array): Tensor {
    // An array of no entries has no place of its own to be counted by.
    const data = take(Math.max(1, sizeOf(shape)));
    this.holders.set(data, 1);
    return { shape, data };
  }

  hold(t: Tensor): Tensor {
    this.holders.set(t.data, (this.holders.get(t.data) ?? 0) + 1);
    return t;
  }

  release(...tensors: readonly (Tensor | undefined)[]): void {
    for (const t of tensors) {
      if (t === undefined) continue;
      const left = (this.holders.get(t.data) ?? 0) - 1;
      if (left > 0) this.holders.set(t.data, left);
      else if (left === 0) {
        this.holders.delete(t.data);
        this.kernels.free(t.data);
      }
    }
  }

  /** Whether nobody else sees the data, so that it may be written to. */
  isOwn(t: Tensor): boolean {
    return this.holders.get(t.data) === 1;
  }

  /** Tensors that are still held. */
  get count(): number {
    return this.holders.size;
  }

  releaseAll(): void {
    this.kernels.free(...this.holders.keys());
    this.holders.clear();
  }
}
