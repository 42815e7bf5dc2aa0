import { normal } from '../../initializers/index.js';
import { activationMoments, activationNamed, type Activation } from '../../propagation/activations/index.js';
import { canBeTied, meanSquare, passThrough, type Chain } from '../chain.js';
import type { Bench, Running } from './experiment.js';

/** Var(z) = n·Var(W)·E[a²], layer after layer, and each assumption behind it to be switched off. */
export interface DerivationSettings {
  /** Units of the layers: of the input, then of each layer. */
  readonly widths: readonly number[];
  /** What n·Var(W) is: of which n, `keeps` says. */
  readonly product: number;
  /** `forward`: n_in·Var(W) is the product; `backward`: n_out·Var(W); `both`: their mean, (n_in + n_out)/2·Var(W), as Glorot has it. */
  readonly keeps: 'forward' | 'backward' | 'both';
  readonly activation: 'identity' | 'tanh' | 'relu' | 'sigmoid';
  /** Standard deviation of the inputs. */
  readonly inputStd: number;
  /** Off: weights have a mean of 2/n_in beside their variance, so the mean of a layer's inputs comes out doubled. */
  readonly zeroMean: boolean;
  /** Off: every second layer has the matrix of the one before, transposed, where sizes allow. */
  readonly independent: boolean;
  readonly seed: number;
}

/** Standard deviation of inputs at which tanh is as good as linear. */
export const SMALL_INPUTS = 0.1;

export const DERIVATION: DerivationSettings = {
  widths: new Array<number>(11).fill(200),
  product: 1,
  keeps: 'forward',
  activation: 'tanh',
  inputStd: SMALL_INPUTS,
  zeroMean: true,
  independent: true,
  seed: 1,
};

export interface DerivationLayer {
  readonly fanIn: number;
  readonly fanOut: number;
  readonly weightVariance: number;
  /** Bound of the uniform law of that variance: √(3·Var(W)). */
  readonly bound: number;
  /** Variances that keep the signal (1/n_in), the gradient (1/n_out), and Glorot's compromise 2/(n_in + n_out), their harmonic mean. */
  readonly forwardVariance: number;
  readonly backwardVariance: number;
  readonly glorotVariance: number;
  /** √(6/(n_in + n_out)). */
  readonly glorotBound: number;
  /** E[a²] of what comes in, n_in·Var(W), and their product: Var(z) as the assumptions have it. */
  readonly inputSecond: number;
  readonly factor: number;
  readonly expected: number;
  /** Glorot's rule for small inputs, where an activation is as good as linear: Var(z) = ∏ n_in·Var(W) · Var(x). */
  readonly linear: number;
  /** Mean of z² over units, samples and draws of the weights, its variance where its mean is 0; `null` before the first draw. */
  readonly measured: number | null;
  /** The same of the gradient at z, for one of mean square 1 at the last z: as the assumptions have it, and measured. */
  readonly expectedGradient: number;
  readonly measuredGradient: number | null;
}

export interface DerivationFrame {
  readonly layers: readonly DerivationLayer[];
  /** The three cases, n·Var(W) below, at and above 1: Var(z) by layer as the assumptions have it. */
  readonly cases: readonly { readonly product: number; readonly expected: readonly number[] }[];
  /** Draws of the weights so far. */
  readonly draws: number;
  /** Assumptions that don't hold here. */
  readonly broken: readonly ('zeroMean' | 'independent' | 'smallInputs')[];
}

const SAMPLES = 16;
const DRAWS = 20;
const CASES = [0.5, 1, 2];
/** n_in times the mean of weights that have one. */
const MEAN_FACTOR = 2;

