import { availableParallelism } from 'node:os';
import * as vscode from 'vscode';
import { startNodeWorker } from '../../pool/nodeWorker.js';
import type { WorkerHandle, WorkerListener } from '../../protocol/workerHandle.js';

/** Desktop: a Node worker thread. The build swaps this file for `startWorker.web.ts` in a browser. */
export function startWorker(extensionUri: vscode.Uri, listener: WorkerListener): Promise<WorkerHandle> {
  return Promise.resolve(startNodeWorker(vscode.Uri.joinPath(extensionUri, 'dist', 'worker.js').fsPath, listener));
}

export function processors(): number {
  return availableParallelism();
}
