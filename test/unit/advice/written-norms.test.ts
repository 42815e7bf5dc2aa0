import { describe, expect, it } from 'vitest';
import { survey, type Place } from '../../../src/core/advice/recommendation/place.js';
import { modelFrom } from '../../support/model.js';

/** A layer, what is written, and a layer behind it. */
function placesOf(written: string): readonly Place[] {
  const model = modelFrom(
    `import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(32, 64)
        self.gain = nn.Parameter(torch.ones(64))
        self.shift = nn.Parameter(torch.zeros(64))
        self.last = nn.Linear(64, 8)

    def forward(self, x):
        x = self.first(x)
${written
  .split('\n')
  .map((line) => `        ${line}`)
  .join('\n')}
        return self.last(x)

model = Net()
`,
    [[4, 32]],
  );
  return survey(model).places;
}

describe('norms that are written out', () => {
  it.each([
    ['RMSNorm', 'x = x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * self.gain'],
    ['RMSNorm with 1 + gain', 'x = x * torch.rsqrt((x * x).mean(-1, keepdim=True) + 1e-6) * (1 + self.gain)'],
    [
      'LayerNorm by std',
      'mean, std = x.mean(-1, keepdim=True), x.std(-1, keepdim=True)\n' +
        'x = self.gain * (x - mean) / (std + 1e-6) + self.shift',
    ],
    [
      'LayerNorm by variance',
      'u = x.mean(-1, keepdim=True)\ns = (x - u).pow(2).mean(-1, keepdim=True)\n' +
        'x = self.gain * ((x - u) / torch.sqrt(s + 1e-6)) + self.shift',
    ],
    ['a length of 1', 'x = x / x.norm(dim=-1, keepdim=True)'],
  ])('%s takes the scale off', (_, written) => {
    const [first, last] = placesOf(written);
    expect(first?.normNext).toBe(true);
    expect(last?.feeder).toMatchObject({ kind: 'norm', second: 1 });
  });

  it.each([
    ['a gate by the mean', 'x = x * torch.sigmoid(x.mean(-1, keepdim=True))'],
    ['a mean taken off', 'x = x - x.mean(-1, keepdim=True)'],
    ['a sum with its norm', 'x = x + x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6)'],
    ['a large offset', 'x = x / (1 + x.abs().mean(-1, keepdim=True))'],
  ])('%s does not', (_, written) => {
    expect(placesOf(written)[0]?.normNext).toBe(false);
  });
});

describe('weights of a checkpoint', () => {
  const load = (how: string): Place | undefined =>
    survey(
      modelFrom(
        `import torch\nfrom torch import nn\nmodel = nn.Sequential(nn.Linear(8, 8), nn.ReLU())\nmodel.load_state_dict(torch.load("m.pt")${how})\n`,
        [[1, 8]],
      ),
    ).places[0];

  it('are those of the model where all of them have to be there', () => {
    expect(load('')?.parameter?.loaded).toBe(true);
    expect(load(', strict=False')?.parameter?.loaded).toBeUndefined();
  });
});