export function runDerivation(settings: DerivationSettings, { fast }: Bench): Running<DerivationFrame> {
  const { widths, inputStd, seed } = settings;
  const activation = activationNamed(settings.activation)!;
  const depth = widths.length - 1;
  const laws = lawsOf(settings);
  const expected = expectations(settings, activation, laws);
  const cases = CASES.map((product) => {
    const layers = expectations(settings, activation, lawsOf({ ...settings, product }));
    return { product, expected: layers.map((layer) => layer.expected) };
  });
  const broken = brokenBy(settings);
  const chain: Chain = {
    widths,
    laws: laws.map(({ fanIn, weightVariance }) =>
      normal(settings.zeroMean ? 0 : MEAN_FACTOR / fanIn, Math.sqrt(weightVariance)),
    ),
    activation,
    isTied: !settings.independent,
  };
  const sums = { forward: new Array<number>(depth).fill(0), backward: new Array<number>(depth).fill(0) };
  let draws = 0;

  return {
    get isOver() {
      return draws >= DRAWS;
    },
    step() {
      const adder =
        (to: number[]) =>
        (place: number, x: Float32Array): void => {
          if (place > 0) to[place - 1]! += meanSquare(fast, x);
        };
      const [forward, backward] = [adder(sums.forward), adder(sums.backward)];
      passThrough(fast, chain, { samples: SAMPLES, inputStd, seed: seed + draws, forward, backward });
      draws++;
    },
    frame: () => ({
      layers: expected.map((e, l) => ({
        ...e,
        measured: draws === 0 ? null : sums.forward[l]! / draws,
        measuredGradient: draws === 0 ? null : sums.backward[l]! / draws,
      })),
      cases,
      draws,
      broken,
    }),
  };
}

function brokenBy(settings: DerivationSettings): DerivationFrame['broken'] {
  const { zeroMean, independent, widths, activation, inputStd } = settings;
  // Rectifiers and no activation at all treat large inputs as small ones.
  const isCurved = activation === 'tanh' || activation === 'sigmoid';
  return [
    ...(zeroMean ? [] : (['zeroMean'] as const)),
    ...(independent || !canBeTied(widths) ? [] : (['independent'] as const)),
    ...(isCurved && inputStd > SMALL_INPUTS ? (['smallInputs'] as const) : []),
  ];
}

type Law = Pick<
  DerivationLayer,
  | 'fanIn'
  | 'fanOut'
  | 'weightVariance'
  | 'bound'
  | 'forwardVariance'
  | 'backwardVariance'
  | 'glorotVariance'
  | 'glorotBound'
>;

function lawsOf({ widths, product, keeps }: DerivationSettings): Law[] {
  return widths.slice(1).map((fanOut, l) => {
    const fanIn = widths[l]!;
    const n = { forward: fanIn, backward: fanOut, both: (fanIn + fanOut) / 2 }[keeps];
    const weightVariance = product / n;
    return {
      fanIn,
      fanOut,
      weightVariance,
      bound: Math.sqrt(3 * weightVariance),
      forwardVariance: 1 / fanIn,
      backwardVariance: 1 / fanOut,
      glorotVariance: 2 / (fanIn + fanOut),
      glorotBound: Math.sqrt(6 / (fanIn + fanOut)),
    };
  });
}

/** What the rule says when every assumption holds: independent weights of mean 0, inputs of mean 0. */
function expectations(
  { inputStd }: DerivationSettings,
  activation: Activation,
  laws: readonly Law[],
): Omit<DerivationLayer, 'measured' | 'measuredGradient'>[] {
  let second = inputStd ** 2;
  let linear = second;
  const layers = laws.map((law) => {
    const factor = law.fanIn * law.weightVariance;
    const expected = factor * second;
    linear *= factor;
    const layer = { ...law, inputSecond: second, factor, expected, linear };
    second = activationMoments(activation, 0, expected).second;
    return layer;
  });
  const gradients = new Array<number>(laws.length).fill(1);
  for (let l = laws.length - 2; l >= 0; l--) {
    const slope = activationMoments(activation, 0, layers[l]!.expected).slopeSecond;
    const above = laws[l + 1]!;
    gradients[l] = above.fanOut * above.weightVariance * slope * gradients[l + 1]!;
  }
  return layers.map((layer, l) => ({ ...layer, expectedGradient: gradients[l]! }));
}
