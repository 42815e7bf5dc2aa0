import type { Distribution } from '../../model/index.js';
import { normalDensity } from '../numerics/normal.js';
import type { Marginal } from './field.js';
import { Deferred, standardized } from './marginal.js';

/** Nodes of a law that is all there is; a part of a mixture has its share of them. */
const NODES = 256;
const FEWEST = 16;

interface Node {
  readonly value: number;
  readonly weight: number;
}

/** Shape of the entries of a tensor of random numbers, where it is not Gaussian; undefined where that is all that is known. */
export function marginalOfLaw(d: Distribution): Marginal | undefined {
  if (d.kind !== 'uniform' && d.kind !== 'mixture') return undefined;
  return new Deferred(() => {
    const nodes = nodesOf(d, 1)?.sort((a, b) => a.value - b.value);
    if (nodes === undefined) return undefined;
    const values = Float64Array.from(nodes, (n) => n.value);
    const weights = Float64Array.from(nodes, (n) => n.weight);
    return standardized(values, weights).marginal;
  });
}

function nodesOf(d: Distribution, share: number): Node[] | undefined {
  switch (d.kind) {
    case 'constant':
      return [{ value: d.mean, weight: share }];
    case 'uniform':
      return pieceOf(d.low, d.high, d.mean, d.std, share);
    case 'normal':
      return Array.from({ length: 33 }, (_, i) => {
        const t = (i - 16) / 4;
        return { value: d.mean + d.std * t, weight: (share / 4) * normalDensity(t) };
      });
    case 'mixture': {
      const parts = d.parts.map((p) => nodesOf(p.distribution, share * p.fraction));
      return parts.includes(undefined) ? undefined : parts.flatMap((p) => p ?? []);
    }
    default:
      return undefined;
  }
}

/**
 * A function of random numbers is a mixture of pieces that are uniform only nearly, and the tail's is not: their density
 * between the ends is the exponential that has their mean, set out to their deviation.
 */
function pieceOf(low: number, high: number, mean: number, std: number, share: number): Node[] {
  const n = Math.max(FEWEST, Math.round(NODES * share));
  const inside = (mean - low) / (high - low);
  const rate = inside > 0.01 && inside < 0.99 ? rateOf(inside) : 0;
  const places = Array.from({ length: n }, (_, i) => (i + 0.5) / n);
  const masses = places.map((x) => Math.exp(-rate * x));
  const total = masses.reduce((a, b) => a + b, 0);
  const average = places.reduce((s, x, i) => s + (masses[i]! / total) * x, 0);
  const variance = places.reduce((s, x, i) => s + (masses[i]! / total) * (x - average) ** 2, 0);
  const width = std / Math.sqrt(variance);
  return places.map((x, i) => ({ value: mean + width * (x - average), weight: (share * masses[i]!) / total }));
}

/** λ with which a density e^{−λx} on [0, 1] has that mean, 1/λ − 1/(e^λ − 1). */
function rateOf(mean: number): number {
  let [low, high] = [-150, 150];
  for (let i = 0; i < 50; i++) {
    const rate = (low + high) / 2;
    const own = Math.abs(rate) < 1e-4 ? 0.5 - rate / 12 : 1 / rate - 1 / Math.expm1(rate);
    if (own > mean) low = rate;
    else high = rate;
  }
  return (low + high) / 2;
}
