import * as vscode from 'vscode';
import type { LabMessage, WorkerReply } from '../../protocol/worker.js';
import type { StartWorker, WorkerHandle } from '../../protocol/workerHandle.js';
import { messageOf } from '../../protocol/messageOf.js';

/** The worker that experiments run in: started when first needed; one that dies is replaced at the next start. */
export class LabWorker implements vscode.Disposable {
  private handle: Promise<WorkerHandle> | undefined;
  private readonly replied = new vscode.EventEmitter<WorkerReply>();
  readonly onReply = this.replied.event;
  private readonly died = new vscode.EventEmitter<string>();
  /** What it kept is gone with it. */
  readonly onDied = this.died.event;

  constructor(private readonly start: StartWorker) {}

  post(message: LabMessage): void {
    this.handle ??= this.start({
      onReply: (reply) => {
        this.replied.fire(reply);
      },
      onError: (problem) => {
        this.stop();
        this.died.fire(problem);
      },
    });
    void this.handle.then(
      (handle) => {
        handle.post(message);
      },
      (error: unknown) => {
        this.handle = undefined;
        this.died.fire(messageOf(error));
      },
    );
  }

  /** Gives the worker up, with what runs in it. */
  stop(): void {
    void this.handle?.then(
      (handle) => {
        handle.terminate();
      },
      () => undefined,
    );
    this.handle = undefined;
  }

  dispose(): void {
    this.stop();
    this.replied.dispose();
    this.died.dispose();
  }
}
