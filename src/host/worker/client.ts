import type { Inspection, InspectRequest } from '../../core/inspect.js';
import type { EditsOffered, EditsWanted, Report } from '../../core/model/index.js';
import { isSet, makeFlag, setFlag } from '../../pool/flag.js';
import type { InspectMessage, InspectTask, Packed, Users, WorkerReply } from '../../protocol/worker.js';
import type { StartWorker, WorkerHandle } from '../../protocol/workerHandle.js';
import { t } from '../../protocol/l10n.js';
import { messageOf } from '../../protocol/messageOf.js';

/** Why there is no result. */
export type JobFailure =
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'timeout' }
  /** A newer job for the same file took its place. */
  | { readonly kind: 'superseded' };

export type JobResult =
  | {
      readonly kind: 'done';
      readonly inspection: Inspection;
      readonly read: readonly string[];
      /** By report, where they were asked for. */
      readonly models?: readonly Packed[] | undefined;
    }
  | JobFailure;

export type EditsResult = { readonly kind: 'edits'; readonly offered: EditsOffered } | JobFailure;

export interface Job {
  /** A newer job with the same key takes the place of an older one. */
  readonly key: string;
  readonly request: Omit<InspectRequest, 'isCancelled' | 'now'>;
  readonly roots: readonly string[];
  readonly users?: Users | undefined;
  readonly withModels?: boolean | undefined;
  /** Texts of the workspace files known so far. */
  readonly files: ReadonlyMap<string, string | null>;
}

type Reply<K extends WorkerReply['kind']> = Extract<WorkerReply, { kind: K }>;

interface Waiting {
  readonly id: number;
  readonly job: Job;
  readonly cancel: SharedArrayBuffer | undefined;
  /** Those told so far. */
  readonly reports: Report[];
  readonly message: (task: InspectTask) => InspectMessage;
  readonly settle: (result: Reply<'done' | 'edits'> | JobFailure) => void;
}

/**
 * Runs inspections one after the other in a worker that is started on first use. A job that takes longer than the
 * limit costs the worker its life; the next job gets a new one.
 */
export class WorkerClient {
  private handle: Promise<WorkerHandle> | undefined;
  private queue: Waiting[] = [];
  private running: Waiting | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sent = new Map<string, string | null>();
  private nextId = 1;
  private disposed = false;

  constructor(
    private readonly start: StartWorker,
    private readonly limitMilliseconds: number,
  ) {}

  /** Inspects. */
  async run(job: Job): Promise<JobResult> {
    const { withModels } = job;
    const result = await this.ask(job, (task) => ({ kind: 'inspect', withModels, ...task }));
    return result.kind === 'edits' ? unexpected() : result;
  }

  /** Asks for edits, which the worker writes for its last inspection of the same text. */
  async edits(job: Job, wanted: EditsWanted): Promise<EditsResult> {
    const result = await this.ask(job, (task) => ({ kind: 'edits', wanted, ...task }));
    return result.kind === 'done' ? unexpected() : result;
  }

  private ask(job: Job, message: Waiting['message']): Promise<Reply<'done' | 'edits'> | JobFailure> {
    if (this.disposed) return Promise.resolve({ kind: 'superseded' });
    this.supersede(job.key);
    return new Promise((settle) => {
      this.queue.push({ id: this.nextId++, job, cancel: makeFlag(), reports: [], message, settle });
      this.next();
    });
  }

  dispose(): void {
    this.disposed = true;
    for (const waiting of this.queue.splice(0)) waiting.settle({ kind: 'superseded' });
    this.finish({ kind: 'superseded' });
    this.stop();
  }

  private supersede(key: string): void {
    const old = this.queue.filter(({ job }) => job.key === key);
    this.queue = this.queue.filter((waiting) => !old.includes(waiting));
    for (const waiting of old) waiting.settle({ kind: 'superseded' });
    if (this.running?.job.key === key) setFlag(this.running.cancel);
  }

  private next(): void {
    if (this.running !== undefined) return;
    const waiting = this.queue.shift();
    if (waiting === undefined) return;
    this.running = waiting;
    this.timer = setTimeout(() => {
      this.stop();
      this.finish({ kind: 'timeout' });
    }, this.limitMilliseconds);
    void this.post(waiting);
  }

  private async post({ id, job, cancel, message }: Waiting): Promise<void> {
    try {
      this.handle ??= this.start({
        onReply: (reply) => {
          this.receive(reply);
        },
        onError: (message) => {
          this.stop();
          this.finish({ kind: 'failed', message });
        },
      });
      const handle = await this.handle;
      if (this.running?.id !== id) return;
      const { changed, gone } = this.difference(job.files);
      if (gone.length > 0) handle.post({ kind: 'forget', paths: gone });
      if (Object.keys(changed).length > 0) handle.post({ kind: 'files', files: changed });
      const { request, roots, users } = job;
      handle.post(message({ id, request, roots, users, cancel }));
    } catch (error) {
      this.stop();
      if (this.running?.id === id) this.finish({ kind: 'failed', message: messageOf(error) });
    }
  }

  /** What the worker must be told to know these files and no others. */
  private difference(files: ReadonlyMap<string, string | null>): {
    changed: Record<string, string | null>;
    gone: string[];
  } {
    const gone = [...this.sent.keys()].filter((path) => !files.has(path));
    const changed = Object.fromEntries([...files].filter(([path, text]) => this.sent.get(path) !== text));
    this.sent = new Map(files);
    return { changed, gone };
  }

  private receive(reply: WorkerReply): void {
    const { running } = this;
    if (running?.id !== reply.id) return;
    if (reply.kind === 'report') running.reports.push(reply.report);
    if (reply.kind !== 'done' && reply.kind !== 'edits' && reply.kind !== 'failed') return;
    this.finish(isSet(running.cancel) ? { kind: 'superseded' } : completed(reply, running.reports));
  }

  private finish(result: Reply<'done' | 'edits'> | JobFailure): void {
    clearTimeout(this.timer);
    const finished = this.running;
    this.running = undefined;
    finished?.settle(result);
    this.next();
  }

  private stop(): void {
    void this.handle?.then(
      (handle) => {
        handle.terminate();
      },
      () => undefined,
    );
    this.handle = undefined;
    this.sent = new Map();
  }
}

function unexpected(): JobFailure {
  return { kind: 'failed', message: t('the worker answered something else') };
}

function completed<R extends Reply<'done' | 'edits' | 'failed'>>(reply: R, reports: readonly Report[]): R {
  if (reply.kind !== 'done') return reply;
  const { inspection } = reply;
  return { ...reply, inspection: { ...inspection, reports: [...reports, ...inspection.reports] } };
}
