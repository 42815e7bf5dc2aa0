import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WorkerListener } from '../../../src/protocol/workerHandle.js';
import { type Job, WorkerClient } from '../../../src/host/worker/client.js';
import type { WorkerMessage } from '../../../src/protocol/worker.js';
import { mlpInspection } from '../../fixtures/mlp.js';

/** Workers that answer only when told to. */
class FakeWorkers {
  readonly posted: WorkerMessage[] = [];
  started = 0;
  terminated = 0;
  listener: WorkerListener | undefined;

  readonly start = (listener: WorkerListener) => {
    this.started++;
    this.listener = listener;
    return Promise.resolve({
      post: (message: WorkerMessage) => this.posted.push(message),
      terminate: () => this.terminated++,
    });
  };

  get inspections() {
    return this.posted.filter((message) => message.kind === 'inspect');
  }

  answer(): void {
    const last = this.inspections.at(-1);
    if (last === undefined) throw new Error('nothing was asked');
    this.listener?.onReply({ kind: 'done', id: last.id, inspection: mlpInspection(), read: [] });
  }
}

const job = (key: string, files: Record<string, string | null> = {}): Job => ({
  key,
  request: { file: key, text: '' },
  roots: [],
  files: new Map(Object.entries(files)),
});
const settled = () => vi.advanceTimersByTimeAsync(0);

describe('WorkerClient', () => {
  let workers: FakeWorkers;
  let client: WorkerClient;

  beforeEach(() => {
    vi.useFakeTimers();
    workers = new FakeWorkers();
    client = new WorkerClient(workers.start, 10_000);
  });

  afterEach(() => {
    client.dispose();
    vi.useRealTimers();
  });

  it('starts one worker, on first use, and runs one job after the other', async () => {
    expect(workers.started).toBe(0);
    const [a, b] = [client.run(job('a')), client.run(job('b'))];
    await settled();
    expect(workers.inspections).toHaveLength(1);
    workers.answer();
    expect((await a).kind).toBe('done');
    await settled();
    workers.answer();
    expect((await b).kind).toBe('done');
    expect(workers.started).toBe(1);
  });

  it('lets a newer job for the same file take the place of an older one', async () => {
    const [a, old, other, fresh] = [
      client.run(job('a')),
      client.run(job('b')),
      client.run(job('c')),
      client.run(job('b')),
    ];
    expect(await old).toEqual({ kind: 'superseded' });
    for (const result of [a, other, fresh]) {
      await settled();
      workers.answer();
      expect((await result).kind).toBe('done');
    }
  });

  it('cancels a running job that is superseded', async () => {
    const old = client.run(job('a'));
    await settled();
    const fresh = client.run(job('a'));
    const cancel = workers.inspections[0]?.cancel;
    expect(cancel && new Int32Array(cancel)[0]).toBe(1);
    workers.answer();
    expect(await old).toEqual({ kind: 'superseded' });
    await settled();
    workers.answer();
    expect((await fresh).kind).toBe('done');
  });

  it('puts the reports that are told one by one into the result', async () => {
    const result = client.run(job('a'));
    await settled();
    const { reports } = mlpInspection();
    for (const report of reports) workers.listener?.onReply({ kind: 'report', id: 1, report });
    workers.listener?.onReply({ kind: 'done', id: 1, inspection: { ...mlpInspection(), reports: [] }, read: [] });
    expect(await result).toMatchObject({ kind: 'done', inspection: { reports } });
  });

  it('asks for edits in their turn, and ends no inspection by it', async () => {
    const inspected = client.run(job('a'));
    const asked = client.edits(job('edits of a'), { on: 'findings' });
    await settled();
    workers.answer();
    expect((await inspected).kind).toBe('done');
    await settled();
    expect(workers.posted.at(-1)).toMatchObject({ kind: 'edits', id: 2, wanted: { on: 'findings' } });
    const offered = { fixes: [], refactorings: [] };
    workers.listener?.onReply({ kind: 'edits', id: 2, offered });
    expect(await asked).toEqual({ kind: 'edits', id: 2, offered });
  });

  it('gives up on a job that takes too long, and starts a new worker for the next', async () => {
    const slow = client.run(job('a'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await slow).toEqual({ kind: 'timeout' });
    expect(workers.terminated).toBe(1);
    const next = client.run(job('a'));
    await settled();
    workers.answer();
    expect((await next).kind).toBe('done');
    expect(workers.started).toBe(2);
  });

  it('reports a worker that breaks', async () => {
    const broken = client.run(job('a'));
    await settled();
    workers.listener?.onError('out of memory');
    expect(await broken).toEqual({ kind: 'failed', message: 'out of memory' });
  });

  it('sends each file once, and tells when it is gone', async () => {
    const steps: [Record<string, string>, string[]][] = [
      [{ '/a.py': '1', '/b.py': '2' }, ['files', 'inspect']],
      [{ '/a.py': '1', '/b.py': '2' }, ['inspect']],
      [{ '/b.py': '3' }, ['forget', 'files', 'inspect']],
    ];
    for (const [files, kinds] of steps) {
      workers.posted.length = 0;
      const result = client.run(job('a', files));
      await settled();
      expect(workers.posted.map(({ kind }) => kind)).toEqual(kinds);
      workers.answer();
      await result;
    }
  });

  it('settles everything when it is disposed of', async () => {
    const results = [client.run(job('a')), client.run(job('b'))];
    client.dispose();
    expect(await Promise.all([...results, client.run(job('c'))])).toEqual(Array(3).fill({ kind: 'superseded' }));
  });
});
