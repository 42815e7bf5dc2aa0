import { describe, expect, it } from 'vitest';
import { inspect } from '../../../src/core/inspect.js';

const inspected = (body: string) => {
  const text = `import torch\nfrom torch import nn\n${body}`;
  const workspace = { read: () => null, roots: ['/w'] };
  const [report] = inspect({ file: '/w/m.py', text, isAwaited: true }, workspace).reports;
  if (report === undefined) throw new Error('no report');
  return report;
};

const residual = inspected(`
class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(16, 16)
        self.b = nn.Linear(16, 16)
    def forward(self, x):
        return x + self.b(torch.tanh(self.a(x)))

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Linear(8, 16)
        self.blocks = nn.Sequential(Block(), Block())
        self.head = nn.Linear(16, 4)
    def forward(self, x):
        return self.head(self.blocks(self.stem(x)))
`);

describe('how layers hang together', () => {
  it('tells residual branches from the stream', () => {
    const places = Object.fromEntries(residual.layers.map((l) => [l.name, l.residual]));
    expect(places).toMatchObject({
      'blocks.0.a': 'branch',
      'blocks.0/tanh': 'branch',
      'blocks.0.b': 'branch',
      'blocks.0/add': 'stream',
      'blocks.1.b': 'branch',
      'blocks.1/add': 'stream',
    });
    expect(places['stem']).toBeUndefined();
    expect(places['head']).toBeUndefined();
  });

  it('names the layers that feed a layer', () => {
    const names = (name: string) =>
      residual.layers.find((l) => l.name === name)?.fedBy?.map((i) => residual.layers[i]?.name);
    expect(names('blocks.0/tanh')).toEqual(['blocks.0.a']);
    expect(new Set(names('blocks.0/add'))).toEqual(new Set(['stem', 'blocks.0.b']));
    expect(names('stem')).toBeUndefined();
  });

  it('gives the graph of an activation once, with where it saturates', () => {
    const tanh = residual.layers.filter((l) => l.type.toLowerCase() === 'tanh');
    expect(tanh.map((l) => l.curve)).toEqual([0, 0]);
    const [curve] = residual.curves ?? [];
    expect(residual.curves).toHaveLength(1);
    expect(curve?.name).toBe('tanh');
    for (const [z, value] of curve?.points ?? []) expect(value).toBeCloseTo(Math.tanh(z), 12);
    expect(curve?.saturated).toHaveLength(2);
  });

  it('names the range of integer inputs', () => {
    const tokens = inspected(`
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(100, 16)
        self.head = nn.Linear(16, 4)
    def forward(self, x):
        return self.head(self.embed(x))
`);
    expect(tokens.inputRanges).toEqual([100]);
    expect(residual.inputRanges).toBeUndefined();
  });
});
