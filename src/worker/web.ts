import type { WorkerMessage } from '../protocol/worker.js';
import { serve } from './serve.js';

const handle = serve((reply) => {
  postMessage(reply);
});
addEventListener('message', (event: MessageEvent<WorkerMessage>) => {
  handle(event.data);
});
