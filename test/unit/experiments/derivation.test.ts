import { describe, expect, it } from 'vitest';
import {
  DERIVATION,
  runDerivation,
  type DerivationFrame,
  type DerivationSettings,
} from '../../../src/core/experiments/lab/derivation.js';
import { createKernels } from '../../../src/core/propagation/kernels/index.js';

const fast = createKernels({ limit: 2 ** 27 });

function whole(settings: Partial<DerivationSettings>): DerivationFrame {
  const run = runDerivation({ ...DERIVATION, ...settings }, { exact: fast, fast });
  while (!run.isOver) run.step();
  return run.frame();
}

describe('the derivation, in numbers', () => {
  it.each([0.5, 1, 2])('without an activation, Var(z) is (n·Var(W))ˡ: n·Var(W) = %d', (product) => {
    const { layers, draws } = whole({ activation: 'identity', product });
    expect(draws).toBe(8);
    layers.forEach((layer, l) => {
      expect(layer.expected / product ** (l + 1)).toBeCloseTo(1, 10);
      expect(layer.expectedGradient / product ** (9 - l)).toBeCloseTo(1, 10);
      // Eight draws of ten layers of 200 units: the mean is within 35 %.
      expect(Math.abs(layer.measured! / layer.expected - 1)).toBeLessThan(0.35);
      expect(Math.abs(layer.measuredGradient! / layer.expectedGradient - 1)).toBeLessThan(0.35);
    });
  });

  it('rectifiers halve, He’s 2 makes up for it', () => {
    const lecun = whole({ activation: 'relu', product: 1 });
    expect(lecun.layers.at(-1)?.expected).toBeCloseTo(2 ** -9, 10);
    const he = whole({ activation: 'relu', product: 2 });
    for (const layer of he.layers) {
      expect(layer.expected).toBeCloseTo(2, 10);
      expect(layer.expectedGradient).toBeCloseTo(1, 10);
    }
  });

  it('1/n_in keeps the signal, 1/n_out the gradient, Glorot’s mean neither quite', () => {
    const sizes = { widths: [100, 300, 100], activation: 'identity' } as const;
    const forward = whole({ ...sizes, keeps: 'forward' });
    expect(forward.layers[0]?.expected).toBeCloseTo(1, 10);
    expect(forward.layers[0]!.factor).toBeCloseTo(1, 10);
    const backward = whole({ ...sizes, keeps: 'backward' });
    expect(backward.layers[0]!.weightVariance).toBeCloseTo(1 / 300, 12);
    const both = whole({ ...sizes, keeps: 'both' }).layers[0]!;
    expect(both.weightVariance).toBeCloseTo(both.glorotVariance, 12);
    expect(both.bound).toBeCloseTo(both.glorotBound, 12);
    expect(both.glorotBound).toBeCloseTo(Math.sqrt(6 / 400), 12);
    // The harmonic mean of 1/n_in and 1/n_out.
    expect(both.glorotVariance).toBeCloseTo(2 / (1 / both.forwardVariance + 1 / both.backwardVariance), 12);
  });

  it('without independence or zero means the rule fails', () => {
    const tied = whole({ activation: 'identity', independent: false });
    expect(tied.broken).toEqual(['independent']);
    const shifted = whole({ activation: 'relu', product: 2, zeroMean: false });
    expect(shifted.broken).toEqual(['zeroMean']);
    expect(shifted.layers.at(-1)!.measured! / shifted.layers.at(-1)!.expected).toBeGreaterThan(3);
    expect(whole({ inputStd: 5 }).broken).toEqual(['smallInputs']);
    expect(whole({}).broken).toEqual([]);
  });
});
