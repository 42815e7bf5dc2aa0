// Measures the finite-width sampler: 50 tanh layers, forward, backward and the statistics of every layer.
//   argument: JSON {widths, columns, depth, map, rounds, fused}; prints milliseconds of processor time for each round.
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import {
  assist,
  createKernels,
  typescriptKernels,
  webAssemblyKernels,
  type Invitation,
  type Kernels,
} from '../src/core/propagation/kernels/index.js';
import { nodeHelpers } from '../src/pool/nodeHelpers.js';
import { DenseMap, GaussianMap, HaarMap, linearMap, type LinearMap } from '../src/core/propagation/sampler/index.js';

interface Job {
  readonly width: number;
  readonly columns: number;
  readonly depth: number;
  readonly map: 'gaussian' | 'haar' | 'dense' | 'chosen';
  readonly kernels: 'plain' | 'fused' | 'typescript';
  readonly rounds: number;
  /** That help. Default none. */
  readonly helpers?: number;
}

const job = JSON.parse(process.argv[2] ?? '{}') as Job;
const helpers = nodeHelpers((script, options) => new Worker(script, options), __filename)(job.helpers ?? 0);
const limit = 1500 * 2 ** 20;
const kernels =
  job.kernels === 'typescript'
    ? typescriptKernels(limit)
    : (webAssemblyKernels({ limit, fused: job.kernels === 'fused', helpers }) ?? createKernels({ limit }));

function mapFor(k: Kernels, width: number): LinearMap {
  const shared = { inputs: width, outputs: width, reused: false, keepsInputs: true };
  if (job.map === 'gaussian') return new GaussianMap(k, { ...shared, std: 1.5 / Math.sqrt(width) });
  if (job.map === 'haar') return new HaarMap(k, { ...shared, gain: 1.5 });
  const std = 1.5 / Math.sqrt(width);
  const fill = (w: Float32Array): void => {
    k.normal(w, 0, std);
  };
  if (job.map === 'chosen') {
    const distribution = { kind: 'normal', mean: 0, std } as const;
    return linearMap(k, { ...shared, distribution, columns: job.columns, fill }).map;
  }
  return new DenseMap(k, { ...shared, fill });
}

/** One seed; the answer is there so that nothing can be left out. */
function run(seed: number): number {
  const { width, columns, depth } = job;
  kernels.seed(seed, 0);
  const length = width * columns;
  const owned: Float32Array[] = [];
  const array = (): Float32Array => {
    const made = kernels.reserve(length);
    owned.push(made);
    return made;
  };
  let x = array();
  kernels.normal(x, 0, 1);
  let check = 0;
  const layers: { map: LinearMap; use: number; y: Float32Array }[] = [];
  const z = array();
  for (let l = 0; l < depth; l++) {
    const map = mapFor(kernels, width);
    const use = map.forward(x, columns, z);
    const y = array();
    kernels.activate('tanh', z, y);
    check += kernels.sums(z).squares + kernels.sums(y).squares;
    layers.push({ map, use, y });
    x = y;
  }
  const delta = array();
  delta.set(x);
  const g = array();
  for (const { map, use, y } of layers.reverse()) {
    kernels.multiplyByQuadratic(delta, y, delta, [1, 0, -1]);
    map.backward(use, delta, g);
    check += kernels.sums(g).squares + map.weightGradientMeanSquare();
    delta.set(g);
    map.dispose();
  }
  kernels.free(...owned);
  return check;
}

function measure(): void {
  for (let i = 0; i < 3; i++) run(i);
  const processor: number[] = [];
  const wall: number[] = [];
  for (let i = 0; i < job.rounds; i++) {
    const before = process.cpuUsage();
    const start = performance.now();
    run(100 + i);
    const used = process.cpuUsage(before);
    wall.push(performance.now() - start);
    processor.push((used.user + used.system) / 1000);
  }
  const memory = { kernels: kernels.bytes.peak, process: process.resourceUsage().maxRSS * 1024 };
  process.stdout.write(JSON.stringify({ processor, wall, memory }));
}

if (isMainThread) measure();
else
  parentPort?.on('message', (invitation: Invitation) => {
    assist(invitation);
  });
