import { editsFor, Sources } from '../core/advice/fixes/index.js';
import { LastGood } from '../core/incremental/last-good.js';
import { ReportMemory } from '../core/incremental/report-memory.js';
import { inspectModels, type Inspection, type Workspace } from '../core/inspect.js';
import type { Model } from '../core/model/index.js';
import { isSet } from '../pool/flag.js';
import { pack } from '../pool/packed.js';
import { messageOf } from '../protocol/messageOf.js';
import type { InspectMessage, InspectTask, WorkerReply } from '../protocol/worker.js';

interface Inspected {
  readonly inspection: Inspection;
  readonly models: readonly Model[];
  readonly read: ReadonlySet<string>;
}

/** Keeps the files that it was given, and what it knows of files that change little from one inspection to the next. */
export class Inspector {
  private readonly files = new Map<string, string | null>();
  private readonly lastGood = new LastGood();
  private readonly memory = new ReportMemory();
  /** The last inspection, for edits: they are asked for where the user is. */
  private last: { readonly key: string; readonly inspection: Inspection } | undefined;

  constructor(private readonly post: (reply: WorkerReply) => void) {}

  handle(message: InspectMessage): void {
    switch (message.kind) {
      case 'files':
        this.last = undefined;
        for (const [path, text] of Object.entries(message.files)) this.files.set(path, text);
        return;
      case 'forget':
        this.last = undefined;
        for (const path of message.paths) this.files.delete(path);
        return;
      case 'inspect':
        this.guard(message, () => {
          const { inspection, models, read } = this.inspect(message);
          const { id, withModels } = message;
          for (const report of inspection.reports) this.post({ kind: 'report', id, report });
          this.post({
            kind: 'done',
            id,
            inspection: { ...inspection, reports: [] },
            read: [...read],
            ...(withModels === true ? { models: models.map((model) => pack(model)) } : {}),
          });
        });
        return;
      case 'edits':
        this.guard(message, () => {
          const { id, request, wanted } = message;
          const inspection =
            this.last?.key === keyOf(message) ? this.last.inspection : this.inspect(message).inspection;
          const sources = new Sources((path) => (path === request.file ? request.text : this.files.get(path)));
          this.post({ kind: 'edits', id, offered: editsFor(inspection, sources, wanted) });
        });
    }
  }

  private inspect(task: InspectTask): Inspected {
    const { request, roots, users, cancel } = task;
    const read = new Set<string>();
    const workspace: Workspace = {
      roots,
      read: (path) => {
        read.add(path);
        return this.files.get(path);
      },
      users: (names) => (names.every((name) => users?.names.includes(name)) ? users?.paths : undefined),
    };
    const { inspection, models } = inspectModels(
      { ...request, now: () => performance.now(), isCancelled: () => isSet(cancel) },
      workspace,
      this.memory,
    );
    const completed = this.lastGood.complete(inspection, request.text);
    this.last = { key: keyOf(task), inspection: completed };
    return { inspection: completed, models, read };
  }

  private guard({ id }: InspectTask, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.post({ kind: 'failed', id, message: messageOf(error) });
    }
  }
}

/** Two inspections with the same key say the same of the file's own text; how much time there is makes no difference to edits. */
function keyOf({ request, roots, users }: InspectTask): string {
  return JSON.stringify([{ ...request, isAwaited: undefined }, roots, users]);
}
