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

  it('1.5335 after GELU, seen through dropout; one such layer is no stack', () => {
    const r = at(model, third);
    expect(r).toMatchObject({ init: 'scaled_normal', gain: expect.closeTo(1.53353, 5) as number });
    expect(r.why).not.toContain('no init');
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

describe('sums', () => {
  it('parallel branches share the variance, whatever they are fed by', () => {
    const b = new GraphBuilder();
    const x = b.act(b.linear(b.input([8, 64]), 64), 'relu');
    const left = b.linear(x, 32);
    const right = b.linear(x, 32);
    const sum = b.add(left, right);
    const model = modelOf(b, b.linear(b.act(sum, 'tanh'), 10));
    for (const v of [left, right]) {
      expect(at(model, v).std).toBeCloseTo(Math.sqrt(2 / 64 / 2), 10);
      expect(at(model, v).branches).toBeUndefined();
      expect(at(model, v).why).toContain('divided by √2');
    }
    const better = simulate(applyRecommendations(model, recommend(survey(model))));
    const variance = better.layers.find((l) => l.name === `v${sum}`)?.forward?.variance ?? 0;
    expect(variance).toBeGreaterThan(0.5);
    expect(variance).toBeLessThan(2);
  });

  it('a longer path beside a projection is a residual branch', () => {
    const b = new GraphBuilder();
    const x = b.linear(b.input([8, 64]), 64);
    const end = b.linear(b.act(b.linear(x, 64), 'relu'), 32);
    const model = modelOf(b, b.linear(b.act(b.add(end, b.linear(x, 32)), 'relu'), 10));
    expect(at(model, end).branches).toBe(1);
  });

  it('each stream counts its own branches', () => {
    const b = new GraphBuilder();
    const ends: number[] = [];
    const stream = (start: number, blocks: number): number => {
      let x = start;
      for (let l = 0; l < blocks; l++) {
        ends.push(b.linear(b.act(b.linear(x, 64), 'relu'), 64));
        x = b.add(x, ends.at(-1)!);
      }
      return x;
    };
    const one = stream(b.input([8, 64]), 3);
    const other = stream(b.input([8, 64]), 5);
    const joined = b.node({ kind: 'concatenate', axis: 1, stacked: false }, [one, other], [8, 128]);
    const model = modelOf(b, b.linear(joined, 10));
    expect(ends.map((v) => at(model, v).branches)).toEqual([3, 3, 3, 5, 5, 5, 5, 5]);
  });

  it('post-norm sums do not add up over blocks', () => {
    const b = new GraphBuilder();
    let x = b.linear(b.input([8, 64]), 64);
    const ends: number[] = [];
    for (let l = 0; l < 4; l++) {
      ends.push(b.linear(b.act(b.linear(x, 64), 'relu'), 64));
      x = b.norm(b.add(x, ends.at(-1)!), 'layer');
    }
    const r = at(modelOf(b, b.linear(x, 10)), ends[2]!);
    expect(r.std).toBeCloseTo(Math.sqrt(2 / 64), 10);
    expect(r.why).toContain('post-norm');
  });
});

describe('sines', () => {
  const b = new GraphBuilder();
  const sine = (z: number): number =>
    b.act(b.node({ kind: 'affine', factor: 30, offset: 0 }, [z], b.shape(z)), 'sin', { omega: 1 });
  const first = b.linear(b.input([8, 2]), 256);
  const hidden = b.linear(sine(first), 256);
  const model = modelOf(b, b.linear(sine(hidden), 1));

  it("SIREN's first layer, U(±1/n)", () => {
    expect(at(model, first)).toMatchObject({
      init: 'siren_uniform',
      std: expect.closeTo(0.5 / Math.sqrt(3), 10) as number,
    });
  });

  it("SIREN's hidden layers, U(±√(6/n)/ω)", () => {
    const r = at(model, hidden);
    expect(r.std).toBeCloseTo(Math.sqrt(6 / 256) / 30 / Math.sqrt(3), 10);
    expect(r.why).toContain('U(±√(6/256)/30)');
  });
});

describe('weights used in other ways', () => {
  it('einsum and matmul with a parameter sum the axes that vanish', () => {
    const b = new GraphBuilder();
    const x = b.act(b.linear(b.input([8, 16, 64]), 64), 'relu');
    const p = b.node({ kind: 'parameter', parameter: b.parameter([4, 64, 24], normal(0, 1)) }, [], [4, 64, 24]);
    const y = b.node({ kind: 'einsum', equation: 'bnd,hde->bhne' }, [x, p], [8, 4, 16, 24]);
    const q = b.node({ kind: 'parameter', parameter: b.parameter([4, 24, 10], normal(0, 1)) }, [], [4, 24, 10]);
    const z = b.node({ kind: 'matmul' }, [b.act(y, 'tanh'), q], [8, 4, 16, 10]);
    const model = modelOf(b, b.act(z, 'softplus'));
    expect(at(model, y).std).toBeCloseTo(Math.sqrt(2 / 64), 10);
    expect(at(model, z).std).toBeCloseTo(1.592537 / Math.sqrt(24), 5);
  });

  it('one recommendation for weights that are used several times', () => {
    const b = new GraphBuilder();
    const weight = b.parameter([64, 64], normal(0, 1 / 8));
    const again = (x: number): number => b.node({ kind: 'linear', weight }, [x], [8, 64]);
    const first = again(b.input([8, 64]));
    const second = again(b.act(first, 'tanh'));
    const third = again(b.act(second, 'tanh'));
    const model = modelOf(b, b.linear(b.act(third, 'tanh'), 10));
    expect(at(model, first)).toEqual(at(model, third));
    expect(at(model, first).gain).toBeCloseTo(1.592537, 5);
    expect(at(model, first).why).toContain('used 3 times: this holds for 2 of them');
  });
});

describe('stacks', () => {
  const stack = (name: string, layers: number): Recommendation => {
    const b = new GraphBuilder();
    let x = b.linear(b.input([8, 64]), 64);
    for (let l = 0; l < layers; l++) x = b.linear(b.act(x, name), 64);
    const middle = x;
    return at(modelOf(b, b.linear(b.act(x, 'relu'), 10)), middle);
  };

  it('say that no init holds GELU, where it is deep: 1.144^L', () => {
    expect(stack('gelu', 12).why).toContain('12 layers after GELU by 5.0');
    expect(stack('gelu', 4).why).not.toContain('no init');
  });

  it('neutral and attracting ones are held', () => {
    for (const name of ['relu', 'tanh', 'selu']) expect(stack(name, 30).why).not.toContain('no init');
  });
});

describe("He's 2 on a first layer", () => {
  const first = (next: string): Recommendation => {
    const b = new GraphBuilder();
    const y = b.linear(b.input([8, 64]), 64, 2);
    return at(modelOf(b, b.linear(b.act(y, next), 10)), y);
  };

  it('is fine where rectifiers hand it on', () => {
    expect(first('relu')).toMatchObject({ satisfied: true, init: 'lecun_normal' });
    expect(first('relu').why).toContain("Nothing rectifies this layer's input, so nothing halves it");
  });

  it('elsewhere it is not what keeps the variance', () => {
    expect(first('gelu').satisfied).toBe(false);
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
