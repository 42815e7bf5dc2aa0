import type { GraphNode, Layer, Model, Operation } from '../model/index.js';

/** The model with other operations at some nodes; layers that are one such node get the type `typed` names. */
export function withOperations(
  model: Model,
  replaced: ReadonlyMap<number, Operation>,
  typed: (node: GraphNode) => string,
): Model {
  if (replaced.size === 0) return model;
  const nodes = model.graph.nodes.map((node, i): GraphNode => {
    const operation = replaced.get(i);
    return operation === undefined ? node : { ...node, operation };
  });
  const layers = model.layers.map((layer): Layer => {
    const [first, last] = layer.nodes;
    const node = nodes[first];
    return last - first === 1 && replaced.has(first) && node !== undefined ? { ...layer, type: typed(node) } : layer;
  });
  return { ...model, layers, graph: { ...model.graph, nodes } };
}
