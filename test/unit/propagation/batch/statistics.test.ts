import { describe, expect, it } from 'vitest';
import {
  linearHistogram,
  mergeLinear,
  mergeOctaves,
  octaveHistogram,
} from '../../../../src/core/propagation/batch/statistics/histogram.js';
import { measureForward, measureUnits } from '../../../../src/core/propagation/batch/statistics/measure.js';
import { bandOf } from '../../../../src/core/propagation/batch/statistics/merge.js';
import { typescriptKernels } from '../../../../src/core/propagation/kernels/index.js';

const kernels = typescriptKernels(2 ** 24);
const sum = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0);

describe('histograms', () => {
  it('cover all entries, and merge to the wider range', () => {
    const narrow = linearHistogram(Float32Array.from([-0.1, 0, 0.1, 0.2]), 0.12, 1);
    const wide = linearHistogram(Float32Array.from([-3, 5, 40]), 3, 1);
    expect(narrow.limit).toBe(0.5);
    expect(wide.limit).toBe(16);
    const merged = mergeLinear([narrow, wide])!;
    expect(merged.limit).toBe(16);
    expect(sum(merged.counts)).toBe(7);
    expect(merged.counts[39]).toBe(1);
    expect(merged.counts[19]! + merged.counts[20]!).toBe(4);
  });

  it('count magnitudes by octave', () => {
    const h = octaveHistogram(Float32Array.from([1, -1.5, 0.25, 0, 2 ** -60]), 1);
    expect(h.lowest).toBe(-39);
    expect(h.counts[39]).toBe(2);
    expect(h.counts[37]).toBe(1);
    expect(h.zeros).toBe(2);
    const merged = mergeOctaves([h, octaveHistogram(Float32Array.from([2 ** 20]), 1)])!;
    expect(merged.lowest).toBe(-19);
    expect(sum(merged.counts) + merged.zeros).toBe(6);
  });
});

describe('measures', () => {
  it('mean, variance, correlation and rank of a batch', () => {
    const alike = measureForward(kernels, { shape: [3, 2], data: Float32Array.from([1, 2, 1, 2, 1, 2]) });
    expect(alike.mean).toBeCloseTo(1.5);
    expect(alike.variance).toBeCloseTo(0.25);
    expect(alike.correlation).toBeCloseTo(1);
    expect(alike.effectiveRank).toBeCloseTo(1);
    const different = measureForward(kernels, { shape: [2, 2], data: Float32Array.from([1, 0, 0, 1]) });
    expect(different.correlation).toBeCloseTo(0);
    expect(different.effectiveRank).toBeCloseTo(2);
  });

  it('keeps its digits beside a large mean', () => {
    const data = Float32Array.from({ length: 1000 }, (_, i) => 1000 + (i % 2) / 8);
    expect(measureForward(kernels, { shape: [10, 100], data }).variance).toBeCloseTo(1 / 256, 6);
  });

  it('saturated inputs and dead units', () => {
    const x = { shape: [2, 3], data: Float32Array.from([-20, 0.1, 1, 20, 0.2, -1]) };
    const tanh = measureUnits({ kind: 'activation', name: 'tanh', constants: {} }, x, x);
    expect(tanh.saturated).toBeCloseTo(2 / 6);
    const y = { shape: [2, 3], data: Float32Array.from([0, 0, 1, 0, 2, 0]) };
    expect(measureUnits({ kind: 'activation', name: 'relu', constants: {} }, x, y).dead).toBeCloseTo(1 / 3);
    const map = { shape: [1, 2, 1, 2], data: Float32Array.from([0, 0, 0, 3]) };
    expect(measureUnits({ kind: 'activation', name: 'relu', constants: {} }, map, map).dead).toBeCloseTo(1 / 2);
  });

  it('bands are quantiles', () => {
    expect(bandOf([5, 1, 3, 2, 4])).toEqual({ low: 1.4, median: 3, high: 4.6 });
    expect(bandOf([2])).toEqual({ low: 2, median: 2, high: 2 });
  });
});
