// Builds and runs the sampler's benchmark, and the same network in NumPy and PyTorch.
import { spawnSync } from 'node:child_process';
import os from 'node:os';
import { bundled } from './bundled.mjs';
import { fromRoot } from './paths.mjs';

export const DEPTH = 50;

/** Node before 22 has relaxed SIMD behind a flag; later ones no longer know the flag. */
const flags =
  process.allowedNodeEnvironmentFlags.has('--experimental-wasm-relaxed-simd') ||
  Number(process.versions.node.split('.')[0]) < 22
    ? ['--experimental-wasm-relaxed-simd']
    : [];

let bundle;

/** Least processor time of one seed forward and back with all statistics, wall time, and memory. */
export async function measureSampler(job) {
  bundle ??= bundled('bench-sampler');
  const all = JSON.stringify({ depth: DEPTH, kernels: 'plain', ...job });
  const r = spawnSync(process.execPath, [...flags, await bundle, all], { encoding: 'utf8' });
  if (r.status !== 0) throw new Error(r.stderr);
  const { processor, wall, memory } = JSON.parse(r.stdout);
  return { processor: Math.min(...processor), wall: Math.min(...wall), memory };
}

const python = [process.env.INITSCOPE_PYTHON, 'python3', 'python'].find(
  (name) => name && spawnSync(name, ['-c', 'import numpy']).status === 0,
);

/** Milliseconds of NumPy and PyTorch, as far as there are any: of processor time with one thread, passed with several. */
export function peers(width, columns, threads = 1) {
  // A matrix of 16384² and its temporaries take three gigabytes.
  if (python === undefined || 12 * width ** 2 > os.freemem()) return {};
  const numbers = [width, columns, DEPTH, threads].map(String);
  const r = spawnSync(python, [fromRoot('scripts/bench-sampler.py'), ...numbers], { encoding: 'utf8' });
  return r.status === 0 ? JSON.parse(r.stdout) : {};
}
