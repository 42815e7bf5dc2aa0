import type { EditsWanted } from '../core/model/index.js';
import type { Users } from '../protocol/worker.js';
import type { Configs, FileConfig } from './configs.js';
import type { FileCache } from './files.js';
import { ImportRoots } from './importRoots.js';
import type { Source } from './source.js';
import { UserSearch } from './userSearch.js';
import type { EditsResult, Job, JobResult, WorkerClient } from './worker/client.js';

/** What inspections of a source have found out that the next one begins with. */
export interface Known {
  /** Files that the result depends on. */
  read: ReadonlySet<string>;
  /** Where the file's models may be built, as far as that was looked for. */
  users?: Users | undefined;
  /** What the user and the project have set, as of the last inspection. */
  configured?: FileConfig;
}

export interface InspectOptions {
  readonly isAwaited: boolean;
  /** Another batch than the user has set. */
  readonly batch?: number | undefined;
}

/** Each round reads files that the round before found to be imported. */
const maxRounds = 40;

/** Asks the worker about sources: with the settings that hold for them, and the workspace files that turn out to be needed. */
export class Jobs {
  private ticket = 0;
  /** The newest inspection by key: an older one asks the worker for nothing more. */
  private readonly newest = new Map<string, number>();
  private readonly search: UserSearch;
  private readonly roots = new ImportRoots();

  constructor(
    private readonly worker: WorkerClient,
    private readonly files: FileCache,
    private readonly configs: Configs,
  ) {
    this.search = new UserSearch(files);
  }

  /** Inspects; reads the workspace files that turn out to be needed, and inspects again. */
  async inspect(source: Source, known: Known, { isAwaited, batch }: InspectOptions): Promise<JobResult> {
    const { uri } = source;
    const key = batch === undefined ? uri.toString() : `${uri.toString()} batch=${batch}`;
    const ticket = ++this.ticket;
    this.newest.set(key, ticket);
    const job = await this.job(source, known, { isAwaited, batch });
    for (let round = 1; ; round++) {
      // The worker drops a job for a newer one of its key, so an older inspection's next round would end a newer one.
      if (this.newest.get(key) !== ticket) return { kind: 'superseded' };
      const result = await this.worker.run({ ...job, key, users: known.users, withModels: isAwaited });
      if (result.kind !== 'done') return result;
      const { needs, seeks } = result.inspection;
      const missing = needs.filter((path) => !job.files.has(path));
      if ((missing.length === 0 && seeks.length === 0) || round === maxRounds) return result;
      if (seeks.length > 0) {
        const names = [...new Set([...seeks, ...(known.users?.names ?? [])])];
        known.users = { names, paths: await this.search.find(uri, names) };
        missing.push(...known.users.paths.filter((path) => !job.files.has(path)));
      }
      await this.load(missing, source, job.files);
    }
  }

  /** Edits for what the last inspection of the same text says. */
  async edits(source: Source, known: Known, wanted: EditsWanted): Promise<EditsResult> {
    const job = await this.job(source, known, { isAwaited: false });
    // One who asks for other edits waits for them, too.
    const key = `${source.uri.toString()} edits=${JSON.stringify(wanted)}`;
    return this.worker.edits({ ...job, key, users: known.users }, wanted);
  }

  private async job(source: Source, known: Known, { isAwaited, batch }: InspectOptions) {
    const { uri } = source;
    const text = source.text();
    const files = new Map<string, string | null>();
    const [configured, roots] = await Promise.all([
      this.configs.of(uri),
      this.roots.of(uri),
      this.load(known.read, source, files),
    ]);
    known.configured = configured;
    const { severity, thresholds, engine, seeds, batch: usual } = configured.config;
    const request: Job['request'] = {
      file: source.path,
      text,
      isAwaited,
      batch: batch ?? usual,
      simulation: { engine, seeds },
      severity,
      thresholds,
    };
    return { request, roots, files };
  }

  private async load(paths: Iterable<string>, { uri }: Source, files: Map<string, string | null>): Promise<void> {
    await Promise.all(
      [...paths].map(async (path) =>
        files.set(path, await this.files.read(uri.with({ path, query: '', fragment: '' }))),
      ),
    );
  }
}
