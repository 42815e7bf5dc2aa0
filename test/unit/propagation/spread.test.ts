import { describe, expect, it } from 'vitest';
import { simulateFinite } from '../../../src/core/propagation/batch/index.js';
import { logSpread } from '../../../src/core/propagation/moments/spread.js';
import { GraphBuilder } from './builder.js';

/** sd of log q at some layer of a stack of equal layers, one sample. */
function deviation(activation: string, gain2: number, width: number, depth: number, batch = 1): number {
  const b = new GraphBuilder();
  let x = b.input([batch, width]);
  for (let l = 1; l < depth; l++) x = b.act(b.linear(x, width, gain2), activation);
  x = b.linear(x, width, gain2);
  const { result } = b.run([x], { batch });
  const spread = logSpread({ graph: b.graph(x), parameters: b.parameters }, result)[x] ?? NaN;
  return Math.sqrt(spread);
}

/** The same as drawn: of the 10-90 % band over many networks. */
function measured(activation: string, gain2: number, width: number, depth: number): number {
  const b = new GraphBuilder();
  let x = b.input([1, width]);
  for (let l = 1; l < depth; l++) x = b.act(b.linear(x, width, gain2), activation);
  x = b.linear(x, width, gain2);
  const graph = b.graph(x);
  const last = graph.nodes.length;
  const layer = { name: '', type: '', kind: 'function' as const, inputs: [], parameters: [] };
  const layers = [{ ...layer, output: x, nodes: [last - 1, last] as const }];
  const parameters = b.parameters.map((p) => ({ ...p, aliases: [], setBy: { what: 'default' } }));
  const drawn = simulateFinite({ graph, layers, parameters }, { seeds: 400 });
  if ('refused' in drawn) throw new Error(drawn.refused);
  const band = drawn.finite.get(x)?.forwardVariance;
  return Math.log((band?.high ?? NaN) / (band?.low ?? NaN)) / (2 * 1.2816);
}

describe('scatter of log q over draws', () => {
  it.each([
    ['relu', 2, 128, 6],
    ['tanh', 2, 128, 8],
    ['tanh', 1, 128, 5],
    ['gelu', 2, 128, 4],
    ['leaky_relu', 1, 96, 6],
    ['sigmoid', 1, 96, 4],
  ] as const)('%s, σw² = %f, width %i, layer %i: as 400 draws have it', (activation, gain2, width, depth) => {
    const ratio = deviation(activation, gain2, width, depth) / measured(activation, gain2, width, depth);
    // 400 draws know a deviation to about 5 %.
    expect(ratio).toBeGreaterThan(0.85);
    expect(ratio).toBeLessThan(1.15);
  });

  // Over 600 draws of a sampler, with a Monte-Carlo error of 3 %.
  it.each([
    [10, 0.315],
    [20, 0.428],
  ])('ReLU of width 512 at layer %i', (depth, known) => {
    expect(deviation('relu', 2, 512, depth) / known).toBeCloseTo(1, 1);
  });

  it('is √(5L/n) for ReLU', () => {
    expect(deviation('relu', 2, 1000, 21) / Math.sqrt((5 * 20 + 2 + 2) / 1000)).toBeCloseTo(1, 1);
  });

  it('is less over a batch of samples that differ', () => {
    expect(deviation('relu', 2, 512, 3, 32)).toBeLessThan(0.8 * deviation('relu', 2, 512, 3));
  });

  it('is taken off by a norm', () => {
    const b = new GraphBuilder();
    const x = b.norm(b.linear(b.act(b.linear(b.input([8, 64]), 64, 2), 'relu'), 64, 2), 'layer');
    const { result } = b.run([x]);
    expect(logSpread({ graph: b.graph(x), parameters: b.parameters }, result)[x]).toBeLessThan(0.01);
  });
});
