import type { Graph, GraphNode, ValueId } from '../model/index.js';
import { parametersOf } from './parameters-of.js';

/** What a walk over a graph's nodes needs of it. */
export type Wired = Pick<Graph, 'nodes' | 'values'>;

function isFloat(graph: Wired, v: ValueId): boolean {
  return graph.values[v]?.dtype === 'float';
}

/**
 * By value: a gradient with respect to it reaches a parameter or an input, as PyTorch's `requires_grad` tells of
 * parameters. Frozen parameters count, since their layers hand the gradient on.
 */
export function requiresGradient(graph: Wired): boolean[] {
  const requires = new Array<boolean>(graph.values.length).fill(false);
  for (const node of graph.nodes) {
    const has =
      node.stopsGradient === undefined &&
      (node.operation.kind === 'input' ||
        parametersOf(node.operation).length > 0 ||
        node.inputs.some((v) => requires[v] === true));
    for (const v of node.outputs) requires[v] = has && isFloat(graph, v);
  }
  return requires;
}

/**
 * By value: the node that has cut it off from all that a gradient could be for. Such a value has no gradient, unlike one
 * that only depends on constants, whose gradient is of use to nobody but whoever looks at it.
 */
export function cutOff(graph: Wired): (GraphNode | undefined)[] {
  const cut = new Array<GraphNode | undefined>(graph.values.length).fill(undefined);
  if (graph.nodes.every((node) => node.stopsGradient === undefined)) return cut;
  const requires = requiresGradient(graph);
  for (const node of graph.nodes) {
    const by = node.stopsGradient === undefined ? node.inputs.map((v) => cut[v]).find((n) => n !== undefined) : node;
    for (const v of node.outputs) if (requires[v] !== true) cut[v] = by;
  }
  return cut;
}

/**
 * By value: the node on which a gradient ends before it gets there, where the value has a part in an output and no way
 * back from the loss comes to it.
 */
export function gradientEnds(graph: Graph, loss: ValueId | undefined): (GraphNode | undefined)[] {
  const cut = cutOff(graph);
  if (cut.every((node) => node === undefined)) return cut;
  const ends = [...cut];
  const reached = new Set<ValueId>(loss === undefined || cut[loss] !== undefined ? [] : [loss]);
  const used = new Set<ValueId>(graph.outputs);
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const node = graph.nodes[i]!;
    if (!node.outputs.some((v) => used.has(v))) continue;
    const passes = node.outputs.some((v) => reached.has(v));
    const end = node.outputs.map((v) => ends[v]).find((n) => n !== undefined);
    for (const v of node.inputs) {
      used.add(v);
      if (passes && cut[v] === undefined) reached.add(v);
      else ends[v] ??= end;
    }
  }
  return ends.map((end, v) => (reached.has(v) ? undefined : end));
}
