import type { Kernels } from '../kernels/index.js';
import type { LinearMap, LinearMapOptions } from './types.js';
import { WeightGradient } from './weight-gradient.js';

export interface DenseOptions extends LinearMapOptions {
  /** Fills W (outputs×inputs, row-major) once and wholly, when the map is made. */
  readonly fill: (weights: Float32Array) => void;
}

/** A weight matrix that is really there: for any distribution, and for matrices too small for anything else to pay. */
export class DenseMap implements LinearMap {
  readonly inputs: number;
  readonly outputs: number;
  readonly #gradient: WeightGradient;
  readonly #owned: Float32Array[];
  readonly #keepsInputs: boolean;
  readonly #reused: boolean;
  readonly #weights: Float32Array;

  constructor(
    private readonly kernels: Kernels,
    options: DenseOptions,
  ) {
    const { inputs, outputs, keepsInputs = false, reused = true, fill } = options;
    this.inputs = inputs;
    this.outputs = outputs;
    this.#keepsInputs = keepsInputs;
    this.#reused = reused;
    this.#gradient = new WeightGradient(kernels, inputs, outputs);
    this.#weights = kernels.reserve(inputs * outputs);
    this.#owned = [this.#weights];
    fill(this.#weights);
  }

  /** W itself, outputs×inputs. */
  get weights(): Float32Array {
    return this.#weights;
  }

  forward(x: Float32Array, columns: number, z: Float32Array, exponent = 0): number {
    this.kernels.multiply({
      a: x,
      b: this.#weights,
      c: z,
      m: columns,
      n: this.outputs,
      k: this.inputs,
      transposeB: true,
    });
    return this.#gradient.addInput(this.#kept(x, columns * this.inputs), columns, exponent);
  }

  backward(use: number, delta: Float32Array, g: Float32Array, exponent = 0): void {
    if (this.#owned.length === 0) throw new Error('made for one use, used again');
    const columns = this.#gradient.columnsOf(use);
    this.kernels.multiply({ a: delta, b: this.#weights, c: g, m: columns, n: this.inputs, k: this.outputs });
    const kept = this.#reused ? this.#kept(delta, columns * this.outputs) : delta;
    this.#gradient.addDelta(use, kept, exponent);
    if (this.#reused) return;
    // Nothing more will be asked: δ is the caller's again.
    this.#gradient.log2MeanSquare();
    this.dispose();
  }

  weightGradientMeanSquare(): number {
    return 2 ** this.#gradient.log2MeanSquare();
  }

  weightGradientLog2MeanSquare(): number {
    return this.#gradient.log2MeanSquare();
  }

  dispose(): void {
    this.kernels.free(...this.#owned.splice(0));
  }

  #kept(values: Float32Array, length: number): Float32Array {
    if (this.#keepsInputs) return values;
    const copy = this.kernels.reserve(length);
    copy.set(values.subarray(0, length));
    this.#owned.push(copy);
    return copy;
  }
}
