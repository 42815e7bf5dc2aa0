import type { Kernels } from '../kernels/index.js';
import type { LinearMap } from './types.js';

/** W = mean·1·1ᵀ + another map's matrix of mean zero: the constant part only sees the sum of each column. */
export class ShiftedMap implements LinearMap {
  readonly inputs: number;
  readonly outputs: number;
  readonly #columns: number[] = [];

  constructor(
    private readonly kernels: Kernels,
    private readonly centred: LinearMap,
    private readonly mean: number,
  ) {
    this.inputs = centred.inputs;
    this.outputs = centred.outputs;
  }

  forward(x: Float32Array, columns: number, z: Float32Array, exponent?: number): number {
    const use = this.centred.forward(x, columns, z, exponent);
    this.#columns[use] = columns;
    this.#addSums(x, this.inputs, z, this.outputs, columns);
    return use;
  }

  backward(use: number, delta: Float32Array, g: Float32Array, exponent?: number): void {
    this.centred.backward(use, delta, g, exponent);
    this.#addSums(delta, this.outputs, g, this.inputs, this.#columns[use] ?? 0);
  }

  weightGradientMeanSquare(): number {
    return this.centred.weightGradientMeanSquare();
  }

  weightGradientLog2MeanSquare(): number {
    return this.centred.weightGradientLog2MeanSquare();
  }

  dispose(): void {
    this.centred.dispose();
  }

  #addSums(from: Float32Array, length: number, to: Float32Array, width: number, columns: number): void {
    for (let c = 0; c < columns; c++) {
      const shift = this.mean * this.kernels.sums(from.subarray(c * length, (c + 1) * length)).sum;
      for (let i = c * width; i < (c + 1) * width; i++) to[i] = to[i]! + shift;
    }
  }
}
