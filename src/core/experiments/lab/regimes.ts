import type { InitLaw, LinearHistogram } from '../../model/index.js';
import { activationMoments, activationNamed, type Activation } from '../../propagation/activations/index.js';
import { linearHistogram } from '../../propagation/batch/statistics/histogram.js';
import { sizeOf } from '../../propagation/batch/tensor/tensor.js';
import { normalCdf } from '../../propagation/numerics/normal.js';
import { buildNetwork } from '../training/network.js';
import { Trainer } from '../training/trainer.js';
import type { Bench, Running } from './experiment.js';

/** Where on the activation's curve the pre-activations lie: its nearly linear middle, its flat ends, between. */
export interface RegimesSettings {
  readonly activation: RegimesActivation;
  readonly start: RegimesStart;
  /** Fan-ins of the layers; the last layer has as many units as inputs. */
  readonly fanIns: readonly number[];
  readonly seed: number;
}

export const REGIME_ACTIVATIONS = ['sigmoid', 'tanh', 'relu', 'gelu', 'silu', 'selu'] as const;
export type RegimesActivation = (typeof REGIME_ACTIVATIONS)[number];

export const REGIME_STARTS = {
  uniformTenth: { law: 'uniform', bound: 0.1 },
  normalTenth: { law: 'normal', std: 0.1 },
  xavier: { law: 'glorot_uniform' },
  he: { law: 'he_normal' },
} as const satisfies Readonly<Record<string, InitLaw>>;
export type RegimesStart = keyof typeof REGIME_STARTS;

export const REGIMES: RegimesSettings = {
  activation: 'sigmoid',
  start: 'normalTenth',
  fanIns: [784, 784, 784, 784, 784],
  seed: 1,
};

/** Shares of the units, in [0, 1]; together 1. */
export interface Regimes {
  /** The slope is at least nine tenths of its largest near 0. */
  readonly linear: number;
  /** The slope is below a twentieth of its largest: hardly any gradient passes. */
  readonly flat: number;
  readonly between: number;
}

export interface RegimesLayer {
  readonly weightVariance: number;
  /** Variance of z as the theory of wide layers has it; its mean is 0. */
  readonly variance: number;
  readonly expected: Regimes;
  /** What one draw of weights and 32 inputs gave. */
  readonly histogram: LinearHistogram;
  readonly measuredVariance: number;
  readonly measured: Regimes;
}

export interface RegimesFrame {
  readonly layers: readonly RegimesLayer[];
  /** The curve to draw below: φ and φ′ at `z`. */
  readonly curve: readonly { readonly z: number; readonly value: number; readonly slope: number }[];
  /** Where a regime ends and another begins, in order, and which lies before the first, between them, and after the last. */
  readonly borders: readonly number[];
  readonly regimes: readonly (keyof Regimes)[];
}

const INPUTS = 32;
const REACH = 8;
/** How far the drawn curve goes. */
const DRAWN = 16;
const STEPS = 640;

export function runRegimes(settings: RegimesSettings, { fast }: Bench): Running<RegimesFrame> {
  const frame = regimesOf(settings, fast);
  return { isOver: true, step: () => undefined, frame: () => frame };
}

function regimesOf({ activation: name, start, fanIns, seed }: RegimesSettings, fast: Bench['fast']): RegimesFrame {
  const activation = activationNamed(name)!;
  const weight = REGIME_STARTS[start];
  const network = buildNetwork(
    {
      inputs: fanIns[0]!,
      layers: fanIns.map((fanIn, l) => ({ units: fanIns[l + 1] ?? fanIn, activation: name, weight })),
    },
    INPUTS,
  );
  const trainer = new Trainer(network, fast, { loss: 'meanSquare', learningRate: 0, seed });
  const inputs = fast.allocate(INPUTS * fanIns[0]!);
  fast.seed(seed, 1);
  fast.normal(inputs, 0, 1);
  const signals: Float32Array[] = [];
  const linear = new Set(network.layers.filter((l) => l.type === 'Linear').map((l) => l.output));
  trainer.evaluate(
    { inputs, targets: new Float32Array(INPUTS * fanIns.at(-1)!) },
    { forward: (v, t) => linear.has(v) && signals.push(t.data.slice(0, sizeOf(t.shape))) },
  );
  fast.free(inputs);

  const map = regimeMap(activation);
  // The input has E[x²] = 1; biases are 0.
  let second = 1;
  const layers = signals.map((z, l): RegimesLayer => {
    const weightVariance = (network.parameters[2 * l]?.distribution.std ?? 0) ** 2;
    const variance = fanIns[l]! * weightVariance * second;
    second = activationMoments(activation, 0, variance).second;
    const measuredVariance = z.reduce((sum, x) => sum + x * x, 0) / z.length;
    return {
      weightVariance,
      variance,
      expected: expectedShares(map, variance),
      histogram: linearHistogram(z, Math.sqrt(measuredVariance), 1),
      measuredVariance,
      measured: measuredShares(map, z),
    };
  });
  return { layers, curve: curveOf(activation), ...map };
}

interface RegimeMap {
  readonly borders: readonly number[];
  readonly regimes: readonly (keyof Regimes)[];
}

/** The regimes along z, by the slope as a share of its largest. */
function regimeMap(activation: Activation): RegimeMap {
  const slope = (z: number): number => Math.abs(activation.derivative(z, activation.constants));
  const points = Array.from({ length: 2 * 2000 + 1 }, (_, i) => ((i - 2000) * REACH) / 2000 + 1e-9);
  const largest = Math.max(...points.map(slope));
  const regimeAt = (z: number): keyof Regimes => {
    const share = slope(z) / largest;
    return share >= 0.9 ? 'linear' : share < 0.05 ? 'flat' : 'between';
  };
  const borders: number[] = [];
  const regimes: (keyof Regimes)[] = [regimeAt(points[0]!)];
  points.forEach((z, i) => {
    const regime = regimeAt(z);
    if (i === 0 || regime === regimes.at(-1)) return;
    let [low, high] = [points[i - 1]!, z];
    for (let k = 0; k < 40; k++) {
      const middle = (low + high) / 2;
      if (regimeAt(middle) === regimes.at(-1)) low = middle;
      else high = middle;
    }
    borders.push((low + high) / 2);
    regimes.push(regime);
  });
  return { borders, regimes };
}

function expectedShares({ borders, regimes }: RegimeMap, variance: number): Regimes {
  const std = Math.sqrt(variance);
  const below = (z: number): number => (std > 0 ? normalCdf(z / std) : z > 0 ? 1 : 0);
  const edges = [0, ...borders.map(below), 1];
  const shares = { linear: 0, flat: 0, between: 0 };
  regimes.forEach((regime, i) => {
    shares[regime] += edges[i + 1]! - edges[i]!;
  });
  return shares;
}

function measuredShares({ borders, regimes }: RegimeMap, z: Float32Array): Regimes {
  const shares = { linear: 0, flat: 0, between: 0 };
  for (const x of z) {
    let i = 0;
    while (i < borders.length && x > borders[i]!) i++;
    shares[regimes[i]!] += 1 / z.length;
  }
  return shares;
}

function curveOf(activation: Activation): RegimesFrame['curve'] {
  return Array.from({ length: STEPS + 1 }, (_, i) => {
    const z = DRAWN * ((2 * i) / STEPS - 1);
    const c = activation.constants;
    return { z, value: activation.value(z, c), slope: activation.derivative(z, c) };
  });
}
