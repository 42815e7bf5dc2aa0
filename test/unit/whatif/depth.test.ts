import { describe, expect, it } from 'vitest';
import type { Model } from '../../../src/core/model/index.js';
import { simulate } from '../../../src/core/propagation/simulate.js';
import { withDepth } from '../../../src/core/whatif/index.js';
import { modelFrom } from '../../support/model.js';

const plain = (depth: number): Model =>
  modelFrom(
    `
import torch.nn as nn
model = nn.Sequential(nn.Linear(20, 64), nn.Tanh(), *[m for _ in range(${depth}) for m in (nn.Linear(64, 64), nn.Tanh())], nn.Linear(64, 3))
`,
    [[8, 20]],
  );

const residual = (depth: number): Model =>
  modelFrom(
    `
import torch.nn as nn
class Block(nn.Module):
    def __init__(self, d, drop):
        super().__init__()
        self.norm, self.up, self.down, self.drop = nn.LayerNorm(d), nn.Linear(d, 4 * d), nn.Linear(4 * d, d), nn.Dropout(drop)
    def forward(self, x, scale):
        return x + self.drop(self.down(self.up(self.norm(x)).relu())) * scale
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(50, 32)
        self.scale = nn.Parameter(nn.init.constant_(self.embed.weight.new_empty(1), 0.5))
        self.blocks = nn.ModuleList([Block(32, 0.0) for i in range(${depth})])
        self.norms = nn.ModuleList([nn.LayerNorm(32) for i in range(${depth})])
        self.head = nn.Linear(32, 50)
    def forward(self, i):
        x = self.embed(i)
        for block, norm in zip(self.blocks, self.norms):
            x = norm(block(x, self.scale))
        return self.head(x)
model = Net()
`,
    [[4, 6]],
  );

/** Moments by layer, whatever the layers are called. */
const moments = (model: Model) =>
  simulate(model).layers.map((l) => [l.type, l.forward?.variance, l.backward?.variance, l.parameters.length]);

function altered(model: Model, factor: number): Model {
  const result = withDepth(model, factor);
  if ('refused' in result) throw new Error(result.refused);
  return result.model;
}

describe('depth', () => {
  it('keeps blocks without gradients apart from those with', () => {
    const model = modelFrom(
      `
import torch
import torch.nn as nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList([nn.Sequential(nn.Linear(64, 64), nn.Tanh()) for _ in range(4)])
    def forward(self, x):
        with torch.no_grad():
            for block in self.blocks[:2]: x = block(x)
        for block in self.blocks[2:]: x = block(x)
        return x
model = Net()
`,
      [[8, 64]],
    );
    const isTrained = (m: Model): boolean[] =>
      simulate(m)
        .layers.filter((l) => l.type === 'Linear')
        .map((l) => l.backward !== undefined);
    expect(isTrained(model)).toEqual([false, false, true, true]);
    expect(isTrained(altered(model, 2))).toEqual([false, false, false, false, true, true, true, true]);
  });

  it.each([
    ['Sequential', plain],
    ['ModuleList', residual],
  ])('a %s twice and half as deep is what the source gives for that depth', (_, build) => {
    const [base, twice, half] = [build(4), build(8), build(2)];
    expect(moments(altered(base, 2))).toEqual(moments(twice));
    expect(moments(altered(base, 0.5))).toEqual(moments(half));
    expect(altered(base, 2).parameters).toHaveLength(twice.parameters.length);
    expect(altered(base, 0.5).parameters).toHaveLength(half.parameters.length);
    expect(altered(base, 0.5).modules).toHaveLength(half.modules.length);
  });

  it('draws each copy by itself', () => {
    const report = simulate(altered(residual(3), 2), { engine: 'dense', seeds: 2 });
    expect(report.engine).toBe('dense');
    const names = report.parameters.map((p) => p.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('blocks.2+1.up.weight');
    expect(report.layers.at(-1)?.forward?.variance).toBeGreaterThan(0);
  });

  it('refuses where nothing is repeated, or what blocks give is used elsewhere too', () => {
    const lone = modelFrom(
      'import torch.nn as nn\nmodel = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))\n',
      [[2, 4]],
    );
    expect(withDepth(lone, 2)).toEqual({ refused: 'it has no equal blocks that follow each other' });
    const all = modelFrom(
      `
import torch, torch.nn as nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(8, 8) for _ in range(4)])
    def forward(self, x):
        kept = []
        for layer in self.layers:
            x = layer(x)
            kept.append(x)
        return torch.cat(kept, 1)
model = Net()
`,
      [[2, 8]],
    );
    expect(withDepth(all, 2)).toHaveProperty('refused');
    expect(withDepth(plain(4), 1.01)).toHaveProperty('refused');
  });
});
