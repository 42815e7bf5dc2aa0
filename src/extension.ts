import * as vscode from 'vscode';
import { registerApplyCommand } from './host/applyCommand.js';
import { FindingActionsProvider } from './host/codeActions.js';
import { ModelCodeLensProvider } from './host/codeLens.js';
import { Configs } from './host/configs.js';
import { Diagnostics } from './host/diagnostics.js';
import { FileCache } from './host/files.js';
import { ModelHoverProvider } from './host/hover.js';
import { SigmaInlayHintsProvider } from './host/inlayHints.js';
import { registerInspectCommand } from './host/inspectCommand.js';
import { Inspections } from './host/inspections.js';
import { Lab } from './host/lab/lab.js';
import { Panels } from './host/panels.js';
import { registerSampleCommand } from './host/sampleCommand.js';
import { registerSetSizesCommand } from './host/setSizesCommand.js';
import { Settings } from './host/settings.js';
import { Simulations } from './host/simulations.js';
import { LanguageStatus } from './host/status.js';
import { WorkerClient } from './host/worker/client.js';
import { processors, startWorker } from './host/worker/startWorker.js';
import { speak } from './protocol/l10n.js';
import type { StartWorker } from './protocol/workerHandle.js';

const limitMilliseconds = 10_000;

export function activate(context: vscode.ExtensionContext): void {
  speak(vscode.l10n.t);
  const { extensionUri, subscriptions } = context;
  const log = vscode.window.createOutputChannel('InitScope', { log: true });
  const start: StartWorker = (listener) => startWorker(extensionUri, listener);
  const worker = new WorkerClient(start, limitMilliseconds);
  const files = new FileCache();
  const settings = new Settings(log);
  const configs = new Configs(settings, files);
  const inspections = new Inspections({ worker, files, configs, log, limitMilliseconds });
  const simulations = new Simulations(inspections, start, processors());
  const panels = new Panels({ extensionUri, inspections, simulations, log });
  const lenses = new ModelCodeLensProvider(inspections, settings);
  const hints = new SigmaInlayHintsProvider(inspections, settings);
  const { languages } = vscode;
  const python = { language: 'python' };
  subscriptions.push(
    log,
    worker,
    files,
    settings,
    configs,
    inspections,
    simulations,
    panels,
    registerInspectCommand(panels),
    registerSetSizesCommand(panels, inspections),
    registerApplyCommand(inspections),
    registerSampleCommand(extensionUri),
    lenses,
    hints,
    languages.registerHoverProvider(python, new ModelHoverProvider(inspections, settings)),
    languages.registerCodeLensProvider(python, lenses),
    languages.registerInlayHintsProvider(python, hints),
    languages.registerCodeActionsProvider(
      python,
      new FindingActionsProvider(inspections),
      FindingActionsProvider.metadata,
    ),
    new Diagnostics(inspections, settings),
    new LanguageStatus(inspections),
    new Lab({ extensionUri, inspections, log, start, panels }),
  );
}
