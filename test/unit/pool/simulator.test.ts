import { describe, expect, it } from 'vitest';
import type { Model, Report, SimulationSettings } from '../../../src/core/model/index.js';
import { seedsFor } from '../../../src/core/propagation/policy.js';
import { simulate } from '../../../src/core/propagation/simulate.js';
import { pack, unpack } from '../../../src/pool/packed.js';
import { Simulator, type SimulatorOptions, workersFor } from '../../../src/pool/simulator.js';
import type { SimulationState } from '../../../src/protocol/simulation.js';
import type { WorkerMessage, WorkerReply } from '../../../src/protocol/worker.js';
import type { WorkerListener } from '../../../src/protocol/workerHandle.js';
import { serve } from '../../../src/worker/serve.js';
import { modelFrom } from '../../support/model.js';

const mlp = modelFrom(
  `
import torch.nn as nn
model = nn.Sequential(nn.Linear(32, 64), nn.Tanh(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 8))
`,
  [[8, 32]],
);

const repeated = modelFrom(
  `
import torch.nn as nn
model = nn.Sequential(*[nn.Linear(32, 32) for _ in range(4)])
`,
  [[8, 32]],
);

/** The worker's own code on this thread, a message at a time; `before` may answer itself, or kill the worker by throwing. */
class Workers {
  started = 0;
  terminated = 0;
  readonly seen: WorkerMessage[] = [];
  before: (message: WorkerMessage) => void = () => undefined;

  readonly start = (listener: WorkerListener) => {
    this.started++;
    let alive = true;
    const handle = serve((reply: WorkerReply) => {
      // As across threads: nobody shares objects.
      const copy = structuredClone(reply);
      setTimeout(() => {
        if (alive) listener.onReply(copy);
      });
    });
    const post = (message: WorkerMessage) => {
      this.seen.push(message);
      setTimeout(() => {
        if (!alive) return;
        try {
          this.before(message);
          handle(message);
        } catch (error) {
          alive = false;
          listener.onError(error instanceof Error ? error.message : String(error));
        }
      });
    };
    const terminate = () => {
      alive = false;
      this.terminated++;
    };
    return Promise.resolve({ post, terminate });
  };
}

function simulator(workers: Workers, options: Partial<SimulatorOptions> = {}): Simulator {
  return new Simulator(workers.start, { workers: 3, ...options });
}

const plain = (report: Report): unknown => JSON.parse(JSON.stringify(report));
const inProcess = (settings: SimulationSettings): unknown => plain(simulate(mlp, settings));
const isSeed = (message: WorkerMessage) => message.kind === 'seed';

