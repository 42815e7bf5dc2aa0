// What is promised of speed and memory, beside what it takes here.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { measureSampler, peers } from './lib/bench.mjs';
import { bundled } from './lib/bundled.mjs';
import { fromRoot } from './lib/paths.mjs';

const given = process.argv.indexOf('--rounds');
const rounds = (given < 0 ? 0 : Number(process.argv[given + 1])) || 10;

/** `read`: the rows of the first table, for the moments engine's bar. */
export async function printBars(read) {
  const rows = [...momentsRows(read), ...(await samplerRows()), ...(await finiteRows())].map(
    ({ what, unit, value, bar, least = false }) => ({
      what,
      measured: value === undefined ? 'not measured' : `${value.toFixed(value < 10 ? 1 : 0)} ${unit}`,
      bar: `${least ? '≥' : '<'} ${bar} ${unit}`,
      met: value === undefined ? '' : (least ? value >= bar : value < bar) ? 'yes' : 'no',
    }),
  );
  console.table(rows);
  console.log(`${os.cpus()[0]?.model ?? ''}, Node ${process.versions.node}; load ${os.loadavg()[0]?.toFixed(1)}`);
}

function momentsRows(read) {
  return read.map((r) => ({ what: `moments, ${r.case}, again`, unit: 'ms', value: Number(r['again ']), bar: 20 }));
}

async function samplerRows() {
  const map = 'gaussian';
  const rows = [];
  const threads = os.availableParallelism() < 2 ? [1] : [1, 2];
  for (const count of threads) {
    const [helpers, time] = count === 1 ? [0, 'processor'] : [count - 1, 'wall'];
    const least = async (job) => (await measureSampler({ columns: 32, map, helpers, ...job }))[time];
    // Peers fuse multiplications and additions, and so does VS Code.
    const ratios = async (width, atMost) => {
      const ours = await least({ width, rounds: Math.min(atMost, rounds), kernels: 'fused' });
      const { numpy, torch } = peers(width, 32, count);
      return [numpy, torch].map((x) => (x === undefined ? undefined : x / ours));
    };
    const [numpy, torch] = await ratios(4096, rounds);
    const [wideNumpy, wideTorch] = await ratios(16384, 4);
    const what = count === 1 ? 'one thread' : `${count} threads each`;
    rows.push(
      { what: `50 × 4096 × 32, one seed, ${what}`, unit: 'ms', value: await least({ width: 4096, rounds }), bar: 75 },
      { what: '  against relaxed SIMD NumPy takes', unit: '×', value: numpy, bar: 80, least: true },
      { what: '  PyTorch takes', unit: '×', value: torch, bar: 80, least: true },
      {
        what: `50 × 16384 × 32, ${what}: NumPy (one layer, times 50)`,
        unit: '×',
        value: wideNumpy,
        bar: 500,
        least: true,
      },
      { what: '  PyTorch takes', unit: '×', value: wideTorch, bar: 500, least: true },
    );
  }
  const { memory } = await measureSampler({ width: 16384, columns: 32, map, rounds: 2, helpers: threads.length - 1 });
  rows.push({ what: '  memory of the process', unit: 'MB', value: memory.process / 2 ** 20, bar: 300 });
  return rows;
}

async function finiteRows() {
  const bundle = await bundled('bench-finite');
  // As the extension has it: a thread's memory grows with its script.
  const helper = await bundled('helper', { entryPoints: [fromRoot('src/worker/helper.ts')] });
  const gpt = {
    name: 'gpt.py',
    text: readFileSync(fromRoot('scripts/bench-gpt.py'), 'utf8'),
    input: [[1, 64]],
    batch: 1,
  };
  const tied = { ...gpt, entry: 'GPT(tied=True)' };
  const resnet = {
    name: 'resnet.py',
    text: 'from torchvision.models import resnet50\nmodel = resnet50()\n',
    input: [[8, 3, 96, 96]],
    batch: 8,
  };
  const cases = [
    { what: 'ResNet-50, 8 × 3 × 96 × 96, one seed', seconds: 3, task: { ...resnet, engine: 'dense' } },
    { what: 'GPT-2 small, 64 tokens, dense, one seed', seconds: 1.5, task: { ...gpt, engine: 'dense' } },
    { what: 'GPT-2 small, 64 tokens, sampler, one seed', seconds: 1.5, task: { ...gpt, engine: 'sampler' } },
    { what: 'GPT-2 small, tied head, dense, one seed', seconds: 1.5, task: { ...tied, engine: 'dense' } },
    { what: 'GPT-2 small, tied head, sampler, one seed', seconds: 1.5, task: { ...tied, engine: 'sampler' } },
  ];
  return cases.flatMap(({ what, seconds, task }) => {
    const helpers = Math.min(1, os.availableParallelism() - 1);
    const runs = Array.from({ length: 3 }, () => oneRun(bundle, { ...task, helpers, helper }));
    const refused = runs.find((r) => r.engine !== task.engine);
    if (refused !== undefined) return [{ what: `${what}: ${refused.unknown.join('; ')}`, unit: 's', bar: seconds }];
    return [
      { what, unit: 's', value: Math.min(...runs.map((r) => r.seconds)), bar: seconds },
      {
        what: '  with reading and compiling',
        unit: 's',
        value: Math.min(...runs.map((r) => r.whole)),
        bar: seconds,
      },
      { what: '  memory of the process', unit: 'MB', value: Math.max(...runs.map((r) => r.megabytes)), bar: 400 },
    ];
  });
}

function oneRun(bundle, task) {
  const r = spawnSync(process.execPath, ['--stack-size=3900', bundle], {
    input: JSON.stringify({ entry: 'model', ...task }),
    encoding: 'utf8',
  });
  if (r.status !== 0) throw new Error(r.stderr);
  return JSON.parse(r.stdout);
}
