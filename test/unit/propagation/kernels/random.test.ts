import { describe, expect, it } from 'vitest';
import { createKernels } from '../../../../src/core/propagation/kernels/index.js';
import { normalCdf } from '../../../../src/core/propagation/numerics/normal.js';

const kernels = createKernels({ limit: 2 ** 26, repeatable: true });
const count = 4_000_000;
const draws = kernels.allocate(count);

/** (Sum of f over the draws − expected)/its standard error, given mean and variance of f under the law. */
function score(values: Float32Array, f: (x: number, i: number) => number, mean: number, variance: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += f(values[i]!, i) - mean;
  return sum / Math.sqrt(values.length * variance);
}

describe('normal draws', () => {
  kernels.seed(2024, 5);
  kernels.normal(draws, 0, 1);

  it.each([
    [1, 0, 1],
    [2, 1, 2],
    [3, 0, 15],
    [4, 3, 96],
    [5, 0, 945],
    [6, 15, 10170],
  ])('moment %i', (power, mean, variance) => {
    expect(Math.abs(score(draws, (x) => x ** power, mean, variance))).toBeLessThan(4);
  });

  it.each([1, 2, 4, 8, 16])('lag %i, also of squares', (lag) => {
    const other = (i: number): number => draws[(i + lag) % count]!;
    expect(Math.abs(score(draws, (x, i) => x * other(i), 0, 1))).toBeLessThan(4);
    expect(Math.abs(score(draws, (x, i) => (x * x - 1) * (other(i) ** 2 - 1), 0, 4))).toBeLessThan(4);
  });

  it('fill bins as they should, tails included', () => {
    const edges = Array.from({ length: 101 }, (_, i) => (i === 0 ? -Infinity : i === 100 ? Infinity : (i - 50) / 10));
    const bins = new Float64Array(100);
    for (const x of draws) bins[Math.min(99, Math.max(0, Math.floor(x * 10) + 50))]!++;
    let chi = 0;
    for (let b = 0; b < 100; b++) {
      const expected = count * (normalCdf(edges[b + 1]!) - normalCdf(edges[b]!));
      if (expected > 5) chi += (bins[b]! - expected) ** 2 / expected;
    }
    // χ² with some 96 degrees of freedom: four standard deviations.
    expect(chi).toBeLessThan(96 + 4 * Math.sqrt(192));
    expect(bins[99]! + bins[0]!).toBeGreaterThan(0);
  });

  it('of different streams and seeds have nothing in common', () => {
    const [a, b] = [kernels.allocate(100_000), kernels.allocate(100_000)];
    for (const [seed, stream] of [
      [2024, 6],
      [2025, 5],
      [5, 2024],
      [0, 0],
    ] as const) {
      kernels.seed(seed, stream);
      kernels.normal(a, 0, 1);
      kernels.seed(2024, 5);
      kernels.normal(b, 0, 1);
      expect(Math.abs(score(a, (x, i) => x * b[i]!, 0, 1))).toBeLessThan(4);
    }
  });
});

it('uniform draws are uniform', () => {
  const values = draws.subarray(0, 1_000_000);
  kernels.seed(1, 1);
  kernels.uniform(values, 0, 1);
  expect(values.every((x) => x >= 0 && x < 1)).toBe(true);
  expect(Math.abs(score(values, (x) => x, 0.5, 1 / 12))).toBeLessThan(4);
  expect(Math.abs(score(values, (x) => x * x, 1 / 3, 4 / 45))).toBeLessThan(4);
  expect(
    Math.abs(score(values, (x, i) => (x - 0.5) * (values[(i + 1) % values.length]! - 0.5), 0, 1 / 144)),
  ).toBeLessThan(4);
});
