import type { InitLaw, KnownDistribution, LinearHistogram } from '../../model/index.js';
import { activationMoments, activationNamed, type Activation } from '../../propagation/activations/index.js';
import { linearHistogram, mergeLinear } from '../../propagation/batch/statistics/histogram.js';
import { normalCdf } from '../../propagation/numerics/normal.js';
import { meanSquare, passThrough } from '../chain.js';
import { weightLaw } from '../training/network.js';
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
  /** What the draws of weights gave, each with 32 inputs. */
  readonly histogram: LinearHistogram;
  readonly measuredVariance: number;
  readonly measured: Regimes;
}

export interface RegimesFrame {
  readonly layers: readonly RegimesLayer[];
  /** Draws of the weights so far. */
  readonly draws: number;
  /** The curve to draw below: φ and φ′ at `z`. */
  readonly curve: readonly { readonly z: number; readonly value: number; readonly slope: number }[];
  /** Where a regime ends and another begins, in order, and which lies before the first, between them, and after the last. */
  readonly borders: readonly number[];
  readonly regimes: readonly (keyof Regimes)[];
}

const INPUTS = 32;
export const REGIMES_DRAWS = 20;
const REACH = 8;
/** How far the drawn curve goes. */
const DRAWN = 16;
const STEPS = 640;

/** One draw of the weights and of 32 inputs at the start, one more at each step; all are put together. */
export function runRegimes(
  { activation: name, start, fanIns, seed }: RegimesSettings,
  { fast }: Bench,
): Running<RegimesFrame> {
  const activation = activationNamed(name)!;
  const widths = [...fanIns, fanIns.at(-1)!];
  const laws = fanIns.map((fanIn, l) => weightLaw(REGIME_STARTS[start], fanIn, widths[l + 1]!));
  const chain = { widths, laws, activation, isTied: false };
  const map = regimeMap(activation);
  const seen = fanIns.map((): Omit<RegimesLayer, keyof Theory>[] => []);
  let draws = 0;
  const draw = (): void => {
    passThrough(fast, chain, {
      samples: INPUTS,
      inputStd: 1,
      seed: seed + draws,
      forward(place, z) {
        if (place === 0) return;
        const measuredVariance = meanSquare(fast, z);
        const histogram = linearHistogram(z, Math.sqrt(measuredVariance), 1);
        seen[place - 1]!.push({ histogram, measuredVariance, measured: measuredShares(map, z) });
      },
    });
    draws++;
  };
  draw();
  const theory = theoryOf(activation, map, fanIns, laws);
  const curve = curveOf(activation);

  return {
    get isOver() {
      return draws >= REGIMES_DRAWS;
    },
    step: draw,
    frame: () => ({
      layers: theory.map((own, l) => ({ ...own, ...together(seen[l]!) })),
      draws,
      curve,
      ...map,
    }),
  };
}

type Theory = Pick<RegimesLayer, 'weightVariance' | 'variance' | 'expected'>;

/** What wide layers give, from inputs with E[x²] = 1 on. */
function theoryOf(
  activation: Activation,
  map: RegimeMap,
  fanIns: readonly number[],
  laws: readonly KnownDistribution[],
): Theory[] {
  let second = 1;
  return laws.map(({ std }, l) => {
    const weightVariance = std ** 2;
    const variance = fanIns[l]! * weightVariance * second;
    second = activationMoments(activation, 0, variance).second;
    return { weightVariance, variance, expected: expectedShares(map, variance) };
  });
}

function together(draws: readonly Omit<RegimesLayer, keyof Theory>[]): Omit<RegimesLayer, keyof Theory> {
  const mean = (of: (draw: (typeof draws)[number]) => number): number =>
    draws.reduce((sum, draw) => sum + of(draw), 0) / draws.length;
  return {
    histogram: mergeLinear(draws.map(({ histogram }) => histogram))!,
    measuredVariance: mean((draw) => draw.measuredVariance),
    measured: {
      linear: mean(({ measured }) => measured.linear),
      flat: mean(({ measured }) => measured.flat),
      between: mean(({ measured }) => measured.between),
    },
  };
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
