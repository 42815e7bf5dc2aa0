// Measures reading and simulating, each case cold in a process of its own and again warm; prints medians of several runs.
//   npm run bench [-- --runs N]
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { esbuildKernels } from './lib/wasm.mjs';
import { pythonLibrary } from './lib/pythonLibrary.mjs';

const runs = Number(process.argv[process.argv.indexOf('--runs') + 1]) || 5;
const root = fileURLToPath(new URL('..', import.meta.url));
const bundle = path.join(mkdtempSync(path.join(os.tmpdir(), 'initscope-bench-')), 'bench-worker.cjs');
await build({
  entryPoints: [path.join(root, 'scripts/bench-worker.ts')],
  outfile: bundle,
  bundle: true,
  minify: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  plugins: [pythonLibrary, esbuildKernels],
  logLevel: 'warning',
});

const examples = readdirSync(path.join(root, 'examples'))
  .filter((f) => f.endsWith('.py'))
  .map((f) => ({ name: `examples/${f}`, text: readFileSync(path.join(root, 'examples', f), 'utf8') }));
const cases = [
  {
    name: 'ResNet-152 (torchvision)',
    text: 'from torchvision.models import resnet152\nmodel = resnet152()\n',
    entry: 'model',
    input: [[1, 3, 224, 224]],
  },
  {
    name: 'ViT-B/16 (torchvision)',
    text: 'from torchvision.models import vit_b_16\nmodel = vit_b_16()\n',
    entry: 'model',
    input: [[1, 3, 224, 224]],
  },
  ...examples,
];

const rows = cases.map((c) => {
  const samples = Array.from({ length: runs }, () => {
    const r = spawnSync(process.execPath, ['--stack-size=3900', bundle], {
      input: JSON.stringify(c),
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    if (r.status !== 0) throw new Error(`${c.name}: ${r.stderr}`);
    return JSON.parse(r.stdout);
  });
  const median = (f) => samples.map(f).sort((a, b) => a - b)[samples.length >> 1];
  return {
    case: c.name,
    'cold read, ms': median((s) => s.cold.read).toFixed(1),
    'cold simulate, ms': median((s) => s.cold.simulate).toFixed(1),
    'warm read, ms': median((s) => s.warm.read).toFixed(1),
    'warm simulate, ms': median((s) => s.warm.simulate).toFixed(1),
    layers: samples[0].layers,
  };
});
console.table(rows);
const files = rows
  .filter((r) => r.case.startsWith('examples/'))
  .map((r) => Number(r['cold read, ms']))
  .sort((a, b) => a - b);
console.log(`median example, cold: ${files[files.length >> 1]} ms to read`);