describe('Simulator', () => {
  it('tells the numbers alone to who wants no more, and the Report where layers are others', async () => {
    const pool = simulator(new Workers());
    const told: string[] = [];
    const run = (whatIf: SimulationSettings['whatIf'], model = mlp) =>
      pool.simulate({
        model: pack(model),
        settings: { engine: 'moments', whatIf },
        onValues: ({ layers }) => told.push(`${layers.length} values`),
        onReport: ({ layers }) => told.push(`report of ${layers.length}`),
      }).result;
    expect(await run({ inputScale: 2 })).toEqual({ kind: 'values' });
    expect(await run(undefined, repeated)).toEqual({ kind: 'values' });
    expect(await run({ depth: 2 }, repeated)).toMatchObject({ kind: 'done' });
    expect(told).toEqual(['5 values', '4 values', 'report of 8']);
    pool.dispose();
  });

  it('draws as often as the policy says where the settings leave it open', async () => {
    const workers = new Workers();
    const pool = simulator(workers);
    const { result } = pool.simulate({ model: pack(mlp), settings: { engine: 'auto' } });
    const outcome = await result;
    pool.dispose();
    const seeds = seedsFor(mlp);
    expect(seeds).toBeGreaterThan(0);
    expect(outcome).toMatchObject({ kind: 'done', state: { seeds, done: seeds, lost: [] } });
    expect(outcome.kind === 'done' && unpack(pack(outcome.report))).toEqual(
      unpack(pack(simulate(mlp, { engine: 'auto' }))),
    );
  });

  it('gives the report that one thread gives, whichever worker is ready first', async () => {
    const settings = { engine: 'dense', seeds: 7, firstSeed: 3 } as const;
    const pool = simulator(new Workers());
    const told: SimulationState[] = [];
    const result = await pool.simulate({
      model: pack(mlp),
      settings,
      onReport: (_, state) => told.push(state),
    }).result;
    pool.dispose();
    expect(result.kind).toBe('done');
    if (result.kind !== 'done') return;
    expect(plain(result.report)).toEqual(inProcess(settings));
    expect(result.state).toEqual({ seeds: 7, done: 7, lost: [] });
    expect(told[0]).toMatchObject({ done: 0, seeds: 7 });
    expect(told.at(-1)).toMatchObject({ done: 7 });
    expect(told.map((s) => s.done)).toEqual([...told.map((s) => s.done)].sort((a, b) => a - b));
  });

  it('answers moments at once, with a what-if, and sends the model once', async () => {
    const workers = new Workers();
    const pool = simulator(workers);
    const model = pack(mlp);
    const first = await pool.simulate({ model, settings: {} }).result;
    const settings = { whatIf: { activation: { to: 'gelu' } } };
    const second = await pool.simulate({ model, settings }).result;
    pool.dispose();
    expect(first).toMatchObject({ kind: 'done', state: { seeds: 0 } });
    expect(second.kind === 'done' && plain(second.report)).toEqual(inProcess(settings));
    expect(workers.started).toBe(1);
    expect(workers.seen.filter((m) => m.kind === 'model')).toHaveLength(1);
  });

  it('says why a model is too large, and shows moments', async () => {
    const pool = simulator(new Workers());
    const result = await pool.simulate({ model: pack(mlp), settings: { engine: 'dense', memoryLimit: 1000 } }).result;
    pool.dispose();
    expect(result).toMatchObject({ kind: 'done', report: { engine: 'moments' }, state: { seeds: 0 } });
    expect(result.kind === 'done' && result.report.unknown.at(-1)?.reason).toMatch(/needs at least/);
  });

  it('loses one seed with the worker that dies', async () => {
    const workers = new Workers();
    workers.before = (message) => {
      if (message.kind === 'seed' && message.index === 1) throw new Error('out of memory');
    };
    const pool = simulator(workers);
    const result = await pool.simulate({ model: pack(mlp), settings: { engine: 'dense', seeds: 4 } }).result;
    pool.dispose();
    expect(result).toMatchObject({
      kind: 'done',
      state: { seeds: 4, done: 3, lost: [{ seed: 2, message: 'its worker ended: out of memory' }] },
    });
    expect(result.kind === 'done' && result.report.layers[0]?.finite?.seeds).toBe(3);
  });

  it('fails with the reason when every seed is lost', async () => {
    const workers = new Workers();
    workers.before = (message) => {
      if (isSeed(message)) throw new Error('out of memory');
    };
    const pool = simulator(workers);
    const result = await pool.simulate({ model: pack(mlp), settings: { engine: 'dense', seeds: 3 } }).result;
    pool.dispose();
    expect(result).toEqual({ kind: 'failed', message: 'its worker ended: out of memory' });
  });

  it('fails when the reporting worker dies, and serves the next one', async () => {
    const workers = new Workers();
    let deaths = 1;
    workers.before = (message) => {
      if (message.kind === 'simulate' && deaths-- > 0) throw new Error('gone');
    };
    const pool = simulator(workers);
    const model = pack(mlp);
    expect(await pool.simulate({ model, settings: {} }).result).toEqual({ kind: 'failed', message: 'gone' });
    expect(await pool.simulate({ model, settings: {} }).result).toMatchObject({ kind: 'done' });
    pool.dispose();
  });

  it('stops draws through shared memory when cancelled, and keeps the workers', async () => {
    const workers = new Workers();
    const pool = simulator(workers, { workers: 1 });
    const model = pack(mlp);
    const running = pool.simulate({ model, settings: { engine: 'dense', seeds: 500 } });
    workers.before = (message) => {
      if (message.kind === 'seed' && message.index === 3) running.cancel();
    };
    expect(await running.result).toEqual({ kind: 'cancelled' });
    workers.before = () => undefined;
    const next = await pool.simulate({ model, settings: { engine: 'dense', seeds: 2 } }).result;
    expect(next).toMatchObject({ kind: 'done', state: { done: 2 } });
    expect(workers.seen.filter(isSeed).length).toBeLessThan(10);
    expect(workers.terminated).toBe(0);
    pool.dispose();
  });

  it('tells progress that only grows', async () => {
    const pool = simulator(new Workers());
    const seen: number[] = [];
    await pool.simulate({
      model: pack(mlp),
      settings: { engine: 'dense', seeds: 6 },
      onProgress: ({ done }) => seen.push(done),
    }).result;
    pool.dispose();
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.every((share) => share >= 0 && share <= 1)).toBe(true);
  });
});

describe('packing', () => {
  it('keeps numbers that JSON lacks', () => {
    const data = { low: -Infinity, high: Infinity, list: [NaN, 1, 'Infinity'] };
    expect(unpack(pack(data))).toEqual(data);
  });
  it('keeps a model', () => {
    expect(unpack(pack(mlp)) as Model).toEqual(JSON.parse(JSON.stringify(mlp)));
  });
});

it('uses few workers', () => {
  expect([undefined, 1, 2, 16].map(workersFor)).toEqual([2, 1, 2, 4]);
});
