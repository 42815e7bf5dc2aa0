import { describe, expect, it } from 'vitest';
import type { Model } from '../../../src/core/model/index.js';
import { simulate } from '../../../src/core/propagation/simulate.js';
import { withWidth } from '../../../src/core/whatif/index.js';
import { modelFrom } from '../../support/model.js';

const HEAD = 'import torch, torch.nn as nn, torch.nn.functional as F\n';

/** Sources whose hidden sizes are all multiples of `w`. */
const SOURCES: Readonly<Record<string, readonly [(w: number) => string, readonly number[]]>> = {
  perceptron: [
    (w) =>
      `model = nn.Sequential(nn.Linear(20, ${4 * w}), nn.ReLU(), nn.Linear(${4 * w}, ${2 * w}), nn.PReLU(), nn.Linear(${2 * w}, 3))`,
    [8, 20],
  ],
  'set by initializers': [
    (w) => `
model = nn.Sequential(nn.Linear(20, ${4 * w}), nn.Tanh(), nn.Linear(${4 * w}, ${2 * w}), nn.Tanh(), nn.Linear(${2 * w}, ${4 * w}), nn.Linear(${4 * w}, 3))
nn.init.kaiming_normal_(model[0].weight, mode='fan_out')
nn.init.xavier_uniform_(model[2].weight)
nn.init.orthogonal_(model[4].weight)
nn.init.normal_(model[5].weight, std=0.02)`,
    [8, 20],
  ],
  convolutions: [
    (w) => `
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, ${w}, 3, padding=1)
        self.norm = nn.BatchNorm2d(${w})
        self.deep = nn.Conv2d(${w}, ${w}, 3, padding=1, groups=${w})
        self.grouped = nn.Conv2d(${w}, ${2 * w}, 3, padding=1, groups=${w / 4})
        self.point = nn.Conv2d(${2 * w}, ${w}, 1, bias=False)
        self.head = nn.Linear(${w} * 16, 10)
    def forward(self, x):
        x = F.relu(self.norm(self.stem(x)))
        x = x + self.point(self.grouped(self.deep(x)))
        a, b = torch.cat([x, x], 1).chunk(2, 1)
        return self.head(F.max_pool2d(a * b, 2).flatten(1))
model = Net()`,
    [4, 3, 8, 8],
  ],
  attention: [
    (w) => `
class Block(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.norm, self.heads = nn.LayerNorm(d), heads
        self.qkv, self.out = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.up, self.down = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)
    def forward(self, x):
        B, T, C = x.shape
        q, k, v = self.qkv(self.norm(x)).chunk(3, dim=-1)
        q, k, v = (t.view(B, T, self.heads, C // self.heads).transpose(1, 2) for t in (q, k, v))
        a = ((q @ k.transpose(-2, -1)) * 8 ** -0.5).softmax(-1)
        x = x + self.out((a @ v).transpose(1, 2).reshape(B, T, C))
        return x + self.down(F.gelu(self.up(x)))
class Net(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.embed = nn.Embedding(40, d)
        self.place = nn.Parameter(torch.zeros(1, 6, d).normal_(std=0.02))
        self.block = Block(d, d // 8)
        self.head = nn.Linear(d, 40)
    def forward(self, i):
        return self.head(self.block(self.embed(i) + self.place)[:, -1])
model = Net(${4 * w})`,
    [4, 6],
  ],
  recurrent: [
    (w) => `
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(5, ${w}, num_layers=2, bidirectional=True, batch_first=True)
        self.head = nn.Linear(${2 * w}, 2)
    def forward(self, x):
        y, _ = self.rnn(x)
        return self.head(y[:, -1])
model = Net()`,
    [4, 6, 5],
  ],
};

const moments = (model: Model) =>
  simulate(model).layers.map((l) => ({
    name: l.name,
    shape: l.outputShape,
    forward: l.forward?.variance.toPrecision(9),
    backward: l.backward?.variance.toPrecision(9),
  }));

describe('width', () => {
  it.each(Object.keys(SOURCES))('%s: what the source gives for that width', (name) => {
    const [source, input] = SOURCES[name]!;
    const [base, wide] = [8, 16].map((w) => modelFrom(HEAD + source(w), [input]));
    const altered = withWidth(base!, 2);
    if ('refused' in altered) throw new Error(altered.refused);
    const describe = (m: Model) =>
      m.parameters.map((p) => [p.name, p.shape, p.distribution.kind, p.distribution.std?.toPrecision(9)]);
    expect(describe(altered.model)).toEqual(describe(wide!));
    expect(moments(altered.model)).toEqual(moments(wide!));
    const dense = simulate(altered.model, { engine: 'dense', seeds: 1 });
    expect(dense.engine).toBe('dense');
    expect(dense.layers.at(-1)?.forward?.variance).toBeGreaterThan(0);
  });

  it('refuses sizes that are no whole numbers, and models without a hidden size', () => {
    const [source, input] = SOURCES['perceptron']!;
    expect(withWidth(modelFrom(HEAD + source(8), [input]), 1.3)).toEqual({
      refused: '1.3 times 32, 16 is no whole number',
    });
    const flat = modelFrom(`${HEAD}model = nn.Linear(4, 2)\n`, [[2, 4]]);
    expect(withWidth(flat, 2)).toHaveProperty('refused', expect.stringMatching(/tied to/));
  });
});
