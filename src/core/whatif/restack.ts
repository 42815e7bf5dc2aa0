import type { GraphNode, GraphValue, Layer, LeafModule, Model, Operation, Parameter, ValueId } from '../model/index.js';
import { end, mapParameters, placeIn, producersOf, type Run } from './runs.js';

/** A node of the new graph: which old one it is, and the how-manieth copy of a run's last block it belongs to. */
interface Placed {
  readonly node: number;
  readonly copy: number;
  readonly run: Run | undefined;
}

/** The model with so many blocks in each run: further copies of the last one, or fewer. */
export function restack(model: Model, runs: readonly Run[], counts: readonly number[]): Model {
  const { graph } = model;
  const producers = producersOf(graph);
  const order = placedNodes(graph.nodes.length, runs, counts);
  const parameters = new Parameters(model, order);
  const values: GraphValue[] = [];
  /** New ids by copy and old id. */
  const made = new Map<string, ValueId>();
  const lookUp = (v: ValueId, copy: number): ValueId => made.get(`${copy} ${v}`) ?? made.get(`0 ${v}`) ?? 0;
  const resolve = (v: ValueId, user: Placed | undefined): ValueId => {
    const maker = producers[v]!;
    const run = runs.find((r) => maker >= r.start && maker < end(r));
    if (run === undefined) return lookUp(v, 0);
    const count = counts[runs.indexOf(run)]!;
    const lastStart = end(run) - run.unit;
    if (user?.run === run) {
      if (user.copy === 0) return lookUp(v, 0);
      // A copy of the last block takes from the one before it what that hands over.
      return maker >= lastStart ? lookUp(v, user.copy) : lookUp(shifted(v, run.unit), user.copy - 1);
    }
    // After the run: what the last block hands over; its other values are those of the block itself.
    if (count < run.count) return lookUp(shifted(v, (count - run.count) * run.unit), 0);
    return lookUp(v, run.carried.has(placeIn(graph, producers, v, lastStart)) ? count - run.count : 0);
  };
  const shifted = (v: ValueId, by: number): ValueId => {
    const maker = producers[v]!;
    return graph.nodes[maker + by]!.outputs[graph.nodes[maker]!.outputs.indexOf(v)]!;
  };
  const nodes = order.map((placed): GraphNode => {
    const old = graph.nodes[placed.node]!;
    const inputs = old.inputs.map((v) => resolve(v, placed));
    const outputs = old.outputs.map((v) => {
      const id = values.length;
      values.push({ ...graph.values[v]!, id });
      made.set(`${placed.copy} ${v}`, id);
      return id;
    });
    const operation = mapParameters(old.operation, (id) => parameters.id(id, placed.copy)) as unknown as Operation;
    return { ...old, operation, inputs, outputs, path: copyName(old.path, placed) };
  });
  return {
    ...model,
    parameters: parameters.list,
    modules: restackedModules(model, order, parameters),
    layers: restackedLayers(model, order, resolve, lookUp, parameters),
    graph: {
      values,
      nodes,
      inputs: graph.inputs.map((v) => lookUp(v, 0)),
      outputs: graph.outputs.map((v) => resolve(v, undefined)),
    },
  };
}

function placedNodes(nodes: number, runs: readonly Run[], counts: readonly number[]): Placed[] {
  const order: Placed[] = [];
  for (let i = 0; i < nodes; i++) {
    const run = runs.find((r) => i >= r.start && i < end(r));
    if (run === undefined) {
      order.push({ node: i, copy: 0, run });
      continue;
    }
    const count = counts[runs.indexOf(run)]!;
    if (i < run.start + run.unit * Math.min(count, run.count)) order.push({ node: i, copy: 0, run });
    if (i === end(run) - 1)
      for (let copy = 1; copy <= count - run.count; copy++)
        for (let k = end(run) - run.unit; k < end(run); k++) order.push({ node: k, copy, run });
  }
  return order;
}

