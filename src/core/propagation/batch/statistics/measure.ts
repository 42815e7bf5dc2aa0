import type { LinearHistogram, OctaveHistogram } from '../../../model/index.js';
import { activationNamed, constantsOf } from '../../activations/index.js';
import type { Kernels } from '../../kernels/types.js';
import { sizeOf, type Tensor } from '../tensor/tensor.js';
import type { OperationOf } from '../types.js';
import { linearHistogram, octaveHistogram } from './histogram.js';

/** What is measured of one value in one seed. */
export interface ForwardStatistics {
  readonly mean: number;
  readonly variance: number;
  readonly histogram: LinearHistogram;
  /** Mean cosine of the angle between two samples' vectors. */
  readonly correlation?: number | undefined;
  /** Participation ratio (Σλ)²/Σλ² of the samples' Gram matrix: 1 when all are alike, the batch size when all differ. */
  readonly effectiveRank?: number | undefined;
}

export interface BackwardStatistics {
  readonly variance: number;
  readonly histogram: OctaveHistogram;
}

/** Of an activation: shares of entries and of units. */
export interface UnitStatistics {
  readonly saturated?: number | undefined;
  readonly dead: number;
}

/** Histograms and correlations look at so many entries at most, evenly spread. */
const MOST_ENTRIES = 1 << 13;
const MOST_FEATURES = 1024;

/** An odd step, so that the entries looked at don't all lie in the same columns. */
function strideFor(entries: number, most: number): number {
  return entries <= most ? 1 : Math.ceil(entries / most) | 1;
}

export function measureForward(k: Kernels, t: Tensor): ForwardStatistics {
  const n = t.data.length;
  const { sum, squares } = k.sums(t.data);
  const mean = sum / n;
  const variance = Math.max(0, squares / n - mean * mean);
  return {
    mean,
    // A mean far off zero leaves no digits in the difference of squares.
    variance: mean * mean > 1e3 * variance ? centredVariance(t.data, mean) : variance,
    histogram: linearHistogram(t.data, Math.sqrt(squares / n), strideFor(n, MOST_ENTRIES)),
    ...samplesOf(t),
  };
}

function centredVariance(x: Float32Array, mean: number): number {
  let sum = 0;
  for (const v of x) sum += (v - mean) ** 2;
  return sum / x.length;
}

export function measureBackward(k: Kernels, g: Tensor): BackwardStatistics {
  const n = g.data.length;
  const { sum, squares } = k.sums(g.data);
  return {
    variance: Math.max(0, squares / n - (sum / n) ** 2),
    histogram: octaveHistogram(g.data, strideFor(n, MOST_ENTRIES)),
  };
}

/** Gram matrix of the samples (axis 0), over at most so many of their entries. */
function samplesOf(t: Tensor): Pick<ForwardStatistics, 'correlation' | 'effectiveRank'> {
  const samples = t.shape[0] ?? 1;
  if (samples < 2 || samples > 64 || t.shape.length < 2) return {};
  const width = t.data.length / samples;
  const step = strideFor(width, MOST_FEATURES);
  const dot = (a: number, b: number): number => {
    let sum = 0;
    for (let i = 0; i < width; i += step) sum += t.data[a * width + i]! * t.data[b * width + i]!;
    return sum;
  };
  const lengths = Array.from({ length: samples }, (_, a) => dot(a, a));
  let cosines = 0;
  let squares = lengths.reduce((s, l) => s + l * l, 0);
  for (let a = 0; a < samples; a++)
    for (let b = 0; b < a; b++) {
      const d = dot(a, b);
      const norm = Math.sqrt(lengths[a]! * lengths[b]!);
      cosines += norm > 0 ? d / norm : 0;
      squares += 2 * d * d;
    }
  const trace = lengths.reduce((s, l) => s + l, 0);
  return {
    correlation: (2 * cosines) / (samples * (samples - 1)),
    effectiveRank: squares > 0 ? (trace * trace) / squares : undefined,
  };
}

/** How many of an activation's inputs are where it hardly passes gradients, and how many of its units are 0 for the whole batch. */
export function measureUnits(op: OperationOf<'activation'>, x: Tensor, y: Tensor): UnitStatistics {
  const f = activationNamed(op.name);
  let saturated: number | undefined;
  if (f?.saturated !== undefined) {
    const constants = constantsOf(f, op.constants);
    const step = strideFor(x.data.length, MOST_ENTRIES);
    let count = 0;
    let all = 0;
    for (let i = 0; i < x.data.length; i += step, all++) if (f.saturated(x.data[i]!, constants)) count++;
    saturated = all === 0 ? undefined : count / all;
  }
  return { saturated, dead: deadUnits(y) };
}

/** Units are channels of maps, features elsewhere. */
function deadUnits(y: Tensor): number {
  const axis = y.shape.length >= 4 || y.shape.length === 2 ? 1 : Math.max(0, y.shape.length - 1);
  const units = y.shape[axis] ?? 1;
  const inner = sizeOf(y.shape.slice(axis + 1));
  const alive = new Uint8Array(units);
  for (let at = 0, unit = 0; at < y.data.length; at += inner, unit = unit + 1 === units ? 0 : unit + 1) {
    if (alive[unit] === 1) continue;
    for (let i = at; i < at + inner; i++)
      if (y.data[i] !== 0) {
        alive[unit] = 1;
        break;
      }
  }
  let dead = 0;
  for (const a of alive) dead += 1 - a;
  return dead / units;
}
