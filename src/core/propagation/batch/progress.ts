import type { SimulationProgress } from '../../model/index.js';
import type { Simulated } from './seed.js';

/** Turns steps over a graph's nodes, forward and back, into events at each layer. */
export function layerProgress(
  { graph, layers }: Simulated,
  seed: number,
  seeds: number,
  tell: (progress: SimulationProgress) => void,
): (step: number) => void {
  const nodes = graph.nodes.length;
  // Number of the last layer that begins at or before each node.
  const begun = new Array<number>(nodes).fill(0);
  layers.forEach((layer, i) => {
    const first = layer.nodes[0];
    if (first < nodes) begun[first] = i + 1;
  });
  for (let i = 1; i < nodes; i++) begun[i] = Math.max(begun[i]!, begun[i - 1]!);
  let last = '';
  return (step) => {
    const way = step < nodes ? 'forward' : 'back';
    const layer = Math.max(1, begun[way === 'forward' ? step : 2 * nodes - 1 - step] ?? 1);
    const key = `${way} ${layer}`;
    if (key === last && step < 2 * nodes) return;
    last = key;
    tell({ seed: seed + 1, seeds, way, layer, layers: layers.length, done: (seed + step / (2 * nodes)) / seeds });
  };
}
