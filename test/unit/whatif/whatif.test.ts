import { describe, expect, it } from 'vitest';
import type { Model, Report } from '../../../src/core/model/index.js';
import { constant, normal } from '../../../src/core/initializers/index.js';
import { simulate } from '../../../src/core/propagation/simulate.js';
import { applyWhatIf } from '../../../src/core/whatif/index.js';
import { modelFrom } from '../../support/model.js';

const MLP = `
import torch.nn as nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(256, 512)
        self.act = nn.Tanh()
        self.norm = nn.LayerNorm(512)
        self.b = nn.Linear(512, 256)
        self.relu = nn.ReLU()
        self.head = nn.Linear(256, 10)
        nn.init.normal_(self.b.weight, std=0.5)
        nn.init.constant_(self.b.bias, 0.25)
    def forward(self, x):
        return self.head(self.relu(self.b(self.norm(self.act(self.a(x))))))
model = Net()
`;
const mlp = modelFrom(MLP, [[8, 256]]);

const variance = (report: Report, layer: string): number =>
  report.layers.find((l) => l.name === layer)?.forward?.variance ?? NaN;
const distribution = (model: Model, name: string) => model.parameters.find((p) => p.name === name)?.distribution;

describe('init', () => {
  it.each([
    [{ law: 'zeros' } as const, constant(0)],
    [{ law: 'constant', value: 0.1 } as const, constant(0.1)],
    [{ law: 'normal', std: 0.02 } as const, normal(0, 0.02)],
    [{ law: 'he_normal' } as const, normal(0, Math.sqrt(2 / 256))],
    [{ law: 'lecun_normal' } as const, normal(0, 1 / 16)],
    [{ law: 'glorot_normal', gain: 2 } as const, normal(0, 2 * Math.sqrt(2 / 768))],
  ])('%o', (law, want) => {
    const { model } = applyWhatIf(mlp, { init: [{ law }] });
    const got = distribution(model, 'a.weight');
    expect(got?.kind).toBe(want.kind);
    expect(got?.mean).toBeCloseTo(want.mean, 12);
    expect(got?.std).toBeCloseTo(want.std, 12);
    expect(distribution(model, 'norm.weight')).toEqual(distribution(mlp, 'norm.weight'));
  });

  it.each([
    ['uniform', { law: 'uniform', bound: 0.3 } as const, 0.3 / Math.sqrt(3)],
    ['he_uniform', { law: 'he_uniform' } as const, Math.sqrt(2 / 256)],
    ['lecun_uniform', { law: 'lecun_uniform' } as const, 1 / 16],
    ['glorot_uniform', { law: 'glorot_uniform' } as const, Math.sqrt(2 / 768)],
    ['orthogonal', { law: 'orthogonal' } as const, 1 / Math.sqrt(512)],
  ])('%s has the standard deviation of its definition', (_, law, std) => {
    const { model } = applyWhatIf(mlp, { init: [{ law }] });
    expect(distribution(model, 'a.weight')?.std).toBeCloseTo(std, 12);
  });

  it('names layers, the later change wins', () => {
    const { model, refused } = applyWhatIf(mlp, {
      init: [{ law: { law: 'zeros' } }, { law: { law: 'normal', std: 1 }, layers: ['a'], zeroBias: true }],
    });
    expect(refused).toEqual([]);
    expect(distribution(model, 'a.weight')).toEqual(normal(0, 1));
    expect(distribution(model, 'a.bias')).toEqual(constant(0));
    expect(distribution(model, 'b.weight')).toEqual(constant(0));
    expect(distribution(model, 'b.bias')).toEqual(constant(0.25));
  });

  it('knows what the framework would have drawn', () => {
    const { model } = applyWhatIf(mlp, { init: [{ law: { law: 'default' } }] });
    expect(distribution(model, 'b.weight')?.std).toBeCloseTo(1 / Math.sqrt(3 * 512), 12);
    expect(distribution(model, 'b.bias')?.std).toBeCloseTo(1 / Math.sqrt(3 * 512), 12);
  });

  it('recommended is what the report recommends', () => {
    const base = simulate(mlp);
    const report = simulate(mlp, { whatIf: { init: [{ law: { law: 'recommended' } }] } });
    for (const layer of base.layers)
      expect(variance(report, layer.name)).toBeCloseTo(layer.withRecommended?.forward?.variance ?? NaN, 12);
  });

  it('refuses layers that are not there', () => {
    const { model, refused } = applyWhatIf(mlp, { init: [{ law: { law: 'zeros' }, layers: ['c'] }] });
    expect(model).toBe(mlp);
    expect(refused).toEqual([{ part: 'init', reason: 'there is no layer c' }]);
  });
});

