import type { Kernels } from '../kernels/index.js';
import { factorize, type Factor } from './factor.js';
import { addCombination, coefficients, type Frame } from './frame.js';
import { SampledMap, type Question, type Side, type Values } from './sampled.js';
import type { LinearMapOptions } from './types.js';
import { Workspace } from './workspace.js';

export interface HaarOptions extends LinearMapOptions {
  readonly gain: number;
}

type Pair = Readonly<Record<Side, Frame>>;

/**
 * W = gain·U with semi-orthogonal U, uniformly distributed (`nn.init.orthogonal_`): a corner of a square orthogonal
 * matrix as large as its longer side. That square takes each frame on one side to a frame on the other, and a frame
 * orthogonal to all earlier ones to a uniformly random one in what is left: an orthonormalised Gaussian.
 */
export class HaarMap extends SampledMap {
  readonly #pairs: Pair[] = [];
  readonly #gain: number;
  readonly #size: number;

  constructor(kernels: Kernels, options: HaarOptions) {
    super(kernels, options);
    this.#gain = options.gain;
    this.#size = Math.max(options.inputs, options.outputs);
  }

  protected override framesOf(side: Side): readonly Frame[] {
    return this.#pairs.map((pair) => pair[side]);
  }

  protected override lengthOf(): number {
    return this.#size;
  }

  protected override answer({ side, columns, along, rest, remember, out }: Question): readonly Values[] {
    const { kernels } = this;
    const other = side === 'input' ? 'output' : 'input';
    const size = this.#size;
    const { rank } = rest.frame;
    const fresh = this.#freshFrame(other, rank);
    const width = other === 'input' ? this.inputs : this.outputs;
    const whole = width === size ? out : kernels.reserve(columns * size);
    whole.fill(0, 0, columns * size);
    addCombination(kernels, fresh.frame, rest.lower, columns, whole, this.#gain);
    this.#pairs.forEach((pair, i) => {
      addCombination(kernels, pair[other], along[i]!, columns, whole, this.#gain);
    });
    if (whole !== out) {
      for (let c = 0; c < columns; c++) out.set(whole.subarray(c * size, c * size + width), c * width);
      kernels.free(whole);
    }
    if (remember) {
      this.#pairs.push(
        side === 'input' ? { input: rest.frame, output: fresh.frame } : { input: fresh.frame, output: rest.frame },
      );
    }
    return fresh.made;
  }

  /** A uniformly random frame orthogonal to all known ones of that side. */
  #freshFrame(side: Side, rank: number): { readonly frame: Frame; readonly made: readonly Values[] } {
    const { kernels } = this;
    const size = this.#size;
    const draws = kernels.reserve(rank * size);
    const gram = Workspace.of(kernels).doubles('haar.gram', rank * rank);
    let factor: Factor;
    for (;;) {
      this.#drawBeside(side, draws, rank);
      factor = factorize(kernels, draws, rank, size, { name: 'haar', gram });
      if (factor.frame.rank === rank) break;
      // Dependent as far as doubles can tell, which only happens where hardly any room is left.
      kernels.free(...factor.owned);
    }
    return { frame: factor.frame, made: [draws, ...factor.owned] };
  }

  /** Fills `draws` with normals orthogonal to all known frames of that side. */
  #drawBeside(side: Side, draws: Float32Array, rank: number): void {
    const { kernels } = this;
    kernels.normal(draws, 0, 1);
    // A second time where the known frames leave so little room that rounding would show.
    const passes = 2 * this.room(side) < this.#size ? 2 : 1;
    for (let pass = 0; pass < passes; pass++) {
      for (const pair of this.#pairs) {
        const known = pair[side];
        const share = coefficients(kernels, known, draws, rank, 'haar.share');
        addCombination(kernels, known, share, rank, draws, -1);
      }
    }
  }
}
