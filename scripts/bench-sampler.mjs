// Measures the finite-width sampler against dense weights, and both against NumPy and PyTorch where a Python has them.
//   npm run bench -- sampler [--rounds N] [--crossover]      INITSCOPE_PYTHON=/path/to/python names the Python
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fromRoot } from './lib/paths.mjs';
import { esbuildKernels } from './lib/wasm.mjs';

const given = process.argv.indexOf('--rounds');
const rounds = (given < 0 ? 0 : Number(process.argv[given + 1])) || 15;
const depth = 50;
const bundle = path.join(mkdtempSync(path.join(os.tmpdir(), 'initscope-bench-')), 'bench-sampler.cjs');
await build({
  entryPoints: [fromRoot('scripts/bench-sampler.ts')],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  plugins: [esbuildKernels],
  logLevel: 'warning',
});
/** Node before 22 has relaxed SIMD behind a flag; later ones no longer know the flag. */
const flags =
  process.allowedNodeEnvironmentFlags.has('--experimental-wasm-relaxed-simd') ||
  Number(process.versions.node.split('.')[0]) < 22
    ? ['--experimental-wasm-relaxed-simd']
    : [];

function measure(job) {
  const r = spawnSync(
    process.execPath,
    [...flags, bundle, JSON.stringify({ depth, rounds, kernels: 'plain', ...job })],
    {
      encoding: 'utf8',
    },
  );
  if (r.status !== 0) throw new Error(r.stderr);
  const { processor, wall, memory } = JSON.parse(r.stdout);
  return { processor: Math.min(...processor), wall: Math.min(...wall), memory };
}

const python = findPython();
const milliseconds = (x) => (x === undefined ? '' : x < 10 ? x.toFixed(1) : x.toFixed(0));

if (process.argv.includes('--crossover')) crossover();
else overview();

/** Least processor time of one forward and backward pass with all statistics, 50 tanh layers. */
function overview() {
  const rows = [
    { width: 256, columns: 32 },
    { width: 1024, columns: 8 },
    { width: 1024, columns: 32 },
    { width: 4096, columns: 8 },
    { width: 4096, columns: 32 },
    { width: 16384, columns: 32, rounds: Math.min(rounds, 4) },
    { width: 1024, columns: 128, rounds: Math.min(rounds, 5) },
  ].map((job) => {
    const plain = measure({ ...job, map: 'gaussian' });
    const peers = peer(job.width, job.columns);
    const ratio = (x) => (x === undefined ? '' : `${(x / plain.processor).toFixed(1)}×`);
    const row = {
      'width × columns': `${job.width} × ${job.columns}`,
      'SIMD, ms': milliseconds(plain.processor),
      'relaxed, ms': milliseconds(measure({ ...job, map: 'gaussian', kernels: 'fused' }).processor),
      'orthogonal, ms': milliseconds(measure({ ...job, map: 'haar' }).processor),
      'dense here': job.width <= 1024 ? ratio(measure({ ...job, map: 'dense', rounds: 3 }).processor) : '',
      NumPy: ratio(peers.numpy),
      PyTorch: ratio(peers.torch),
      'memory, MB': (plain.memory.process / 2 ** 20).toFixed(0),
    };
    // A run takes minutes: what is known is shown.
    console.log(Object.values(row).join('  '));
    return row;
  });
  console.table(rows);
  console.log(
    `${os.cpus()[0]?.model ?? ''}, Node ${process.versions.node}; processor time, least of ${rounds} rounds; ratios to SIMD`,
  );
}

/** Where sampling begins to pay, and what the automatic choice makes of it. */
function crossover() {
  const rows = [];
  for (const columns of [1, 8, 32, 128]) {
    for (const width of [32, 64, 128, 256, 512, 1024]) {
      const few = { width, columns, rounds: width * columns > 30_000 ? 5 : 30 };
      const [dense, sampled, chosen] = ['dense', 'gaussian', 'chosen'].map((map) => measure({ ...few, map }).processor);
      rows.push({
        columns,
        width,
        'dense, ms': milliseconds(dense),
        'sampled, ms': milliseconds(sampled),
        'dense / sampled': (dense / sampled).toFixed(2),
        'chosen, ms': milliseconds(chosen),
        'chosen / better': (chosen / Math.min(dense, sampled)).toFixed(2),
      });
    }
  }
  console.table(rows);
}

function findPython() {
  for (const name of [process.env.INITSCOPE_PYTHON, 'python3', 'python']) {
    if (name && spawnSync(name, ['-c', 'import numpy']).status === 0) return name;
  }
  return undefined;
}

function peer(width, columns) {
  // A matrix of 16384² and its temporaries take gigabytes.
  if (python === undefined || width > 8192) return {};
  const r = spawnSync(python, [fromRoot('scripts/bench-sampler.py'), String(width), String(columns), String(depth)], {
    encoding: 'utf8',
  });
  return r.status === 0 ? JSON.parse(r.stdout) : {};
}
