import type { WorkerMessage } from '../protocol/worker.js';
import { serve } from './serve.js';

/** One script for both kinds of worker: a Node worker thread has a port, a web worker its global scope. */
const port = typeof process === 'undefined' ? null : process.getBuiltinModule('node:worker_threads').parentPort;

if (port === null) {
  const handle = serve((reply) => {
    postMessage(reply);
  });
  addEventListener('message', (event: MessageEvent<WorkerMessage>) => {
    handle(event.data);
  });
} else {
  const handle = serve((reply) => {
    port.postMessage(reply);
  });
  port.on('message', (message: WorkerMessage) => {
    handle(message);
  });
}
