import type { ParameterId } from '../../model/index.js';
import type { Maps } from './draw/maps.js';
import type { Memory } from './tensor/memory.js';
import type { Tensor } from './tensor/tensor.js';

/** The parameters' gradients while their uses are gone through; of each only the squared norm is kept in the end. */
export class Gradients {
  private readonly sums = new Map<ParameterId, Tensor>();
  /** By parameter: Σ (∂L/∂w)². */
  readonly squares = new Map<ParameterId, number>();

  constructor(
    private readonly memory: Memory,
    private readonly maps: Maps,
    /** Called with a whole gradient before it is given up. */
    private readonly observe?: (id: ParameterId, gradient: Tensor) => void,
  ) {}

  /** Whether whole gradients are looked at, so that their norms alone won't do. */
  get areObserved(): boolean {
    return this.observe !== undefined;
  }

  /** One use's part; the tensor is handed over. */
  give(id: ParameterId, gradient: Tensor): void {
    const sum = this.sums.get(id);
    if (sum === undefined) {
      this.sums.set(id, gradient);
      return;
    }
    this.memory.kernels.addScaled(sum.data, gradient.data, 1);
    this.memory.release(gradient);
  }

  giveSquares(id: ParameterId, squares: number): void {
    this.squares.set(id, squares);
  }

  /** All uses are done. */
  finish(id: ParameterId): void {
    const mapped = this.maps.finish(id);
    if (mapped !== undefined) this.squares.set(id, mapped);
    const sum = this.sums.get(id);
    if (sum === undefined) return;
    this.observe?.(id, sum);
    this.squares.set(id, this.memory.kernels.sums(sum.data).squares);
    this.memory.release(sum);
    this.sums.delete(id);
  }

  finishAll(): void {
    for (const id of [...this.sums.keys()]) this.finish(id);
  }
}
