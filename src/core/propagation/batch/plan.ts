import type { Graph, GraphNode, Operation, ParameterId, ValueId } from '../../model/index.js';
import { cutOff } from '../gradient-flow.js';
import { lossOutput } from '../loss.js';
import { parametersOf } from '../parameters-of.js';
import { mappableWeights, type MappedWeight } from './draw/maps.js';
import type { DrawnParameter } from './draw/weights.js';
import { RULES } from './rules/table.js';
import { numbersOf, sizeOf } from './tensor/tensor.js';
import type { Reads, Rule } from './types.js';
import type { OperationKind } from '../../model/index.js';

/** What is known of a run before it: shapes, who needs what, and how much memory it will take. */
export interface Plan {
  readonly graph: Graph;
  /** By value; undefined where a size is not known. */
  readonly shapes: readonly (readonly number[] | undefined)[];
  /** By value: how many nodes take it. */
  readonly consumers: readonly number[];
  /** By node: what its way back looks at; 'nothing' where no gradient gets there. */
  readonly reads: readonly Reads[];
  /** Values that the loss is made of: see `lossOutput`, or all that forward returns; none that no gradient is for. */
  readonly starts: readonly ValueId[];
  /** By node: a start can be reached from it. */
  readonly live: readonly boolean[];
  /** By value: a gradient there is of use to anybody. */
  readonly wanted: readonly boolean[];
  /** By parameter: how many nodes on the way to the outputs use it. */
  readonly uses: ReadonlyMap<ParameterId, number>;
  /** By parameter: how many of these only look some of its rows up. */
  readonly lookups: ReadonlyMap<ParameterId, number>;
  /** Weights that are seen through their products only. */
  readonly mapped: ReadonlyMap<ParameterId, MappedWeight>;
  /** Bytes of all values that are kept for the way back, roughly. */
  readonly bytes: number;
}

export function ruleOf(op: Operation): Rule<OperationKind> {
  return RULES[op.kind] as Rule<OperationKind>;
}

/** `dense`: weights are held, but for those too large for it. `sampler`: linear layers choose by the cost. */
export type FiniteEngine = 'dense' | 'sampler';

export interface PlanOptions {
  readonly from?: 'first' | 'all';
  readonly engine?: FiniteEngine;
  /** Bytes that one held weight may take. */
  readonly denseBytes?: number;
}

export function planRun(graph: Graph, parameters: readonly DrawnParameter[], options: PlanOptions = {}): Plan {
  const { from = 'first', engine = 'dense', denseBytes = 2 ** 27 } = options;
  const shapes = graph.values.map((v) => numbersOf(v.shape));
  const consumers = new Array<number>(graph.values.length).fill(0);
  for (const node of graph.nodes) for (const v of node.inputs) consumers[v] = consumers[v]! + 1;
  const cut = cutOff(graph);
  const wanted = wantedValues(graph, cut);
  const loss = lossOutput(graph);
  const outputs = from === 'all' ? graph.outputs : loss === undefined ? [] : [loss];
  const starts = outputs.filter((v) => cut[v] === undefined);
  const live = liveNodes(graph, starts, cut);
  const mapped = mappableWeights(graph, parameters, (node) => parametersOf(node.operation));
  if (engine === 'dense') for (const [id, w] of mapped) if (4 * w.inputs * w.outputs <= denseBytes) mapped.delete(id);
  const reads = graph.nodes.map((node, i): Reads => {
    if (!live[i]) return 'nothing';
    const rule = ruleOf(node.operation);
    // What a map saw at several uses it remembers itself.
    const map = node.operation.kind === 'linear' ? mapped.get(node.operation.weight as ParameterId) : undefined;
    if (map !== undefined && map.uses > 1) return 'nothing';
    return typeof rule.reads === 'function' ? rule.reads(node.operation) : rule.reads;
  });
  const uses = new Map<ParameterId, number>();
  const lookups = new Map<ParameterId, number>();
  graph.nodes.forEach((node, i) => {
    if (!live[i]) return;
    const counts = node.operation.kind === 'embedding' ? [uses, lookups] : [uses];
    for (const id of parametersOf(node.operation)) for (const n of counts) n.set(id, (n.get(id) ?? 0) + 1);
  });
  return {
    graph,
    shapes,
    consumers,
    starts,
    live,
    mapped,
    reads,
    wanted,
    uses,
    lookups,
    bytes: bytesOf(graph, shapes, reads) + bytesOfMaps(mapped),
  };
}

/** Floats that depend on more than inputs and constants, and that a gradient may come back to. */
function wantedValues(graph: Graph, cut: ReturnType<typeof cutOff>): boolean[] {
  const wanted = new Array<boolean>(graph.values.length).fill(false);
  for (const node of graph.nodes) {
    const { kind } = node.operation;
    const has =
      kind !== 'input' &&
      kind !== 'constant' &&
      (parametersOf(node.operation).length > 0 || node.inputs.some((v) => wanted[v]) || node.inputs.length > 0);
    for (const v of node.outputs) wanted[v] = has && cut[v] === undefined && graph.values[v]?.dtype === 'float';
  }
  return wanted;
}

/** Nodes through which a gradient of one of the values comes. */
function liveNodes(graph: Graph, starts: readonly ValueId[], cut: ReturnType<typeof cutOff>): boolean[] {
  const alive = new Set<ValueId>(starts);
  const live = new Array<boolean>(graph.nodes.length).fill(false);
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const node = graph.nodes[i]!;
    live[i] = node.outputs.some((v) => alive.has(v));
    if (live[i]) for (const v of node.inputs) if (cut[v] === undefined) alive.add(v);
  }
  return live;
}

/** Values that the way back reads, once each; values that are the same entries in another shape are counted with their source. */
export function readBy(node: GraphNode, reads: Reads): ValueId[] {
  if (reads === 'nothing') return [];
  if (reads === 'inputs') return [...node.inputs];
  return reads === 'outputs' ? [...node.outputs] : [...node.inputs, ...node.outputs];
}

/** What maps keep between forward and back: the matrix, or what was drawn of it and, of several uses, all that was asked. */
function bytesOfMaps(mapped: Plan['mapped']): number {
  let floats = 0;
  for (const { inputs, outputs, columns, uses } of mapped.values())
    floats += Math.min(inputs * outputs, columns * outputs) + (uses > 1 ? columns * inputs : 0);
  return 4 * floats;
}

function bytesOf(graph: Graph, shapes: Plan['shapes'], reads: readonly Reads[]): number {
  const origin = graph.values.map((v) => v.id);
  for (const node of graph.nodes)
    if (node.operation.kind === 'reshape' && node.inputs[0] !== undefined && node.outputs[0] !== undefined)
      origin[node.outputs[0]] = origin[node.inputs[0]] ?? node.inputs[0];
  const kept = new Set<ValueId>();
  graph.nodes.forEach((node, i) => {
    for (const v of readBy(node, reads[i]!)) kept.add(origin[v] ?? v);
  });
  let floats = 0;
  for (const v of kept) floats += sizeOf(shapes[v] ?? []);
  // The widest step holds its inputs, outputs and gradients at once.
  let widest = 0;
  for (const node of graph.nodes) {
    let own = 0;
    for (const v of [...node.inputs, ...node.outputs]) own += sizeOf(shapes[v] ?? []);
    widest = Math.max(widest, own);
  }
  return 4 * (floats + 2 * widest);
}
