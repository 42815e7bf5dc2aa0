// What every bundle of the core, and every test of it, needs to import besides TypeScript: Python sources and numeric kernels.
import { pythonLibrary, vitePythonLibrary } from './pythonLibrary.mjs';
import { esbuildKernels, viteKernels } from './wasm.mjs';

export const esbuildSources = [pythonLibrary, esbuildKernels];
export const viteSources = [vitePythonLibrary, viteKernels];
