import type { GraphNode, ValueId } from '../../model/index.js';
import { makerOf, movesEntries, type Wiring } from './graph-walk.js';

/**
 * Layers whose outputs are added to each other, `a(x) + b(y)`, and how many there are in each sum. None is a shortcut:
 * all start at random, their variances add, and each has its share of the sum's.
 */
export function parallelBranches(w: Wiring, residual: ReadonlySet<number>): Map<number, number> {
  const found = new Map<number, number>();
  const isSum = (index: number | undefined): index is number =>
    index !== undefined && w.graph.nodes[index]?.operation.kind === 'add' && !residual.has(index);
  w.graph.nodes.forEach((node, i) => {
    if (!isSum(i)) return;
    // A sum of sums is told once, where it ends.
    const users = w.consumers[node.outputs[0]!] ?? [];
    if (users.length === 1 && isSum(users[0])) return;
    const layers = termsOf(w, node, isSum).map((v) => layerAt(w, v));
    if (layers.length < 2 || layers.some((l) => l === undefined) || new Set(layers).size < layers.length) return;
    for (const l of layers) if (l !== undefined) found.set(l, layers.length);
  });
  return found;
}

/** What a chain of additions adds up; parameters and constants are offsets, no terms. */
function termsOf(w: Wiring, sum: GraphNode, isSum: (i: number | undefined) => boolean): ValueId[] {
  return sum.inputs.flatMap((v) => {
    const index = w.producers[v];
    const node = index === undefined ? undefined : w.graph.nodes[index];
    if (node === undefined || ['parameter', 'constant'].includes(node.operation.kind)) return [];
    return isSum(index) && w.consumers[v]?.length === 1 ? termsOf(w, node, isSum) : [v];
  });
}

/** The layer that makes a term and is used for nothing else. */
function layerAt(w: Wiring, term: ValueId): number | undefined {
  const maker = makerOf(w, term, movesEntries);
  const kind = maker?.node?.operation.kind;
  const isLayer = kind === 'linear' || kind === 'convolution' || kind === 'bilinear';
  return maker !== undefined && isLayer && w.consumers[maker.value]?.length === 1
    ? w.producers[maker.value]
    : undefined;
}
