import type { Wiring } from '../../advice/recommendation/graph-walk.js';
import type { Survey } from '../../advice/recommendation/place.js';
import type { ValueId } from '../../model/index.js';

/** By layer: whether it computes within a residual branch, or is the sum that ends one. */
export function residualPlaces({ model, wiring, sums, owner }: Survey): ('stream' | 'branch' | undefined)[] {
  const places = new Array<'stream' | 'branch' | undefined>(model.layers.length).fill(undefined);
  const mark = (node: number, place: 'stream' | 'branch'): void => {
    const layer = owner[node];
    if (layer !== undefined) places[layer] = place;
  };
  for (const sum of sums) for (const node of between(wiring, sum.origin, sum.branch)) mark(node, 'branch');
  // A block that ends inside another one's branch is still where its own stream goes on.
  for (const sum of sums) mark(sum.node, 'stream');
  return places;
}

/** Nodes from where the branch leaves the stream to its last value. Values are numbered in the order they are made. */
function between(w: Wiring, origin: ValueId, end: ValueId): Set<number> {
  const nodes = new Set<number>();
  const pending = [end];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    const index = w.producers[at];
    if (at <= origin || index === undefined || nodes.has(index)) continue;
    const node = w.graph.nodes[index];
    // A parameter or a constant is no step of the branch.
    if (node === undefined || node.inputs.length === 0) continue;
    nodes.add(index);
    pending.push(...node.inputs);
  }
  return nodes;
}
