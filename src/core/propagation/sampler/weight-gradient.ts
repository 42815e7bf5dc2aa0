import type { Kernels } from '../kernels/index.js';
import { Workspace } from './workspace.js';

interface Signal {
  readonly values: Float32Array;
  readonly exponent: number;
  readonly columns: number;
  /** Gram matrix of the columns, where somebody has summed it already. */
  readonly gram: Float64Array | undefined;
}

/**
 * The size of a weight's gradient without the gradient: ‖Σ δᵀx‖² = Σ ⟨xxᵀ, δδᵀ⟩ over all pairs of uses, which needs only
 * the Gram matrices of a batch.
 */
export class WeightGradient {
  readonly #inputs: Signal[] = [];
  readonly #pairs: { readonly x: Signal; readonly delta: Signal }[] = [];
  /** log₂ of the sum once it is known; more uses make it unknown again. */
  #log2: number | undefined;

  constructor(
    private readonly kernels: Kernels,
    private readonly inputs: number,
    private readonly outputs: number,
  ) {}

  /** Notes the input of the next use and answers with the use's number. The array must stay as it is. */
  addInput(values: Float32Array, columns: number, exponent: number, gram?: Float64Array): number {
    return this.#inputs.push({ values, exponent, columns, gram }) - 1;
  }

  addDelta(use: number, values: Float32Array, exponent: number, gram?: Float64Array): void {
    const x = this.#inputs[use];
    if (x === undefined) throw new Error(`no use ${String(use)} of this weight`);
    this.#pairs.push({ x, delta: { values, exponent, columns: x.columns, gram } });
    this.#log2 = undefined;
  }

  /** Columns that the given use had. */
  columnsOf(use: number): number {
    const x = this.#inputs[use];
    if (x === undefined) throw new Error(`no use ${String(use)} of this weight`);
    return x.columns;
  }

  log2MeanSquare(): number {
    this.#log2 ??= this.#log2Sum() - Math.log2(this.inputs * this.outputs);
    return this.#log2;
  }

  #log2Sum(): number {
    const exponents = this.#pairs.map(({ x, delta }) => x.exponent + delta.exponent);
    const reference = Math.max(...exponents);
    if (reference === -Infinity) return -Infinity;
    let sum = 0;
    const columns = this.#pairs.reduce((total, pair) => total + pair.x.columns, 0);
    // Gram matrices cost columns²·(inputs + outputs), the gradient itself 2·columns·inputs·outputs.
    const summed = this.#pairs.every(({ x, delta }) => x.gram !== undefined && delta.gram !== undefined);
    if (
      !(summed && exponents.length === 1) &&
      columns * (this.inputs + this.outputs) > 2 * this.inputs * this.outputs
    ) {
      sum = this.#sumOfMatrix(exponents.map((e) => 2 ** (e - reference)));
      return sum > 0 ? Math.log2(sum) + 2 * reference : -Infinity;
    }
    for (let i = 0; i < this.#pairs.length; i++) {
      for (let j = 0; j <= i; j++) {
        const scale = 2 ** (exponents[i]! + exponents[j]! - 2 * reference) * (i === j ? 1 : 2);
        if (scale !== 0) sum += scale * this.#overlap(i, j);
      }
    }
    return sum > 0 ? Math.log2(sum) + 2 * reference : -Infinity;
  }

  /** ‖Σ scale·δᵀx‖² from the sum itself. */
  #sumOfMatrix(scales: readonly number[]): number {
    const { kernels, inputs, outputs } = this;
    const c = kernels.reserve(inputs * outputs);
    this.#pairs.forEach(({ x, delta }, i) => {
      const sizes = { m: outputs, n: inputs, k: x.columns };
      const factors = { alpha: scales[i] ?? 0, beta: i === 0 ? 0 : 1 };
      kernels.multiply({ a: delta.values, b: x.values, c, ...sizes, ...factors, transposeA: true });
    });
    const { squares } = kernels.sums(c);
    kernels.free(c);
    return squares;
  }

  #overlap(i: number, j: number): number {
    const [first, second] = [this.#pairs[i]!, this.#pairs[j]!];
    const count = first.x.columns * second.x.columns;
    const x = this.#products(first.x, second.x, this.inputs, 'x');
    const delta = this.#products(first.delta, second.delta, this.outputs, 'delta');
    let sum = 0;
    for (let p = 0; p < count; p++) sum += x[p]! * delta[p]!;
    return sum;
  }

  #products(first: Signal, second: Signal, length: number, name: string): Float64Array | Float32Array {
    const { kernels } = this;
    const [rows, columns] = [first.columns, second.columns];
    const workspace = Workspace.of(kernels);
    if (first === second) {
      if (first.gram !== undefined) return first.gram;
      const out = workspace.doubles(`gradient.${name}`, rows * rows);
      kernels.gram(first.values, rows, length, out);
      return out;
    }
    const c = workspace.singles(`gradient.${name}`, rows * columns);
    kernels.multiply({ a: first.values, b: second.values, c, m: rows, n: columns, k: length, transposeB: true });
    return c;
  }
}
