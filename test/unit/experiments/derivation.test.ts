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
    const { layers, draws } = whole({ activation: 'identity', product, inputStd: 1 });
    expect(draws).toBe(20);
    layers.forEach((layer, l) => {
      expect(layer.expected / product ** (l + 1)).toBeCloseTo(1, 10);
      expect(layer.expectedGradient / product ** (9 - l)).toBeCloseTo(1, 10);
      // Twenty draws of ten layers of 200 units: the mean is within 35 %.
      expect(Math.abs(layer.measured! / layer.expected - 1)).toBeLessThan(0.35);
      expect(Math.abs(layer.measuredGradient! / layer.expectedGradient - 1)).toBeLessThan(0.35);
    });
  });

  it('rectifiers halve, He’s 2 makes up for it', () => {
    const lecun = whole({ activation: 'relu', product: 1, inputStd: 1 });
    expect(lecun.layers.at(-1)?.expected).toBeCloseTo(2 ** -9, 10);
    const he = whole({ activation: 'relu', product: 2, inputStd: 1 });
    for (const layer of he.layers) {
      expect(layer.expected).toBeCloseTo(2, 10);
      expect(layer.expectedGradient).toBeCloseTo(1, 10);
    }
  });

  it('1/n_in keeps the signal, 1/n_out the gradient, Glorot’s mean neither quite', () => {
    const sizes = { widths: [100, 300, 100], activation: 'identity', inputStd: 1 } as const;
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

  it('three cases: over depth the signal vanishes, stays, explodes', () => {
    const { cases } = whole({ activation: 'identity', inputStd: 1 });
    expect(cases.map(({ product }) => product)).toEqual([0.5, 1, 2]);
    for (const { product, expected } of cases) expect(expected.at(-1)! / product ** 10).toBeCloseTo(1, 10);
  });

  describe('where an assumption is off, the rule fails', () => {
    const ratio = (settings: Partial<DerivationSettings>): number => {
      const { measured, expected } = whole(settings).layers.at(-1)!;
      return measured! / expected;
    };

    it.each(['identity', 'tanh', 'relu'] as const)('weights with a mean: %s', (activation) => {
      const product = activation === 'relu' ? 2 : 1;
      expect(whole({ activation, zeroMean: false }).broken).toEqual(['zeroMean']);
      expect(Math.abs(ratio({ activation, product }) - 1)).toBeLessThan(0.35);
      expect(ratio({ activation, product, zeroMean: false })).toBeGreaterThan(3);
    });

    it('every second matrix that of the layer before, transposed', () => {
      expect(whole({ independent: false }).broken).toEqual(['independent']);
      // Σλ²/n over the eigenvalues of WᵀW is 2 (Marchenko–Pastur), and there are five such pairs.
      const tied = { activation: 'identity', independent: false } as const;
      expect(Math.abs(ratio(tied) / 2 ** 5 - 1)).toBeLessThan(0.35);
      expect(Math.abs(ratio({ ...tied, independent: true }) - 1)).toBeLessThan(0.35);
      expect(ratio({ independent: false })).toBeGreaterThan(5);
      const back = whole(tied).layers;
      // From the last z to the first there are four pairs, and half of one at either end.
      expect(back[0]!.measuredGradient! / back[0]!.expectedGradient).toBeGreaterThan(8);
    });

    it('none is tied where sizes don’t mirror each other', () => {
      expect(whole({ widths: [20, 30, 40], independent: false }).broken).toEqual([]);
      expect(whole({ widths: [20, 30, 20], independent: false }).broken).toEqual(['independent']);
      // Of a pair n → m → n it is 1 + m/n.
      const layers = whole({ widths: [300, 100, 300], activation: 'identity', independent: false }).layers;
      expect(Math.abs(layers[1]!.measured! / layers[1]!.expected / (1 + 100 / 300) - 1)).toBeLessThan(0.35);
    });

    it('large inputs: tanh is not linear there, and only the rule with E[a²] holds', () => {
      const { layers, broken } = whole({ inputStd: 2 });
      expect(broken).toEqual(['smallInputs']);
      const last = layers.at(-1)!;
      expect(last.linear).toBeCloseTo(4, 10);
      expect(last.measured!).toBeLessThan(0.1 * last.linear);
      expect(Math.abs(last.measured! / last.expected - 1)).toBeLessThan(0.35);
      const small = whole({}).layers.at(-1)!;
      expect(Math.abs(small.expected / small.linear - 1)).toBeLessThan(0.2);
      // Rectifiers make of twice the input twice the output.
      expect(whole({ activation: 'relu', inputStd: 2 }).broken).toEqual([]);
    });
  });

  it('leaves nothing in memory', () => {
    expect(fast.bytes.used).toBe(0);
  });
});
