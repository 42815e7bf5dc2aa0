import type { Graph, GraphNode, Model, Operation, ValueId } from '../../model/index.js';

/** Who makes and who uses each value. */
export class Wiring {
  readonly producers: readonly (number | undefined)[];
  readonly consumers: readonly (readonly number[])[];
  /** Number of the last search that came past a value. */
  private readonly visited: Uint32Array;
  private searches = 0;

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

/** An addition that joins a branch to the stream it started from. */
export interface ResidualSum {
  readonly node: number;
  /** The branch's last value and the stream's. */
  readonly branch: ValueId;
  readonly stream: ValueId;
  /** Where the branch leaves the stream. */
  readonly origin: ValueId;
}

/** Values that the shortcut may have passed a projection or a norm from. */
function shortcutOrigins(w: Wiring, v: ValueId): ValueId[] {
  const out = [v];
  let at = v;
  for (let i = 0; i < 5; i++) {
    const node = w.producer(at);
    const from = node?.inputs[0];
    if (
      node === undefined ||
      from === undefined ||
      !(
        movesEntries(node.operation) ||
        node.operation.kind === 'normalize' ||
        node.operation.kind === 'convolution' ||
        node.operation.kind === 'linear'
      )
    )
      break;
    at = from;
    out.push(at);
  }
  return out;
}

export function residualSums(w: Wiring): ResidualSum[] {
  const sums: ResidualSum[] = [];
  w.graph.nodes.forEach((node, i) => {
    if (node.operation.kind !== 'add' || node.inputs.length !== 2) return;
    const [a, b] = node.inputs as [ValueId, ValueId];
    const source = (v: ValueId): boolean => ['parameter', 'constant'].includes(w.producer(v)?.operation.kind ?? '');
    if (a === b || source(a) || source(b)) return;
    const forth = forkOf(w, a, b);
    const back = forth === undefined ? forkOf(w, b, a) : undefined;
    if (forth !== undefined) sums.push({ node: i, branch: a, stream: b, origin: forth });
    else if (back !== undefined) sums.push({ node: i, branch: b, stream: a, origin: back });
  });
  return sums;
}

/** Where the stream came from, when the branch depends on it and has weights of its own. */
function forkOf(w: Wiring, branch: ValueId, stream: ValueId): ValueId | undefined {
  if (w.dependsOn(stream, branch)) return undefined;
  const origin = shortcutOrigins(w, stream).find(
    (s) => s !== branch && w.dependsOn(branch, s) && w.producer(s)?.operation.kind !== 'parameter',
  );
  return lastWeight(w, branch) === undefined ? undefined : origin;
}

/** The last layer with weights on a branch, and whether a norm stands after it. */
export function lastWeight(w: Wiring, v: ValueId): { node: number; normAfter: boolean } | undefined {
  let at: ValueId | undefined = v;
  let normAfter = false;
  for (let i = 0; i < 12 && at !== undefined; i++) {
    const index: number | undefined = w.producers[at];
    const node: GraphNode | undefined = index === undefined ? undefined : w.graph.nodes[index];
    if (node === undefined || index === undefined) return undefined;
    if (hasWeight(node.operation)) return { node: index, normAfter };
    if (node.operation.kind === 'normalize') normAfter = true;
    else if (
      !movesEntries(node.operation) &&
      !['affine', 'multiply', 'activation', 'add'].includes(node.operation.kind)
    )
      return undefined;
    at = node.inputs.find(
      (x) => w.producer(x)?.operation.kind !== 'parameter' && w.producer(x)?.operation.kind !== 'constant',
    );
  }
  return undefined;
}

/** True when every sum's stream is normalized somewhere between this sum and the next use of its value as a layer's input. */
export function streamHasNorm(w: Wiring, sums: readonly ResidualSum[]): boolean {
  if (sums.length === 0) return true;
  const normed = sums.filter((s) => {
    const out = w.graph.nodes[s.node]?.outputs[0];
    return (
      out !== undefined &&
      nextSteps(w, out).some(
        (n) =>
          n.operation.kind === 'normalize' ||
          (n.operation.kind === 'activation' &&
            nextSteps(w, n.outputs[0]!).some((m) => m.operation.kind === 'normalize')),
      )
    );
  });
  return normed.length * 2 >= sums.length;
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
