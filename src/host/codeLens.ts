import * as vscode from 'vscode';
import type { FailedEntry } from '../core/inspect.js';
import type { Report, SourceRange } from '../core/model/index.js';
import { summaryLine } from '../protocol/verdict.js';
import { modelTitle } from '../protocol/words.js';
import { commandIds, type InspectArguments, type SetSizesArguments } from './commandIds.js';
import type { Inspections } from './inspections.js';
import type { Settings } from './settings.js';
import { sourceOf } from './source.js';

/** Further models of a class that is built in several ways are in the panel. */
const mostPerClass = 3;

/** A line above each model: how signal and gradient come through, and the way to the panel. */
export class ModelCodeLensProvider implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly disposables: readonly vscode.Disposable[];

  constructor(
    private readonly inspections: Inspections,
    private readonly settings: Settings,
  ) {
    const refresh = (): void => {
      this.changed.fire();
    };
    this.disposables = [this.changed, settings.onDidChange(refresh), inspections.onDidEnd(refresh)];
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  async provideCodeLenses(
    document: vscode.TextDocument,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeLens[] | undefined> {
    if (!this.settings.isOn('codeLens', document)) return undefined;
    const source = sourceOf(document);
    const state = await this.inspections.present(source, token);
    if (state?.kind !== 'ready') return undefined;
    const uri = source.uri.toString();
    const perPlace = new Map<number, number>();
    const lens = (range: SourceRange | undefined, command: vscode.Command): vscode.CodeLens[] => {
      if (range === undefined || source.documentOf(range) !== document) return [];
      const count = (perPlace.get(range.start) ?? 0) + 1;
      perPlace.set(range.start, count);
      const at = document.positionAt(range.start);
      return count > mostPerClass ? [] : [new vscode.CodeLens(new vscode.Range(at, at), command)];
    };
    const { reports, failed } = state.inspection;
    return [
      ...reports.flatMap((report) => lens(report.definedAt, inspectCommand(uri, report))),
      ...failed.flatMap((entry) => lens(entry.definedAt, failedCommand(uri, entry))),
    ];
  }
}

function inspectCommand(uri: string, report: Report): vscode.Command {
  const argument: InspectArguments = { uri, entry: report.entry };
  return {
    command: commandIds.inspectModel,
    title: `InitScope · ${modelTitle(report)} · ${summaryLine(report)} · ${vscode.l10n.t('Inspect')}`,
    tooltip: vscode.l10n.t('Show the whole model in InitScope'),
    arguments: [argument],
  };
}

function failedCommand(uri: string, entry: FailedEntry): vscode.Command {
  const argument: SetSizesArguments = { uri, entry: entry.entry };
  return {
    command: commandIds.setSizes,
    title: `InitScope · ${vscode.l10n.t('{0} could not be built', modelTitle(entry))} · ${vscode.l10n.t('Set sizes…')}`,
    tooltip: entry.reason,
    arguments: [argument],
  };
}
