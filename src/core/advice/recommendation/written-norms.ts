import type { GraphNode, ValueId } from '../../model/index.js';
import { movesEntries, type Wiring } from './graph-walk.js';

/** Norms that a model computes by itself, as `x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps)`. */
export interface WrittenNorms {
  /** Every step between what is normalized and the result. */
  readonly nodes: ReadonlySet<GraphNode>;
  /** The results, before gains and shifts. */
  readonly outputs: ReadonlySet<ValueId>;
}

/** Larger offsets than this are no ε against division by zero. */
const EPSILON = 1e-3;
/** Steps that are looked at behind one value: written out, a norm takes about seven. */
const STEPS = 32;

/**
 * What is divided by a statistic of itself has lost its scale: doubling x does not change it. So powers are counted.
 * `x` has degree 1, its mean 1, its square 2, `rsqrt` of that −1, and a product of degree 0 is a norm's result.
 */
export function writtenNorms(w: Wiring): WrittenNorms {
  const nodes = new Set<GraphNode>();
  const outputs = new Set<ValueId>();
  const seen = new Set<ValueId>();
  for (const node of w.graph.nodes) {
    const from = node.operation.kind === 'reduce' ? node.inputs[0] : undefined;
    const root = from === undefined ? undefined : rootOf(w, from);
    if (root === undefined || seen.has(root)) continue;
    seen.add(root);
    collect(w, root, nodes, outputs);
  }
  return { nodes, outputs };
}

/** What a statistic is taken of, before it was squared or its mean taken off. */
function rootOf(w: Wiring, value: ValueId): ValueId {
  let at = value;
  for (let i = 0; i < STEPS; i++) {
    const node = w.producer(at);
    const [from, other] = node?.inputs ?? [];
    const op = node?.operation;
    if (op === undefined || from === undefined) return at;
    const isShaped =
      op.kind === 'power' ||
      op.kind === 'subtract' ||
      (op.kind === 'multiply' && from === other) ||
      (op.kind === 'activation' && op.name === 'abs');
    if (!isShaped) return at;
    at = from;
  }
  return at;
}

function collect(w: Wiring, root: ValueId, nodes: Set<GraphNode>, outputs: Set<ValueId>): void {
  const degrees = new Map<ValueId, number>([[root, 1]]);
  const pending = new Set(w.consumers[root]);
  const scaled: number[] = [];
  const results: GraphNode[] = [];
  for (let i = 0; i < STEPS && pending.size > 0; i++) {
    const index = Math.min(...pending);
    pending.delete(index);
    const node = w.graph.nodes[index]!;
    const degree = degreeOf(node, degrees);
    if (degree === undefined) continue;
    if (degree === 0) {
      results.push(node);
      continue;
    }
    scaled.push(index);
    for (const v of node.outputs) {
      degrees.set(v, degree);
      for (const next of w.consumers[v] ?? []) pending.add(next);
    }
  }
  for (const node of results) {
    nodes.add(node);
    for (const v of node.outputs) outputs.add(v);
  }
  // Backwards: a step belongs to the norm where one that belongs to it uses the step's result.
  for (const index of scaled.reverse()) {
    const node = w.graph.nodes[index]!;
    const isUsed = node.outputs.some((v) => w.consumers[v]?.some((next) => nodes.has(w.graph.nodes[next]!)));
    if (isUsed) nodes.add(node);
  }
}

/** By which power of the root a step's result grows; undefined where it grows by none. */
function degreeOf({ operation: op, inputs }: GraphNode, degrees: ReadonlyMap<ValueId, number>): number | undefined {
  const [a = 0, b = 0] = inputs.map((v) => degrees.get(v) ?? 0);
  if (movesEntries(op)) return a;
  switch (op.kind) {
    case 'reduce':
      return op.how === 'variance' ? 2 * a : op.how === 'prod' || op.how === 'logsumexp' ? undefined : a;
    case 'power':
      return op.exponent * a;
    case 'affine':
      return Math.abs(op.offset) <= EPSILON ? a : undefined;
    case 'clamp':
      return op.high === undefined && Math.abs(op.low ?? 0) <= EPSILON ? a : undefined;
    case 'activation':
      return op.name === 'abs' ? a : undefined;
    case 'multiply':
      return a + b;
    case 'divide':
      return a - b;
    case 'add':
    case 'subtract':
      return a === b ? a : undefined;
    default:
      return undefined;
  }
}
