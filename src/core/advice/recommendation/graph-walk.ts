import { isIdentity, type Graph, type GraphNode, type Model, type Operation, type ValueId } from '../../model/index.js';
import { writtenNorms, type WrittenNorms } from './written-norms.js';

/** Who makes and who uses each value. */
export class Wiring {
  readonly producers: readonly (number | undefined)[];
  readonly consumers: readonly (readonly number[])[];
  /** Number of the last search that came past a value. */
  private readonly visited: Uint32Array;
  private searches = 0;
  private written: WrittenNorms | undefined;

  constructor(readonly graph: Graph) {
    const producers = new Array<number | undefined>(graph.values.length).fill(undefined);
    const consumers: number[][] = graph.values.map(() => []);
    graph.nodes.forEach((node, i) => {
      for (const v of node.outputs) producers[v] = i;
      for (const v of node.inputs) consumers[v]?.push(i);
    });
    this.producers = producers;
    this.consumers = consumers;
    this.visited = new Uint32Array(graph.values.length);
  }

  producer(v: ValueId): GraphNode | undefined {
    const i = this.producers[v];
    return i === undefined ? undefined : this.graph.nodes[i];
  }

  /** Norms that the model computes by itself. */
  get writtenNorms(): WrittenNorms {
    return (this.written ??= writtenNorms(this));
  }

  /** A normalization, or a step of one that is written out. */
  isNorm(node: GraphNode): boolean {
    return node.operation.kind === 'normalize' || this.writtenNorms.nodes.has(node);
  }

  /**
   * True when `v` is computed from `ancestor` (or is it). Values are numbered in the order they are made, so the way
   * back from `v` ends at smaller numbers: between a branch and its start that is a few steps.
   */
  dependsOn(v: ValueId, ancestor: ValueId): boolean {
    const stamp = ++this.searches;
    const pending = [v];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      if (at === ancestor) return true;
      if (at < ancestor || this.visited[at] === stamp) continue;
      this.visited[at] = stamp;
      const node = this.producer(at);
      if (node) pending.push(...node.inputs);
    }
    return false;
  }
}

const MOVES: readonly Operation['kind'][] = [
  'reshape',
  'permute',
  'dropout',
  'select',
  'repeat',
  'roll',
  'pad',
  'resize',
  'unfold',
  'fold',
];

/** Steps that hand the same entries on (or averages and maxima of them). */
export function movesEntries(op: Operation): boolean {
  return (
    MOVES.includes(op.kind) ||
    isIdentity(op) ||
    op.kind === 'pool' ||
    op.kind === 'adaptivePool' ||
    (op.kind === 'reduce' && (op.how === 'mean' || op.how === 'max'))
  );
}

export function hasWeight(op: Operation): boolean {
  return (
    op.kind === 'linear' ||
    op.kind === 'bilinear' ||
    op.kind === 'convolution' ||
    op.kind === 'embedding' ||
    op.kind === 'recurrent'
  );
}

/** What makes a value, seen through steps that `passes` lets by: the step, and its output that was met. */
export function makerOf(
  w: Wiring,
  value: ValueId,
  passes: (op: Operation) => boolean,
  limit = 32,
): { readonly node: GraphNode | undefined; readonly value: ValueId } | undefined {
  let at = value;
  for (let i = 0; i < limit; i++) {
    const node = w.producer(at);
    const from = node?.inputs[0];
    if (node === undefined || from === undefined || !passes(node.operation)) return { node, value: at };
    at = from;
  }
  return undefined;
}

/** What stands after a value, seen through steps that only move its entries. */
export function nextSteps(w: Wiring, v: ValueId, limit = 6): GraphNode[] {
  const out: GraphNode[] = [];
  const visit = (value: ValueId, depth: number): void => {
    for (const i of w.consumers[value] ?? []) {
      const node = w.graph.nodes[i];
      if (node === undefined) continue;
      if (movesEntries(node.operation) && depth < limit) for (const o of node.outputs) visit(o, depth + 1);
      else out.push(node);
    }
  };
  visit(v, 0);
  return out;
}

/** True when nothing but moving entries stands between the value and the model's outputs. */
export function reachesOutput(w: Wiring, v: ValueId, limit = 6): boolean {
  if (w.graph.outputs.includes(v)) return true;
  if (limit === 0) return false;
  return (w.consumers[v] ?? []).some((i) => {
    const node = w.graph.nodes[i];
    if (node === undefined) return false;
    const op = node.operation;
    const ends =
      movesEntries(op) ||
      op.kind === 'softmax' ||
      op.kind === 'affine' ||
      (op.kind === 'activation' && (op.name === 'sigmoid' || op.name === 'tanh'));
    return ends && node.outputs.some((o) => reachesOutput(w, o, limit - 1));
  });
}

/** Layers by node: the innermost layer that contains it. */
export function layerOfNode(model: Model): (number | undefined)[] {
  const owner = new Array<number | undefined>(model.graph.nodes.length).fill(undefined);
  const size = new Array<number>(model.graph.nodes.length).fill(Infinity);
  model.layers.forEach((layer, i) => {
    const [first, last] = layer.nodes;
    for (let n = first; n < last; n++)
      if (last - first <= (size[n] ?? Infinity)) {
        owner[n] = i;
        size[n] = last - first;
      }
  });
  return owner;
}
