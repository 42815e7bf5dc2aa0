import { parentPort } from 'node:worker_threads';
import type { WorkerMessage } from '../protocol/worker.js';
import { serve } from './serve.js';

const handle = serve((reply) => parentPort?.postMessage(reply));
parentPort?.on('message', (message: WorkerMessage) => {
  handle(message);
});
