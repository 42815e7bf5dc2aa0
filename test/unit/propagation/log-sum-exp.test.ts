import { describe, expect, it } from 'vitest';
import { logSumExpMean } from '../../../src/core/propagation/moments/log-sum-exp.js';
import { expectation } from '../../../src/core/propagation/numerics/quadrature.js';

/** E[log(e^a + e^b)] for two independent N(0, s²): a − b is N(0, 2s²), and the sum's logarithm is their mean and log 2cosh. */
function ofTwo(variance: number): number {
  return expectation((d) => Math.abs(d) / 2 + Math.log1p(Math.exp(-Math.abs(d))), 0, 2 * variance, [0]);
}

describe('E[log Σ exp] of normal logits', () => {
  it.each([1, 1.5, 3, 10, 50, 100])('agrees with the integral over the difference of two of variance %d', (v) => {
    expect(logSumExpMean(2, v)).toBeCloseTo(ofTwo(v), 6);
  });

  it('goes on from there by the law of wide logits', () => {
    expect(logSumExpMean(2, 400) / ofTwo(400)).toBeCloseTo(1, 4);
    expect(logSumExpMean(2, 1e6) / ofTwo(1e6)).toBeCloseTo(1, 4);
    expect(logSumExpMean(1000, 100.001) - logSumExpMean(1000, 99.999)).toBeLessThan(0.01);
  });

  it('ends for logits of any size', () => {
    // 10·E[max of ten] as s → ∞.
    expect(logSumExpMean(10, 1e60) / 1e30).toBeCloseTo(1.538753, 5);
  });
});
