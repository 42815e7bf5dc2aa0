import { describe, expect, it } from 'vitest';
import { simulate } from '../../../src/core/propagation/simulate.js';
import { readFile } from '../../../src/core/read/read-file.js';

/** A vector quantizer: each row is replaced by a code, and gradients go to the row. */
const text = `
import torch
import torch.nn as nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(64, 64)
        self.codes = nn.Embedding(128, 64)
        nn.init.normal_(self.codes.weight, 0, 0.1)
        self.outer = nn.Linear(64, 64)

    def forward(self, x):
        z = self.inner(x)
        places = torch.argmin(torch.sum(z**2, 1, keepdim=True) - 2 * z @ self.codes.weight.t(), dim=1)
        hot = torch.zeros(places.size(0), 128)
        hot.scatter_(1, places.unsqueeze(1), 1)
        q = hot @ self.codes.weight
        return self.outer(z + (q - z).detach())
`;

describe('a vector quantizer', () => {
  const { models } = readFile({ file: 'm.py', text, input: [[256, 64]] }, { read: () => null, roots: [] });

  for (const engine of ['moments', 'dense', 'sampler'] as const)
    it(`gives on the codes' variance, and gradients straight through (${engine})`, () => {
      const { layers } = simulate(models[0]!, { engine, seeds: 4 });
      const of = (name: string) => layers.find((l) => l.name === name)!;
      // Var(outer) = 64·E[q²]/(3·64) + 1/(3·64), E[q²] = 0.01: codes that are picked are a little longer than others.
      const expected = 0.01 / 3 + 1 / 192;
      expect(of('outer').forward!.variance / expected).toBeGreaterThan(0.9);
      expect(of('outer').forward!.variance / expected).toBeLessThan(1.3);
      // 64 entries of N(0,1), each over weights of variance 1/192.
      expect(of('inner').backward!.variance * 3).toBeGreaterThan(0.9);
      expect(of('inner').backward!.variance * 3).toBeLessThan(1.1);
    });
});
