import type { WorkerMessage, WorkerReply } from './worker.js';

export interface WorkerHandle {
  post(message: WorkerMessage): void;
  terminate(): void;
}

export interface WorkerListener {
  onReply(reply: WorkerReply): void;
  onError(message: string): void;
}

export type StartWorker = (listener: WorkerListener) => Promise<WorkerHandle>;
