import { describe, expect, it } from 'vitest';
import { simulate } from '../../../src/core/propagation/simulate.js';
import { modelFrom } from '../../support/model.js';

function summary(activation: string, std: string, bias: string, between = '') {
  const model = modelFrom(
    `
import torch.nn as nn
model = nn.Sequential(*[m for _ in range(8) for m in (nn.Linear(100, 100), ${between} nn.${activation}())], nn.Linear(100, 3))
for m in model.modules():
    if isinstance(m, nn.Linear):
        nn.init.normal_(m.weight, std=${std})
        nn.init.normal_(m.bias, std=${bias})
`,
    [[8, 100]],
  );
  return simulate(model).meanField;
}

describe('mean-field summary', () => {
  it('tanh at σw² = 16, σb² = 0.09', () => {
    const s = summary('Tanh', '0.4', '0.3');
    expect(s).toMatchObject({ activation: 'Tanh', layers: 7 });
    expect(s?.weightVariance).toBeCloseTo(16, 9);
    expect(s?.fixedPoint).toBeCloseTo(12.604149, 4);
    expect(s?.chi).toBeCloseTo(2.367261, 5);
    expect(s?.correlation).toBeCloseTo(0.029696, 5);
    expect(s?.varianceDepth).toBeCloseTo(0.49, 3);
    expect((s?.correlationDepth ?? 0) / 3.647).toBeCloseTo(1, 2);
    expect(s?.critical?.weightVariance).toBeCloseTo(1.947655, 5);
    expect(s?.critical?.fixedPoint).toBeCloseTo(0.763475, 5);
  });

  it('ReLU with He weights sits on the edge, whose depth has no end', () => {
    const s = summary('ReLU', '(2 / 100) ** 0.5', '0');
    expect(s?.chi).toBeCloseTo(1, 12);
    expect(s?.correlationDepth).toBeUndefined();
    expect(s?.critical?.weightVariance).toBeCloseTo(2, 9);
  });

  it('ReLU with large weights grows without bound', () => {
    const s = summary('ReLU', '0.3', '0');
    expect(s?.fixedPoint).toBeUndefined();
    expect(s?.chi).toBeCloseTo(4.5, 9);
  });

  it('says nothing where norms carry the signal', () => {
    expect(summary('ReLU', '0.1', '0', 'nn.LayerNorm(100),')).toBeUndefined();
  });
});
