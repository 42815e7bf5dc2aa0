import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import type { WorkerReply } from '../../protocol/worker.js';
import type { WorkerHandle, WorkerListener } from '../../protocol/workerHandle.js';

/** Desktop: a Node worker thread. The build swaps this file for `startWorker.web.ts` in a browser. */
export function startWorker(extensionUri: vscode.Uri, listener: WorkerListener): Promise<WorkerHandle> {
  const worker = new Worker(vscode.Uri.joinPath(extensionUri, 'dist', 'worker.js').fsPath, {
    // Constructors and forwards of the user's models nest; the default stack of 4 MB holds about 150 levels.
    resourceLimits: { stackSizeMb: 16, maxOldGenerationSizeMb: 400 },
  });
  worker.on('message', (reply: WorkerReply) => {
    listener.onReply(reply);
  });
  worker.on('error', (error) => {
    listener.onError(error instanceof Error ? error.message : String(error));
  });
  worker.unref();
  return Promise.resolve({
    post: (message) => {
      worker.postMessage(message);
    },
    terminate: () => void worker.terminate(),
  });
}

export function processors(): number {
  return availableParallelism();
}
