import type { ParameterId, Recommendation } from '../../model/index.js';
import type { Place, Survey } from './place.js';
import { recommendWeight } from './rules.js';
import { drifts } from './stability.js';

/** One recommendation a weight, however many layers and calls use it: it can be drawn only once. */
export function recommendWeights(s: Survey): ReadonlyMap<ParameterId, Recommendation> {
  const uses = new Map<ParameterId, Place[]>();
  for (const place of s.places) {
    const known = uses.get(place.fan.weight);
    if (known === undefined) uses.set(place.fan.weight, [place]);
    else known.push(place);
  }
  const drift = drifts(s);
  return new Map(
    [...uses].map(([weight, places]) => {
      const each = places.map((p) => recommendWeight(s, p, drift.get(p.index)));
      return [weight, each.length === 1 ? each[0]! : shared(places, each)];
    }),
  );
}

function shared(places: readonly Place[], each: readonly Recommendation[]): Recommendation {
  // A table of embeddings that is the output layer too: its words speak of both.
  const table = places.findIndex((p) => p.node.operation.kind === 'embedding');
  if (table >= 0) return each[table]!;
  const key = (r: Recommendation): string => `${r.init} ${r.gain?.toPrecision(6)}`;
  const votes = new Map<string, number>();
  for (const r of each) votes.set(key(r), (votes.get(key(r)) ?? 0) + 1);
  const most = Math.max(...votes.values());
  const chosen = each.find((r) => votes.get(key(r)) === most)!;
  const share = most === each.length ? 'one σ serves them all' : `this holds for ${most} of them`;
  return { ...chosen, why: `${chosen.why} The same weights are used ${each.length} times: ${share}.` };
}
