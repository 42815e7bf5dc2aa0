import { build } from 'esbuild';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GaussianMap } from '../../../../src/core/propagation/sampler/index.js';
import { createKernels, type Helpers, type Kernels } from '../../../../src/core/propagation/kernels/index.js';
import { instanceOf, memoryOf } from '../../../../src/core/propagation/kernels/instances.js';
import { moduleOf } from '../../../../src/core/propagation/kernels/modules.js';
import { scale } from '../../../../src/core/propagation/kernels/tasks.js';
import { Team } from '../../../../src/core/propagation/kernels/team.js';
import { nodeHelpers } from '../../../../src/pool/nodeHelpers.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'initscope-helper-'));
const script = path.join(folder, 'helper.cjs');
let threads: (count: number) => Helpers;

beforeAll(async () => {
  const entry = path.join(__dirname, '../../../../src/worker/helper.ts');
  await build({ entryPoints: [entry], outfile: script, bundle: true, platform: 'node', format: 'cjs' });
  threads = nodeHelpers((file, options) => new Worker(file, options), script);
});

afterAll(() => {
  // Their boards keep them busy no longer than the process lives.
  rmSync(folder, { recursive: true });
});

/** Everything that is shared, on shapes that fit no block; what it says. */
function numbersOf(k: Kernels): Float64Array {
  const seen: number[] = [];
  const look = (...arrays: (Float32Array | Float64Array)[]): void => {
    for (const x of arrays) for (let i = 0; i < x.length; i += 97) seen.push(x[i]!);
  };
  const count = 200_003;
  const [a, b, y, slope] = [k.allocate(count), k.allocate(count), k.allocate(count), k.allocate(count)];
  k.seed(7, 3);
  k.normal(a, 0.5, 2);
  k.uniform(b, -1, 3);
  k.activate('gelu', a, y, slope);
  look(a, b, y, slope);
  k.addScaled(y, b, 0.3);
  k.scale(b, 1.7);
  k.multiplyElements(a, b, slope);
  k.multiplyByQuadratic(a, b, a, [1, 0.5, -1]);
  look(a, b, y, slope);
  for (const x of [a, b, y, slope]) seen.push(k.sums(x).sum, k.sums(x).squares);
  for (const [m, n, depth] of [
    [33, 5001, 40],
    [700, 90, 100],
    [64, 900, 300],
    [40, 40, 4999],
  ] as const) {
    const [x, w, c] = [k.allocate(m * depth), k.allocate(n * depth), k.allocate(m * n)];
    k.normal(x, 0, 1);
    k.normal(w, 0, 1);
    for (const transposeB of [false, true])
      for (const transposeA of [false, true])
        for (const beta of [0, 0.5]) {
          k.multiply({ a: x, b: w, c, m, n, k: depth, transposeA, transposeB, alpha: 0.7, beta });
          look(c);
        }
  }
  for (const [rows, columns] of [
    [31, 5000],
    [300, 700],
  ] as const) {
    const g = k.allocateDoubles(rows * rows);
    for (const precision of ['single', 'double'] as const) {
      k.gram(a.subarray(0, rows * columns), rows, columns, g, precision);
      look(g);
    }
  }
  const map = new GaussianMap(k, { inputs: 3000, outputs: 3000, std: 0.02 });
  const z = k.allocate(24 * 3000);
  for (let i = 0; i < 3; i++) {
    const use = map.forward(a.subarray(i * 1000, i * 1000 + 24 * 3000), 24, z);
    map.backward(use, y.subarray(0, 24 * 3000), z);
    look(z);
  }
  seen.push(map.weightGradientMeanSquare());
  return Float64Array.from(seen);
}

describe('helpers change nothing in the results', () => {
  const limit = 2 ** 27;
  const alone = numbersOf(createKernels({ limit }));

  it('of which there are some', () => {
    expect(alone.length).toBeGreaterThan(10_000);
    expect(alone.every(Number.isFinite)).toBe(true);
  });

  it.each([1, 2, 3])('%i of them', (count) => {
    // Several times: who does what is different each time.
    for (let i = 0; i < 3; i++) expect(numbersOf(createKernels({ limit, helpers: threads(count) }))).toEqual(alone);
  });

  it('that never come', () => {
    expect(numbersOf(createKernels({ limit, helpers: { count: 2, invite: () => undefined } }))).toEqual(alone);
  });

  it('that are sent away meanwhile', () => {
    const kernels = createKernels({ limit, helpers: threads(1) });
    createKernels({ limit, helpers: threads(1) });
    expect(numbersOf(kernels)).toEqual(alone);
  });
});

/** A team of its own on a small memory, with a leader that dawdles and does not do his parts. */
function dawdlingTeam(patience?: number) {
  const module = moduleOf({ fused: false, shared: true });
  if (module === undefined) throw new Error('no WebAssembly here');
  const memory = memoryOf(2 ** 22, true);
  const exports = instanceOf(module, memory);
  const [start, size] = [exports.scratchStart(), exports.scratchBytes()];
  const idle = new Int32Array(new SharedArrayBuffer(4));
  const did = { blocks: 0 };
  const dawdle = (): void => {
    did.blocks++;
    Atomics.wait(idle, 0, 0, 20);
  };
  const team = new Team({ ...exports, scale: dawdle }, patience);
  return { team, did, module, memory, scratch: start + size, free: start + 2 * size };
}

it('helpers do help', () => {
  const { team, did, module, memory, scratch, free } = dawdlingTeam();
  const values = new Float32Array(memory.buffer, free, 65536).fill(1);
  team.invite(threads(1), module, memory, [scratch]);
  for (let round = 0; round < 200 && values.every((x) => x === 1); round++) {
    did.blocks = 0;
    team.run(scale, 16, free, 65536, 2, 3);
  }
  const done = values.filter((x) => x !== 1).length / 2048;
  expect(done).toBeGreaterThan(0);
  expect(done + did.blocks).toBe(32);
});

it('a helper that takes a part and dies is told of, not waited for; the next one is another', () => {
  const { team, module, free } = dawdlingTeam(200);
  // What it is to work on lies outside of its memory.
  team.invite(threads(1), module, memoryOf(2 ** 19, true), [1024]);
  expect(() => {
    for (let round = 0; round < 200; round++) team.run(scale, 16, free, 65536, 2, 3);
  }).toThrow(/has not answered/);
});
