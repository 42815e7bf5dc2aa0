import { Random } from '../random.js';
import type { Running } from './experiment.js';

/** ŷ = W⁽ᴸ⁾ ⋯ W⁽²⁾W⁽¹⁾x: what a factor g a layer becomes over L layers. */
export interface ProductsSettings {
  /** Weights are g·I, or random of variance g²/n. */
  readonly g: number;
  /** Units of the layers: of the input, then of each layer. */
  readonly widths: readonly number[];
  readonly seed: number;
}

export const PRODUCTS: ProductsSettings = { g: 1.5, widths: new Array<number>(10).fill(64), seed: 1 };

export interface ProductsFrame {
  /** With W = g·I: what each layer gives for x = 1, from the input on; L + 1 numbers. */
  readonly identity: readonly number[];
  /** ∂ŷ/∂(what each layer gives), from the input on. */
  readonly identityGradient: readonly number[];
  /** With random weights: root mean square of what each layer gives, and of the gradient there for a loss whose gradient at ŷ has root mean square 1. */
  readonly random: readonly number[];
  readonly randomGradient: readonly number[];
  /** What the theory gives for the random ones: gˡ, and gᴸ⁻ˡ·√(n_L/n_l). */
  readonly expected: readonly number[];
  readonly expectedGradient: readonly number[];
}

export function runProducts({ g, widths, seed }: ProductsSettings): Running<ProductsFrame> {
  const depth = widths.length - 1;
  const powers = Array.from({ length: depth + 1 }, (_, l) => g ** l);
  const matrices = Array.from({ length: depth }, (_, l) => {
    const [inputs, outputs] = [widths[l]!, widths[l + 1]!];
    const entries = new Random(seed, l + 1).normals(inputs * outputs, g / Math.sqrt(inputs));
    return { entries, inputs, outputs };
  });
  const ends = new Random(seed);
  const forward = [normalized(ends.normals(widths[0]!))];
  for (const w of matrices) forward.push(times(w, forward.at(-1)!));
  const backward = [normalized(ends.normals(widths[depth]!))];
  for (const w of matrices.slice().reverse()) backward.unshift(transposedTimes(w, backward[0]!));
  // Going back, a layer sums as many terms as it has outputs, while its weights were scaled by its inputs.
  const expectedGradient = powers.map((_, l) => Math.abs(g) ** (depth - l) * Math.sqrt(widths[depth]! / widths[l]!));
  const frame: ProductsFrame = {
    identity: powers,
    identityGradient: powers.slice().reverse(),
    random: forward.map(rootMeanSquare),
    randomGradient: backward.map(rootMeanSquare),
    expected: powers.map(Math.abs),
    expectedGradient,
  };
  return { isOver: true, step: () => undefined, frame: () => frame };
}

/** (outputs, inputs), row by row. */
interface Matrix {
  readonly entries: Float32Array;
  readonly inputs: number;
  readonly outputs: number;
}

function times({ entries, inputs, outputs }: Matrix, x: Float64Array): Float64Array {
  const y = new Float64Array(outputs);
  for (let i = 0; i < outputs; i++) for (let j = 0; j < inputs; j++) y[i] = y[i]! + entries[i * inputs + j]! * x[j]!;
  return y;
}

function transposedTimes({ entries, inputs, outputs }: Matrix, g: Float64Array): Float64Array {
  const x = new Float64Array(inputs);
  for (let i = 0; i < outputs; i++) for (let j = 0; j < inputs; j++) x[j] = x[j]! + entries[i * inputs + j]! * g[i]!;
  return x;
}

function rootMeanSquare(x: Float64Array): number {
  return Math.sqrt(x.reduce((sum, v) => sum + v * v, 0) / x.length);
}

function normalized(x: Float32Array): Float64Array {
  const doubles = Float64Array.from(x);
  const size = rootMeanSquare(doubles);
  return doubles.map((v) => v / size);
}
