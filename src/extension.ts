import * as vscode from 'vscode';
import { Diagnostics } from './host/diagnostics.js';
import { FileCache } from './host/files.js';
import { ModelHoverProvider } from './host/hover.js';
import { registerInspectCommand } from './host/inspectCommand.js';
import { Inspections } from './host/inspections.js';
import { Panels } from './host/panels.js';
import { registerSetSizesCommand } from './host/setSizesCommand.js';
import { Simulations } from './host/simulations.js';
import { LanguageStatus } from './host/status.js';
import { WorkerClient } from './host/worker/client.js';
import { processors, startWorker } from './host/worker/startWorker.js';
import type { StartWorker } from './protocol/workerHandle.js';

const limitMilliseconds = 10_000;

export function activate(context: vscode.ExtensionContext): void {
  const { extensionUri, subscriptions } = context;
  const log = vscode.window.createOutputChannel('InitScope', { log: true });
  const start: StartWorker = (listener) => startWorker(extensionUri, listener);
  const worker = new WorkerClient(start, limitMilliseconds);
  const files = new FileCache();
  const inspections = new Inspections(worker, files, log, limitMilliseconds);
  const simulations = new Simulations(inspections, start, processors());
  const panels = new Panels({ extensionUri, inspections, simulations, log });
  subscriptions.push(
    log,
    worker,
    files,
    inspections,
    simulations,
    panels,
    registerInspectCommand(panels),
    registerSetSizesCommand(panels, inspections),
    vscode.languages.registerHoverProvider({ language: 'python' }, new ModelHoverProvider(inspections)),
    new Diagnostics(inspections),
    new LanguageStatus(inspections),
  );
}
