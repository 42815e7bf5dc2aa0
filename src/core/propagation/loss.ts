import type { Graph, ValueId } from '../model/index.js';

/**
 * The output that the loss is taken of: the first floating point tensor that forward returns. What models return beside
 * it (hidden states, caches, attention weights, a latent's mean and variance, auxiliary heads) comes after it by
 * convention, and gradients of such extras would hide those of the prediction.
 */
export function lossOutput(graph: Graph): ValueId | undefined {
  return graph.outputs.find((v) => graph.values[v]?.dtype === 'float');
}
