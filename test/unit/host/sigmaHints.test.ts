import { describe, expect, it } from 'vitest';
import { inspect } from '../../../src/core/inspect.js';
import { sigmaHints } from '../../../src/host/sigmaHints.js';

const text = `import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.randn(64))
        self.body = nn.Sequential(*[nn.Linear(width, 64) for width in (64, 64, 64)])
        self.head = nn.Linear(64, 12)
        nn.init.normal_(self.head.weight, std=0.02)

    def forward(self, x):
        return self.head(self.body(x * self.scale))
`;

describe('hints with σ', () => {
  const inspection = inspect({ file: 'net.py', text, isAwaited: true }, { read: () => null, roots: [''] });
  const hints = new Map(sigmaHints(inspection).map(({ at, ...hint }) => [text.slice(at.start, at.end), hint]));

  it('stand once behind each layer, whichever of its parameters make it up, and behind each parameter of its own', () => {
    expect([...hints.keys()].sort()).toEqual([
      'nn.Linear(64, 12)',
      'nn.Linear(width, 64)',
      'nn.Parameter(torch.randn(64))',
    ]);
    expect(hints.get('nn.Linear(width, 64)')).toEqual({ label: 'σ 0.0722', tooltip: 'U(±0.125), PyTorch default' });
    expect(hints.get('nn.Linear(64, 12)')).toEqual({ label: 'σ 0.0200', tooltip: 'N(0, 0.02²), normal_' });
    expect(hints.get('nn.Parameter(torch.randn(64))')?.label).toBe('σ 1.00');
  });
});
