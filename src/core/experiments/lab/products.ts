import { Random } from '../random.js';
import type { Running } from './experiment.js';

/** ŷ = W⁽ᴸ⁾ ⋯ W⁽²⁾W⁽¹⁾x: what a factor g a layer becomes over L layers. */
export interface ProductsSettings {
  /** Weights are g·I, or random of variance g²/n. */
  readonly g: number;
  readonly depth: number;
  /** n, of the random matrices. */
  readonly width: number;
  readonly seed: number;
}

export const PRODUCTS: ProductsSettings = { g: 1.5, depth: 9, width: 64, seed: 1 };

export interface ProductsFrame {
  /** With W = g·I: what each layer gives for x = 1, from the input on; L + 1 numbers. */
  readonly identity: readonly number[];
  /** ∂ŷ/∂(what each layer gives), from the input on. */
  readonly identityGradient: readonly number[];
  /** With random weights: root mean square of what each layer gives, and of the gradient there for a loss whose gradient at ŷ has root mean square 1. */
  readonly random: readonly number[];
  readonly randomGradient: readonly number[];
  /** What the theory gives for the random ones: gˡ, gᴸ⁻ˡ. */
  readonly expected: readonly number[];
  readonly expectedGradient: readonly number[];
}

export function runProducts({ g, depth, width, seed }: ProductsSettings): Running<ProductsFrame> {
  const powers = Array.from({ length: depth + 1 }, (_, l) => g ** l);
  const back = powers.slice().reverse();
  const matrices = Array.from({ length: depth }, (_, l) =>
    new Random(seed, l + 1).normals(width * width, g / Math.sqrt(width)),
  );
  const ends = new Random(seed);
  const forward = [normalized(ends.normals(width))];
  for (const w of matrices) forward.push(product(w, forward.at(-1)!, width, false));
  const backward = [normalized(ends.normals(width))];
  for (const w of matrices.slice().reverse()) backward.unshift(product(w, backward[0]!, width, true));
  const frame: ProductsFrame = {
    identity: powers,
    identityGradient: back,
    random: forward.map(rootMeanSquare),
    randomGradient: backward.map(rootMeanSquare),
    expected: powers.map(Math.abs),
    expectedGradient: back.map(Math.abs),
  };
  return { isOver: true, step: () => undefined, frame: () => frame };
}

/** W·x, or Wᵀ·x. */
function product(w: Float32Array, x: Float64Array, n: number, transposed: boolean): Float64Array {
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const [to, from] = transposed ? [j, i] : [i, j];
      y[to] = y[to]! + w[i * n + j]! * x[from]!;
    }
  return y;
}

function rootMeanSquare(x: Float64Array): number {
  return Math.sqrt(x.reduce((sum, v) => sum + v * v, 0) / x.length);
}

function normalized(x: Float32Array): Float64Array {
  const doubles = Float64Array.from(x);
  const size = rootMeanSquare(doubles);
  return doubles.map((v) => v / size);
}
