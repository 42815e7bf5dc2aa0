import type { Kernels } from '../kernels/index.js';
import { addCombination, coefficients, productsWith, type Frame } from './frame.js';
import { SampledMap, type Question, type Side, type Values } from './sampled.js';
import type { LinearMapOptions } from './types.js';
import { Workspace } from './workspace.js';

export interface GaussianOptions extends LinearMapOptions {
  /** Standard deviation of W's entries. */
  readonly std: number;
}

/** What W (or its transpose) said about a frame: rank×length of the other side. */
interface Known {
  readonly frame: Frame;
  readonly answer: Float32Array;
}

/**
 * W of iid N(0, std²). On a frame Q that is orthogonal to all earlier ones of its side W·Qᵀ is iid normal, given what
 * was said on the other side (frames S with answers B = S·W): W·Qᵀ = H + Sᵀ(B·Qᵀ − S·H), H fresh.
 */
export class GaussianMap extends SampledMap {
  readonly #known: Readonly<Record<Side, Known[]>> = { input: [], output: [] };
  readonly #std: number;

  constructor(kernels: Kernels, options: GaussianOptions) {
    super(kernels, options);
    this.#std = options.std;
  }

  protected override framesOf(side: Side): readonly Frame[] {
    return this.#known[side].map((known) => known.frame);
  }

  protected override lengthOf(side: Side): number {
    return side === 'input' ? this.inputs : this.outputs;
  }

  protected override answer({ side, columns, along, rest, remember, out }: Question): readonly Values[] {
    const { kernels } = this;
    const workspace = Workspace.of(kernels);
    const other = side === 'input' ? 'output' : 'input';
    const length = this.lengthOf(other);
    const { frame, lower, triangular } = rest;
    const { rank } = frame;
    const answer = kernels.reserve(rank * length);
    kernels.normal(answer, 0, this.#std);
    for (const known of this.#known[other]) {
      const count = known.frame.rank;
      const told = productsWith(kernels, frame, known.answer, count, 'gaussian.told');
      const fresh = coefficients(kernels, known.frame, answer, rank, 'gaussian.fresh');
      for (let i = 0; i < rank * count; i++) told[i] = told[i]! - fresh[i]!;
      addCombination(kernels, known.frame, told, rank, answer, 1);
    }
    const a = workspace.narrowed('gaussian.lower', lower, columns * rank);
    kernels.multiply({ a, b: answer, c: out, m: columns, n: length, k: rank, triangular });
    this.#known[side].forEach((known, i) => {
      const k = known.frame.rank;
      const weights = workspace.narrowed('gaussian.along', along[i]!, columns * k);
      kernels.multiply({ a: weights, b: known.answer, c: out, m: columns, n: length, k, beta: 1 });
    });
    if (remember) this.#known[side].push({ frame, answer });
    return [answer];
  }
}
