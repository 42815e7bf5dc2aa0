import { describe, expect, it } from 'vitest';
import { simulate } from '../../../src/core/propagation/simulate.js';
import { modelFrom } from '../../support/model.js';

const HEAD = `
import torch
import torch.nn as nn

def mlp(i, h, o):
    return nn.Sequential(nn.Linear(i, h), nn.ReLU(), nn.Linear(h, o))

class Net(nn.Module):
    def __init__(self):
        super().__init__()
`;

interface Case {
  readonly name: string;
  readonly init: readonly string[];
  readonly forward: readonly string[];
  /** By layer: the gradient's variance in PyTorch 2.13, mean of 40 draws with 64 samples; null where `grad` is None. */
  readonly torch: Readonly<Record<string, number | null>>;
}

const CASES: readonly Case[] = [
  {
    name: 'a momentum encoder',
    init: [
      'self.q, self.k = mlp(256, 512, 128), mlp(256, 512, 128)',
      'for a, b in zip(self.q.parameters(), self.k.parameters()):',
      '    b.data.copy_(a.data)',
      '    b.requires_grad = False',
    ],
    forward: ['q = self.q(x)', 'with torch.no_grad():', '    k = self.k(x.flip(0))', 'return q * k, q'],
    torch: { 'q.0': 0.002344, 'q.2': 0.05624, 'k.0': null, 'k.2': null },
  },
  {
    name: 'a detach in the middle, and two at one value',
    init: [
      'self.a, self.b = nn.Linear(256, 512), nn.Linear(512, 512)',
      'self.c, self.d = nn.Linear(512, 512), nn.Linear(512, 256)',
    ],
    forward: [
      'h = torch.tanh(self.a(x))',
      'w = self.c(torch.tanh(self.b(h.detach())) + h)',
      'return self.d(w * torch.sigmoid(w.detach()) + w.data)',
    ],
    torch: { a: 0.009476, b: 0.01256, c: 0.04253, d: 1 },
  },
  {
    name: 'frozen weights, which hand the gradient on',
    init: [
      'self.a, self.f, self.b = nn.Linear(256, 512), nn.Linear(512, 512), nn.Linear(512, 256)',
      'for p in self.f.parameters(): p.requires_grad = False',
    ],
    forward: ['return self.b(torch.relu(self.f(torch.relu(self.a(x)))))'],
    torch: { a: 0.01399, f: 0.08381, b: 1 },
  },
  {
    name: 'a residual stream around a stopped branch',
    init: ['self.a, self.b, self.c, self.d = (nn.Linear(256, 256) for _ in range(4))', 'self.n = nn.LayerNorm(256)'],
    forward: [
      'h = self.a(x)',
      'h = h + self.b(torch.relu(self.n(h)).detach())',
      'h = h + self.c(torch.relu(h))',
      'with torch.no_grad():',
      '    g = self.d(h)',
      'return torch.cat([h, g], 1) + torch.cat([g, h], 1)',
    ],
    torch: { a: 2.333, n: null, b: 2.333, c: 1.999, d: null },
  },
];

const indented = (lines: readonly string[]): string => lines.map((line) => `        ${line}\n`).join('');

describe.each(CASES)('$name', ({ init, forward, torch }) => {
  const text = `${HEAD}${indented(init)}\n    def forward(self, x):\n${indented(forward)}\nmodel = Net()\n`;
  const model = modelFrom(text, [[64, 256]]);

  it.each(['moments', 'dense'] as const)('has the gradients of PyTorch, by %s', (engine) => {
    const { layers } = simulate(model, { engine, seeds: 4 });
    for (const [name, expected] of Object.entries(torch)) {
      const layer = layers.find((l) => l.name === name)!;
      if (expected === null) {
        expect(layer.backward).toBeUndefined();
        expect(layer.unknown).toMatch(/^no gradient arrives: /);
        expect(layer.forward).toBeDefined();
      } else {
        expect(layer.backward!.variance / expected).toBeGreaterThan(0.9);
        expect(layer.backward!.variance / expected).toBeLessThan(1.1);
      }
    }
  });
});
