import { describe, expect, it } from 'vitest';
import type { Distribution } from '../../../src/core/model/index.js';
import {
  calculateGain,
  clamped,
  constant,
  convolutionFans,
  correctedTruncatedNormal,
  dirac,
  identity,
  kaimingNormal,
  kaimingUniform,
  kerasFans,
  mixture,
  normal,
  orthogonal,
  scaled,
  shifted,
  sparse,
  standardTruncatedMoments,
  torchFans,
  truncatedNormal,
  TRUNCATED_STD,
  uncorrectedTruncatedNormal,
  uniform,
  varianceScaling,
  xavierNormal,
  xavierUniform,
} from '../../../src/core/initializers/index.js';

const std = (d: Distribution): number => d.std ?? Number.NaN;

describe('fans', () => {
  it('counts as PyTorch does', () => {
    expect(torchFans([64, 3, 7, 7])).toEqual({ fanIn: 147, fanOut: 3136 });
    expect(torchFans([10, 20])).toEqual({ fanIn: 20, fanOut: 10 });
    expect(torchFans([10])).toBeUndefined();
    expect(torchFans([])).toBeUndefined();
    expect(torchFans([10, 'n'])).toBeUndefined();
  });

  it('counts as Keras does', () => {
    expect(kerasFans([3, 3, 16, 32])).toEqual({ fanIn: 144, fanOut: 288 });
    expect(kerasFans([7])).toEqual({ fanIn: 7, fanOut: 7 });
  });

  it('counts what the operation sums', () => {
    const base = { inChannels: 64, outChannels: 128, groups: 1, kernel: [4, 4], stride: [2, 2], transposed: true };
    expect(convolutionFans(base).fanIn).toBe(256);
    expect(convolutionFans({ ...base, kernel: [3, 3] }).fanIn).toBe(144);
    expect(convolutionFans({ ...base, groups: 4 }).fanIn).toBe(64);
    expect(
      convolutionFans({
        inChannels: 256,
        outChannels: 256,
        groups: 256,
        kernel: [3, 3],
        stride: [1, 1],
        transposed: false,
      }),
    ).toEqual({ fanIn: 9, fanOut: 9 });
    expect(
      convolutionFans({
        inChannels: 64,
        outChannels: 128,
        groups: 1,
        kernel: [3, 3],
        stride: [2, 2],
        transposed: false,
      }).fanOut,
    ).toBe(288);
  });
});

describe('truncated normal', () => {
  it('at two standard deviations', () => {
    expect(Math.sqrt(standardTruncatedMoments(-2, 2).variance)).toBeCloseTo(TRUNCATED_STD, 14);
    expect(truncatedNormal(0, 1).std).toBeCloseTo(TRUNCATED_STD, 14);
    expect(std(correctedTruncatedNormal(0.02))).toBeCloseTo(0.02, 14);
    expect(std(uncorrectedTruncatedNormal(1)) ** 2).toBeCloseTo(0.7737413035, 9);
  });

  it('bounds are absolute: a tiny scale is not cut at all', () => {
    expect(truncatedNormal(0, 0.02, -2, 2).std).toBe(0.02);
    expect(truncatedNormal(0, 1e-200, -2, 2).std).toBe(1e-200);
    expect(truncatedNormal(0.5, 0, -2, 2)).toMatchObject({ mean: 0.5, std: 0 });
  });

  it('keeps its digits in the tails and in narrow windows', () => {
    // One-sided beyond a: mean a + 1/a − 2/a³ …, variance 1/a² − 6/a⁴ + 50/a⁶ …
    const far = standardTruncatedMoments(40, Infinity);
    expect(far.mean).toBeCloseTo(40 + 1 / 40 - 2 / 40 ** 3 + 10 / 40 ** 5, 9);
    expect(far.variance * 1600).toBeCloseTo(1 - 6 / 1600 + 50 / 1600 ** 2, 4);
    const continuous = [
      standardTruncatedMoments(29.999, Infinity).variance,
      standardTruncatedMoments(30.001, Infinity).variance,
    ] as const;
    expect(continuous[0] / continuous[1]).toBeCloseTo(1, 3);
    expect(standardTruncatedMoments(-Infinity, -3).mean).toBeCloseTo(-3.2830986549304377, 10);
    const slit = standardTruncatedMoments(0.3, 0.3 + 1e-6);
    expect(slit.variance / (1e-12 / 12)).toBeCloseTo(1, 6);
    // Half normal.
    expect(standardTruncatedMoments(0, Infinity).variance).toBeCloseTo(1 - 2 / Math.PI, 14);
  });
});

