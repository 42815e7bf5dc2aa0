import { describe, expect, it } from 'vitest';
import { applyRecommendations, recommend, recommendationsByLayer } from '../../../src/core/advice/recommend.js';
import { survey } from '../../../src/core/advice/recommendation/place.js';
import { constant, normal } from '../../../src/core/initializers/index.js';
import type { Distribution, Layer, Model, Recommendation, Report, Shape } from '../../../src/core/model/index.js';
import { simulate } from '../../../src/core/propagation/simulate.js';
import { GraphBuilder } from '../propagation/builder.js';

/** A model with one layer a node, named by the node's value. */
function modelOf(b: GraphBuilder, ...outputs: number[]): Model {
  const graph = b.graph(...outputs);
  const layers = graph.nodes.flatMap((node, i): Layer[] => {
    const output = node.outputs[0];
    if (output === undefined || node.inputs.length === 0) return [];
    return [
      {
        name: `v${output}`,
        type: node.operation.kind,
        kind: 'module',
        inputs: node.inputs,
        output,
        nodes: [i, i + 1],
        parameters: [],
      },
    ];
  });
  return {
    file: 'model.py',
    framework: 'torch',
    entry: 'Net()',
    className: 'Net',
    input: [],
    inputFrom: 'given',
    parameters: b.parameters.map((p) => ({ ...p, aliases: [], setBy: { what: 'default' } })),
    modules: [],
    layers,
    graph,
    unknown: [],
  };
}

function at(model: Model, value: number): Recommendation {
  const index = model.layers.findIndex((l) => l.name === `v${value}`);
  const r = recommendationsByLayer(recommend(survey(model))).get(index);
  if (r === undefined) throw new Error(`no recommendation for v${value}`);
  return r;
}

describe('the gain belongs to what feeds the layer', () => {
  const b = new GraphBuilder();
  const first = b.torchLinear(b.input([8, 784]), 512);
  const second = b.torchLinear(b.act(first, 'relu'), 512);
  const third = b.torchLinear(
    b.node({ kind: 'dropout', p: 0.1, unit: 'entry' }, [b.act(second, 'gelu')], [8, 512]),
    256,
  );
  const fourth = b.torchLinear(b.act(third, 'tanh'), 256);
  const head = b.torchLinear(b.act(fourth, 'sigmoid'), 10);
  const model = modelOf(b, head);

  it('1 for data', () => {
    expect(at(model, first)).toMatchObject({
      init: 'lecun_normal',
      gain: 1,
      std: expect.closeTo(1 / Math.sqrt(784), 10) as number,
      satisfied: false,
    });
  });

  it('√2 after ReLU', () => {
    const r = at(model, second);
    expect(r).toMatchObject({
      init: 'he_normal',
      gain: expect.closeTo(Math.SQRT2, 10) as number,
      std: expect.closeTo(Math.sqrt(2 / 512), 10) as number,
    });
    expect(r.why).toBe('Fed by ReLU, which keeps half of E[z²]: g = √2, σ = √(2/512) = 0.0625.');
  });

  it('1.5335 after GELU, seen through dropout, with the warning', () => {
    const r = at(model, third);
    expect(r).toMatchObject({ init: 'scaled_normal', gain: expect.closeTo(1.53353, 5) as number });
    expect(r.why).toContain('unstable');
  });

  it('1.5925 after tanh', () => {
    expect(at(model, fourth).gain).toBeCloseTo(1.592537, 6);
  });

  it('a head may be small', () => {
    const r = at(model, head);
    expect(r.satisfied).toBe(true);
    expect(r.why).toContain('output layer');
  });

  it('applied, every activation keeps unit variance', () => {
    const better = simulate(applyRecommendations(model, recommend(survey(model))));
    for (const v of [first, second, third, fourth]) {
      const layer = better.layers.find((l) => l.name === `v${v}`);
      expect(layer?.forward?.variance, `v${v}`).toBeCloseTo(1, 0);
    }
    const report = simulate(model);
    expect(report.layers.find((l) => l.name === `v${second}`)?.withRecommended?.forward?.variance).toBeCloseTo(1, 1);
    expect(report.layers.find((l) => l.name === `v${second}`)?.forward?.variance).toBeLessThan(0.1);
  });
});

