import { describe, expect, it } from 'vitest';
import { normal } from '../../../src/core/initializers/index.js';
import type { Layer, ValueId } from '../../../src/core/model/index.js';
import { drawSeeds } from '../../../src/core/propagation/batch/index.js';
import { blended, usualScatter, weightOfDraws } from '../../../src/core/propagation/estimate.js';
import { samplesFor, seedsFor } from '../../../src/core/propagation/policy.js';
import { GraphBuilder } from './builder.js';

describe('what draws count for beside the theory', () => {
  it('is nothing without draws and all without a theory', () => {
    expect(weightOfDraws(1, [])).toBe(0);
    expect(weightOfDraws(undefined, [1.3])).toBe(1);
  });

  it('is all where they speak against it, however few', () => {
    expect(weightOfDraws(1, [2, 2.1])).toBe(1);
    expect(weightOfDraws(1, [1.2, 1.21, 1.19, 1.2, 1.2, 1.21, 1.2, 1.2])).toBe(1);
    expect(weightOfDraws(0, [1, 1])).toBe(1);
  });

  it('grows with their number while both agree', () => {
    const few = weightOfDraws(1, [1, 1.02]);
    const many = weightOfDraws(
      1,
      Array.from({ length: 24 }, (_, i) => (i % 2 ? 1.02 : 1)),
    );
    expect(few).toBeGreaterThan(0.2);
    expect(few).toBeLessThan(0.6);
    expect(many).toBeGreaterThan(0.9);
    expect(many).toBeLessThan(1);
  });

  it('stays small where single draws differ by a factor', () => {
    expect(weightOfDraws(1, [0.5, 2, 0.7, 1.6])).toBeLessThan(0.2);
  });

  it('is more where the model’s usual layer scatters little', () => {
    const calm = usualScatter([
      [1, 1.01, 0.99],
      [2, 2.02, 1.98],
      [1, 1.3, 0.7],
    ]);
    expect(calm).toBeLessThan(0.15);
    expect(usualScatter([])).toBeCloseTo(0.2);
    expect(weightOfDraws(1, [1.05, 1.06], calm)).toBeGreaterThan(weightOfDraws(1, [1.05, 1.06]));
  });

  it('weighs variances as logarithms', () => {
    expect(blended(1, 4, 0.5)).toBeCloseTo(2);
    expect(blended(0, 4, 1)).toBe(4);
  });
});

function perceptron(width: number, rows: number, outputs = width) {
  const g = new GraphBuilder();
  const x = g.input([rows, width]);
  const id = g.parameter([outputs, width], normal(0, Math.sqrt(1 / width)));
  const y = g.node({ kind: 'linear', weight: id }, [x], [rows, outputs]);
  const layer = (output: ValueId): Layer => ({
    name: 'y',
    type: 'linear',
    kind: 'function',
    inputs: [x],
    output,
    nodes: [1, 2],
    parameters: [],
  });
  const parameters = g.parameters.map((p) => ({ ...p, aliases: [], setBy: { what: 'test' } }));
  const graph = { values: g.values, nodes: g.nodes, inputs: g.inputs, outputs: [y] };
  return { model: { graph, parameters, layers: [layer(x), layer(y)] }, x, y };
}

describe('how often a model is drawn', () => {
  it('is often where it costs little, and never where it costs too much', () => {
    expect(seedsFor(perceptron(64, 8).model)).toBe(24);
    expect(seedsFor(perceptron(4096, 100_000).model, 2 ** 34)).toBe(0);
    expect(seedsFor(perceptron(4096, 8000).model, 2 ** 20)).toBe(0);
  });

  it('is less where several models share the time', () => {
    const { model } = perceptron(1024, 512);
    expect(seedsFor(model, undefined, 0.1)).toBeLessThan(seedsFor(model));
  });
});

describe('on how many samples a model is drawn', () => {
  /** `maps` convolutions of 64 channels over `size`×`size` places, each with a norm. */
  function network(size: number, maps: number, over?: 'batch' | 'layer') {
    const g = new GraphBuilder();
    let x = g.input([8, 64, size, size]);
    for (let i = 0; i < maps; i++) {
      x = g.conv(x, 64, 3, { padding: 1 });
      if (over !== undefined) x = g.norm(x, over);
    }
    const parameters = g.parameters.map((p) => ({ ...p, aliases: [], setBy: { what: 'test' } }));
    return { graph: g.graph(x), parameters, layers: [] };
  }

  it('is all of them where that is affordable', () => {
    expect(samplesFor(network(8, 2), 8)).toBe(8);
    expect(seedsFor(network(8, 2))).toBe(24);
  });

  it('is fewer where it is not, and then as often as is worth it', () => {
    expect(seedsFor(network(64, 16))).toBe(0);
    expect(samplesFor(network(64, 16), 8)).toBeLessThan(4);
  });

  it('is fewer where memory ends, and all where none would fit', () => {
    const model = network(16, 2);
    expect(samplesFor(model, 8, 2 ** 21)).toBeLessThan(8);
    expect(samplesFor(model, 8, 2 ** 10)).toBe(8);
  });

  it('leaves batch statistics enough samples and entries', () => {
    expect(samplesFor(network(64, 32, 'layer'), 8)).toBe(1);
    expect(samplesFor(network(64, 24, 'batch'), 8)).toBe(2);
    expect(samplesFor(network(1, 40, 'batch'), 8, 2 ** 10)).toBe(8);
  });
});

describe("the loss's gradient", () => {
  it('has unit mean square in every draw', () => {
    const { model, y } = perceptron(64, 8, 3);
    const seeds = drawSeeds(model, { seeds: 4 });
    if ('refused' in seeds) throw new Error(seeds.refused);
    for (const seed of seeds) {
      const own = seed.backward.find(([v]) => v === y)![1];
      // What is short of 1 is the squared mean of 24 entries.
      expect(own.variance).toBeLessThanOrEqual(1 + 1e-6);
      expect(own.variance).toBeGreaterThan(0.5);
    }
  });

  it('gives gradients of the expectation that iid N(0,1) gives', () => {
    const g = new GraphBuilder();
    const x = g.input([8, 256]);
    const [first, second] = [256, 3].map((n) => g.parameter([n, 256], normal(0, 1 / 16)));
    const h = g.node({ kind: 'linear', weight: first! }, [x], [8, 256]);
    const y = g.node({ kind: 'linear', weight: second! }, [h], [8, 3]);
    const parameters = g.parameters.map((p) => ({ ...p, aliases: [], setBy: { what: 'test' } }));
    const layers = [h, y].map((output) => ({ ...perceptron(1, 1).model.layers[0]!, output }));
    const graph = { values: g.values, nodes: g.nodes, inputs: g.inputs, outputs: [y] };
    const seeds = drawSeeds({ graph, parameters, layers }, { seeds: 48 });
    if ('refused' in seeds) throw new Error(seeds.refused);
    // E[(Wᵀg)²] = 3/256 for W of variance 1/256; of a draw only W scatters.
    const squares = seeds.map((s) => 256 * s.backward.find(([v]) => v === h)![1].variance);
    expect(squares.reduce((a, b) => a + b, 0) / squares.length).toBeCloseTo(3, 0);
    for (const s of squares) expect(Math.abs(s / 3 - 1)).toBeLessThan(0.3);
  });
});
