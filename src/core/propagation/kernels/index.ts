import type { Helpers } from './team.js';
import { typescriptKernels } from './typescript.js';
import type { Kernels } from './types.js';
import { webAssemblyKernels } from './webassembly.js';

export { typescriptKernels } from './typescript.js';
export { webAssemblyKernels, type WebAssemblyOptions } from './webassembly.js';
export { assist, dissolve, type Helpers, type Invitation } from './team.js';
export * from './types.js';

export interface KernelOptions {
  /** Bytes that arrays may take together. Default 512 MB. */
  readonly limit?: number;
  /** The same bits on every machine, at some cost in speed. Default false. */
  readonly repeatable?: boolean;
  /** Threads that take part in the work. Default none. */
  readonly helpers?: Helpers | undefined;
}

/** The fastest kernels that this engine can run. */
export function createKernels({ limit = 512 * 2 ** 20, repeatable = false, helpers }: KernelOptions = {}): Kernels {
  try {
    return webAssemblyKernels({ limit, fused: !repeatable, helpers }) ?? typescriptKernels(limit);
  } catch (error) {
    // No address space for a memory of that size.
    if (error instanceof RangeError) return typescriptKernels(limit);
    throw error;
  }
}
