import { describe, expect, it } from 'vitest';
import { inspect } from '../../../src/core/inspect.js';

/** What stands where the weights of the layers in an expression are declared, and their initializations called. */
function placesIn(layers: string): (string | undefined)[] {
  const text = `from torch import nn

def normal(layer):
    nn.init.normal_(layer.weight)
    return layer

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = ${layers}

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x
`;
  const { reports } = inspect({ file: 'net.py', text, isAwaited: true }, { read: () => null, roots: [''] });
  return (reports[0]?.modules ?? []).map(({ declaredAt: at }) => at && text.slice(at.start, at.end));
}

describe('the place of a layer', () => {
  it.each([
    'nn.ModuleList([nn.Linear(8, 8) for _ in range(2)])',
    'nn.ModuleList(nn.Linear(8, 8) for _ in range(2))',
    'nn.Sequential(*(nn.Linear(8, 8) for _ in range(2)))',
    'nn.ModuleList(map(lambda i: nn.Linear(8, 8), range(2)))',
    'nn.ModuleList(normal(nn.Linear(8, 8)) for _ in range(2))',
  ])('is where it is made: %s', (layers) => {
    expect(placesIn(layers)).toEqual(['nn.Linear(8, 8)', 'nn.Linear(8, 8)']);
  });
});
