import { describe, expect, it } from 'vitest';
import { createKernels, typescriptKernels, type Kernels } from '../../../../src/core/propagation/kernels/index.js';
import { DenseMap } from '../../../../src/core/propagation/sampler/index.js';

const kinds: [string, Kernels][] = [
  ['WebAssembly', createKernels({ limit: 2 ** 24, repeatable: true })],
  ['TypeScript', typescriptKernels(2 ** 24)],
];

function drawn(kernels: Kernels, length: number): Float32Array {
  const array = kernels.allocate(length);
  kernels.normal(array, 0, 1);
  return array;
}

describe.each(kinds)('a dense map on %s kernels', (_, kernels) => {
  const inputs = 30;
  const outputs = 20;
  const make = (): DenseMap =>
    new DenseMap(kernels, {
      inputs,
      outputs,
      fill: (w) => {
        kernels.normal(w, 0, 0.2);
      },
    });

  it('multiplies by its matrix and by the transpose', () => {
    const map = make();
    const x = drawn(kernels, 3 * inputs);
    const z = kernels.allocate(3 * outputs);
    const use = map.forward(x, 3, z);
    const delta = drawn(kernels, 3 * outputs);
    const g = kernels.allocate(3 * inputs);
    map.backward(use, delta, g);
    let expected = 0;
    for (let i = 0; i < inputs; i++) expected += x[inputs + i]! * map.weights[4 * inputs + i]!;
    expect(z[outputs + 4]).toBeCloseTo(expected, 5);
    expected = 0;
    for (let o = 0; o < outputs; o++) expected += delta[2 * outputs + o]! * map.weights[o * inputs + 7]!;
    expect(g[2 * inputs + 7]).toBeCloseTo(expected, 5);
    map.dispose();
  });

  it.each([
    [1, 1],
    [3, 2],
    [40, 2],
  ])('knows the size of its gradient: %i columns, %i uses', (columns, uses) => {
    const map = make();
    const gradient = new Float64Array(inputs * outputs);
    const exponents = [3, -2];
    for (let u = 0; u < uses; u++) {
      const x = drawn(kernels, columns * inputs);
      const delta = drawn(kernels, columns * outputs);
      const use = map.forward(x, columns, kernels.allocate(columns * outputs), exponents[u]);
      map.backward(use, delta, kernels.allocate(columns * inputs), 1);
      for (let b = 0; b < columns; b++)
        for (let o = 0; o < outputs; o++)
          for (let i = 0; i < inputs; i++)
            gradient[o * inputs + i]! += 2 ** (exponents[u]! + 1) * delta[b * outputs + o]! * x[b * inputs + i]!;
    }
    const meanSquare = gradient.reduce((sum, v) => sum + v * v, 0) / gradient.length;
    expect(map.weightGradientMeanSquare() / meanSquare).toBeCloseTo(1, 5);
    expect(map.weightGradientLog2MeanSquare()).toBeCloseTo(Math.log2(meanSquare), 5);
    map.dispose();
  });

  it('follows scales past the range of doubles', () => {
    const map = make();
    const use = map.forward(drawn(kernels, inputs), 1, kernels.allocate(outputs), -900);
    expect(map.weightGradientLog2MeanSquare()).toBe(-Infinity);
    map.backward(use, drawn(kernels, outputs), kernels.allocate(inputs), -900);
    expect(map.weightGradientLog2MeanSquare()).toBeLessThan(-3580);
    expect(map.weightGradientMeanSquare()).toBe(0);
    map.dispose();
  });
});
