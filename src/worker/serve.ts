import { inspect, type Workspace } from '../core/inspect.js';
import type { WorkerMessage, WorkerReply } from '../protocol/worker.js';

/** The worker's side of the conversation: keeps the files that it was given, answers inspections. */
export function serve(post: (reply: WorkerReply) => void): (message: WorkerMessage) => void {
  const files = new Map<string, string | null>();

  return (message) => {
    switch (message.kind) {
      case 'files':
        for (const [path, text] of Object.entries(message.files)) files.set(path, text);
        return;
      case 'forget':
        for (const path of message.paths) files.delete(path);
        return;
      case 'inspect':
        post(answer(message, files));
    }
  };
}

function answer(
  { id, request, roots, users, cancel }: Extract<WorkerMessage, { kind: 'inspect' }>,
  files: ReadonlyMap<string, string | null>,
): WorkerReply {
  const read = new Set<string>();
  const workspace: Workspace = {
    roots,
    read(path) {
      read.add(path);
      return files.get(path);
    },
    users: (names) => (names.every((name) => users?.names.includes(name)) ? users?.paths : undefined),
  };
  const flag = cancel && new Int32Array(cancel);
  try {
    const inspection = inspect(
      {
        ...request,
        now: () => performance.now(),
        isCancelled: () => flag !== undefined && Atomics.load(flag, 0) === 1,
      },
      workspace,
    );
    return { kind: 'done', id, inspection, read: [...read] };
  } catch (error) {
    return { kind: 'failed', id, message: error instanceof Error ? error.message : String(error) };
  }
}
