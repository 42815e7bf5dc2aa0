import { describe, expect, it } from 'vitest';
import { createKernels, type Kernels } from '../../../../src/core/propagation/kernels/index.js';
import {
  DenseMap,
  GaussianMap,
  HaarMap,
  ShiftedMap,
  type LinearMap,
} from '../../../../src/core/propagation/sampler/index.js';
import { compare } from './two-sample.js';

const SEEDS = Number(process.env['SEEDS'] ?? 400);
const kernels = createKernels({ limit: 2 ** 27, repeatable: true });
const width = 16;
const columns = 2;
const steps = 6;
const std = 1.4 / Math.sqrt(width);

type Make = (k: Kernels) => LinearMap;
const lazy: Make = (k) => new GaussianMap(k, { inputs: width, outputs: width, std });
const dense: Make = (k) =>
  new DenseMap(k, {
    inputs: width,
    outputs: width,
    fill: (w) => {
      k.normal(w, 0, std);
    },
  });

/** x ← tanh(Wx + u), then gradients back through all steps; W is the same, or drawn anew for each step. */
function recurrent(k: Kernels, make: Make, tied: boolean): Record<string, number> {
  const shared = make(k);
  const maps = Array.from({ length: steps }, () => (tied ? shared : make(k)));
  const array = (): Float32Array => k.allocate(columns * width);
  const made: Float32Array[] = [];
  const statistics: Record<string, number> = {};
  let x = array();
  k.normal(x, 0, 1);
  const uses: number[] = [];
  const slopes: Float32Array[] = [];
  let first = x;
  for (let t = 0; t < steps; t++) {
    const [z, y, slope, u] = [array(), array(), array(), array()];
    uses.push(maps[t]!.forward(x, columns, z));
    k.normal(u, 0, 0.3);
    k.addScaled(z, u, 1);
    k.activate('tanh', z, y, slope);
    slopes.push(slope);
    made.push(x, z, u, slope);
    if (t === 0) first = y;
    statistics[`log y${t}`] = Math.log(k.sums(y).squares);
    statistics[`overlap ${t}`] = y.reduce((sum, v, i) => sum + v * first[i]!, 0);
    x = y;
  }
  let delta = array();
  delta.set(x);
  made.push(x);
  for (let t = steps - 1; t >= 0; t--) {
    const g = array();
    k.multiplyElements(delta, slopes[t]!, delta);
    maps[t]!.backward(uses[t]!, delta, g);
    statistics[`log g${t}`] = Math.log(k.sums(g).squares);
    made.push(delta);
    delta = g;
  }
  if (tied) statistics['log dW'] = Math.log(shared.weightGradientMeanSquare());
  statistics['gradient along x'] = delta.reduce((sum, v, i) => sum + v * first[i]!, 0);
  for (const map of new Set([shared, ...maps])) map.dispose();
  k.free(...made, delta);
  return statistics;
}

function sample(make: Make, stream: number, tied = true): Record<string, number>[] {
  return Array.from({ length: SEEDS }, (_, seed) => {
    kernels.seed(seed, stream);
    return recurrent(kernels, make, tied);
  });
}

describe('one weight used again and again', () => {
  const reference = sample(dense, 2);

  it('has the distribution of a dense one', () => {
    const found = compare(sample(lazy, 1), reference);
    expect(found.bonferroni, found.worst).toBeGreaterThan(1e-3);
    expect(found.energy).toBeGreaterThan(0.015);
  });

  it('which separate weights do not have', () => {
    const untied = sample(lazy, 3, false);
    const found = compare(
      untied,
      reference.map(({ 'log dW': _, ...rest }) => rest),
    );
    expect(found.bonferroni).toBeLessThan(1e-6);
  });

  it('gives back all memory', () => {
    const before = kernels.bytes.used;
    sample(lazy, 4).slice(0, 1);
    expect(kernels.bytes.used).toBe(before);
  });
});

const makers: [string, (inputs: number, outputs: number) => LinearMap][] = [
  ['Gaussian', (inputs, outputs) => new GaussianMap(kernels, { inputs, outputs, std: 0.3 })],
  ['orthogonal', (inputs, outputs) => new HaarMap(kernels, { inputs, outputs, gain: 1.3 })],
  [
    'shifted',
    (inputs, outputs) => new ShiftedMap(kernels, new GaussianMap(kernels, { inputs, outputs, std: 0.3 }), 0.2),
  ],
];

/** ⟨δ, W·x⟩ = ⟨Wᵀδ, x⟩ for all x and δ ever asked about: every answer belongs to one and the same matrix. */
describe.each(makers)('a %s map answers for one matrix', (name, make) => {
  it.each([
    [40, 24],
    [24, 40],
    [12, 12],
  ])('%i inputs, %i outputs', (inputs, outputs) => {
    const map = make(inputs, outputs);
    const random = (length: number): Float32Array => {
      const array = kernels.allocate(length);
      kernels.normal(array, 0, 1);
      return array;
    };
    const asked: { x: Float32Array; z: Float32Array; use: number; columns: number }[] = [];
    const told: { delta: Float32Array; g: Float32Array; columns: number }[] = [];
    for (let round = 0; round < 3; round++) {
      for (const count of [1, 3]) {
        const x = random(count * inputs);
        // Partly known already.
        if (round > 0) kernels.addScaled(x.subarray(0, inputs), asked[0]!.x.subarray(0, inputs), 5);
        const z = kernels.allocate(count * outputs);
        asked.push({ x, z, use: map.forward(x, count, z), columns: count });
      }
      const last = asked.at(-1)!;
      const delta = random(last.columns * outputs);
      const g = kernels.allocate(last.columns * inputs);
      map.backward(last.use, delta, g);
      told.push({ delta, g, columns: last.columns });
    }
    const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
    for (const a of asked)
      for (const t of told)
        for (let i = 0; i < a.columns; i++)
          for (let j = 0; j < t.columns; j++) {
            const [x, z] = [a.x.subarray(i * inputs, (i + 1) * inputs), a.z.subarray(i * outputs, (i + 1) * outputs)];
            const [delta, g] = [
              t.delta.subarray(j * outputs, (j + 1) * outputs),
              t.g.subarray(j * inputs, (j + 1) * inputs),
            ];
            expect(Math.abs(dot(delta, z) - dot(g, x))).toBeLessThan(2e-5 * Math.sqrt(dot(x, x) * dot(delta, delta)));
          }
    if (name === 'orthogonal' && inputs <= outputs) {
      for (const { x, z } of asked) expect(dot(z, z) / dot(x, x) / 1.3 ** 2).toBeCloseTo(1, 4);
    }
    map.dispose();
  });
});

it('a map made for one use refuses a second', () => {
  const map = new GaussianMap(kernels, { inputs: 8, outputs: 8, std: 1, reused: false });
  const [x, z] = [kernels.allocate(8).fill(1), kernels.allocate(8)];
  map.forward(x, 1, z);
  expect(() => map.forward(x, 1, z)).toThrow();
  map.backward(0, z, x);
  expect(() => {
    map.backward(0, z, x);
  }).toThrow();
});
