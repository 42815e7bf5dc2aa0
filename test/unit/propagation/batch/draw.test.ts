import { describe, expect, it } from 'vitest';
import { constant, normal, truncatedNormal, uniform } from '../../../../src/core/initializers/index.js';
import type { KnownDistribution } from '../../../../src/core/model/index.js';
import { drawConstant } from '../../../../src/core/propagation/batch/draw/constants.js';
import { drawInto } from '../../../../src/core/propagation/batch/draw/draw.js';
import { createKernels } from '../../../../src/core/propagation/kernels/index.js';

const kernels = createKernels({ limit: 2 ** 26 });

function draw(distribution: KnownDistribution, shape: number[], seed = 1): Float32Array {
  const data = kernels.allocate(shape.reduce((a, b) => a * b, 1));
  kernels.seed(seed, 0);
  drawInto(kernels, distribution, { shape, data });
  const copy = data.slice();
  kernels.free(data);
  return copy;
}

function moments(x: ArrayLike<number>): { mean: number; std: number } {
  const all = Array.from(x);
  const mean = all.reduce((a, b) => a + b, 0) / all.length;
  return { mean, std: Math.sqrt(all.reduce((s, v) => s + (v - mean) ** 2, 0) / all.length) };
}

describe('draws have the moments that their distribution says', () => {
  const cases: KnownDistribution[] = [
    normal(0.3, 2),
    uniform(-1, 3),
    truncatedNormal(0, 1, -0.5, 2),
    truncatedNormal(0, 0.02, -2, 2),
    { kind: 'uniform', mean: 0.1, std: 0.05, low: 0, high: 1 },
    { kind: 'sparse', mean: 0, std: 0.5 * Math.sqrt(0.7), sparsity: 0.3, nonzeroStd: 0.5 },
    { kind: 'orthogonal', mean: 0, std: 2 / Math.sqrt(200), gain: 2 },
  ];
  for (const d of cases)
    it(JSON.stringify(d), () => {
      const { mean, std } = moments(draw(d, [200, 150]));
      expect(Math.abs(mean - d.mean)).toBeLessThan(0.03 * d.std);
      expect(Math.abs(std / d.std - 1)).toBeLessThan(0.02);
    });

  it('keeps truncated draws within their bounds, also far out', () => {
    for (const [low, high] of [
      [-0.5, 0.7],
      [7, 9],
    ]) {
      const x = draw(
        { kind: 'truncatedNormal', mean: 0, std: 1, location: 0, scale: 1, low: low!, high: high! },
        [50, 20],
      );
      expect(Math.min(...x)).toBeGreaterThanOrEqual(low!);
      expect(Math.max(...x)).toBeLessThanOrEqual(high!);
    }
  });

  it('draws orthonormal rows or columns', () => {
    for (const [rows, columns] of [
      [6, 20],
      [20, 6],
      [12, 12],
    ]) {
      const q = draw({ kind: 'orthogonal', mean: 0, std: 1, gain: 3 }, [rows!, columns!]);
      const wide = rows! <= columns!;
      const [count, length] = wide ? [rows!, columns!] : [columns!, rows!];
      const at = (i: number, k: number): number => (wide ? q[i * columns! + k]! : q[k * columns! + i]!);
      for (let i = 0; i < count; i++)
        for (let j = 0; j <= i; j++) {
          let dot = 0;
          for (let k = 0; k < length; k++) dot += at(i, k) * at(j, k);
          expect(dot).toBeCloseTo(i === j ? 9 : 0, 4);
        }
    }
  });

  it('passes channels through with dirac, and the identity', () => {
    const d = draw({ kind: 'dirac', mean: 0, std: 0, groups: 2 }, [4, 2, 3, 3]);
    expect(
      Array.from(d.entries())
        .filter(([, v]) => v === 1)
        .map(([i]) => i),
    ).toEqual([4, 31, 40, 67]);
    expect([...draw({ kind: 'identity', mean: 0, std: 0, value: 2 }, [2, 3])]).toEqual([2, 0, 0, 0, 2, 0]);
  });

  it('puts the parts of a mixture where they lie, or anywhere', () => {
    const parts = [
      { fraction: 0.75, distribution: constant(0) },
      { fraction: 0.25, distribution: constant(1) },
    ];
    const mixture = { kind: 'mixture', mean: 0.25, std: 0.43, parts } as const;
    const runs = [
      { part: 0, length: 1 },
      { part: 1, length: 1 },
      { part: 0, length: 2 },
    ];
    expect([...draw({ ...mixture, runs }, [4])]).toEqual([0, 1, 0, 0]);
    const anywhere = [...draw(mixture, [4])];
    expect(anywhere.sort()).toEqual([0, 0, 0, 1]);
  });

  it('is the same again for the same seed', () => {
    expect(draw(normal(0, 1) as KnownDistribution, [9], 5)).toEqual(draw(normal(0, 1) as KnownDistribution, [9], 5));
    expect(draw(normal(0, 1) as KnownDistribution, [9], 5)).not.toEqual(
      draw(normal(0, 1) as KnownDistribution, [9], 6),
    );
  });

  it('takes a square mask of one half as a triangle', () => {
    const data = kernels.allocate(9);
    const note = drawConstant(
      kernels,
      {
        kind: 'mixture',
        mean: 2 / 3,
        std: 0.47,
        parts: [
          { fraction: 2 / 3, distribution: constant(1) },
          { fraction: 1 / 3, distribution: constant(0) },
        ],
      },
      { shape: [3, 3], data },
    );
    expect([...data]).toEqual([1, 0, 0, 1, 1, 0, 1, 1, 1]);
    expect(note).toMatch(/causal/);
  });
});
