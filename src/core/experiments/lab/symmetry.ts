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
  /** Units of the hidden layers. */
  readonly hidden: readonly number[];
  readonly activation: 'relu' | 'tanh' | 'sigmoid';
  /** What every weight starts as. */
  readonly alpha: number;
  /** Added to one weight of the first hidden unit: the smallest break of the symmetry. */
  readonly nudge: number;
  readonly learningRate: number;
  readonly seed: number;
}

export const SYMMETRY: SymmetrySettings = {
  hidden: [3],
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
  /** The units of each hidden layer have the same weights, in and out, to the last bit. */
  readonly identical: boolean;
  /** By hidden layer: how many of its units differ from each other. */
  readonly different: readonly number[];
  /** Largest difference between the weights of two hidden units of one layer. */
  readonly apart: number;
  /** Some weight has a gradient other than 0. */
  readonly moves: boolean;
}

const SAMPLES = 60;
const INPUTS = 2;

export function runSymmetry(settings: SymmetrySettings, { exact }: Bench): Running<SymmetryFrame> {
  const { hidden, activation, alpha, nudge, learningRate, seed } = settings;
  const weight: InitLaw = { law: 'constant', value: alpha };
  const widths = [INPUTS, ...hidden, 1];
  const layers = [...hidden.map((units) => ({ units, activation, weight })), { units: 1, weight }];
  const network = buildNetwork({ inputs: INPUTS, layers }, SAMPLES);
  const trainer = new Trainer(network, exact, { loss: 'binaryCrossEntropy', learningRate, seed });
  if (nudge !== 0) trainer.weights[0]![0] = alpha + nudge * new Random(seed, 1).normals(1)[0]!;
  const { points, labels } = planarData('circle', SAMPLES, seed);
  const batch = { inputs: points, targets: labels };
  const history = new History();
  const gradients = trainer.weights.map((w) => new Float32Array(w.length));
  let activations: number[][] = [];
  let loss = look();

  /** The loss as it stands, and what one sample gives. */
  function look(): number {
    const seen: number[][] = [];
    const result = trainer.evaluate(batch, {
      forward: (_, t) => seen.push([...t.data.subarray(0, t.shape[1] ?? 1)]),
    });
    // The input, then a linear layer and its activation in turn, last the logit.
    activations = [...seen.slice(0, -1).filter((_, v) => v % 2 === 0), (seen.at(-1) ?? []).map(sigmoid)];
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
      const layers = widths.slice(1).map((units, l) => ({
        weights: rows(trainer.weights[2 * l]!, units, widths[l]!),
        biases: [...trainer.weights[2 * l + 1]!],
        gradients: rows(gradients[2 * l]!, units, widths[l]!),
      }));
      const units = hidden.map((count, l) => weightsOfUnits(layers, l, count));
      const pairs = units.flatMap(pairsOf);
      return {
        step: history.steps,
        loss: finiteLoss(loss),
        curve: history.curve,
        layers,
        activations,
        identical: units.every((own) => own.every((w) => areSame(w, own[0]!))),
        different: units.map((own) => own.filter((w, u) => own.findIndex((other) => areSame(w, other)) === u).length),
        apart: pairs.reduce((most, [x, y]) => Math.max(most, Math.abs(x - y)), 0),
        moves: gradients.some((g) => g.some((x) => x !== 0)),
      };
    },
  };
}

/** What a layer's units have: weights in, bias, weights out. */
function weightsOfUnits(layers: readonly SymmetryLayer[], l: number, units: number): number[][] {
  const { weights, biases } = layers[l]!;
  return Array.from({ length: units }, (_, u) => [
    ...weights[u]!,
    biases[u]!,
    ...layers[l + 1]!.weights.map((next) => next[u]!),
  ]);
}

/** Each unit's numbers with those of the first. */
function pairsOf(units: readonly (readonly number[])[]): (readonly [number, number])[] {
  return units.slice(1).flatMap((w) => w.map((x, j) => [x, units[0]![j]!] as const));
}

/** To the last bit: zero and minus zero differ. */
function areSame(a: readonly number[], b: readonly number[]): boolean {
  return a.every((x, i) => Object.is(x, b[i]));
}

function rows(entries: Float32Array, units: number, inputs: number): number[][] {
  return Array.from({ length: units }, (_, u) => [...entries.subarray(u * inputs, (u + 1) * inputs)]);
}
