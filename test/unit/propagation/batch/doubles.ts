import { typescriptKernels, type Kernels } from '../../../../src/core/propagation/kernels/index.js';

/** The kernels in TypeScript with doubles for floats, so that finite differences have digits to spare. */
export function doubleKernels(): Kernels {
  return { ...typescriptKernels(2 ** 30), allocate: doubles, reserve: doubles };
}

function doubles(length: number): Float32Array {
  return new Float64Array(length) as unknown as Float32Array;
}
