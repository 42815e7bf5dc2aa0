import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Configs } from '../../../src/host/configs.js';
import type { FileCache } from '../../../src/host/files.js';
import { Inspections, type InspectionsDependencies } from '../../../src/host/inspections.js';
import type { Source } from '../../../src/host/source.js';
import { WorkerClient } from '../../../src/host/worker/client.js';
import type { WorkerMessage } from '../../../src/protocol/worker.js';
import type { WorkerListener } from '../../../src/protocol/workerHandle.js';
import { mlpInspection } from '../../fixtures/mlp.js';
import { closed, EventEmitter, Uri } from '../../support/vscode.js';

vi.mock('vscode', () => import('../../support/vscode.js'));

type Inspect = Extract<WorkerMessage, { kind: 'inspect' }>;

const uri = Uri.parse('file:///w/net.py');
const entry = mlpInspection().reports[0]?.entry ?? '';
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

/** The present text of the document; what `text` gives tells texts apart. */
const sourceAt = (version: number) =>
  ({ uri, path: uri.path, version: String(version), isClosed: false, text: () => `# ${version}` }) as unknown as Source;

/** A worker that answers when told to, and files that come when told to. */
class World {
  readonly asked: Inspect[] = [];
  listener: WorkerListener | undefined;
  private readonly reading: (() => void)[] = [];
  readonly configs = new EventEmitter<void>();
  readonly inspections: Inspections;
  private readonly client = new WorkerClient((listener) => {
    this.listener = listener;
    const post = (message: WorkerMessage): void => {
      if (message.kind === 'inspect') this.asked.push(message);
    };
    return Promise.resolve({ post, terminate: () => undefined });
  }, 10_000);

  constructor() {
    const files = {
      onDidChange: new EventEmitter<Uri>().event,
      read: () =>
        new Promise<null>((resolve) => {
          this.reading.push(() => {
            resolve(null);
          });
        }),
    } as unknown as FileCache;
    const configs = {
      onDidChange: this.configs.event,
      of: () => Promise.resolve({ config: {}, isExcluded: false, problems: [] }),
    } as unknown as Configs;
    const log = { debug: vi.fn(), warn: vi.fn(), error: vi.fn() } as unknown as InspectionsDependencies['log'];
    this.inspections = new Inspections({ worker: this.client, files, configs, log, limitMilliseconds: 10_000 });
  }

  /** Answers the newest question, wanting to see these files first. */
  async answer(...needs: readonly string[]): Promise<void> {
    await settled();
    const { id, withModels } = this.asked.at(-1) ?? { id: -1 };
    const models = withModels === true ? [new Uint8Array([this.asked.length])] : undefined;
    this.listener?.onReply({ kind: 'done', id, inspection: { ...mlpInspection(), needs }, read: [], models });
    await settled();
  }

  async filesCome(): Promise<void> {
    for (const come of this.reading.splice(0)) come();
    await settled();
  }

  dispose(): void {
    this.inspections.dispose();
    this.client.dispose();
  }
}

describe('Inspections', () => {
  let world: World;

  beforeEach(() => {
    world = new World();
  });

  afterEach(() => {
    world.dispose();
  });

  it('lets an older inspection that waits for files end no newer one', async () => {
    const { inspections } = world;
    const older = inspections.get(sourceAt(1));
    await world.answer('/w/other.py');
    const newer = inspections.get(sourceAt(2));
    await settled();
    await world.filesCome();
    await world.answer();
    expect(await older).toBeUndefined();
    expect(await newer).toMatchObject({ kind: 'ready', version: '2' });
    expect(world.asked.map(({ request }) => request.text)).toEqual(['# 1', '# 2']);
  });

  it('nor one of the document after it was closed and opened again', async () => {
    const { inspections } = world;
    const older = inspections.get(sourceAt(1));
    await world.answer('/w/other.py');
    closed.fire({ uri });
    const newer = inspections.get(sourceAt(1));
    await settled();
    await world.filesCome();
    await world.answer();
    expect(await older).toBeUndefined();
    expect(await newer).toMatchObject({ kind: 'ready' });
    expect(inspections.peek(uri as never)).toMatchObject({ busy: false, state: { kind: 'ready' } });
  });

  it('reads a text once more for all who want its model', async () => {
    const { inspections } = world;
    const unwatched = inspections.get(sourceAt(1));
    await world.answer();
    await unwatched;
    inspections.await(uri as never);
    const first = inspections.modelOf(sourceAt(1), entry);
    await settled();
    const second = inspections.modelOf(sourceAt(1), entry);
    await world.answer();
    expect(await first).toEqual(new Uint8Array([2]));
    expect(await second).toEqual(new Uint8Array([2]));
    expect(world.asked).toHaveLength(2);
  });

  it('waits for the one under way when that keeps no models, and asks again', async () => {
    const { inspections } = world;
    void inspections.get(sourceAt(1));
    await settled();
    inspections.await(uri as never);
    const model = inspections.modelOf(sourceAt(1), entry);
    await world.answer();
    await world.answer();
    expect(await model).toEqual(new Uint8Array([2]));
  });

  it('keeps models for one who looks when another has gone', async () => {
    const { inspections } = world;
    inspections.await(uri as never);
    const other = inspections.await(uri as never);
    other.dispose();
    other.dispose();
    const model = inspections.modelOf(sourceAt(1), entry);
    await world.answer();
    expect(await model).toEqual(new Uint8Array([1]));
  });

  it('lets two readings in another batch end each other only in their order', async () => {
    const { inspections } = world;
    inspections.await(uri as never);
    const older = inspections.modelOf(sourceAt(1), entry, 16);
    await world.answer('/w/other.py');
    const newer = inspections.modelOf(sourceAt(1), entry, 32);
    await settled();
    await world.filesCome();
    await world.answer();
    expect(await older).toBeUndefined();
    expect(await newer).toBeInstanceOf(Uint8Array);
  });
});
