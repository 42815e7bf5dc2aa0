import * as vscode from 'vscode';
import type { WorkerReply } from '../../protocol/worker.js';
import type { WorkerHandle, WorkerListener } from '../../protocol/workerHandle.js';

/** Browser: a web worker. Workers may not be loaded from another origin, so the script comes in as a blob. */
export async function startWorker(extensionUri: vscode.Uri, listener: WorkerListener): Promise<WorkerHandle> {
  const script = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extensionUri, 'dist', 'worker.js'));
  const url = URL.createObjectURL(new Blob([new Uint8Array(script)], { type: 'application/javascript' }));
  const worker = new Worker(url, { name: 'InitScope' });
  worker.addEventListener('message', (event: MessageEvent<WorkerReply>) => {
    listener.onReply(event.data);
  });
  worker.addEventListener('error', (event) => {
    listener.onError(event.message);
  });
  return {
    post: (message) => {
      worker.postMessage(message);
    },
    terminate: () => {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}

export function processors(): number {
  return navigator.hardwareConcurrency;
}
