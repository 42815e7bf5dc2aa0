import type { GraphNode, ValueId } from '../../model/index.js';
import { hasWeight, movesEntries, nextSteps, type Wiring } from './graph-walk.js';

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
  const origins = shortcutOrigins(w, stream);
  const origin = origins.find(
    (s) => s !== branch && w.dependsOn(branch, s) && w.producer(s)?.operation.kind !== 'parameter',
  );
  if (origin === undefined || lastWeight(w, branch) === undefined) return undefined;
  // A shortcut's projection stands beside a branch of more layers; of two paths as long, neither is the shortcut.
  const projections = origins.slice(0, origins.indexOf(origin)).filter((v) => isWeighted(w, v)).length;
  return projections === 0 || weightsBetween(w, origin, branch) > projections ? origin : undefined;
}

function isWeighted(w: Wiring, v: ValueId): boolean {
  const op = w.producer(v)?.operation;
  return op !== undefined && hasWeight(op);
}

/** The most layers with weights on a way from `origin` to `end`. Values are numbered in the order they are made. */
function weightsBetween(w: Wiring, origin: ValueId, end: ValueId): number {
  const most = new Map<ValueId, number>([[origin, 0]]);
  const pending = [end];
  while (pending.length > 0) {
    const at = pending[pending.length - 1]!;
    const inputs = at < origin ? [] : (w.producer(at)?.inputs ?? []);
    const open = inputs.filter((v) => !most.has(v));
    if (open.length > 0 && !most.has(at)) {
      pending.push(...open);
      continue;
    }
    pending.pop();
    if (!most.has(at))
      most.set(at, Math.max(-Infinity, ...inputs.map((v) => most.get(v)!)) + (isWeighted(w, at) ? 1 : 0));
  }
  return most.get(end)!;
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
    if (w.isNorm(node)) normAfter = true;
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
          w.isNorm(n) || (n.operation.kind === 'activation' && nextSteps(w, n.outputs[0]!).some((m) => w.isNorm(m))),
      )
    );
  });
  return normed.length * 2 >= sums.length;
}

/** What the branches of one stream have in common. */
export interface Stream {
  /** How many branches join it. */
  readonly branches: number;
  /** Every sum goes into a norm and nowhere else: post-norm. Of a pre-norm stream only the last one does. */
  readonly postNorm: boolean;
}

/** The stream that each sum belongs to, in the order of `sums`. */
export function streamsOf(w: Wiring, sums: readonly ResidualSum[]): Stream[] {
  const index = new Map(sums.map((s, i) => [s.node, i]));
  const group = sums.map((_, i) => i);
  sums.forEach((s, i) => {
    const before = previousSum(w, s.stream, index);
    if (before !== undefined) group[i] = group[before]!;
  });
  const streams = new Map<number, Stream>();
  sums.forEach((s, i) => {
    const { branches, postNorm } = streams.get(group[i]!) ?? { branches: 0, postNorm: true };
    streams.set(group[i]!, { branches: branches + 1, postNorm: postNorm && isNormedAfter(w, s) });
  });
  return group.map((g) => streams.get(g)!);
}

/** The sum that a stream comes from, seen through what a stream passes between two blocks: functions, norms, projections. */
function previousSum(w: Wiring, stream: ValueId, sums: ReadonlyMap<number, number>): number | undefined {
  let at: ValueId | undefined = stream;
  for (let i = 0; i < 8 && at !== undefined; i++) {
    const index: number | undefined = w.producers[at];
    const node: GraphNode | undefined = index === undefined ? undefined : w.graph.nodes[index];
    if (node === undefined || index === undefined) return undefined;
    const sum = sums.get(index);
    if (sum !== undefined) return sum;
    const passes =
      movesEntries(node.operation) ||
      hasWeight(node.operation) ||
      w.isNorm(node) ||
      ['activation', 'affine'].includes(node.operation.kind);
    if (!passes) return undefined;
    at = node.inputs[0];
  }
  return undefined;
}

function isNormedAfter(w: Wiring, sum: ResidualSum): boolean {
  const out = w.graph.nodes[sum.node]?.outputs[0];
  const next = out === undefined ? [] : nextSteps(w, out);
  return next.length > 0 && next.every((n) => w.isNorm(n));
}
