import { normal } from '../../initializers/index.js';
import { activationNamed } from '../../propagation/activations/index.js';
import { bandOf } from '../../propagation/batch/statistics/merge.js';
import { meanSquare, passThrough } from '../chain.js';
import type { Bench, Running } from './experiment.js';

/** ŷ = W⁽ᴸ⁾ ⋯ W⁽²⁾W⁽¹⁾x: what a factor g a layer becomes over L layers. */
export interface ProductsSettings {
  /** Weights are g·I, or random of variance g²/n. */
  readonly g: number;
  /** Units of the layers: of the input, then of each layer. */
  readonly widths: readonly number[];
  readonly seed: number;
}

export const PRODUCTS: ProductsSettings = { g: 1.5, widths: new Array<number>(10).fill(64), seed: 1 };

/** Root mean squares from the input on, L + 1 numbers: over all draws together, and the band that most single draws keep to. */
export interface Scatter {
  readonly overall: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

export interface ProductsFrame {
  /** With W = g·I: what each layer gives for x = 1, from the input on; L + 1 numbers. */
  readonly identity: readonly number[];
  /** ∂ŷ/∂(what each layer gives), from the input on. */
  readonly identityGradient: readonly number[];
  /** With random weights: what each layer gives, and the gradient there for one of root mean square 1 at ŷ. */
  readonly random: Scatter;
  readonly randomGradient: Scatter;
  /** What the theory gives for the random ones: gˡ, and gᴸ⁻ˡ·√(n_L/n_l). */
  readonly expected: readonly number[];
  readonly expectedGradient: readonly number[];
  /** Draws of the random weights so far. */
  readonly draws: number;
}

export const PRODUCTS_DRAWS = 30;

export function runProducts({ g, widths, seed }: ProductsSettings, { fast }: Bench): Running<ProductsFrame> {
  const depth = widths.length - 1;
  const powers = Array.from({ length: depth + 1 }, (_, l) => g ** l);
  const laws = widths.slice(1).map((_, l) => normal(0, g / Math.sqrt(widths[l]!)));
  const chain = { widths, laws, activation: activationNamed('identity')!, isTied: false };
  const forward: number[][] = [];
  const backward: number[][] = [];
  const draw = (): void => {
    const [signal, gradient] = [new Array<number>(depth + 1).fill(0), new Array<number>(depth + 1).fill(0)];
    passThrough(fast, chain, {
      samples: 1,
      inputStd: 1,
      seed: seed + forward.length,
      forward: (place, z) => (signal[place] = meanSquare(fast, z)),
      backward: (place, back) => (gradient[place] = meanSquare(fast, back)),
    });
    forward.push(signal);
    backward.push(gradient);
  };
  draw();

  return {
    get isOver() {
      return forward.length >= PRODUCTS_DRAWS;
    },
    step: draw,
    frame: () => ({
      identity: powers,
      identityGradient: powers.slice().reverse(),
      random: scatterOf(forward),
      randomGradient: scatterOf(backward),
      expected: powers.map(Math.abs),
      // Going back, a layer sums as many terms as it has outputs, while its weights were scaled by its inputs.
      expectedGradient: powers.map((_, l) => Math.abs(g) ** (depth - l) * Math.sqrt(widths[depth]! / widths[l]!)),
      draws: forward.length,
    }),
  };
}

/** `squares`: mean squares by draw, then by place. */
function scatterOf(squares: readonly (readonly number[])[]): Scatter {
  const places = squares[0]!.map((_, place) => squares.map((draw) => draw[place]!));
  const bands = places.map((draws) => bandOf(draws.map(Math.sqrt)));
  return {
    overall: places.map((draws) => Math.sqrt(draws.reduce((sum, v) => sum + v, 0) / draws.length)),
    low: bands.map(({ low }) => low),
    high: bands.map(({ high }) => high),
  };
}
