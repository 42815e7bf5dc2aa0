import { describe, expect, it } from 'vitest';
import { inspect, inspectModels } from '../../../src/core/inspect.js';
import type { Model } from '../../../src/core/model/index.js';
import { drawSeeds, planOf } from '../../../src/core/propagation/batch/index.js';
import { isPartOf, overWholeBatch } from '../../../src/core/propagation/part-of-batch.js';

const source = `
import torch.nn as nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(3, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(),
            nn.Conv2d(32, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10),
        )

    def forward(self, x):
        return self.net(x)
`;
const nowhere = { read: () => null, roots: [] };
const request = { file: '/net.py', text: source, entry: 'Net()', input: [[1, 3, 32, 32]] };

function modelOf(batch: number): Model {
  return inspectModels({ ...request, batch }, nowhere).models[0]!;
}

describe('a model over fewer samples', () => {
  const [whole, part] = [modelOf(8), modelOf(2)];

  it('is the same graph', () => {
    expect(isPartOf(part, whole)).toBe(true);
    expect(isPartOf(part, { ...whole, graph: { ...whole.graph, nodes: whole.graph.nodes.slice(1) } })).toBe(false);
    expect(part.graph.values[part.graph.outputs[0]!]?.shape).toEqual([2, 10]);
  });

  it('shows of the whole batch what theory says the other samples make of it', () => {
    const seeds = drawSeeds(part, { seeds: 2 });
    if ('refused' in seeds) throw new Error(seeds.refused);
    const signals = (forward: number, backward: number) => ({
      forward: () => ({ mean: 0, variance: forward }),
      backward: () => ({ variance: backward }),
    });
    const [first] = overWholeBatch(seeds, signals(1, 6), signals(2, 2), 4);
    const own = seeds[0]!;
    expect(first!.forward[3]![1].variance).toBeCloseTo(own.forward[3]![1].variance / 2, 12);
    expect(first!.backward[3]![1].variance).toBeCloseTo(own.backward[3]![1].variance * 3, 12);
    expect(first!.weights[0]!.meanSquare).toBeCloseTo(own.weights[0]!.meanSquare * 4, 12);
    expect(first!.weights[0]!.ratio).toBeCloseTo(own.weights[0]!.ratio! * 2, 12);
  });

  it('stands in by `auto` for one that memory has no room for', () => {
    const memoryLimit = 0.9 * planOf(whole, 'sampler', 2 ** 24).bytes;
    const layersOf = (engine: 'auto' | 'moments') =>
      inspect({ ...request, simulation: { engine, memoryLimit } }, nowhere).reports[0]!.layers;
    const [theory, few] = [layersOf('moments'), layersOf('auto')];
    expect(few.every((l) => l.finite !== undefined)).toBe(true);
    few.forEach((layer, i) => {
      for (const way of ['forward', 'backward'] as const)
        expect(
          Math.abs(Math.log(layer[way]!.variance / theory[i]![way]!.variance)),
          `${way} ${layer.name}`,
        ).toBeLessThan(0.3);
    });
  });
});
