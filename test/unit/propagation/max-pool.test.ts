import { describe, expect, it } from 'vitest';
import { correlationOfMaxima } from '../../../src/core/propagation/moments/maxima.js';
import { GraphBuilder } from './builder.js';

/** Mean and variance of the largest of n standard normal variables (Teichroew 1956, Annals of Mathematical Statistics 27). */
const LARGEST = {
  4: [1.02938, 0.49172],
  6: [1.26721, 0.41593],
  9: [1.48501, 0.35735],
} as const;

describe('max pooling', () => {
  it('windows at the border hold fewer entries', () => {
    const b = new GraphBuilder();
    const y = b.pool(b.input([8, 64, 8, 8]), 'max', 3, 1, 1);
    // 36 windows of nine entries, 24 of six, 4 of four.
    const shares = [
      [9, 36 / 64],
      [6, 24 / 64],
      [4, 4 / 64],
    ] as const;
    let mean = 0;
    let second = 0;
    for (const [n, share] of shares) {
      const [m, v] = LARGEST[n];
      mean += share * m;
      second += share * (v + m * m);
    }
    const run = b.run([y]);
    expect(run.mean(y)).toBeCloseTo(mean, 2);
    expect(run.variance(y)).toBeCloseTo(second - mean * mean, 2);
  });

  it('of a max pooling is one over a larger window', () => {
    const twice = new GraphBuilder();
    const y = twice.pool(twice.pool(twice.input([8, 16, 32, 32]), 'max', 3, 2, 1), 'max', 3, 1, 1);
    const once = new GraphBuilder();
    const z = once.pool(once.input([8, 16, 32, 32]), 'max', 7, 2, 3);
    expect(twice.run([y]).mean(y)).toBeCloseTo(once.run([z]).mean(z), 6);
    expect(twice.run([y]).variance(y)).toBeCloseTo(once.run([z]).variance(z), 6);
  });

  it('every gradient arrives, once', () => {
    const b = new GraphBuilder();
    const x = b.conv(b.input([8, 16, 32, 32]), 16, 1);
    const y = b.pool(b.pool(x, 'max', 2), 'max', 2);
    // One entry of sixteen has the gradient of its window.
    expect(b.run([y]).gradient(x)).toBeCloseTo(1 / 16, 3);
  });

  // By the integral over 400² points; draws agree to their error.
  it.each([
    [2, 1, 0.4264],
    [4, 2, 0.4309],
    [9, 1, 0.0888],
    [9, 3, 0.2792],
    [9, 6, 0.6051],
  ])('maxima of %i entries of which %i are shared correlate', (n, shared, known) => {
    expect(correlationOfMaxima(n, shared)).toBeCloseTo(known, 2);
  });

  it('maxima of nothing shared are independent, those of the same entries equal', () => {
    expect(correlationOfMaxima(9, 0)).toBe(0);
    expect(correlationOfMaxima(9, 9)).toBe(1);
  });
});