/** `layers.11+1.fc`: the first copy of `layers.11`. */
function copyName(name: string, { copy, run }: Placed): string {
  if (copy === 0 || run === undefined) return name;
  const prefix = run.container === '' ? '' : `${run.container}.`;
  const child = name.startsWith(prefix) ? /^\d+/.exec(name.slice(prefix.length))?.[0] : undefined;
  if (child === undefined) return `${name}+${copy}`;
  const head = prefix + child;
  return `${head}+${copy}${name.slice(head.length)}`;
}

/** Parameters of the new model: those still in use or never used by forward, and copies. */
class Parameters {
  readonly list: Parameter[] = [];
  private readonly known = new Map<string, number>();

  constructor(model: Model, order: readonly Placed[]) {
    const kept = new Set(order.flatMap((p) => namedBy(model.graph.nodes[p.node]!.operation)));
    const used = new Set(model.graph.nodes.flatMap((n) => namedBy(n.operation)));
    const shared = new Set(
      order.filter((p) => p.run === undefined).flatMap((p) => namedBy(model.graph.nodes[p.node]!.operation)),
    );
    model.parameters.forEach((p, id) => {
      if (kept.has(id) || !used.has(id)) this.add(p, id, 0);
    });
    for (const placed of order) {
      if (placed.copy === 0) continue;
      for (const id of namedBy(model.graph.nodes[placed.node]!.operation)) {
        if (this.known.has(`${placed.copy} ${id}`) || shared.has(id)) continue;
        const p = model.parameters[id]!;
        this.add({ ...p, name: copyName(p.name, placed), aliases: [] }, id, placed.copy);
      }
    }
  }

  id(old: number, copy: number): number {
    return this.known.get(`${copy} ${old}`) ?? this.known.get(`0 ${old}`) ?? old;
  }

  /** Of those that are still there. */
  ids(old: readonly number[], copy: number): number[] {
    return old.filter((id) => this.known.has(`0 ${id}`)).map((id) => this.id(id, copy));
  }

  private add(p: Parameter, old: number, copy: number): void {
    this.known.set(`${copy} ${old}`, this.list.length);
    this.list.push(p);
  }
}

function namedBy(op: Operation): number[] {
  const ids: number[] = [];
  mapParameters(op, (id) => ids.push(id));
  return ids;
}

/** Modules that forward has no call of stay; the others stand as often as their calls. */
function restackedModules(model: Model, order: readonly Placed[], parameters: Parameters): LeafModule[] {
  const called = new Set(model.layers.map((l) => l.name));
  const first = new Map<number, string[]>();
  for (const l of model.layers) first.set(l.nodes[0], [...(first.get(l.nodes[0]) ?? []), l.name]);
  const places = new Map<string, Placed[]>();
  for (const placed of order)
    for (const name of first.get(placed.node) ?? []) places.set(name, [...(places.get(name) ?? []), placed]);
  return model.modules.flatMap((m) => {
    if (!called.has(m.name)) return [{ ...m, parameters: parameters.ids(m.parameters, 0) }];
    const copies = new Map((places.get(m.name) ?? []).map((placed) => [placed.copy, placed]));
    return [...copies.values()].map((placed) => ({
      ...m,
      name: copyName(m.name, placed),
      parameters: parameters.ids(m.parameters, placed.copy),
    }));
  });
}

/** A layer for each time that its first node stands in the new order. */
function restackedLayers(
  model: Model,
  order: readonly Placed[],
  resolve: (v: ValueId, user: Placed) => ValueId,
  lookUp: (v: ValueId, copy: number) => ValueId,
  parameters: Parameters,
): Layer[] {
  const starting = new Map<number, Layer[]>();
  for (const layer of model.layers) starting.set(layer.nodes[0], [...(starting.get(layer.nodes[0]) ?? []), layer]);
  return order.flatMap((placed, at) =>
    (starting.get(placed.node) ?? []).map((layer): Layer => ({
      ...layer,
      name: copyName(layer.name, placed),
      inputs: layer.inputs.map((v) => resolve(v, placed)),
      output: lookUp(layer.output, placed.copy),
      nodes: [at, at + layer.nodes[1] - layer.nodes[0]],
      parameters: parameters.ids(layer.parameters, placed.copy),
    })),
  );
}
