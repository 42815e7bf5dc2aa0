import * as vscode from 'vscode';
import { Diagnostics } from './host/diagnostics.js';
import { FileCache } from './host/files.js';
import { ModelHoverProvider } from './host/hover.js';
import { registerInspectCommand } from './host/inspectCommand.js';
import { Inspections } from './host/inspections.js';
import { Panels } from './host/panels.js';
import { registerSetSizesCommand } from './host/setSizesCommand.js';
import { LanguageStatus } from './host/status.js';
import { WorkerClient } from './host/worker/client.js';
import { startWorker } from './host/worker/startWorker.js';

const limitMilliseconds = 10_000;

export function activate(context: vscode.ExtensionContext): void {
  const { extensionUri, subscriptions } = context;
  const log = vscode.window.createOutputChannel('InitScope', { log: true });
  const worker = new WorkerClient((listener) => startWorker(extensionUri, listener), limitMilliseconds);
  const files = new FileCache();
  const inspections = new Inspections(worker, files, log, limitMilliseconds);
  const panels = new Panels({ extensionUri, inspections, log });
  subscriptions.push(
    log,
    worker,
    files,
    inspections,
    panels,
    registerInspectCommand(panels),
    registerSetSizesCommand(panels, inspections),
    vscode.languages.registerHoverProvider({ language: 'python' }, new ModelHoverProvider(inspections)),
    new Diagnostics(inspections),
    new LanguageStatus(inspections),
  );
}
