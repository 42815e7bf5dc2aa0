import { describe, expect, it } from 'vitest';
import { mixture, uniform } from '../../../src/core/initializers/index.js';
import type { Distribution } from '../../../src/core/model/index.js';
import { marginalOfLaw } from '../../../src/core/propagation/moments/marginal-of-law.js';
import { softmaxOf } from '../../../src/core/propagation/moments/softmax-moments.js';
import { expectation } from '../../../src/core/propagation/numerics/quadrature.js';
import { GraphBuilder } from './builder.js';

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

describe('softmax of normal logits', () => {
  it.each([0.1, 1, 4, 25, 100])('two of variance %d: a sigmoid of their difference', (v) => {
    const { concentration, passed } = softmaxOf(v)(2);
    const over = (f: (p: number) => number): number => expectation((d) => f(sigmoid(d)), 0, 2 * v);
    expect(concentration).toBeCloseTo(
      over((p) => p * p + (1 - p) ** 2),
      3,
    );
    expect(passed / over((p) => 4 * (p * (1 - p)) ** 2)).toBeCloseTo(1, 2);
  });

  // Means over 40000 to 400000 drawn rows; those for wide logits are right to some thousandths.
  it.each([
    [10, 1, 0.19479, 0.12127],
    [64, 1, 0.03882, 0.03409],
    [64, 4, 0.16072, 0.08092],
    [10, 25, 0.7046, 0.07912],
    [512, 0.3, 0.0026334, 0.0026216],
    [64, 90, 0.7563, 0.06471],
  ])('%d of variance %d', (n, v, concentration, passed) => {
    const found = softmaxOf(v)(n);
    expect(found.concentration / concentration).toBeCloseTo(1, 2);
    expect(found.passed / passed).toBeCloseTo(1, 2);
  });

  it('passes on what two near the top differ by, where logits are wide: less as 1/s', () => {
    expect(softmaxOf(400)(10).passed / softmaxOf(100)(10).passed).toBeCloseTo(0.5, 9);
    // Means over 400000 rows: the law is right to a tenth.
    expect(Math.abs(softmaxOf(400)(10).passed / 0.02418 - 1)).toBeLessThan(0.1);
  });

  it('is flat for equal logits', () => {
    expect(softmaxOf(0)(10).concentration).toBeCloseTo(0.1, 12);
    expect(softmaxOf(0)(10).passed).toBeCloseTo(0.09, 12);
    expect(softmaxOf(3)(1)).toEqual({ concentration: 1, passed: 0 });
  });
});

describe('random numbers that are not Gaussian', () => {
  it('keep the moments of a uniform law', () => {
    const { nodes, weights } = marginalOfLaw(uniform(2, 7))!;
    const moment = (k: number): number => nodes.reduce((s, t, i) => s + weights[i]! * t ** k, 0);
    expect(moment(1)).toBeCloseTo(0, 12);
    expect(moment(2)).toBeCloseTo(1, 12);
    expect(moment(4)).toBeCloseTo(9 / 5, 3);
    expect(marginalOfLaw({ kind: 'normal', mean: 0, std: 1 })).toBeUndefined();
  });

  it('pass through functions as what they are', () => {
    const b = new GraphBuilder();
    const u = b.node({ kind: 'constant', distribution: uniform(-1, 1) }, [], [8, 64]);
    const relu = b.act(u, 'relu');
    const square = b.node({ kind: 'power', exponent: 2 }, [u], [8, 64]);
    const run = b.run([relu]);
    expect(run.mean(relu)).toBeCloseTo(1 / 4, 4);
    expect(run.second(relu)).toBeCloseTo(1 / 6, 4);
    expect(run.second(square)).toBeCloseTo(1 / 5, 4);
  });

  // Means over 100000 rows of 64 logits N(0, 0.334) with Gumbel noise; a normal law of the same variance is off by 2.3 at ½.
  it.each([
    [1, 0.19994, 0.0723],
    [0.5, 0.52367, 0.08682],
  ])('noise of a Gumbel softmax at temperature %d', (temperature, concentration, passed) => {
    const b = new GraphBuilder();
    const logits = b.linear(b.input([8, 256]), 64, 0.334);
    const noise = b.node({ kind: 'constant', distribution: gumbel() }, [], [8, 64]);
    const sum = b.add(logits, noise);
    const scaled = b.node({ kind: 'affine', factor: 1 / temperature, offset: 0 }, [sum], [8, 64]);
    const p = b.node({ kind: 'softmax', axis: 1, log: false }, [scaled], [8, 64]);
    const run = b.run([p]);
    expect(Math.abs((64 * run.second(p)) / concentration - 1)).toBeLessThan(0.05);
    expect(Math.abs((64 * run.gradient(scaled)) / passed - 1)).toBeLessThan(0.05);
  });
});

/** −log(−log u), as the reader notes functions of random numbers: in sixteen pieces of equal share. */
function gumbel(): Distribution {
  const parts = Array.from({ length: 16 }, (_, i) => {
    const values = Array.from({ length: 4000 }, (__, k) => -Math.log(-Math.log((i + (k + 0.5) / 4000) / 16)));
    const mean = values.reduce((a, v) => a + v, 0) / values.length;
    const std = Math.sqrt(values.reduce((a, v) => a + (v - mean) ** 2, 0) / values.length);
    const distribution: Distribution = { kind: 'uniform', mean, std, low: values[0]!, high: values.at(-1)! };
    return { fraction: 1 / 16, distribution };
  });
  return mixture(parts);
}
