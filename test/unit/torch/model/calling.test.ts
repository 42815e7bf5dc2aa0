import { describe, expect, it } from 'vitest';
import type { Model } from '../../../../src/core/model/index.js';
import { readFile } from '../../../../src/core/read/read-file.js';

function read(body: string, entry: string, input?: number[][]): Model {
  const text = `import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n${body}`;
  const { models } = readFile({ file: 'm.py', text, entry, input }, { read: () => null, roots: [] });
  return models[0]!;
}

const reasons = (m: Model): string[] => m.unknown.map((u) => u.reason);
const kinds = (m: Model): string[] => m.graph.nodes.map((n) => n.operation.kind);

const recurrent = (view: string): string => `
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Embedding(50, 12)
        self.rnn = nn.LSTM(12, 20, 2)
        self.decoder = nn.Linear(20, 50)

    def forward(self, input, hidden):
        output, hidden = self.rnn(${view}, hidden)
        return self.decoder(output), hidden

    def init_hidden(self, batch):
        return (torch.zeros(2, batch, 20), torch.zeros(2, batch, 20))
`;

describe('how a model is called', () => {
  it('gives it the hidden state that it makes itself', () => {
    const model = read(recurrent('self.encoder(input).view(1, input.size(0), -1)'), 'Net()');
    expect(reasons(model)).toEqual([]);
    expect(model.input).toEqual([[1]]);
    expect(model.layers.map((l) => l.name)).toEqual(['encoder', 'rnn', 'decoder']);
  });

  it('finds which axis of the input counts samples', () => {
    const model = read(recurrent('self.encoder(input)'), 'Net()');
    expect(reasons(model)).toEqual([]);
    expect(model.graph.values.find((v) => v.id === model.layers.at(-1)?.output)?.shape).toEqual([8, 16, 50]);
  });

  it('leaves a state alone that the caller gives', () => {
    const model = read(
      `
class Cell(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.GRUCell(6, 9)

    def init_hidden(self, batch):
        raise ValueError()

    def forward(self, x, hidden):
        return self.cell(x, hidden)
`,
      'Cell()',
      [
        [1, 6],
        [1, 9],
      ],
    );
    expect(reasons(model)).toEqual([]);
    expect(model.graph.inputs).toHaveLength(2);
  });

  it('takes the first method with tensors where there is no forward', () => {
    const model = read(
      `
class Agent(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(4, 16)
        self.critic = nn.Linear(16, 1)

    def load(self, path):
        raise ValueError()

    def _inner(self, x):
        raise ValueError()

    def get_value(self, x):
        return self.critic(F.relu(self.body(x)))
`,
      'Agent()',
    );
    expect(reasons(model)).toEqual([]);
    expect(model.layers.map((l) => l.name)).toEqual(['body', '/relu', 'critic']);
  });

  it('sets up caches and counts positions, and what is written at all places in turn replaces them', () => {
    const model = read(
      `
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(100, 8)
        self.mask = None

    def setup_caches(self, max_batch_size, max_seq_length):
        self.cache = torch.zeros(max_batch_size, max_seq_length, 8)
        self.mask = torch.tril(torch.ones(max_seq_length, max_seq_length, dtype=torch.bool))

    def forward(self, idx, input_pos=None):
        assert self.mask is not None
        k = self.cache
        k[:, input_pos] = self.embed(idx)
        return self.mask[input_pos].float() @ k
`,
      'Net()',
    );
    expect(reasons(model)).toEqual([]);
    expect(kinds(model)).toContain('matmul');
    expect(kinds(model)).not.toContain('opaque');
  });

  it('draws integers from the smallest table that they index', () => {
    const model = read(
      `
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.token = nn.Embedding(1000, 8)
        self.segment = nn.Embedding(2, 8)

    def forward(self, tokens, segments):
        return self.token(tokens) + self.segment(segments)
`,
      'Net()',
    );
    const ranges = model.graph.nodes.flatMap((n) => (n.operation.kind === 'input' ? [n.operation.range] : []));
    expect(ranges).toEqual([1000, 2]);
  });
});

describe('complex numbers', () => {
  it('are taken apart into what they were made of', () => {
    const model = read(
      `
class Net(nn.Module):
    def forward(self, x):
        z = torch.polar(torch.ones(4), torch.arange(4) * 0.5)
        return x * z.real + x * z.imag
`,
      'Net()',
      [[2, 4]],
    );
    expect(kinds(model)).not.toContain('opaque');
    const entries = model.graph.nodes.flatMap((n) =>
      n.operation.kind === 'constant' && n.operation.entries ? [n.operation.entries.map((v) => v.toFixed(3))] : [],
    );
    expect(entries).toContainEqual([0, 0.5, 1, 1.5].map((a) => Math.cos(a).toFixed(3)));
    expect(entries).toContainEqual([0, 0.5, 1, 1.5].map((a) => Math.sin(a).toFixed(3)));
  });
});

describe('discrete choices', () => {
  const quantizer = `
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(8, 8)
        self.codes = nn.Embedding(32, 8)
        self.outer = nn.Linear(8, 8)

    def forward(self, x):
        z = self.inner(x)
        places = torch.argmin(torch.sum(z**2, 1, keepdim=True) - 2 * z @ self.codes.weight.t(), dim=1)
        hot = torch.zeros(places.size(0), 32)
        hot.scatter_(1, places.unsqueeze(1), 1)
        q = hot @ self.codes.weight
        q = z + (q - z).detach()
        return self.outer(q)
`;

  it('become places, one-hot rows, and a gradient that goes straight through', () => {
    const model = read(quantizer, 'Net()', [[64, 8]]);
    expect(kinds(model)).toEqual(expect.arrayContaining(['place', 'oneHot', 'straightThrough']));
    expect(kinds(model)).not.toContain('opaque');
  });
});
