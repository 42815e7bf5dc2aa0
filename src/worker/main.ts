import type { WorkerMessage } from '../protocol/worker.js';
import { nodeHelpers, type NodeWorkerData } from '../pool/nodeHelpers.js';
import { serve } from './serve.js';

/** One script for both kinds of worker: a Node worker thread has a port, a web worker its global scope. */
const threads = typeof process === 'undefined' ? undefined : process.getBuiltinModule('node:worker_threads');
const port = threads?.parentPort ?? null;

if (threads === undefined || port === null) {
  const handle = serve((reply) => {
    postMessage(reply);
  });
  addEventListener('message', (event: MessageEvent<WorkerMessage>) => {
    handle(event.data);
  });
} else {
  const { helper } = threads.workerData as NodeWorkerData;
  const handle = serve(
    (reply) => {
      port.postMessage(reply);
    },
    nodeHelpers((script, options) => new threads.Worker(script, options), helper),
  );
  port.on('message', (message: WorkerMessage) => {
    handle(message);
  });
}
