// Measures the finite-width sampler against dense weights, and both against NumPy and PyTorch where a Python has them.
//   npm run bench -- sampler [--rounds N] [--crossover]      INITSCOPE_PYTHON=/path/to/python names the Python
import os from 'node:os';
import { measureSampler, peers as peer } from './lib/bench.mjs';

const given = process.argv.indexOf('--rounds');
const rounds = (given < 0 ? 0 : Number(process.argv[given + 1])) || 15;
const measure = (job) => measureSampler({ rounds, ...job });

const milliseconds = (x) => (x === undefined ? '' : x < 10 ? x.toFixed(1) : x.toFixed(0));

if (process.argv.includes('--crossover')) await crossover();
else await overview();

/** Least processor time of one forward and backward pass with all statistics, 50 tanh layers. */
async function overview() {
  const rows = [];
  for (const job of [
    { width: 256, columns: 32 },
    { width: 1024, columns: 8 },
    { width: 1024, columns: 32 },
    { width: 4096, columns: 8 },
    { width: 4096, columns: 32 },
    { width: 16384, columns: 32, rounds: Math.min(rounds, 4) },
    { width: 1024, columns: 128, rounds: Math.min(rounds, 5) },
  ]) {
    const plain = await measure({ ...job, map: 'gaussian' });
    const peers = peer(job.width, job.columns);
    const ratio = (x) => (x === undefined ? '' : `${(x / plain.processor).toFixed(1)}×`);
    const row = {
      'width × columns': `${job.width} × ${job.columns}`,
      'SIMD, ms': milliseconds(plain.processor),
      'relaxed, ms': milliseconds((await measure({ ...job, map: 'gaussian', kernels: 'fused' })).processor),
      'orthogonal, ms': milliseconds((await measure({ ...job, map: 'haar' })).processor),
      'dense here': job.width <= 1024 ? ratio((await measure({ ...job, map: 'dense', rounds: 3 })).processor) : '',
      NumPy: ratio(peers.numpy),
      PyTorch: ratio(peers.torch),
      'memory, MB': (plain.memory.process / 2 ** 20).toFixed(0),
    };
    // A run takes minutes: what is known is shown.
    console.log(Object.values(row).join('  '));
    rows.push(row);
  }
  console.table(rows);
  console.log(
    `${os.cpus()[0]?.model ?? ''}, Node ${process.versions.node}; processor time, least of ${rounds} rounds; ratios to SIMD`,
  );
}

/** Where sampling begins to pay, and what the automatic choice makes of it. */
async function crossover() {
  const rows = [];
  for (const columns of [1, 8, 32, 128]) {
    for (const width of [32, 64, 128, 256, 512, 1024]) {
      const few = { width, columns, rounds: width * columns > 30_000 ? 5 : 30 };
      const times = [];
      for (const map of ['dense', 'gaussian', 'chosen']) times.push((await measure({ ...few, map })).processor);
      const [dense, sampled, chosen] = times;
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
