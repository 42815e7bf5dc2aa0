import { describe, expect, it } from 'vitest';
import { createKernels, typescriptKernels, type Kernels } from '../../../../src/core/propagation/kernels/index.js';
import { DenseMap, GaussianMap, takeExponent, type LinearMap } from '../../../../src/core/propagation/sampler/index.js';

const kernels = createKernels({ limit: 2 ** 27, repeatable: true });

function fresh(k: Kernels, length: number): Float32Array {
  const array = k.allocate(length);
  k.normal(array, 0, 1);
  return array;
}

/** Mean over pairs of rows of |a_p − a_q|². */
function spread(a: Float32Array, rows: number): number {
  const width = a.length / rows;
  let sum = 0;
  for (let p = 0; p < rows; p++)
    for (let q = 0; q < p; q++) for (let i = 0; i < width; i++) sum += (a[p * width + i]! - a[q * width + i]!) ** 2;
  return (2 * sum) / (rows * (rows - 1));
}

describe('a batch whose rows nearly coincide', () => {
  const width = 256;
  const rows = 8;
  it.each([1e-2, 1e-3, 1e-4, 1e-5, 1e-6])('%f apart', (distance) => {
    let [forward, backward, exact] = [0, 0, 0];
    for (let seed = 0; seed < 60; seed++) {
      kernels.seed(seed, 7);
      const common = fresh(kernels, width);
      const x = fresh(kernels, rows * width);
      for (let i = 0; i < x.length; i++) x[i] = common[i % width]! + distance * x[i]!;
      const map = new GaussianMap(kernels, { inputs: width, outputs: width, std: 1 / Math.sqrt(width), reused: false });
      const [z, g] = [kernels.allocate(x.length), kernels.allocate(x.length)];
      map.backward(map.forward(x, rows, z), z, g);
      exact += spread(x, rows);
      forward += spread(z, rows);
      backward += spread(g, rows);
      map.dispose();
      kernels.free(common, x, z, g);
    }
    // E|W(a − b)|² = |a − b|² and E|WᵀW(a − b)|² = (2 + 1/n)·|a − b|².
    expect(Math.abs(forward / exact - 1)).toBeLessThan(0.05);
    expect(Math.abs(backward / exact / (2 + 1 / width) - 1)).toBeLessThan(0.08);
  });

  it('keeps its distances through an ordered phase, where they shrink tenfold every few layers', () => {
    const n = 64;
    const distances = (make: () => LinearMap): number[] => {
      const out: number[] = [];
      for (let seed = 0; seed < 12; seed++) {
        kernels.seed(seed, 8);
        let x = fresh(kernels, 3 * n);
        for (let l = 0; l < 24; l++) {
          const [z, b] = [kernels.allocate(3 * n), kernels.allocate(n)];
          const map = make();
          map.forward(x, 3, z);
          kernels.normal(b, 0, 0.5);
          for (let c = 0; c < 3; c++) kernels.addScaled(z.subarray(c * n, (c + 1) * n), b, 1);
          kernels.activate('tanh', z, z);
          map.dispose();
          kernels.free(x, b);
          x = z;
        }
        out.push(Math.log10(spread(x, 3)));
        kernels.free(x);
      }
      return out;
    };
    const mean = (a: readonly number[]): number => a.reduce((s, v) => s + v, 0) / a.length;
    const std = 1 / Math.sqrt(n);
    const sampled = distances(() => new GaussianMap(kernels, { inputs: n, outputs: n, std, reused: false }));
    const fill = (w: Float32Array): void => {
      kernels.normal(w, 0, std);
    };
    const dense = distances(() => new DenseMap(kernels, { inputs: n, outputs: n, fill }));
    expect(mean(sampled)).toBeLessThan(-4);
    expect(Math.abs(mean(sampled) - mean(dense))).toBeLessThan(0.3);
  });
});

describe.each([
  ['WebAssembly', kernels],
  ['TypeScript', typescriptKernels(2 ** 27)],
])('scales beyond floats, on %s kernels', (_, k) => {
  it.each([
    [0.2, 60],
    [20, 60],
    [0.2, 511],
    [20, 440],
  ])('ReLU with σ² = %f, %i layers', (gain, depth) => {
    const [n, columns] = [32, 2];
    k.seed(3, depth);
    let x = fresh(k, columns * n);
    let exponent = takeExponent(k, x);
    const layers: { map: LinearMap; use: number; slope: Float32Array }[] = [];
    let log2 = 0;
    for (let l = 0; l < depth; l++) {
      const map = new GaussianMap(k, { inputs: n, outputs: n, std: Math.sqrt(gain / n), reused: false });
      const [z, y, slope] = [0, 1, 2].map(() => k.allocate(columns * n)) as [Float32Array, Float32Array, Float32Array];
      const use = map.forward(x, columns, z, exponent);
      log2 = Math.log2(k.sums(z).squares / z.length) + 2 * exponent;
      exponent += takeExponent(k, z);
      k.activate('relu', z, y, slope);
      k.free(x, z);
      layers.push({ map, use, slope });
      x = y;
    }
    const expected = depth * Math.log2(gain / 2) + 1;
    // A network of this width and depth wanders by some e-folds to either side.
    const wander = 3 * Math.sqrt((5 * depth) / n) * Math.LOG2E + (2.5 * depth * Math.LOG2E) / n;
    expect(Math.abs(log2 - expected)).toBeLessThan(wander);

    let delta = fresh(k, columns * n);
    let backExponent = 0;
    let previous = NaN;
    for (const { map, use, slope } of layers.reverse()) {
      const g = k.allocate(columns * n);
      k.multiplyElements(delta, slope, delta);
      map.backward(use, delta, g, backExponent);
      k.free(delta, slope);
      backExponent += takeExponent(k, g);
      delta = g;
      const gradient = map.weightGradientLog2MeanSquare();
      expect(Number.isFinite(gradient)).toBe(true);
      // What a layer adds to the gradient's scale it took from the input's.
      if (!Number.isNaN(previous)) expect(Math.abs(gradient - previous)).toBeLessThan(12);
      previous = gradient;
      map.dispose();
    }
    const size = Math.log2(k.sums(delta).squares / delta.length) + 2 * backExponent;
    expect(Math.abs(size - depth * Math.log2(gain / 2))).toBeLessThan(wander);
    k.free(delta, x);
  });
});
