import { activateEach, sumsOf } from './elementwise.js';
import { choleskyFactor, gramMatrix, invertLowerTriangle, multiplyMatrices } from './matrices.js';
import { Stream } from './random.js';
import { OutOfMemory, type Kernels } from './types.js';

/** The kernels in TypeScript: where there is no WebAssembly SIMD, and what the others are tested against. */
export function typescriptKernels(limit: number): Kernels {
  const random = new Stream();
  let used = 0;
  let peak = 0;
  const take = (bytes: number): void => {
    if (used + bytes > limit) throw new OutOfMemory(used + bytes, limit);
    used += bytes;
    peak = Math.max(peak, used);
  };
  return {
    kind: 'typescript',
    allocate(length) {
      take(4 * length);
      return new Float32Array(length);
    },
    reserve(length) {
      take(4 * length);
      return new Float32Array(length);
    },
    allocateDoubles(length) {
      take(8 * length);
      return new Float64Array(length);
    },
    free(...arrays) {
      for (const array of arrays) used -= array.byteLength;
    },
    get bytes() {
      return { used, peak };
    },
    multiply: multiplyMatrices,
    gram: (x, rows, columns, out) => {
      gramMatrix(x, rows, columns, out);
    },
    multiplyDoubles: multiplyMatrices,
    cholesky: choleskyFactor,
    invertLower: invertLowerTriangle,
    seed: (seed, stream) => {
      random.seed(seed, stream);
    },
    normal: (out, mean, std) => {
      random.normal(out, mean, std);
    },
    uniform: (out, low, high) => {
      random.uniform(out, low, high);
    },
    activate: activateEach,
    addScaled(out, x, alpha) {
      for (let i = 0; i < out.length; i++) out[i] = out[i]! + alpha * x[i]!;
    },
    scale(x, factor) {
      for (let i = 0; i < x.length; i++) x[i] = x[i]! * factor;
    },
    multiplyElements(a, b, out) {
      for (let i = 0; i < out.length; i++) out[i] = a[i]! * b[i]!;
    },
    multiplyByQuadratic(g, y, out, [a, b, c]) {
      for (let i = 0; i < out.length; i++) out[i] = g[i]! * ((c * y[i]! + b) * y[i]! + a);
    },
    sums: sumsOf,
  };
}