describe('what stands after and around', () => {
  it('a norm absorbs the scale', () => {
    const b = new GraphBuilder();
    const conv = b.conv(b.input([8, 3, 32, 32]), 64, 3, { gain2: 1 / 3 });
    const out = b.linear(b.reshape(b.globalAverage(b.act(b.norm(conv, 'batch'), 'relu')), [8, 64]), 10);
    expect(at(modelOf(b, out), conv)).toMatchObject({ init: 'keep', satisfied: true });
  });

  it('but not constant weights', () => {
    const b = new GraphBuilder();
    const weight = b.parameter([32, 16], constant(1));
    const y = b.node({ kind: 'linear', weight }, [b.input([8, 16])], [8, 32]);
    const out = b.linear(b.norm(y, 'layer'), 4);
    expect(at(modelOf(b, out), y)).toMatchObject({ satisfied: false });
  });

  it('sigmoid stacks: no init fixes them', () => {
    const b = new GraphBuilder();
    const h = b.act(b.linear(b.input([8, 100]), 100), 'sigmoid');
    const z = b.linear(h, 100);
    const out = b.linear(b.act(z, 'sigmoid'), 10);
    expect(at(modelOf(b, out), z)).toMatchObject({ init: 'normalize', satisfied: false });
  });

  it('residual branch ends are divided by √L', () => {
    const b = new GraphBuilder();
    let x = b.linear(b.input([8, 64]), 64);
    const ends: number[] = [];
    for (let l = 0; l < 4; l++) {
      const end = b.linear(b.act(b.linear(x, 64, 1), 'relu'), 64, 2);
      ends.push(end);
      x = b.add(x, end);
    }
    const model = modelOf(b, b.linear(x, 10));
    const r = at(model, ends[0]!);
    expect(r.std).toBeCloseTo(Math.sqrt(2 / 64) / 2, 10);
    expect(r.satisfied).toBe(false);
    const report = simulate(model);
    const last = report.layers[report.layers.length - 2];
    expect(last?.withRecommended?.forward?.variance ?? 99).toBeLessThan((last?.forward?.variance ?? 0) / 4);
  });

  it('a function written out is recognised', () => {
    const b = new GraphBuilder();
    const z = b.linear(b.input([8, 100]), 100);
    const y = b.linear(b.multiply(z, b.act(z, 'sigmoid')), 100);
    const out = b.linear(b.act(y, 'relu'), 10);
    const r = at(modelOf(b, out), y);
    expect(r.gain).toBeCloseTo(1.6765, 3);
    expect(r.why).toContain('SiLU');
  });

  it('depthwise and transposed convolutions use their true fan-in', () => {
    const b = new GraphBuilder();
    const x = b.act(b.conv(b.input([8, 64, 16, 16]), 64, 1), 'relu');
    const depthwise = b.conv(x, 64, 3, { groups: 64 });
    const up = b.conv(b.act(depthwise, 'relu'), 32, 4, { transposed: true, stride: 2 });
    const model = modelOf(b, b.conv(b.act(up, 'relu'), 3, 1));
    expect(at(model, depthwise).std).toBeCloseTo(Math.sqrt(2 / 9), 10);
    expect(at(model, up).std).toBeCloseTo(Math.sqrt(2 / 256), 10);
  });

  it('unknown sizes are said in symbols', () => {
    const b = new GraphBuilder();
    const shape: Shape = ['hidden * 4', 'hidden'];
    const weight = b.parameters.length;
    b.parameters.push({
      name: 'w',
      shape: shape as unknown as number[],
      distribution: normal(0, 1) satisfies Distribution,
    });
    const x = b.act(b.linear(b.input([8, 16]), 16), 'relu');
    const y = b.node({ kind: 'linear', weight }, [x], [8, 'hidden * 4']);
    const out = b.node({ kind: 'opaque', name: 'f', reason: 'x' }, [y], [8, 1]);
    const r = at(modelOf(b, out), y);
    expect(r.symbolic).toBe('√(2/fan_in), fan_in = hidden');
    expect(r.std).toBeUndefined();
  });

  it('embeddings: free by themselves, small when tied to the output', () => {
    const b = new GraphBuilder();
    const table = b.parameter([1000, 64], normal(0, 1));
    const e = b.node({ kind: 'embedding', weight: table }, [b.input([8, 16], 1000)], [8, 16, 64]);
    const out = b.node({ kind: 'linear', weight: table }, [b.act(b.linear(e, 64), 'relu')], [8, 16, 1000]);
    expect(at(modelOf(b, out), e)).toMatchObject({ std: 0.02, satisfied: false });
    const c = new GraphBuilder();
    const free = c.node(
      { kind: 'embedding', weight: c.parameter([1000, 64], normal(0, 1)) },
      [c.input([8, 16], 1000)],
      [8, 16, 64],
    );
    expect(at(modelOf(c, c.linear(free, 10)), free).satisfied).toBe(true);
  });
});

describe('the report', () => {
  it('carries the model along and stays serialisable', () => {
    const b = new GraphBuilder();
    const y = b.torchLinear(b.act(b.torchLinear(b.input([8, 32]), 32), 'relu'), 4);
    const report = simulate(modelOf(b, y));
    expect(report).toMatchObject({ schema: 1, engine: 'moments', file: 'model.py', findings: [] });
    expect((JSON.parse(JSON.stringify(report)) as Report).layers).toHaveLength(3);
    expect(report.layers[0]?.backward?.variance).toBeGreaterThan(0);
  });
});
