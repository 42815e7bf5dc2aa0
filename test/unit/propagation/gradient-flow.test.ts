import { describe, expect, it } from 'vitest';
import type { LayerReport, Model } from '../../../src/core/model/index.js';
import { gradientEnds } from '../../../src/core/propagation/gradient-flow.js';
import { lossOutput } from '../../../src/core/propagation/loss.js';
import { simulate } from '../../../src/core/propagation/simulate.js';
import { readFile } from '../../../src/core/read/read-file.js';

const layers = ['a', 'b', 'c', 'd', 'e'];

function read(...lines: string[]): Model {
  const text = `
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.distributions import Normal

class Net(nn.Module):
    def __init__(self):
        super().__init__()
${layers.map((name) => `        self.${name} = nn.Linear(256, 256)\n`).join('')}
    def forward(self, x):
${lines.map((line) => `        ${line}\n`).join('')}`;
  return readFile({ file: 'm.py', text, input: [[8, 256]] }, { read: () => null, roots: [] }).models[0]!;
}

const named = (report: { readonly layers: readonly LayerReport[] }): Map<string, LayerReport> =>
  new Map(report.layers.map((l) => [l.name, l]));

/** E[W²]·fan-in of PyTorch's default. */
const BACK = 1 / 3;

describe('a gradient that is stopped', () => {
  it.each([
    [
      'at a detached branch',
      ['h = self.a(x)', 'return self.d(self.b(h) + self.c(h.detach()))'],
      { a: BACK ** 2, b: BACK, c: BACK, d: 1 },
    ],
    [
      'behind a gate',
      ['h = self.a(x)', 'return self.b(h * torch.sigmoid(self.c(h)).detach())'],
      // E[σ(z)²] with Var z = (E[h²] + 1/256)/3.
      { a: 0.25 * BACK * 1.03, b: 1 },
    ],
    [
      'at a function of what it scales',
      ['h = self.a(x)', 'return self.b(h * (h * 0 + 2).detach())'],
      { a: 4 * BACK, b: 1 },
    ],
    [
      'in a block without gradients',
      ['h = self.a(x)', 'with torch.no_grad():', '    y = self.c(self.b(h))', 'return self.d(F.relu(h + y))'],
      { a: BACK / 2, d: 1 },
    ],
    ['at a sample', ['y = Normal(self.a(x), 1.0).sample()', 'return y, self.c(self.b(y))'], { b: BACK, c: 1 }],
    ['nowhere by reparameterization', ['return self.b(Normal(self.a(x), 1.0).rsample())'], { a: BACK, b: 1 }],
    ['on one of two ways', ['h = self.a(x)', 'y = self.b(h)', 'return y - h.detach() + h'], { a: 1 + BACK, b: 1 }],
  ])('%s, by all engines alike', (_, lines, expected) => {
    const model = read(...lines);
    for (const engine of ['moments', 'dense', 'sampler', 'auto'] as const) {
      const report = named(simulate(model, { engine, seeds: 6 }));
      for (const name of layers) {
        const layer = report.get(name);
        if (layer === undefined) continue;
        const variance = (expected as Record<string, number>)[name];
        if (variance === undefined) {
          expect(layer.backward, `${engine} ${name}`).toBeUndefined();
          expect(layer.unknown).toMatch(/^no gradient arrives: (detach|no_grad|sample) stops it$/);
          expect(layer.gradientStop?.file).toBe('m.py');
        } else {
          expect(layer.backward!.variance / variance, `${engine} ${name}`).toBeGreaterThan(0.85);
          expect(layer.backward!.variance / variance, `${engine} ${name}`).toBeLessThan(1.15);
          expect(layer.unknown).toBeUndefined();
        }
      }
    }
  });

  it('passes through what is changed to try something', () => {
    const model = read('h = self.a(x)', 'return self.d(self.b(h) + self.c(h.detach()))');
    const report = named(simulate(model, { whatIf: { width: 2 } }));
    // 256 outputs of d over weights of variance 1/(3·512).
    expect(report.get('a')!.backward!.variance / BACK ** 2).toBeCloseTo(0.5, 1);
  });

  it('trains no weights', () => {
    const model = read('return self.c(self.b(self.a(x)).detach())');
    const { parameters } = simulate(model, { engine: 'dense', seeds: 1 });
    expect(parameters.filter((p) => p.gradient !== undefined).map((p) => p.name)).toEqual(['c.weight', 'c.bias']);
  });
});

describe('why no gradient arrives', () => {
  const ends = (model: Model): Record<string, number> => {
    const all = gradientEnds(model.graph, lossOutput(model.graph));
    return Object.fromEntries(
      model.layers.flatMap((l) => (all[l.output]?.range === undefined ? [] : [[l.name, all[l.output]!.range!.line]])),
    );
  };

  it('is the stop that is nearest on the way back', () => {
    // The class has its forward from line 16 on.
    expect(ends(read('y = self.a(x)', 'y = self.b(y.detach())', 'return self.c(y.detach())'))).toEqual({
      a: 18,
      b: 19,
    });
  });

  it('is none for what is used beside, or for nothing', () => {
    expect(ends(read('y = self.a(x)', 'z = self.b(y)', 'z.detach()', 'return y, self.c(y.detach())'))).toEqual({});
  });

  it('is that of another output', () => {
    expect(ends(read('return self.a(x), self.c(self.b(x)).detach()'))).toEqual({ b: 17, c: 17 });
  });
});
