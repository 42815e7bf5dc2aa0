import { describe, expect, it } from 'vitest';
import { inspect, type Inspection } from '../../../src/core/inspect.js';

const model = `
import torch.nn as nn
class Net(nn.Module):
    def __init__(self, features, hidden, depth=1):
        super().__init__()
        self.first = nn.Linear(features, hidden)
        self.rest = nn.ModuleList(nn.Linear(hidden, hidden) for _ in range(depth))
    def forward(self, x):
        x = self.first(x)
        for f in self.rest:
            x = f(x)
        return x
`;

/** Inspects ws/model.py in a workspace that has these files too. */
function inspectWith(files: Readonly<Record<string, string>>, text = model): Inspection {
  return inspect(
    { file: 'ws/model.py', text },
    { read: (path) => files[path] ?? null, roots: ['ws'], users: () => Object.keys(files) },
  );
}

function summary({ reports }: Inspection): string[] {
  return reports.map((r) => {
    const at = r.entryAt === undefined ? '' : ` ${r.entryAt.file}:${String(r.entryAt.line)}`;
    return `${r.entry}${at} ${r.parameters.map((p) => p.shape.join('×')).join(' ')}`;
  });
}

describe('calls in other files', () => {
  it('give the arguments that the file itself does not', () => {
    const found = inspectWith({ 'ws/train.py': 'from model import Net\nHIDDEN = 64\nnet = Net(784, hidden=HIDDEN)\n' });
    expect(summary(found)).toEqual(['Net(784, hidden=HIDDEN) ws/train.py:3 64×784 64 64×64 64']);
    expect(found.unknown).toEqual([]);
  });

  it('are evaluated with what their function and its callers bind', () => {
    const train = `
import argparse
import torch_geometric
from settings import FEATURES
import model as m
def get_args():
    parser = argparse.ArgumentParser()
    parser.add_argument('--hidden', type=int, default=32)
    parser.add_argument('--data', required=True)
    return parser.parse_args()
def train(args, depth=2):
    loader = torch_geometric.loader(args.data)
    assert len(loader) > 1e9
    net = m.Net(FEATURES, args.hidden, depth)
    for x in loader:
        net(x)
if __name__ == '__main__':
    arguments = get_args()
    arguments.hidden *= 2
    train(arguments)
`;
    const found = inspectWith({ 'ws/train.py': train, 'ws/settings.py': 'FEATURES = 10' });
    expect(summary(found)).toEqual(['m.Net(FEATURES, args.hidden, depth) ws/train.py:14 64×10 64 64×64 64 64×64 64']);
    expect(found.unknown).toEqual([]);
  });

  it('follow aliases, keyword dictionaries, loops and methods', () => {
    const train = `
from model import Net as Model
class Trainer:
    def __init__(self, **options):
        config = dict(features=3)
        config['hidden'] = 5
        with open('x') as f:
            for depth in [3, 4]:
                self.net = Model(depth=depth, **config)
`;
    expect(summary(inspectWith({ 'ws/a/train.py': train }))).toEqual([
      'Model(depth=depth, **config) ws/a/train.py:9 5×3 5 5×5 5 5×5 5 5×5 5',
    ]);
  });

  it('know what the object they are made in is made with', () => {
    const train = `
from model import Net
class Trainer:
    def __init__(self, width, rate=0.1):
        self.net = Net(width, hidden=2 * width)
def main():
    return Trainer(12, rate=1)
`;
    expect(summary(inspectWith({ 'ws/train.py': train }))).toEqual([
      'Net(width, hidden=2 * width) ws/train.py:5 24×12 24 24×24 24',
    ]);
  });

  it('may be of a function that builds the model', () => {
    const text = `${model}
def build(args):
    return Net(args.features, args.hidden)
`;
    const found = inspectWith(
      {
        'ws/train.py':
          'from types import SimpleNamespace\nfrom model import build\nnet = build(SimpleNamespace(features=2, hidden=3))\n',
      },
      text,
    );
    expect(summary(found)).toEqual(['build(SimpleNamespace(features=2, hidden=3)) ws/train.py:3 3×2 3 3×3 3']);
  });

  it('count for the class of the file only', () => {
    const found = inspectWith({
      'ws/a.py': 'from other import Net\nnet = Net(1, 1)\n',
      'ws/b.py': 'class Net:\n    pass\nnet = Net(2, 2)\n',
      'ws/other.py': 'class Net: pass',
      'ws/c.py': 'from package_that_is_not_here.model import Net\nnet = Net(3, 4)\n',
    });
    expect(summary(found)).toEqual(['Net(3, 4) ws/c.py:2 4×3 4 4×4 4']);
  });

  it('with the fewest unknown arguments win; what stays unknown has its name there', () => {
    const found = inspectWith({
      'ws/a.py': 'import sys\nfrom model import Net\nnet = Net(int(sys.argv[1]), int(sys.argv[2]))\n',
      'ws/b.py': 'from model import Net\nfrom nowhere import width\nnet = Net(7, width)\n',
    });
    expect(summary(found)).toEqual(['Net(7, width) ws/b.py:3 width×7 width width×width width']);
  });

  it('are not looked for where the file says enough', () => {
    const found = inspect(
      { file: 'ws/model.py', text: `${model}\nnet = Net(1, 2)\n` },
      {
        read: () => null,
        roots: [],
        users: () => {
          throw new Error('asked');
        },
      },
    );
    expect(found.reports).toHaveLength(1);
  });

  it('are asked for by name where nobody has looked yet', () => {
    const found = inspect(
      { file: 'ws/model.py', text: model },
      { read: () => null, roots: [], users: () => undefined },
    );
    expect(found.seeks).toEqual(['Net']);
    expect(summary(found)).toEqual(['Net(features, hidden) hidden×features hidden hidden×hidden hidden']);
  });
});

describe('calls within the file', () => {
  it('are evaluated where they stand', () => {
    const found = inspectWith(
      {},
      `${model}
if __name__ == "__main__":
    size = 28 * 28
    net = Net(size, hidden=size // 4)
`,
    );
    expect(summary(found)[0]).toMatch(/^Net\(size, hidden=size \/\/ 4\) ws\/model\.py:16 196×784/);
  });

  it('that know nothing are no better than none', () => {
    const found = inspectWith(
      {},
      `${model}
def build(a, b):
    return Net(a, b)
`,
    );
    expect(summary(found)[0]).toMatch(/^Net\(features, hidden\) /);
  });
});
