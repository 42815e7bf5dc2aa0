import { activationMoments, activationNamed, type Activation } from '../../propagation/activations/index.js';
import { Random } from '../random.js';
import type { Bench, Running } from './experiment.js';
import type { Kernels } from '../../propagation/kernels/index.js';

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
  /** Off: weights have a mean of 1/n_in beside their variance. */
  readonly zeroMean: boolean;
  /** Off: all layers share one matrix, where all are of one size. */
  readonly independent: boolean;
  readonly seed: number;
}

export const DERIVATION: DerivationSettings = {
  widths: new Array<number>(11).fill(200),
  product: 1,
  keeps: 'forward',
  activation: 'tanh',
  inputStd: 1,
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
  /** Variance of z over units, samples and draws of the weights; `null` before the first draw. */
  readonly measured: number | null;
  /** Variance of the gradient at z, for a gradient of variance 1 at the last z: as the assumptions have it, and measured. */
  readonly expectedGradient: number;
  readonly measuredGradient: number | null;
}

export interface DerivationFrame {
  readonly layers: readonly DerivationLayer[];
  /** Draws of the weights so far. */
  readonly draws: number;
  /** Assumptions that don't hold here, in a word each. */
  readonly broken: readonly ('zeroMean' | 'independent' | 'smallInputs')[];
}

const SAMPLES = 16;
const DRAWS = 8;

export function runDerivation(settings: DerivationSettings, { fast }: Bench): Running<DerivationFrame> {
  const { widths } = settings;
  const depth = widths.length - 1;
  const activation = activationNamed(settings.activation)!;
  const laws = Array.from({ length: depth }, (_, l) => lawOf(settings, l));
  const sums = { forward: new Array<number>(depth).fill(0), backward: new Array<number>(depth).fill(0) };
  let draws = 0;
  const expected = expectations(settings, activation, laws);

  return {
    get isOver() {
      return draws >= DRAWS;
    },
    step() {
      const { forward, backward } = oneDraw(settings, activation, laws, settings.seed + draws, fast);
      forward.forEach((v, l) => (sums.forward[l]! += v));
      backward.forEach((v, l) => (sums.backward[l]! += v));
      draws++;
    },
    frame: () => ({
      layers: expected.map((e, l) => ({
        ...e,
        measured: draws === 0 ? null : sums.forward[l]! / draws,
        measuredGradient: draws === 0 ? null : sums.backward[l]! / draws,
      })),
      draws,
      broken: [
        ...(settings.zeroMean ? [] : (['zeroMean'] as const)),
        ...(settings.independent ? [] : (['independent'] as const)),
        ...(settings.activation !== 'identity' && settings.activation !== 'relu' && settings.inputStd > 1
          ? (['smallInputs'] as const)
          : []),
      ],
    }),
  };
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

function lawOf({ widths, product, keeps }: DerivationSettings, l: number): Law {
  const [fanIn, fanOut] = [widths[l]!, widths[l + 1]!];
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
}

/** What the rule says when every assumption holds: independent weights of mean 0, inputs of mean 0. */
function expectations(
  { inputStd }: DerivationSettings,
  activation: Activation,
  laws: readonly Law[],
): Omit<DerivationLayer, 'measured' | 'measuredGradient'>[] {
  let second = inputStd ** 2;
  const layers = laws.map((law) => {
    const factor = law.fanIn * law.weightVariance;
    const expected = factor * second;
    const layer = { ...law, inputSecond: second, factor, expected };
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

/** One draw of all weights: variances of z and of the gradient there, layer by layer. */
function oneDraw(
  { inputStd, zeroMean, independent, widths }: DerivationSettings,
  activation: Activation,
  laws: readonly Law[],
  seed: number,
  k: Kernels,
): { readonly forward: number[]; readonly backward: number[] } {
  const depth = widths.length - 1;
  const ends = new Random(seed);
  const isTied = !independent && new Set(widths).size === 1;
  const made: Float32Array[] = [];
  const array = (length: number): Float32Array => {
    const a = k.allocate(length);
    made.push(a);
    return a;
  };
  const draw = (l: number): Float32Array => {
    const w = array(widths[l]! * widths[l + 1]!);
    k.seed(seed, l + 1);
    k.normal(w, zeroMean ? 0 : 1 / widths[l]!, Math.sqrt(laws[l]!.weightVariance));
    return w;
  };
  const weights: Float32Array[] = [];
  for (let l = 0; l < depth; l++) weights.push(isTied && l > 0 ? weights[0]! : draw(l));

  let a = array(SAMPLES * widths[0]!);
  a.set(ends.normals(a.length, inputStd));
  const slopes: Float32Array[] = [];
  const forward: number[] = [];
  for (let l = 0; l < depth; l++) {
    const [inputs, outputs] = [widths[l]!, widths[l + 1]!];
    const z = array(SAMPLES * outputs);
    k.multiply({ a, b: weights[l]!, c: z, m: SAMPLES, n: outputs, k: inputs, transposeB: true });
    forward.push(k.sums(z).squares / z.length);
    const [next, slope] = [array(z.length), array(z.length)];
    k.activate(activation.name, z, next, slope);
    slopes.push(slope);
    a = next;
  }
  let g = array(SAMPLES * widths[depth]!);
  g.set(ends.normals(g.length));
  const backward = new Array<number>(depth).fill(1);
  for (let l = depth - 2; l >= 0; l--) {
    const [units, above] = [widths[l + 1]!, widths[l + 2]!];
    const before = array(SAMPLES * units);
    k.multiply({ a: g, b: weights[l + 1]!, c: before, m: SAMPLES, n: units, k: above });
    k.multiplyElements(before, slopes[l]!, before);
    g = before;
    backward[l] = k.sums(g).squares / g.length;
  }
  k.free(...made);
  return { forward, backward };
}
