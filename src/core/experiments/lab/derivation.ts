import { activationMoments, activationNamed, type Activation } from '../../propagation/activations/index.js';
import { Random } from '../random.js';
import type { Bench, Running } from './experiment.js';
import type { Kernels } from '../../propagation/kernels/index.js';

/** Var(z) = n·Var(W)·E[a²], layer after layer, and each assumption behind it to be switched off. */
export interface DerivationSettings {
  /** Units of the layers in turn: n_in, n_out, n_in, … */
  readonly fanIn: number;
  readonly fanOut: number;
  /** What n·Var(W) is: of which n, `keeps` says. */
  readonly product: number;
  /** `forward`: n_in·Var(W) is the product; `backward`: n_out·Var(W); `both`: their mean, (n_in + n_out)/2·Var(W), as Glorot has it. */
  readonly keeps: 'forward' | 'backward' | 'both';
  readonly activation: 'identity' | 'tanh' | 'relu' | 'sigmoid';
  readonly depth: number;
  /** Standard deviation of the inputs. */
  readonly inputStd: number;
  /** Off: weights have a mean of 1/n_in beside their variance. */
  readonly zeroMean: boolean;
  /** Off: all layers share one matrix (for n_in = n_out). */
  readonly independent: boolean;
  readonly seed: number;
}

export const DERIVATION: DerivationSettings = {
  fanIn: 200,
  fanOut: 200,
  product: 1,
  keeps: 'forward',
  activation: 'tanh',
  depth: 10,
  inputStd: 1,
  zeroMean: true,
  independent: true,
  seed: 1,
};

export interface DerivationLayer {
  readonly fanIn: number;
  readonly fanOut: number;
  /** E[a²] of what comes in, n_in·Var(W), and their product: Var(z) as the assumptions have it. */
  readonly inputSecond: number;
  readonly factor: number;
  readonly expected: number;
  /** Variance of z over units, samples and draws of the weights. */
  readonly measured: number;
  /** Variance of the gradient at z, for a gradient of variance 1 at the last z: as the assumptions have it, and measured. */
  readonly expectedGradient: number;
  readonly measuredGradient: number;
}

export interface DerivationFrame {
  readonly weightVariance: number;
  /** Bound of the uniform law of that variance: √(3·Var(W)). */
  readonly bound: number;
  /** Variances that keep the signal (1/n_in), the gradient (1/n_out), and Glorot's compromise 2/(n_in + n_out), their harmonic mean. */
  readonly forwardVariance: number;
  readonly backwardVariance: number;
  readonly glorotVariance: number;
  /** √(6/(n_in + n_out)). */
  readonly glorotBound: number;
  readonly layers: readonly DerivationLayer[];
  /** Draws of the weights so far. */
  readonly draws: number;
  /** Assumptions that don't hold here, in a word each. */
  readonly broken: readonly ('zeroMean' | 'independent' | 'smallInputs')[];
}

const SAMPLES = 16;
const DRAWS = 8;

export function runDerivation(settings: DerivationSettings, { fast }: Bench): Running<DerivationFrame> {
  const { fanIn, fanOut, product, keeps, depth } = settings;
  const activation = activationNamed(settings.activation)!;
  const n = { forward: fanIn, backward: fanOut, both: (fanIn + fanOut) / 2 }[keeps];
  const weightVariance = product / n;
  const widths = Array.from({ length: depth + 1 }, (_, l) => (l % 2 === 0 ? fanIn : fanOut));
  const sums = { forward: new Array<number>(depth).fill(0), backward: new Array<number>(depth).fill(0) };
  let draws = 0;
  const expected = expectations(settings, activation, widths, weightVariance);

  return {
    get isOver() {
      return draws >= DRAWS;
    },
    step() {
      const { forward, backward } = oneDraw(settings, activation, widths, weightVariance, settings.seed + draws, fast);
      forward.forEach((v, l) => (sums.forward[l]! += v));
      backward.forEach((v, l) => (sums.backward[l]! += v));
      draws++;
    },
    frame: () => ({
      weightVariance,
      bound: Math.sqrt(3 * weightVariance),
      forwardVariance: 1 / fanIn,
      backwardVariance: 1 / fanOut,
      glorotVariance: 2 / (fanIn + fanOut),
      glorotBound: Math.sqrt(6 / (fanIn + fanOut)),
      layers: expected.map((e, l) => ({
        ...e,
        measured: draws === 0 ? NaN : sums.forward[l]! / draws,
        measuredGradient: draws === 0 ? NaN : sums.backward[l]! / draws,
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

/** What the rule says when every assumption holds: independent weights of mean 0, inputs of mean 0. */
function expectations(
  { inputStd }: DerivationSettings,
  activation: Activation,
  widths: readonly number[],
  weightVariance: number,
): Omit<DerivationLayer, 'measured' | 'measuredGradient'>[] {
  const depth = widths.length - 1;
  const layers: { fanIn: number; fanOut: number; inputSecond: number; factor: number; expected: number }[] = [];
  let second = inputStd ** 2;
  for (let l = 0; l < depth; l++) {
    const factor = widths[l]! * weightVariance;
    const expected = factor * second;
    layers.push({ fanIn: widths[l]!, fanOut: widths[l + 1]!, inputSecond: second, factor, expected });
    second = activationMoments(activation, 0, expected).second;
  }
  const gradients = new Array<number>(depth).fill(1);
  for (let l = depth - 2; l >= 0; l--) {
    const slope = activationMoments(activation, 0, layers[l]!.expected).slopeSecond;
    gradients[l] = widths[l + 2]! * weightVariance * slope * gradients[l + 1]!;
  }
  return layers.map((layer, l) => ({ ...layer, expectedGradient: gradients[l]! }));
}

/** One draw of all weights: variances of z and of the gradient there, layer by layer. */
function oneDraw(
  { inputStd, zeroMean, independent, fanIn, fanOut }: DerivationSettings,
  activation: Activation,
  widths: readonly number[],
  weightVariance: number,
  seed: number,
  k: Kernels,
): { readonly forward: number[]; readonly backward: number[] } {
  const depth = widths.length - 1;
  const ends = new Random(seed);
  const std = Math.sqrt(weightVariance);
  const isTied = !independent && fanIn === fanOut;
  const made: Float32Array[] = [];
  const array = (length: number): Float32Array => {
    const a = k.allocate(length);
    made.push(a);
    return a;
  };
  const draw = (l: number): Float32Array => {
    const w = array(widths[l]! * widths[l + 1]!);
    k.seed(seed, l + 1);
    k.normal(w, zeroMean ? 0 : 1 / widths[l]!, std);
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