describe('activation', () => {
  it('replaces hidden ones, and their name', () => {
    const report = simulate(mlp, {
      whatIf: { activation: { to: 'gelu' }, init: [{ law: { law: 'lecun_normal' }, zeroBias: true }] },
    });
    expect(report.layers.filter((l) => l.type === 'GELU')).toHaveLength(2);
    // E[gelu(z)²] − E[gelu(z)]² at z ~ N(0,1), less what the mean of 8·512 entries takes.
    expect(variance(report, 'act')).toBeCloseTo(0.42522148257 - 1 / (4 * Math.PI), 3);
  });

  it('only those of a name', () => {
    const { model } = applyWhatIf(mlp, { activation: { to: 'leaky_relu', constants: { slope: 0.2 }, from: ['tanh'] } });
    expect(model.layers.map((l) => l.type)).toEqual(['Linear', 'LeakyReLU', 'LayerNorm', 'Linear', 'ReLU', 'Linear']);
  });

  it.each(['relu', 'silu', 'tanh', 'sigmoid', 'selu', 'gelu_tanh', 'mish', 'hardswish'])('%s', (to) => {
    expect(applyWhatIf(mlp, { activation: { to } }).refused).toEqual([]);
  });

  it('leaves gates and outputs', () => {
    const gated = modelFrom(
      `
import torch, torch.nn as nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.g, self.o = nn.Linear(16, 16), nn.Linear(16, 16), nn.Linear(16, 1)
    def forward(self, x):
        return torch.sigmoid(self.o(torch.relu(self.a(x)) + self.a(x) * torch.sigmoid(self.g(x))))
model = Net()
`,
      [[8, 16]],
    );
    const { model, notes } = applyWhatIf(gated, { activation: { to: 'tanh' } });
    const names = model.graph.nodes.flatMap(({ operation }) =>
      operation.kind === 'activation' ? [operation.name] : [],
    );
    expect(names).toEqual(['tanh', 'sigmoid', 'sigmoid']);
    expect(notes).toHaveLength(1);
  });

  it('refuses what it does not know', () => {
    expect(applyWhatIf(mlp, { activation: { to: 'swooosh' } }).refused).toEqual([
      { part: 'activation', reason: "no activation is called 'swooosh'" },
    ]);
  });
});

describe('normalization off', () => {
  it('hands the signal through', () => {
    const report = simulate(mlp, { whatIf: { normalization: 'off' } });
    expect(variance(report, 'norm')).toBeCloseTo(variance(report, 'act'), 12);
    expect(variance(simulate(mlp), 'norm')).toBeCloseTo(1, 3);
  });
  it('is refused where there is none', () => {
    const bare = applyWhatIf(mlp, { normalization: 'off' }).model;
    expect(applyWhatIf(bare, { normalization: 'off' }).refused).toEqual([
      { part: 'normalization', reason: 'it has no normalization layer' },
    ]);
  });
});

describe('inputs', () => {
  const law = { law: 'lecun_normal' } as const;
  const linear = { init: [{ law, zeroBias: true }] };
  it('scaled', () => {
    expect(variance(simulate(mlp, { whatIf: { ...linear, inputScale: 3 } }), 'a') / 9).toBeCloseTo(1, 3);
  });
  it.each(['moments', 'dense'] as const)('one-hot, %s', (engine) => {
    // One weight of each row: E[y²] = Var(w) = 1/256.
    const report = simulate(mlp, {
      engine,
      seeds: 8,
      inputs: [{ oneHot: true }],
      whatIf: { ...linear, inputScale: 2 },
    });
    expect(variance(report, 'a') * 64).toBeCloseTo(1, engine === 'moments' ? 3 : 1);
  });
  it('with a mean', () => {
    const report = simulate(mlp, { inputs: [{ mean: 2, variance: 1 }], whatIf: linear });
    // E[y²] = 4 + 1; what samples share is no variance over one unit, but it is over units.
    expect(variance(report, 'a')).toBeCloseTo(5, 1);
  });
  it('tokens have no scale', () => {
    const tokens = modelFrom(
      'import torch.nn as nn\nmodel = nn.Sequential(nn.Embedding(100, 16), nn.Linear(16, 4))\n',
      [[2, 5]],
    );
    const report = simulate(tokens, { inputs: [{ tokens: 7 }], whatIf: { inputScale: 2 } });
    expect(report.whatIf?.refused).toEqual([
      { part: 'inputScale', reason: 'its inputs are tokens, which have no scale' },
    ]);
  });
});
