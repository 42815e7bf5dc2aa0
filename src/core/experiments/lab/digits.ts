import type { InitLaw, LinearHistogram } from '../../model/index.js';
import { linearHistogram } from '../../propagation/batch/statistics/histogram.js';
import { lossOutput } from '../../propagation/loss.js';
import type { LabelledImages } from '../data/idx.js';
import { Random } from '../random.js';
import { History, type Verdict } from '../training/history.js';
import { finiteLoss } from '../training/losses.js';
import { buildNetwork } from '../training/network.js';
import { Trainer } from '../training/trainer.js';
import type { Bench, Curve, Running } from './experiment.js';

/** A deep tanh network on images of digits: four layers of 300 or the user's own, softmax, gradient descent in batches of 100. */
export interface DigitsSettings {
  readonly start: DigitsStart;
  /** Units of the hidden layers. */
  readonly hidden: readonly number[];
  readonly learningRate: number;
  readonly seed: number;
}

export type DigitsStart = keyof typeof DIGIT_STARTS;

export const DIGIT_STARTS = {
  zero: { law: 'zeros' },
  /** U(±1/√n): variance 1/(3n), what PyTorch gives a linear layer. */
  uniformByFan: { law: 'lecun_uniform', gain: 1 / Math.sqrt(3) },
  xavier: { law: 'glorot_uniform' },
  standardNormal: { law: 'normal', std: 1 },
  uniformTenth: { law: 'uniform', bound: 0.1 },
  normalTenth: { law: 'normal', std: 0.1 },
} as const satisfies Readonly<Record<string, InitLaw>>;

export const DIGITS: DigitsSettings = { start: 'xavier', hidden: [300, 300, 300, 300], learningRate: 0.3, seed: 1 };

export interface DigitsLayer {
  /** What the layer's tanh gives, over [−1, 1]. */
  readonly activations: LinearHistogram;
  readonly activationStd: number;
  /** ∂L/∂(what the tanh gives). */
  readonly gradients: LinearHistogram;
  readonly gradientStd: number;
  /** Share of the entries, in [0, 1], with |tanh| above 0.975, where its slope is below 0.05. */
  readonly saturated: number;
}

export interface DigitsFrame {
  /** Batches seen. */
  readonly step: number;
  readonly seen: number;
  readonly loss: number;
  /** Share of wrong answers in [0, 1], averaged over about the last 20 batches, each before it was learnt from. */
  readonly error: number;
  readonly curve: Curve;
  readonly verdict: Verdict;
  /** Hidden layers, from the input on; empty before the first batch. */
  readonly layers: readonly DigitsLayer[];
  /** Some images of the last batch, what they are and what the network called them. */
  readonly shown: ShownDigits;
}

export interface ShownDigits {
  readonly rows: number;
  readonly columns: number;
  /** 0 … 255, image after image, row by row. */
  readonly pixels: Uint8Array;
  readonly labels: readonly number[];
  readonly answers: readonly number[];
}

const BATCH = 100;
const CLASSES = 10;
const SHOWN = 40;
/** tanh′ = 1 − tanh² is below 0.05 beyond this. */
const FLAT = Math.sqrt(0.95);

export function runDigits(settings: DigitsSettings, images: LabelledImages, { fast }: Bench): Running<DigitsFrame> {
  const { start, learningRate, seed } = settings;
  const weight = DIGIT_STARTS[start];
  const pixels = images.rows * images.columns;
  const hidden = settings.hidden.map((units) => ({ units, activation: 'tanh', weight }));
  const network = buildNetwork({ inputs: pixels, layers: [...hidden, { units: CLASSES, weight }] }, BATCH);
  const trainer = new Trainer(network, fast, { loss: 'crossEntropy', learningRate, seed });
  const batches = new Batches(images, seed);
  const tanhs = network.layers.filter((l) => l.type === 'tanh').map((l) => l.output);
  const output = lossOutput(network.graph);
  const history = new History();
  const errors = { smooth: 0.9 };
  let layers: DigitsLayer[] = [];
  let shown: ShownDigits = {
    rows: images.rows,
    columns: images.columns,
    pixels: new Uint8Array(),
    labels: [],
    answers: [],
  };
  let loss = Math.log(CLASSES);

  return {
    get isOver() {
      return !Number.isFinite(loss);
    },
    step() {
      const { chosen, inputs, targets } = batches.next();
      const seen = new Map<number, Partial<DigitsLayer>>(tanhs.map((v) => [v, {}]));
      const result = trainer.step(
        { inputs, targets },
        {
          forward(v, { data }) {
            if (seen.has(v)) seen.set(v, signalOf(data));
            if (v === output) shown = shownOf(images, chosen.slice(0, SHOWN), data);
          },
          backward(v, { data }) {
            const layer = seen.get(v);
            if (layer !== undefined) seen.set(v, { ...layer, ...gradientOf(data) });
          },
        },
      );
      layers = [...seen.values()].filter(isWhole);
      history.add(result.loss);
      loss = result.loss;
      errors.smooth += ((result.error ?? 1) - errors.smooth) / Math.min(20, history.steps);
    },
    frame: () => ({
      step: history.steps,
      seen: history.steps * BATCH,
      loss: finiteLoss(loss),
      error: errors.smooth,
      curve: history.curve,
      verdict: history.verdict(Math.log(CLASSES)),
      layers,
      shown,
    }),
  };
}

