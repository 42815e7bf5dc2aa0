import { constant, normal } from '../../../../initializers/index.js';
import type { Distribution, KnownDistribution } from '../../../../model/index.js';
import { describe, momentsOf, sampleOf, shuffled } from '../kit/draws.js';

export type How = 'mean' | 'sum' | 'max' | 'min' | 'variance' | 'std' | 'norm' | 'prod' | 'logsumexp';

/** From so many entries on, a total of independent ones is taken as normal. */
const MANY = 32;

/**
 * The distribution of a reduction of n entries that are not known one by one: of random tensors before forward
 * (`w / w.norm(dim=1, keepdim=True)`). Exact for constants and for totals of normals; else by the central limit
 * theorem, the square roots by the delta method; reductions of a few by drawing them.
 */
export function estimate(
  how: How,
  d: Distribution,
  n: number,
  f: (group: readonly number[]) => number,
): Distribution | undefined {
  if (n === 0) return undefined;
  if (d.kind === 'constant') return constant(ofConstant(how, d.mean, n));
  if (d.kind !== 'normal' && d.kind !== 'uniform' && d.kind !== 'truncatedNormal') return undefined;
  if (how === 'sum' || how === 'mean') return total(how, d, n) ?? simulated(d, n, f, how);
  return n < MANY ? simulated(d, n, f, how) : ofSquares(how, d, n);
}

function ofConstant(how: How, c: number, n: number): number {
  switch (how) {
    case 'sum':
      return c * n;
    case 'prod':
      return c ** n;
    case 'norm':
      return Math.abs(c) * Math.sqrt(n);
    case 'variance':
    case 'std':
      return n > 1 ? 0 : NaN;
    case 'logsumexp':
      return c + Math.log(n);
    default:
      return c;
  }
}

/** Reductions of a few entries: groups put together from the distribution's draws. */
function simulated(
  d: Distribution,
  n: number,
  f: (group: readonly number[]) => number,
  how: How,
): Distribution | undefined {
  const draws = sampleOf(d)?.draws;
  if (!draws) return undefined;
  const columns = Array.from({ length: n }, () => shuffled(draws));
  return describe(
    draws.map((_, i) => f(columns.map((c) => c[i]!))),
    how,
  );
}

function total(how: 'sum' | 'mean', d: KnownDistribution, n: number): Distribution | undefined {
  if (d.kind !== 'normal' && n < MANY) return undefined;
  return how === 'sum' ? normal(n * d.mean, Math.sqrt(n) * d.std) : normal(d.mean, d.std / Math.sqrt(n));
}

function ofSquares(how: How, d: KnownDistribution, n: number): Distribution | undefined {
  if (how !== 'norm' && how !== 'variance' && how !== 'std') return undefined;
  const centre = how === 'norm' ? 0 : d.mean;
  const sample = sampleOf(d);
  if (!sample) return undefined;
  const mean = d.std ** 2 + (d.mean - centre) ** 2;
  const [, spread] = momentsOf(sample.draws.map((v) => (v - centre) ** 2));
  if (how === 'variance') return normal(mean, spread / Math.sqrt(n));
  const [square, deviation] = how === 'norm' ? [n * mean, Math.sqrt(n) * spread] : [mean, spread / Math.sqrt(n)];
  const root = Math.sqrt(square);
  return normal(root, deviation / (2 * root));
}
