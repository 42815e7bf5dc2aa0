import type { InitLaw } from '../../model/index.js';
import { planarData, type PlanarSet } from '../data/planar.js';
import { History, type Verdict } from '../training/history.js';
import { finiteLoss, sigmoid, type LossResult } from '../training/losses.js';
import { buildNetwork, type NetworkSpec } from '../training/network.js';
import { Trainer } from '../training/trainer.js';
import type { Bench, Curve, Running } from './experiment.js';

/** Weights too small, right, too large: a network of rectifiers (2–6–3–1, or of the user's own sizes) on points of the plane. */
export interface ScaleSettings {
  readonly data: PlanarSet;
  readonly start: ScaleStart;
  /** Units of the hidden layers. */
  readonly hidden: readonly number[];
  readonly learningRate: number;
  readonly seed: number;
}

/** Variances of weights: `right` is 1/n (LeCun), `small` a hundredth and `large` a hundred times that. */
export type ScaleStart = keyof typeof STARTS;

export const STARTS = {
  zero: { law: 'zeros' },
  small: { law: 'lecun_normal', gain: 0.1 },
  right: { law: 'lecun_normal' },
  large: { law: 'lecun_normal', gain: 10 },
  xavier: { law: 'glorot_normal' },
  he: { law: 'he_normal' },
} as const satisfies Readonly<Record<string, InitLaw>>;

export const SCALE: ScaleSettings = {
  data: 'circle',
  start: 'right',
  hidden: [6, 3],
  learningRate: 0.3,
  seed: 1,
};

export interface ScaleFrame {
  readonly step: number;
  readonly loss: number;
  /** Share of the points in [0, 1] on the wrong side. */
  readonly error: number;
  readonly curve: Curve;
  readonly verdict: Verdict;
  readonly points: readonly number[];
  readonly labels: readonly number[];
  /** The output's probability over [−1.5, 1.5]², row by row from the top, `grid` × `grid`. */
  readonly surface: readonly number[];
  readonly grid: number;
  /** By layer: standard deviation of what it gives, and of the gradient there, in the last step. */
  readonly layers: readonly { readonly signal: number; readonly gradient: number }[];
  /** Share of the points, in [0, 1], whose output the sigmoid has flattened: its slope is below 1 % of its largest. */
  readonly saturated: number;
  /** Share of the hidden units, in [0, 1], that give 0 for every point: no gradient reaches them any more. */
  readonly dead: number;
}

const POINTS = 200;
const GRID = 30;
const EXTENT = 1.5;
/** Above so many weights, single precision's fast sums take the place of exact ones. */
const MANY_WEIGHTS = 4000;

function spec(hidden: readonly number[], weight: InitLaw): NetworkSpec {
  return {
    inputs: 2,
    layers: [...hidden.map((units) => ({ units, activation: 'relu', weight })), { units: 1, weight }],
  };
}

export function runScale(settings: ScaleSettings, { exact, fast }: Bench): Running<ScaleFrame> {
  const { data, start, hidden, learningRate, seed } = settings;
  const widths = [2, ...hidden, 1];
  const weights = hidden.reduce((sum, units, l) => sum + units * widths[l]!, 0);
  const kernels = weights > MANY_WEIGHTS ? fast : exact;
  // Values of the graph: 0 the input, then a linear layer and its rectifier in turn.
  const isLinear = (v: number): boolean => v % 2 === 1;
  const output = 2 * hidden.length + 1;
  const units = hidden.reduce((a, b) => a + b, 0);
  const loss = 'binaryCrossEntropy';
  const trainer = new Trainer(buildNetwork(spec(hidden, STARTS[start]), POINTS), kernels, { loss, learningRate, seed });
  const surface = new Trainer(buildNetwork(spec(hidden, STARTS.zero), GRID * GRID), kernels, {
    loss,
    learningRate: 0,
    seed,
  });
  const { points, labels } = planarData(data, POINTS, seed);
  const batch = { inputs: points, targets: labels };
  const plane = gridPoints();
  const history = new History();
  let layers: { signal: number; gradient: number }[] = [];
  let saturated = 0;
  let dead = 0;
  let last = look();

  function look(): LossResult {
    let silent = 0;
    const result = trainer.evaluate(batch, {
      forward(v, { data, shape }) {
        const width = shape[1] ?? 1;
        if (v > 0 && !isLinear(v)) for (let u = 0; u < width; u++) silent += isSilent(data, width, u) ? 1 : 0;
        if (v === output) saturated = data.filter((z) => slopeOfSigmoid(z) < 0.0025).length / POINTS;
      },
    });
    dead = silent / units;
    return result;
  }

  return {
    get isOver() {
      return !Number.isFinite(last.loss);
    },
    step() {
      const signals: number[] = [];
      const gradients: number[] = [];
      const result = trainer.step(batch, {
        forward: (v, t) => isLinear(v) && signals.push(deviation(t.data)),
        backward: (v, g) => isLinear(v) && gradients.unshift(deviation(g.data)),
      });
      layers = signals.map((signal, i) => ({ signal, gradient: gradients[i] ?? 0 }));
      history.add(result.loss);
      last = look();
    },
    frame() {
      trainer.weights.forEach((w, i) => {
        surface.set(i, w);
      });
      let values: number[] = [];
      surface.evaluate(
        { inputs: plane, targets: new Uint8Array(GRID * GRID) },
        { forward: (v, t) => v === output && (values = [...t.data.subarray(0, GRID * GRID)].map(sigmoid)) },
      );
      return {
        step: history.steps,
        loss: finiteLoss(last.loss),
        error: last.error ?? 1,
        curve: history.curve,
        verdict: history.verdict(Math.LN2),
        points: [...points],
        labels: [...labels],
        surface: values,
        grid: GRID,
        layers,
        saturated,
        dead,
      };
    },
  };
}

function gridPoints(): Float32Array {
  const out = new Float32Array(2 * GRID * GRID);
  const at = (i: number): number => EXTENT * ((2 * (i + 0.5)) / GRID - 1);
  for (let r = 0; r < GRID; r++) for (let c = 0; c < GRID; c++) out.set([at(c), -at(r)], 2 * (r * GRID + c));
  return out;
}

function isSilent(data: Float32Array, units: number, unit: number): boolean {
  for (let s = 0; s < POINTS; s++) if (data[s * units + unit] !== 0) return false;
  return true;
}

function slopeOfSigmoid(z: number): number {
  const p = sigmoid(z);
  return p * (1 - p);
}

function deviation(x: Float32Array): number {
  let sum = 0;
  let squares = 0;
  for (const v of x) {
    sum += v;
    squares += v * v;
  }
  return Math.sqrt(Math.max(0, squares / x.length - (sum / x.length) ** 2));
}
