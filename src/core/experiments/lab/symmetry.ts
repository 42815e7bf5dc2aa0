import type { InitLaw } from '../../model/index.js';
import { planarData } from '../data/planar.js';
import { Random } from '../random.js';
import { History } from '../training/history.js';
import { buildNetwork } from '../training/network.js';
import { Trainer } from '../training/trainer.js';
import { finiteLoss, sigmoid } from '../training/losses.js';
import type { Bench, Curve, Running } from './experiment.js';

/** Why weights must differ: units that start equal get equal gradients and stay equal. */
export interface SymmetrySettings {
  /** Units of the hidden layer. */
  readonly hidden: number;
  readonly activation: 'relu' | 'tanh' | 'sigmoid';
  /** What every weight starts as. */
  readonly alpha: number;
  /** Added to one weight of the first hidden unit: the smallest break of the symmetry. */
  readonly nudge: number;
  readonly learningRate: number;
  readonly seed: number;
}

export const SYMMETRY: SymmetrySettings = {
  hidden: 3,
  activation: 'relu',
  alpha: 0.5,
  nudge: 0,
  learningRate: 0.5,
  seed: 1,
};

export interface SymmetryLayer {
  /** By unit, then by input. */
  readonly weights: readonly (readonly number[])[];
  readonly biases: readonly number[];
  /** ∂L/∂w of the last step, in the same order; zeros before the first. */
  readonly gradients: readonly (readonly number[])[];
}

export interface SymmetryFrame {
  readonly step: number;
  readonly loss: number;
  readonly curve: Curve;
  readonly layers: readonly SymmetryLayer[];
  /** One sample through the network: inputs, hidden units, the output's probability. */
  readonly activations: readonly (readonly number[])[];
  /** All hidden units have the same weights, to the last bit. */
  readonly identical: boolean;
  /** Largest difference between two hidden units' weights. */
  readonly apart: number;
  /** Some weight has a gradient other than 0. */
  readonly moves: boolean;
}

const SAMPLES = 60;
const INPUTS = 2;

export function runSymmetry(settings: SymmetrySettings, { exact }: Bench): Running<SymmetryFrame> {
  const { hidden, activation, alpha, nudge, learningRate, seed } = settings;
  const weight: InitLaw = { law: 'constant', value: alpha };
  const network = buildNetwork(
    {
      inputs: INPUTS,
      layers: [
        { units: hidden, activation, weight },
        { units: 1, weight },
      ],
    },
    SAMPLES,
  );
  const trainer = new Trainer(network, exact, { loss: 'binaryCrossEntropy', learningRate, seed });
  if (nudge !== 0) trainer.weights[0]![0] = alpha + nudge * new Random(seed, 1).normals(1)[0]!;
  const { points, labels } = planarData('circle', SAMPLES, seed);
  const batch = { inputs: points, targets: labels };
  const history = new History();
  const sizes = [
    [hidden, INPUTS],
    [1, hidden],
  ] as const;
  const gradients = trainer.weights.map((w) => new Float32Array(w.length));
  let activations: number[][] = [];
  let loss = look();

  /** The loss as it stands, and what one sample gives. */
  function look(): number {
    const seen: number[][] = [];
    const result = trainer.evaluate(batch, {
      forward: (_, t) => seen.push([...t.data.subarray(0, t.shape[1] ?? 1)]),
    });
    const [inputs = [], , units = [], [logit = 0] = []] = seen;
    activations = [inputs, units, [sigmoid(logit)]];
    return result.loss;
  }

  return {
    isOver: false,
    step() {
      const result = trainer.step(batch, {
        gradient: (id, g) => gradients[id]?.set(g.data.subarray(0, gradients[id].length)),
      });
      history.add(result.loss);
      loss = look();
    },
    frame() {
      const layers = sizes.map(([units, inputs], l) => ({
        weights: rows(trainer.weights[2 * l]!, units, inputs),
        biases: [...trainer.weights[2 * l + 1]!],
        gradients: rows(gradients[2 * l]!, units, inputs),
      }));
      const units = rows(trainer.weights[0]!, hidden, INPUTS).map((w, i) => [
        ...w,
        trainer.weights[1]![i]!,
        trainer.weights[2]![i]!,
      ]);
      const apart = Math.max(...units.flatMap((w) => w.map((x, j) => Math.abs(x - units[0]![j]!))));
      return {
        step: history.steps,
        loss: finiteLoss(loss),
        curve: history.curve,
        layers,
        activations,
        identical: units.every((w) => w.every((x, j) => Object.is(x, units[0]![j]))),
        apart,
        moves: gradients.some((g) => g.some((x) => x !== 0)),
      };
    },
  };
}

function rows(entries: Float32Array, units: number, inputs: number): number[][] {
  return Array.from({ length: units }, (_, u) => [...entries.subarray(u * inputs, (u + 1) * inputs)]);
}
