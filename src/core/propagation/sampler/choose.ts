import type { KnownDistribution } from '../../model/index.js';
import type { Kernels } from '../kernels/index.js';
import { DenseMap } from './dense.js';
import { GaussianMap } from './gaussian.js';
import { HaarMap } from './haar.js';
import { ShiftedMap } from './shifted.js';
import type { LinearMap, LinearMapOptions } from './types.js';

export interface WeightRequest extends LinearMapOptions {
  readonly distribution: KnownDistribution;
  /** Columns of one use. */
  readonly columns: number;
  /** How often the weight is used in one forward pass. Default 1. */
  readonly uses?: number;
  /** Fills all of W (outputs×inputs) with a draw from the distribution, for where it is to be formed. */
  readonly fill: (weights: Float32Array) => void;
  /** Most inputs are zero (one-hot, embeddings): the law of single weights shows, a Gaussian would not do. */
  readonly sparseInputs?: boolean;
  /** Bytes that one dense matrix may take. Default: a quarter of a gigabyte. */
  readonly denseBytes?: number;
}

export interface ChosenMap {
  readonly map: LinearMap;
  /** What is not exact about it. */
  readonly approximation?: string;
}

export type MapKind = 'dense' | 'gaussian' | 'haar';

/**
 * Up to so many weights of another law than the Gaussian are really drawn. Above, and from 64 inputs on, mean and spread
 * of the variances that a network shows agree with the Gaussian's to 2–3 %, kurtosis of the output to O(1/inputs).
 */
const MOST_DRAWN = 2 ** 18;
const LEAST_INPUTS = 64;

/** A normal draw costs as much as so many multiply-adds; measured, as are the next ones (see docs/performance.md). */
const PER_NORMAL = 36;
/** Products with a large matrix, which no cache holds, take so much longer than those with a batch. */
const PER_DENSE = 1.25;
/** What a sampled map costs besides: once, per entry of a batch's Gram matrix, and per column cubed. */
const PER_MAP = 5e4;
const PER_SQUARE = 480;
const PER_CUBE = 12;

/** Multiply-adds of a forward and a backward pass with a matrix that is drawn and kept. */
function denseCost(inputs: number, outputs: number, columns: number): number {
  return inputs * outputs * (PER_NORMAL + 2 * PER_DENSE * columns);
}

/** The same without the matrix; `columns` are those of all uses. */
function sampledCost(inputs: number, outputs: number, columns: number, law: 'gaussian' | 'haar'): number {
  const draws = columns * (inputs + outputs) * PER_NORMAL;
  const products =
    law === 'gaussian' ? columns ** 2 * (3 * inputs + 2 * outputs) : columns ** 2 * 8 * Math.max(inputs, outputs);
  return draws + products + PER_MAP + PER_SQUARE * columns ** 2 + PER_CUBE * columns ** 3;
}

/** The cheaper way, by counting; the law must be Gaussian or orthogonal. */
export function cheapestMap(
  law: 'gaussian' | 'haar',
  { inputs, outputs, columns, uses = 1, denseBytes = 2 ** 28 }: Omit<WeightRequest, 'distribution' | 'fill'>,
): MapKind {
  if (4 * inputs * outputs > denseBytes) return law;
  const total = columns * uses;
  // An orthogonal matrix has to be orthonormalised: as many multiply-adds as a product with its shorter side.
  const making = law === 'haar' ? inputs * outputs * Math.min(inputs, outputs) : 0;
  return sampledCost(inputs, outputs, total, law) < denseCost(inputs, outputs, total) + making ? law : 'dense';
}

/** Multiply-adds, or what takes as long, of all products with a weight: drawn and kept, or sampled, whichever is cheaper. */
export function productCost(weight: {
  readonly inputs: number;
  readonly outputs: number;
  readonly columns: number;
  readonly distribution: KnownDistribution;
}): number {
  const { inputs, outputs, columns, distribution } = weight;
  const law = distribution.kind === 'orthogonal' ? 'haar' : 'gaussian';
  const making = law === 'haar' ? inputs * outputs * Math.min(inputs, outputs) : 0;
  return Math.min(denseCost(inputs, outputs, columns) + making, sampledCost(inputs, outputs, columns, law));
}

/** A map for a weight as it is initialised: formed, or sampled, whichever costs less and is right. */
export function linearMap(kernels: Kernels, request: WeightRequest): ChosenMap {
  const { distribution: d, inputs, outputs, sparseInputs = false, denseBytes = 2 ** 28 } = request;
  const dense = (): ChosenMap => ({ map: new DenseMap(kernels, request) });
  const gaussian = (): LinearMap => {
    const map = new GaussianMap(kernels, { ...request, std: d.std });
    return d.mean === 0 ? map : new ShiftedMap(kernels, map, d.mean);
  };
  switch (d.kind) {
    case 'normal':
      return cheapestMap('gaussian', request) === 'dense' ? dense() : { map: gaussian() };
    case 'orthogonal':
      return cheapestMap('haar', request) === 'dense'
        ? dense()
        : { map: new HaarMap(kernels, { ...request, gain: d.gain }) };
    case 'uniform':
    case 'truncatedNormal': {
      const fits = 4 * inputs * outputs <= denseBytes;
      const drawn = inputs * outputs <= MOST_DRAWN || inputs < LEAST_INPUTS || sparseInputs;
      if (fits && (drawn || cheapestMap('gaussian', request) === 'dense')) return dense();
      const law = d.kind === 'uniform' ? 'uniform' : 'truncated normal';
      return {
        map: gaussian(),
        approximation: `${law} weights as Gaussian ones of the same mean and variance: exact for many inputs`,
      };
    }
    default:
      return dense();
  }
}
