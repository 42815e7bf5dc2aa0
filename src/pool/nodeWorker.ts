import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { WorkerReply } from '../protocol/worker.js';
import type { WorkerHandle, WorkerListener } from '../protocol/workerHandle.js';
import type { NodeWorkerData } from './nodeHelpers.js';
import { messageOf } from '../protocol/messageOf.js';

/** A Node worker thread; it keeps no process alive by itself. */
export function startNodeWorker(script: string, listener: WorkerListener): WorkerHandle {
  const workerData: NodeWorkerData = { helper: path.join(path.dirname(script), 'helper.js') };
  const worker = new Worker(script, {
    workerData,
    // Constructors and forwards of the user's models nest; the default stack of 4 MB holds about 150 levels.
    resourceLimits: { stackSizeMb: 16, maxOldGenerationSizeMb: 400 },
  });
  worker.on('message', (reply: WorkerReply) => {
    listener.onReply(reply);
  });
  worker.on('error', (error) => {
    listener.onError(messageOf(error));
  });
  worker.unref();
  return {
    post: (message) => {
      worker.postMessage(message);
    },
    terminate: () => void worker.terminate(),
  };
}
