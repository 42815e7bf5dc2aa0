import type { Graph, GraphNode, Model, Operation, ParameterId, ValueId } from '../model/index.js';

/** Equal blocks, each fed by the one before: nodes [start, start + unit·count). */
export interface Run {
  readonly start: number;
  /** Nodes of one block. */
  readonly unit: number;
  readonly count: number;
  /** All blocks of the container, those counted that differ from the equal ones (the first of a stage that halves the map). */
  readonly blocks: number;
  /** Module that holds the blocks: `encoder.layers`. */
  readonly container: string;
  /** Which of a block's values the next block takes: as offset of the node and number of its output. */
  readonly carried: ReadonlySet<string>;
}

/** Names a value by its place in a block. */
export function placeIn(graph: Graph, producers: readonly number[], v: ValueId, start: number): string {
  const node = producers[v] ?? -1;
  return `${node - start}:${graph.nodes[node]?.outputs.indexOf(v) ?? -1}`;
}

export function producersOf(graph: Graph): number[] {
  const producers = new Array<number>(graph.values.length).fill(-1);
  graph.nodes.forEach((node, i) => {
    for (const v of node.outputs) producers[v] = i;
  });
  return producers;
}

/** The longest runs of equal blocks, outermost containers first; no two share a node. */
export function repeatedBlocks(model: Model): Run[] {
  const found = [...childrenByContainer(model.graph)].flatMap(([container, starts]) =>
    runsIn(model, container, starts),
  );
  found.sort((a, b) => b.unit * b.count - a.unit * a.count);
  const taken: Run[] = [];
  for (const run of found) if (taken.every((t) => end(t) <= run.start || end(run) <= t.start)) taken.push(run);
  return taken.sort((a, b) => a.start - b.start);
}

export function end(run: Run): number {
  return run.start + run.unit * run.count;
}

/** By module that has numbered children: where each child's first node stands, for those that run in order. */
function childrenByContainer(graph: Graph): Map<string, number[]> {
  const firsts = new Map<string, Map<number, number>>();
  graph.nodes.forEach(({ path }, i) => {
    const parts = path.split('.');
    parts.forEach((part, k) => {
      if (!/^\d+$/.test(part)) return;
      const container = parts.slice(0, k).join('.');
      const children = firsts.get(container) ?? new Map<number, number>();
      firsts.set(container, children);
      if (!children.has(Number(part))) children.set(Number(part), i);
    });
  });
  return new Map([...firsts].map(([container, children]) => [container, [...children.values()].sort((a, b) => a - b)]));
}

/** Runs of one container's children: one, two, … children may make a block (Linear and ReLU of a Sequential). */
function runsIn(model: Model, container: string, starts: readonly number[]): Run[] {
  const runs: Run[] = [];
  const producers = producersOf(model.graph);
  let from = 0;
  while (from < starts.length - 1) {
    let best: { run: Run; next: number } | undefined;
    for (let period = 1; period <= Math.min(4, (starts.length - from) / 2) && best === undefined; period++) {
      const run = runFrom(model, producers, container, starts[from]!, starts[from + period]! - starts[from]!);
      if (run === undefined) continue;
      const blocks = period === 1 ? starts.length : run.count;
      best = { run: { ...run, blocks }, next: starts.findIndex((s) => s >= end(run)) };
    }
    if (best === undefined) from++;
    else {
      runs.push(best.run);
      if (best.next < 0) break;
      from = best.next;
    }
  }
  // Of several runs, each grows by its own blocks.
  return runs.length > 1 ? runs.map((run) => ({ ...run, blocks: run.count })) : runs;
}

function runFrom(
  model: Model,
  producers: readonly number[],
  container: string,
  start: number,
  unit: number,
): Run | undefined {
  let count = 1;
  let carried: ReadonlySet<string> | undefined;
  while (start + (count + 1) * unit <= model.graph.nodes.length) {
    const next = follows(model, producers, start + (count - 1) * unit, unit);
    if (next === undefined || next.size === 0 || (carried !== undefined && !sameSet(carried, next))) break;
    carried = next;
    count++;
  }
  if (carried === undefined) return undefined;
  const run = { start, unit, count, blocks: count, container, carried };
  return isClosed(model, producers, run) ? run : undefined;
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((x) => b.has(x));
}

/** The values of the block at `start` that the next block takes, when that does the same with them; else undefined. */
function follows(model: Model, producers: readonly number[], start: number, unit: number): Set<string> | undefined {
  const { graph } = model;
  const carried = new Set<string>();
  for (let k = 0; k < unit; k++) {
    const [a, b] = [graph.nodes[start + k]!, graph.nodes[start + unit + k]!];
    if (!sameOperation(model, a.operation, b.operation) || a.inputs.length !== b.inputs.length) return undefined;
    // Only the first blocks may run without gradients: a copy of one is not a copy of the other.
    if (a.stopsGradient !== b.stopsGradient) return undefined;
    if (!sameShapes(graph, a.outputs, b.outputs) || !sameShapes(graph, a.inputs, b.inputs)) return undefined;
    for (const [i, w] of b.inputs.entries()) {
      const v = a.inputs[i]!;
      const [from, to] = [producers[v]!, producers[w]!];
      if (to >= start + unit) {
        // Made within the block.
        if (placeIn(graph, producers, v, start) !== placeIn(graph, producers, w, start + unit)) return undefined;
      } else if (to >= start) {
        // Handed over by the block before, where the block before takes something from further up.
        if (from >= start) return undefined;
        carried.add(placeIn(graph, producers, w, start));
      } else if (v !== w) return undefined;
    }
  }
  return carried;
}

/** Only the next block sees what a block hands over, and nobody else anything of any but the last. */
function isClosed({ graph }: Model, producers: readonly number[], run: Run): boolean {
  const lastStart = end(run) - run.unit;
  const isInside = (v: ValueId): boolean => producers[v]! >= run.start && producers[v]! < lastStart;
  if (graph.outputs.some(isInside)) return false;
  return graph.nodes.slice(end(run)).every((node) => !node.inputs.some(isInside));
}

function sameShapes(graph: Graph, a: GraphNode['outputs'], b: GraphNode['outputs']): boolean {
  const text = (ids: readonly ValueId[]): string => JSON.stringify(ids.map((v) => graph.values[v]?.shape));
  return text(a) === text(b);
}

/** Parameters may be others, of the same shape; the share dropped may grow with depth. */
function sameOperation(model: Model, a: Operation, b: Operation): boolean {
  const described = (op: Operation): string =>
    JSON.stringify(
      mapParameters(op.kind === 'dropout' ? { ...op, p: 0 } : op, (id) => model.parameters[id]?.shape.join() ?? id),
    );
  return a.kind === b.kind && described(a) === described(b);
}

const SINGLE = ['weight', 'bias', 'parameter', 'learned'];

/** The operation with `f` of each parameter that it names. */
export function mapParameters(op: Operation, f: (id: ParameterId) => unknown): Readonly<Record<string, unknown>> {
  const own: Record<string, unknown> = { ...op };
  for (const key of SINGLE) {
    const id = own[key];
    if (typeof id === 'number') own[key] = f(id);
  }
  if (op.kind === 'recurrent') own['parameters'] = op.parameters.map(f);
  return own;
}