describe('distributions', () => {
  it('mean and std are those of one entry', () => {
    expect(uniform(0, 1).mean).toBe(0.5);
    expect(uniform(0, 1).std).toBeCloseTo(Math.sqrt(1 / 12), 15);
    expect(orthogonal(2, [64, 16, 3, 3]).std).toBeCloseTo(2 / 12, 15);
    expect(identity([4, 8]).mean).toBeCloseTo(4 / 32, 15);
    expect(identity([10, 10]).std).toBeCloseTo(0.3, 15);
    expect(dirac([16, 8, 3, 3], 2).mean).toBeCloseTo(16 / (16 * 8 * 9), 15);
    expect(sparse([10, 5], 0.15, 0.1).std).toBeCloseTo(0.1 * Math.sqrt(0.8), 15);
  });

  it('a mixture adds second moments', () => {
    const d = mixture([
      { fraction: 3, distribution: normal(0, 1) },
      { fraction: 1, distribution: constant(2) },
    ]);
    expect(d).toMatchObject({ kind: 'mixture', mean: 0.5 });
    expect(std(d)).toBeCloseTo(Math.sqrt(0.75 + 1 - 0.25), 14);
    expect(mixture([{ fraction: 1, distribution: normal() }])).toEqual(normal());
    expect(
      mixture([
        { fraction: 1, distribution: normal() },
        { fraction: 1, distribution: { kind: 'uninitialized' } },
      ]).kind,
    ).toBe('uninitialized');
  });

  it('scales and shifts', () => {
    expect(scaled(uniform(-1, 2), -2)).toMatchObject({ low: -4, high: 2 });
    expect(scaled(truncatedNormal(0, 1), 0.1).std).toBeCloseTo(0.1 * TRUNCATED_STD, 14);
    expect(shifted(normal(1, 2), 3)).toEqual(normal(4, 2));
    expect(shifted(orthogonal(1, [4, 4]), 1)).toMatchObject({ mean: 1, std: 0.5 });
    expect(scaled({ kind: 'unknown', reason: 'x' }, 2).kind).toBe('unknown');
  });

  it('clamps exactly', () => {
    // Rectified standard normal: mean 1/√2π, second moment ½.
    const d = clamped(normal(), 0);
    expect(d.mean).toBeCloseTo(1 / Math.sqrt(2 * Math.PI), 12);
    expect(std(d) ** 2 + (d.mean ?? 0) ** 2).toBeCloseTo(0.5, 12);
    const u = clamped(uniform(-1, 1), -0.5, 0.5);
    expect(std(u) ** 2).toBeCloseTo(0.5 * 0.25 + 0.5 / 12, 12);
    expect(clamped(constant(3), 0, 1)).toEqual(constant(1));
  });
});

describe('a uniform with a mean and deviation of its own (integers, a piece of another law)', () => {
  const piece = { ...uniform(1, 9), mean: 2, std: 0.5 };

  it('keeps them when it is scaled and shifted', () => {
    expect(scaled(piece, -2)).toMatchObject({ low: -18, high: -2, mean: -4, std: 1 });
    expect(shifted(piece, 3)).toMatchObject({ low: 4, high: 12, mean: 5, std: 0.5 });
  });

  it('and so does a mixture of such', () => {
    const mixed = mixture([
      { fraction: 0.5, distribution: piece },
      { fraction: 0.5, distribution: uniform(-1, 1) },
    ]);
    expect(scaled(mixed, -1).mean).toBeCloseTo(-1, 12);
  });
});

describe('named initializers', () => {
  const fans = { fanIn: 100, fanOut: 300 };
  it('have the variance their names say', () => {
    expect(std(xavierUniform(fans)) ** 2).toBeCloseTo(2 / 400, 15);
    expect(std(xavierNormal(fans, 5 / 3)) ** 2).toBeCloseTo((25 / 9) * (2 / 400), 15);
    expect(std(kaimingNormal(fans, 0, 'fan_in', 'relu')) ** 2).toBeCloseTo(2 / 100, 15);
    expect(std(kaimingNormal(fans, 0, 'fan_out', 'relu')) ** 2).toBeCloseTo(2 / 300, 15);
    // PyTorch's default: a = √5 gives U(±1/√fan_in).
    expect(kaimingUniform(fans, Math.sqrt(5))).toMatchObject({
      low: expect.closeTo(-0.1, 12) as number,
      high: expect.closeTo(0.1, 12) as number,
    });
    // `a` is ignored for other nonlinearities.
    expect(std(kaimingNormal(fans, Math.sqrt(5), 'fan_in', 'relu'))).toBeCloseTo(Math.sqrt(2 / 100), 15);
    expect(
      std(varianceScaling(fans, { scale: 2, mode: 'fan_in', distribution: 'truncated_normal', corrected: false })) ** 2,
    ).toBeCloseTo(0.7737413 * 0.02, 8);
  });

  it('calculate_gain', () => {
    expect(calculateGain('leaky_relu')).toBeCloseTo(1.41414286, 7);
    expect(calculateGain('selu')).toBe(0.75);
    expect(calculateGain('conv_transpose2d')).toBe(1);
    expect(() => calculateGain('gelu')).toThrow('Unsupported nonlinearity gelu');
    expect(() => calculateGain('ReLU')).toThrow('Unsupported nonlinearity ReLU');
  });
});
