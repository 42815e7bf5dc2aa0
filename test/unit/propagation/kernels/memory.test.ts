import { describe, expect, it } from 'vitest';
import { createKernels, OutOfMemory, typescriptKernels } from '../../../../src/core/propagation/kernels/index.js';

describe.each([
  ['wasm', createKernels({ limit: 2 ** 20 })],
  ['typescript', typescriptKernels(2 ** 20)],
])('memory of %s kernels', (kind, kernels) => {
  it('is what was asked for', () => {
    expect(kernels.kind).toBe(kind);
  });

  it('gives zeroed arrays, also where others stood before', () => {
    const first = kernels.allocate(1000).fill(7);
    const second = kernels.allocateDoubles(500).fill(8);
    kernels.free(first, second);
    expect(kernels.allocate(1500).every((x) => x === 0)).toBe(true);
    expect(kernels.bytes.used).toBeGreaterThanOrEqual(6000);
    expect(kernels.bytes.peak).toBeGreaterThanOrEqual(8000);
  });

  it('throws past its limit, and takes arrays back in any order', () => {
    const arrays = Array.from({ length: 40 }, () => kernels.allocate(4000));
    expect(() => kernels.allocate(200_000)).toThrow(OutOfMemory);
    kernels.free(...arrays.filter((_, i) => i % 2 === 0));
    kernels.free(...arrays.filter((_, i) => i % 2 === 1).reverse());
    const whole = kernels.allocate(200_000);
    expect(whole).toHaveLength(200_000);
    kernels.free(whole);
  });
});

it('WebAssembly kernels refuse arrays of others', () => {
  const kernels = createKernels({ limit: 2 ** 20 });
  const array = kernels.allocate(4);
  expect(() => {
    kernels.addScaled(array, new Float32Array(4), 1);
  }).toThrow();
  kernels.free(array);
  expect(() => {
    kernels.free(array);
  }).toThrow();
});
