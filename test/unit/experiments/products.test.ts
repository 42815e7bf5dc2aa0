import { describe, expect, it } from 'vitest';
import {
  PRODUCTS,
  PRODUCTS_DRAWS,
  runProducts,
  type ProductsFrame,
} from '../../../src/core/experiments/lab/products.js';
import { createKernels } from '../../../src/core/propagation/kernels/index.js';

const fast = createKernels({ limit: 2 ** 28 });
const bench = { exact: fast, fast };

function after(draws: number, settings: Partial<typeof PRODUCTS>): ProductsFrame {
  const run = runProducts({ ...PRODUCTS, ...settings }, bench);
  while (run.frame().draws < draws) run.step();
  return run.frame();
}

describe('products of matrices', () => {
  it('1.5⁹ and 0.5⁹', () => {
    const up = after(1, {});
    expect(up.identity.at(-1)).toBe(38.443359375);
    expect(up.identityGradient[0]).toBe(38.443359375);
    const down = after(1, { g: 0.5 });
    expect(down.identity.at(-1)).toBe(0.001953125);
    expect(down.identityGradient[0]).toBe(0.001953125);
    expect(down.identity).toHaveLength(10);
  });

  it.each([0.5, 1, 1.5])('random matrices of variance g²/n do the same in the root mean square: g = %d', (g) => {
    // log of a product of 9 χ² variables with 64 degrees of freedom: its deviation is √(9·2/64)/2 = 0.27.
    for (const seed of [1, 100, 200]) {
      const { random, randomGradient, expected, expectedGradient, draws } = after(PRODUCTS_DRAWS, { g, seed });
      expect(draws).toBe(30);
      expect(random.overall[0]).toBeCloseTo(1, 5);
      expect(randomGradient.overall.at(-1)).toBeCloseTo(1, 5);
      random.overall.forEach((v, l) => {
        // Over thirty draws 0.27/√30 = 0.05; five of them.
        expect(Math.abs(Math.log(v / expected[l]!))).toBeLessThan(0.25);
        expect(Math.abs(Math.log(randomGradient.overall[l]! / expectedGradient[l]!))).toBeLessThan(0.25);
        expect(random.low[l]!).toBeLessThanOrEqual(random.high[l]!);
      });
    }
  });

  it('only the variance decides: no two draws are alike, and all grow alike', () => {
    const [one, other] = [after(1, { seed: 1 }), after(1, { seed: 2 })];
    expect(one.random.overall.at(-1)).not.toBe(other.random.overall.at(-1));
    for (const { random } of [one, other])
      expect(Math.abs(Math.log(random.overall.at(-1)! / 1.5 ** 9))).toBeLessThan(1.35);
  });

  it('with layers of different sizes, the gradient’s growth has the sizes’ ratio in it', () => {
    const widths = [400, 100, 300, 200];
    const { randomGradient, expectedGradient } = after(PRODUCTS_DRAWS, { g: 1, widths });
    expect(expectedGradient[0]).toBeCloseTo(Math.sqrt(200 / 400), 12);
    randomGradient.overall.forEach((v, l) => {
      expect(Math.abs(Math.log(v / expectedGradient[l]!))).toBeLessThan(0.1);
    });
  });

  it('of the widest and deepest chain that the Lab takes fit into its memory', { timeout: 120_000 }, () => {
    const widths = new Array<number>(6).fill(2048);
    expect(after(1, { g: 1, widths }).random.overall.at(-1)).toBeCloseTo(1, 0);
    // One matrix of 16 MB at a time, not five.
    expect(fast.bytes.peak).toBeLessThan(40 * 2 ** 20);
    expect(fast.bytes.used).toBe(0);
  });
});
