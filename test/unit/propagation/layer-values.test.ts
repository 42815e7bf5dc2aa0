import { describe, expect, it } from 'vitest';
import type { WhatIf } from '../../../src/core/model/index.js';
import { signalValues } from '../../../src/core/propagation/layer-values.js';
import { simulate } from '../../../src/core/propagation/simulate.js';
import { modelFrom } from '../../support/model.js';

const model = modelFrom(
  `
import torch.nn as nn
layers = []
for _ in range(6):
    layers += [nn.Linear(64, 64), nn.BatchNorm1d(64), nn.Tanh()]
model = nn.Sequential(*layers, nn.Linear(64, 8))
`,
  [[8, 64]],
);

describe('the numbers of a what-if alone', () => {
  it.each<WhatIf>([
    {},
    { inputScale: 3 },
    { width: 2 },
    { activation: { to: 'gelu' }, init: [{ law: { law: 'recommended' } }] },
    { normalization: 'off', init: [{ law: { law: 'normal', std: 0.3 } }] },
  ])('are those of its Report: %j', (whatIf) => {
    const report = simulate(model, { engine: 'moments', whatIf, withRecommended: false });
    const values = signalValues(model, { whatIf });
    expect(values?.layers).toEqual(report.layers.map(({ forward, backward }) => ({ forward, backward })));
    expect(values?.whatIf).toEqual(report.whatIf);
  });

  it('are not given of other layers than the model’s own', () => {
    expect(signalValues(model, { whatIf: { depth: 2 } })).toBeUndefined();
  });
});
