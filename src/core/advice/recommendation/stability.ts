import { summarize } from '../../propagation/activations/index.js';
import { makerOf, movesEntries } from './graph-walk.js';
import type { Place, Survey } from './place.js';

/** What becomes of a deviation from unit variance on the way through layers that no norm and no shortcut interrupts. */
export interface Drift {
  /** Factor a layer: the slope of the variance map at the fixed point, where it is above 1. */
  readonly slope: number;
  /** Layers in a row. */
  readonly layers: number;
}

/** Closer to 1 than this, a map is as good as a rectifier's, which is neutral; Mish, the least of the unstable, has 1.076. */
const NEUTRAL = 1.05;

/** By node: the unstable run that a layer belongs to. */
export function drifts(s: Survey): ReadonlyMap<number, Drift> {
  const runs = new Map<number, { readonly slope: number; readonly before: number | undefined; length: number }>();
  for (const place of s.places) {
    const slope = slopeOf(place);
    if (slope <= NEUTRAL) continue;
    const before = layerBefore(s, place);
    runs.set(place.index, { slope, before, length: 1 + (runs.get(before ?? -1)?.length ?? 0) });
  }
  // The run's end knows its length: handed back to those before it.
  for (const run of [...runs.values()].reverse()) {
    const before = runs.get(run.before ?? -1);
    if (before !== undefined) before.length = Math.max(before.length, run.length);
  }
  return new Map([...runs].map(([i, { slope, length }]) => [i, { slope, layers: length }]));
}

function slopeOf({ feeder }: Place): number {
  return feeder.activation === undefined
    ? 0
    : summarize(feeder.activation.activation, feeder.activation.constants).slope;
}

/** The layer whose output the feeding activation takes. */
function layerBefore({ wiring, model }: Survey, { feeder }: Place): number | undefined {
  const value = feeder.node === undefined ? undefined : model.graph.nodes[feeder.node]?.inputs[0];
  const maker = value === undefined ? undefined : makerOf(wiring, value, movesEntries);
  return maker === undefined ? undefined : wiring.producers[maker.value];
}
