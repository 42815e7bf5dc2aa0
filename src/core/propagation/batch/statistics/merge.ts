import type {
  Band,
  FiniteStatistics,
  ForwardMoments,
  ParameterId,
  ValueId,
  WeightGradient,
} from '../../../model/index.js';
import type { SeedStatistics } from '../seed.js';
import { mergeLinear, mergeOctaves } from './histogram.js';
import type { UnitStatistics } from './measure.js';

/** All seeds together: a pure function of their results, in any order. */
export interface BatchStatistics {
  readonly forward: ReadonlyMap<ValueId, ForwardMoments>;
  readonly backward: ReadonlyMap<ValueId, { readonly variance: number }>;
  readonly finite: ReadonlyMap<ValueId, FiniteStatistics>;
  readonly weights: ReadonlyMap<ParameterId, WeightGradient>;
  readonly unknown: ReadonlyMap<ValueId, string>;
  readonly notes: readonly ReadonlySet<string>[];
}

export function mergeSeeds(seeds: readonly SeedStatistics[]): BatchStatistics {
  const forward = grouped(seeds.map((s) => s.forward));
  const backward = grouped(seeds.map((s) => s.backward));
  const units = grouped(seeds.map((s) => s.units));
  const finite = new Map<ValueId, FiniteStatistics>();
  for (const [v, all] of forward) {
    const back = backward.get(v) ?? [];
    const histogram = mergeLinear(all.map((f) => f.histogram));
    if (histogram === undefined) continue;
    finite.set(v, {
      seeds: all.length,
      forwardVariance: bandOf(all.map((f) => f.variance)),
      backwardVariance: back.length === 0 ? undefined : bandOf(back.map((b) => b.variance)),
      histogram,
      gradientHistogram: mergeOctaves(back.map((b) => b.histogram)),
      correlation: meanOf(all.map((f) => f.correlation)),
      effectiveRank: meanOf(all.map((f) => f.effectiveRank)),
      ...mergedUnits(units.get(v) ?? []),
    });
  }
  return {
    forward: new Map([...forward].map(([v, all]) => [v, pooled(all)])),
    backward: new Map([...backward].map(([v, all]) => [v, { variance: meanOf(all.map((b) => b.variance)) ?? 0 }])),
    finite,
    weights: weightGradients(seeds),
    unknown: new Map(seeds.flatMap((s) => s.unknown)),
    notes: (seeds[0]?.notes ?? []).map((_, i) => new Set(seeds.flatMap((s) => s.notes[i] ?? []))),
  };
}

function grouped<T>(lists: readonly (readonly (readonly [ValueId, T])[])[]): Map<ValueId, T[]> {
  const out = new Map<ValueId, T[]>();
  for (const list of lists)
    for (const [v, item] of list) {
      const own = out.get(v);
      if (own === undefined) out.set(v, [item]);
      else own.push(item);
    }
  return out;
}

/** Means over seeds of mean and variance: the variance of a layer in one network, on average over networks. */
function pooled(all: readonly ForwardMoments[]): ForwardMoments {
  return { mean: meanOf(all.map((f) => f.mean)) ?? 0, variance: meanOf(all.map((f) => f.variance)) ?? 0 };
}

function mergedUnits(all: readonly UnitStatistics[]): Pick<FiniteStatistics, 'saturated' | 'dead'> {
  return { saturated: meanOf(all.map((u) => u.saturated)), dead: meanOf(all.map((u) => u.dead)) };
}

function weightGradients(seeds: readonly SeedStatistics[]): Map<ParameterId, WeightGradient> {
  const all = grouped(seeds.map((s) => s.weights.map((w) => [w.parameter, w] as const)));
  return new Map(
    [...all].map(([id, list]) => {
      const ratios = list.map((w) => w.ratio).filter((r) => r !== undefined);
      return [
        id,
        { meanSquare: bandOf(list.map((w) => w.meanSquare)), ratio: ratios.length === 0 ? undefined : bandOf(ratios) },
      ];
    }),
  );
}

function meanOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((v) => v !== undefined);
  return known.length === 0 ? undefined : known.reduce((a, b) => a + b, 0) / known.length;
}

export function bandOf(values: readonly number[]): Band {
  const sorted = [...values].sort((a, b) => a - b);
  return { low: quantile(sorted, 0.1), median: quantile(sorted, 0.5), high: quantile(sorted, 0.9) };
}

/** Linear between neighbours, as NumPy's default. */
function quantile(sorted: readonly number[], q: number): number {
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  const a = sorted[low] ?? 0;
  const b = sorted[Math.min(sorted.length - 1, low + 1)] ?? a;
  return a + (at - low) * (b - a);
}
