import { describe, expect, it } from 'vitest';
import { PRODUCTS, runProducts } from '../../../src/core/experiments/lab/products.js';

describe('products of matrices', () => {
  it('1.5⁹ and 0.5⁹', () => {
    const up = runProducts(PRODUCTS).frame();
    expect(up.identity.at(-1)).toBe(38.443359375);
    expect(up.identityGradient[0]).toBe(38.443359375);
    const down = runProducts({ ...PRODUCTS, g: 0.5 }).frame();
    expect(down.identity.at(-1)).toBe(0.001953125);
    expect(down.identity).toHaveLength(10);
  });

  it.each([0.5, 1, 1.5])('random matrices of variance g²/n do the same in the root mean square: g = %d', (g) => {
    // log of a product of 9 χ² variables with 64 degrees of freedom: its deviation is √(9·2/64)/2 = 0.27; 5 of them.
    for (const seed of [1, 2, 3]) {
      const frame = runProducts({ ...PRODUCTS, g, seed }).frame();
      expect(Math.abs(Math.log(frame.random.at(-1)! / g ** 9))).toBeLessThan(1.35);
      expect(Math.abs(Math.log(frame.randomGradient[0]! / g ** 9))).toBeLessThan(1.35);
      expect(frame.random[0]).toBeCloseTo(1, 12);
    }
  });
});