function isWhole(layer: Partial<DigitsLayer>): layer is DigitsLayer {
  return layer.activations !== undefined && layer.gradients !== undefined;
}

function signalOf(data: Float32Array): Partial<DigitsLayer> {
  let squares = 0;
  let flat = 0;
  for (const a of data) {
    squares += a * a;
    if (Math.abs(a) > FLAT) flat++;
  }
  const std = Math.sqrt(squares / data.length);
  // Four root mean squares of 1/4 are 1: the histogram then spans [−1, 1], as tanh does.
  return { activations: linearHistogram(data, 0.25, 1), activationStd: std, saturated: flat / data.length };
}

function gradientOf(data: Float32Array): Partial<DigitsLayer> {
  let squares = 0;
  for (const g of data) squares += g * g;
  const std = Math.sqrt(squares / data.length);
  return { gradients: linearHistogram(data, std, 1), gradientStd: std };
}

function shownOf({ rows, columns, pixels, labels }: LabelledImages, chosen: readonly number[], logits: Float32Array) {
  const size = rows * columns;
  const own = new Uint8Array(chosen.length * size);
  chosen.forEach((image, i) => {
    own.set(pixels.subarray(image * size, (image + 1) * size), i * size);
  });
  return {
    rows,
    columns,
    pixels: own,
    labels: chosen.map((image) => labels[image]!),
    answers: chosen.map((_, i) => largest(logits, i)),
  };
}

function largest(logits: Float32Array, sample: number): number {
  let best = 0;
  for (let c = 1; c < CLASSES; c++) if (logits[sample * CLASSES + c]! > logits[sample * CLASSES + best]!) best = c;
  return best;
}

/** Batches in random order, all images once before any comes again; pixels are shifted and scaled to mean 0 and variance 1. */
class Batches {
  private readonly random: Random;
  private order: Uint32Array;
  private position = 0;
  private readonly shift: number;
  private readonly scale: number;

  constructor(
    private readonly images: LabelledImages,
    seed: number,
  ) {
    this.random = new Random(seed, 1);
    this.order = this.random.order(images.labels.length);
    let sum = 0;
    let squares = 0;
    for (const p of images.pixels) {
      sum += p;
      squares += p * p;
    }
    this.shift = sum / images.pixels.length;
    this.scale = 1 / Math.sqrt(Math.max(1e-12, squares / images.pixels.length - this.shift ** 2));
  }

  next(): { readonly chosen: readonly number[]; readonly inputs: Float32Array; readonly targets: Uint8Array } {
    const { rows, columns, pixels, labels } = this.images;
    const size = rows * columns;
    const inputs = new Float32Array(BATCH * size);
    const targets = new Uint8Array(BATCH);
    const chosen = Array.from({ length: BATCH }, () => this.draw());
    chosen.forEach((image, i) => {
      for (let p = 0; p < size; p++) inputs[i * size + p] = (pixels[image * size + p]! - this.shift) * this.scale;
      targets[i] = labels[image]!;
    });
    return { chosen, inputs, targets };
  }

  private draw(): number {
    if (this.position === this.order.length) {
      this.order = this.random.order(this.order.length);
      this.position = 0;
    }
    return this.order[this.position++]!;
  }
}
