import type { Kernels } from '../kernels/index.js';
import { factorize, type Factor } from './factor.js';
import { addCombination, coefficients, type Frame } from './frame.js';
import type { LinearMap, LinearMapOptions } from './types.js';
import { WeightGradient } from './weight-gradient.js';
import { Workspace } from './workspace.js';

export type Side = 'input' | 'output';
export type Values = Float32Array | Float64Array;

interface Projection {
  readonly along: readonly Float64Array[];
  /** Squared norms before. */
  readonly reference: Float64Array | undefined;
}

/** A batch seen from one side of W: what of it is known already, and what is new. */
export interface Question {
  readonly side: Side;
  readonly columns: number;
  /** For each known frame of this side, the batch along it: columns×rank. */
  readonly along: readonly Float64Array[];
  /** What is left, as lower·frame. */
  readonly rest: Factor;
  /** Will the answer be asked for again? */
  readonly remember: boolean;
  /** columns×length of the other side. */
  readonly out: Float32Array;
}

/** A share of a batch below which what is left of it after a projection is projected once more. */
const ONCE_MORE = 1e-3;

/**
 * A random matrix that is never formed: it answers x·Wᵀ and δ·W in distribution, each answer drawn given all earlier
 * ones. What was asked is kept as orthonormal frames on either side; subclasses draw the answer for a new frame.
 */
export abstract class SampledMap implements LinearMap {
  readonly inputs: number;
  readonly outputs: number;
  readonly #gradient: WeightGradient;
  readonly #owned: Values[] = [];
  readonly #reused: boolean;
  readonly #keepsInputs: boolean;
  #forwards = 0;
  #backwards = 0;

  constructor(
    protected readonly kernels: Kernels,
    options: LinearMapOptions,
  ) {
    this.inputs = options.inputs;
    this.outputs = options.outputs;
    this.#reused = options.reused ?? true;
    this.#keepsInputs = options.keepsInputs ?? false;
    this.#gradient = new WeightGradient(kernels, this.inputs, this.outputs);
  }

  /** The frames that were asked about from this side, or told on it. */
  protected abstract framesOf(side: Side): readonly Frame[];
  /** Length of the frames on this side. */
  protected abstract lengthOf(side: Side): number;
  /** Dimensions that frames on this side have not taken yet. */
  protected room(side: Side): number {
    return this.framesOf(side).reduce((room, frame) => room - frame.rank, this.lengthOf(side));
  }
  /** Draws the answer and, where asked to, remembers it. Returns the arrays made for that. */
  protected abstract answer(question: Question): readonly Values[];

  forward(x: Float32Array, columns: number, z: Float32Array, exponent = 0): number {
    if (!this.#reused && this.#forwards > 0) throw new Error('made for one use, used again');
    this.#forwards++;
    const kept = this.#kept(x, columns * this.inputs);
    const gram = this.#ask('input', kept, columns, z, true);
    return this.#gradient.addInput(kept, columns, exponent, gram);
  }

  backward(use: number, delta: Float32Array, g: Float32Array, exponent = 0): void {
    if (!this.#reused && this.#backwards > 0) throw new Error('made for one use, used again');
    this.#backwards++;
    const columns = this.#gradient.columnsOf(use);
    const kept = this.#reused ? this.#kept(delta, columns * this.outputs) : delta;
    const gram = this.#ask('output', kept, columns, g, this.#reused);
    this.#gradient.addDelta(use, kept, exponent, gram);
    if (this.#reused) return;
    // Nothing more will be asked: what the gradient needs is summed up, the rest given back.
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

  /**
   * Projects a batch on what is known, factors the rest, and has it answered. Returns the Gram matrix of the batch where
   * that was summed on the way.
   */
  #ask(
    side: Side,
    values: Float32Array,
    columns: number,
    out: Float32Array,
    remember: boolean,
  ): Float64Array | undefined {
    const { kernels } = this;
    const made: Values[] = [];
    const length = this.lengthOf(side);
    const given = side === 'input' ? this.inputs : this.outputs;
    const frames = this.framesOf(side);
    let rest = values;
    if (frames.length > 0 || length !== given) {
      rest = kernels.allocate(columns * length);
      made.push(rest);
      for (let c = 0; c < columns; c++) rest.set(values.subarray(c * given, (c + 1) * given), c * length);
    }
    const { along, reference } = this.#project(frames, rest, columns, length);
    const gram = kernels.allocateDoubles(columns * columns);
    const mostRank = Math.min(columns, this.room(side));
    const factor = factorize(kernels, rest, columns, length, { name: 'sampled', gram, reference, mostRank });
    made.push(...factor.owned, ...this.answer({ side, columns, along, rest: factor, remember, out }));
    if (remember) this.#owned.push(...made);
    else kernels.free(...made);
    this.#owned.push(gram);
    return frames.length === 0 ? gram : undefined;
  }

  /** Takes from `rest` what lies along the frames. */
  #project(frames: readonly Frame[], rest: Float32Array, columns: number, length: number): Projection {
    if (frames.length === 0) return { along: [], reference: undefined };
    const { kernels } = this;
    const workspace = Workspace.of(kernels);
    const along = frames.map((frame, i) => workspace.zeroed(`sampled.along.${String(i)}`, columns * frame.rank));
    const reference = this.#rowSquares(rest, columns, length);
    // Where little is left, rounding of the first projection would be much of it: "twice is enough" (Kahan, Parlett).
    for (let pass = 0; pass < 2; pass++) {
      frames.forEach((frame, i) => {
        const share = coefficients(kernels, frame, rest, columns, 'sampled.share');
        addCombination(kernels, frame, share, columns, rest, -1);
        const total = along[i]!;
        for (let p = 0; p < columns * frame.rank; p++) total[p] = total[p]! + share[p]!;
      });
      const left = this.#rowSquares(rest, columns, length);
      if (left.every((x, i) => x >= ONCE_MORE * reference[i]!)) break;
    }
    return { along, reference };
  }

  #rowSquares(values: Float32Array, rows: number, length: number): Float64Array {
    return Float64Array.from(
      { length: rows },
      (_, r) => this.kernels.sums(values.subarray(r * length, (r + 1) * length)).squares,
    );
  }

  #kept(values: Float32Array, length: number): Float32Array {
    if (this.#keepsInputs) return values;
    const copy = this.kernels.reserve(length);
    copy.set(values.subarray(0, length));
    this.#owned.push(copy);
    return copy;
  }
}
