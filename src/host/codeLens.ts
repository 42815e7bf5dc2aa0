import * as vscode from 'vscode';
import type { FailedEntry } from '../core/inspect.js';
import type { Report, SourceRange } from '../core/model/index.js';
import { summaryLine } from '../protocol/verdict.js';
import { modelTitle } from '../protocol/words.js';
import { commandIds, type InspectArguments, type SetSizesArguments } from './commandIds.js';
import type { Inspections } from './inspections.js';
import { InText } from './inText.js';
import type { Settings } from './settings.js';

/** Further models of a class that is built in several ways are in the panel. */
const mostPerClass = 3;

/** A line above each model: how signal and gradient come through, and the way to the panel. */
export class ModelCodeLensProvider extends InText implements vscode.CodeLensProvider {
  readonly onDidChangeCodeLenses = this.onDidChange;

  constructor(inspections: Inspections, settings: Settings) {
    super('codeLens', inspections, settings);
  }

  async provideCodeLenses(
    document: vscode.TextDocument,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeLens[] | undefined> {
    const inspected = await this.inspected(document, token);
    if (inspected === undefined) return undefined;
    const { source, inspection } = inspected;
    const uri = source.uri.toString();
    const perPlace = new Map<number, number>();
    const lens = (range: SourceRange | undefined, command: vscode.Command): vscode.CodeLens[] => {
      if (range === undefined || source.documentOf(range) !== document) return [];
      const count = (perPlace.get(range.start) ?? 0) + 1;
      perPlace.set(range.start, count);
      const at = document.positionAt(range.start);
      return count > mostPerClass ? [] : [new vscode.CodeLens(new vscode.Range(at, at), command)];
    };
    const { reports, failed } = inspection;
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
