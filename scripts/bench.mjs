// Measures reading and simulating: each case in a new process, as a new file in a process at work, and again; medians of several runs.
//   npm run bench [-- --runs N]
//   npm run bench -- bars [--rounds N]                    what is promised, and what it takes here
//   npm run bench -- panel                             the panel with 500 layers, in a browser
//   npm run bench -- sampler [--rounds N] [--crossover]   the finite-width sampler instead
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { bundled } from './lib/bundled.mjs';
import { fromRoot } from './lib/paths.mjs';

if (process.argv.includes('bars')) {
  const { printBars } = await import('./bench-bars.mjs');
  await printBars([]);
  process.exit();
}
if (process.argv.includes('panel')) {
  await import('./bench-panel.mjs');
  process.exit();
}
if (process.argv.includes('sampler')) {
  await import('./bench-sampler.mjs');
  process.exit();
}

const runs = Number(process.argv[process.argv.indexOf('--runs') + 1]) || 5;
const bundle = await bundled('bench-worker', { minify: true });

const examples = readdirSync(fromRoot('examples'))
  .filter((f) => f.endsWith('.py'))
  .map((f) => ({ name: `examples/${f}`, text: readFileSync(fromRoot(`examples/${f}`), 'utf8') }));
const gpt = readFileSync(fromRoot('scripts/bench-gpt.py'), 'utf8');
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
  {
    name: 'DenseNet-121 (torchvision)',
    text: 'from torchvision.models import densenet121\nmodel = densenet121()\n',
    entry: 'model',
    input: [[1, 3, 224, 224]],
  },
  {
    name: 'GoogLeNet (torchvision)',
    text: 'from torchvision.models import googlenet\nmodel = googlenet(init_weights=False)\n',
    entry: 'model',
    input: [[1, 3, 224, 224]],
  },
  { name: 'GPT-2 small', text: gpt, entry: 'model', input: [[1, 64]] },
  ...examples,
];

/** Times of a case, medians over runs in processes of their own. */
function measure(c, others) {
  const samples = Array.from({ length: runs }, () => {
    const r = spawnSync(process.execPath, ['--stack-size=3900', bundle], {
      input: JSON.stringify({ case: c, others }),
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    if (r.status !== 0) throw new Error(`${c.name}: ${r.stderr}`);
    return JSON.parse(r.stdout);
  });
  const median = (f) => {
    const values = samples.map(f).sort((a, b) => a - b);
    return values[values.length >> 1].toFixed(1);
  };
  return {
    firstRead: median((s) => s.first.read),
    firstSimulate: median((s) => s.first.simulate),
    againRead: median((s) => s.again.read),
    againSimulate: median((s) => s.again.simulate),
    layers: samples[0].layers,
  };
}

const rows = cases.map((c) => {
  const fresh = measure(c, []);
  const first = measure(
    c,
    cases.filter((other) => other !== c),
  );
  return {
    case: c.name,
    layers: fresh.layers,
    'read: new process': fresh.firstRead,
    'new file': first.firstRead,
    again: first.againRead,
    'simulate: new process': fresh.firstSimulate,
    'new file ': first.firstSimulate,
    'again ': first.againSimulate,
  };
});
console.log(
  'Milliseconds; a new process has compiled nothing yet, a new file is the first of its text in a process at work.',
);
console.table(rows);
function medianOf(column) {
  const files = rows.filter((r) => r.case.startsWith('examples/')).map((r) => Number(r[column]));
  return files.sort((a, b) => a - b)[files.length >> 1];
}
console.log(
  `median example: ${medianOf('new file')} ms to read when new, ${medianOf('read: new process')} ms in a new process`,
);

const { printBars } = await import('./bench-bars.mjs');
await printBars(rows);
