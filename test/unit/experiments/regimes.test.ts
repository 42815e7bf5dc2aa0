import { describe, expect, it } from 'vitest';
import {
  REGIME_ACTIVATIONS,
  REGIMES,
  REGIMES_DRAWS,
  runRegimes,
  type RegimesFrame,
  type RegimesSettings,
} from '../../../src/core/experiments/lab/regimes.js';
import { createKernels } from '../../../src/core/propagation/kernels/index.js';

const fast = createKernels({ limit: 2 ** 27 });
const frameOf = (settings: Partial<RegimesSettings>): RegimesFrame =>
  runRegimes({ ...REGIMES, ...settings }, { exact: fast, fast }).frame();

describe('regimes', () => {
  it('first layer: z has variance n·Var(W)', () => {
    expect(frameOf({ start: 'normalTenth' }).layers[0]?.variance).toBeCloseTo(7.84, 10);
    expect(frameOf({ start: 'uniformTenth' }).layers[0]?.variance).toBeCloseTo((784 * 0.01) / 3, 10);
    expect(frameOf({ start: 'xavier' }).layers[0]?.variance).toBeCloseTo(1, 10);
    expect(frameOf({ start: 'he' }).layers[0]?.variance).toBeCloseTo(2, 10);
  });

  it('borders are where the slope says so', () => {
    // σ′ = σ(1 − σ); 0.9 of a quarter at |z| = 0.6549, a twentieth of a quarter at |z| = 4.3565.
    const { borders, regimes } = frameOf({ activation: 'sigmoid' });
    expect(borders.map((b) => Number(b.toFixed(4)))).toEqual([-4.3565, -0.6549, 0.6549, 4.3565]);
    expect(regimes).toEqual(['flat', 'between', 'linear', 'between', 'flat']);
    const relu = frameOf({ activation: 'relu' });
    expect(relu.regimes).toEqual(['flat', 'linear']);
    expect(relu.borders[0]).toBeCloseTo(0, 6);
  });

  it.each(REGIME_ACTIVATIONS)('%s: one draw is near the theory in every layer, shares make 1', (activation) => {
    for (const layer of frameOf({ activation, start: 'xavier', fanIns: [400, 400, 400, 400, 400] }).layers) {
      for (const s of [layer.expected, layer.measured]) expect(s.linear + s.flat + s.between).toBeCloseTo(1, 6);
      // Five layers of 400 units, 32 inputs: variances within a third, shares within 0.08.
      expect(Math.abs(Math.log(layer.measuredVariance / layer.variance))).toBeLessThan(0.3);
      expect(Math.abs(layer.expected.linear - layer.measured.linear)).toBeLessThan(0.08);
      expect(Math.abs(layer.expected.flat - layer.measured.flat)).toBeLessThan(0.08);
    }
  });

  it('draws add up: histograms have all entries, measured shares come near the theory’s', () => {
    const run = runRegimes(
      { ...REGIMES, fanIns: [100, 100], activation: 'tanh', start: 'xavier' },
      { exact: fast, fast },
    );
    const first = run.frame();
    expect(first.draws).toBe(1);
    while (!run.isOver) run.step();
    const { draws, layers } = run.frame();
    expect(draws).toBe(REGIMES_DRAWS);
    for (const { histogram, measured, expected, measuredVariance, variance } of layers) {
      expect(histogram.counts.reduce((a, b) => a + b, 0)).toBe(draws * 32 * 100);
      // Units of one draw share their inputs: an error of √(2/(20·100)), five of them.
      expect(Math.abs(measuredVariance / variance - 1)).toBeLessThan(0.22);
      expect(Math.abs(measured.linear - expected.linear)).toBeLessThan(0.05);
    }
    expect(layers[0]?.measuredVariance).not.toBe(first.layers[0]?.measuredVariance);
  });

  it('N(0, 0.1²) at fan-in 784 drives sigmoids into their ends, Xavier keeps them in the middle', () => {
    const wide = frameOf({ start: 'normalTenth' }).layers[0]!;
    const xavier = frameOf({ start: 'xavier' }).layers[0]!;
    expect(wide.expected.flat).toBeCloseTo(0.1197, 3);
    expect(xavier.expected.flat).toBeLessThan(1e-4);
    expect(xavier.expected.linear).toBeCloseTo(0.4875, 3);
    expect(wide.expected.linear).toBeLessThan(0.2);
  });
});
