import type { Graph, ValueId } from '../model/index.js';
import { requiresGradient } from './gradient-flow.js';

/**
 * The output that the loss is taken of: the first floating point tensor that forward returns through which a gradient can
 * flow, or else the first of all. What models return beside it (hidden states, caches, attention weights, a latent's mean
 * and variance, auxiliary heads) comes after it by convention, and gradients of such extras would hide those of the
 * prediction; a sampled action, or what a momentum encoder gives, cannot be trained, wherever it stands.
 */
export function lossOutput(graph: Graph): ValueId | undefined {
  const floats = graph.outputs.filter((v) => graph.values[v]?.dtype === 'float');
  if (floats.length < 2) return floats[0];
  const requires = requiresGradient(graph);
  return floats.find((v) => requires[v]) ?? floats[0];
}
