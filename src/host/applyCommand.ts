import * as vscode from 'vscode';
import type { Fix, Report } from '../core/model/index.js';
import { isReadOnly } from './answer.js';
import { commandIds } from './commandIds.js';
import { activeSource } from './inspectCommand.js';
import type { Inspections } from './inspections.js';
import type { Source } from './source.js';
import { workspaceEditOf } from './workspaceEdit.js';

interface Choice extends vscode.QuickPickItem {
  readonly fix: Fix;
}

/** "InitScope: Apply Recommended Initialization": for the model at the cursor, or one that the user picks. */
export function registerApplyCommand(inspections: Inspections): vscode.Disposable {
  return vscode.commands.registerCommand(commandIds.applyRecommended, async () => {
    const source = activeSource();
    const state = source && (await inspections.get(source));
    if (source === undefined || state?.kind !== 'ready' || state.version !== source.version) {
      tell(vscode.l10n.t('Open a Python file that defines a model, then apply its recommended initialization.'));
      return;
    }
    const { reports } = state.inspection;
    const here = atCursor(source, reports);
    const fix = (here && (await wholeModel(inspections, source, here))) ?? (await pick(inspections, source, reports));
    if (fix === 'none') tell(nothingToDo(reports));
    else if (fix !== undefined) await apply(fix, source);
  });
}

async function wholeModel(inspections: Inspections, source: Source, { entry }: Report): Promise<Fix | undefined> {
  return (await inspections.edits(source, { on: 'models', entry })).refactorings[0]?.fix;
}

/** The model whose class is the last to begin before the cursor. */
function atCursor(source: Source, reports: readonly Report[]): Report | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return undefined;
  const offset = editor.document.offsetAt(editor.selection.active);
  const before = reports.filter(
    ({ definedAt }) => definedAt && source.documentOf(definedAt) === editor.document && definedAt.start <= offset,
  );
  return before.reduce<Report | undefined>(
    (last, r) => ((r.definedAt?.start ?? 0) > (last?.definedAt?.start ?? -1) ? r : last),
    undefined,
  );
}

async function pick(
  inspections: Inspections,
  source: Source,
  reports: readonly Report[],
): Promise<Fix | 'none' | undefined> {
  const { refactorings } = await inspections.edits(source, { on: 'models' });
  const choices = refactorings.map(({ entry, fix }): Choice => {
    const label = reports.find((report) => report.entry === entry)?.className ?? entry;
    return { label, description: entry, fix };
  });
  if (choices.length <= 1) return choices[0]?.fix ?? 'none';
  const placeHolder = vscode.l10n.t('Which model should be initialized as recommended?');
  return (await vscode.window.showQuickPick(choices, { placeHolder }))?.fix;
}

/** Writes it into the source; says why where it can't. */
export async function applyWholeModel(inspections: Inspections, report: Report, source: Source): Promise<void> {
  const fix = await wholeModel(inspections, source, report);
  if (fix === undefined) tell(nothingToDo([report]));
  else await apply(fix, source);
}

async function apply(fix: Fix, source: Source): Promise<void> {
  const edit = await workspaceEditOf(fix, source);
  const readOnly = edit && (await Promise.all(edit.entries().map(([uri]) => isReadOnly(uri)))).some(Boolean);
  if (edit === undefined || readOnly === true || !(await vscode.workspace.applyEdit(edit, { isRefactoring: true })))
    tell(vscode.l10n.t('The recommended initialization could not be written: a file is read-only.'));
}

function nothingToDo(reports: readonly Report[]): string {
  return reports.length === 0
    ? vscode.l10n.t('InitScope found no model here that it could build.')
    : vscode.l10n.t('Nothing to change: the weights are initialized as recommended, or no edit is known that does it.');
}

function tell(message: string): void {
  void vscode.window.showInformationMessage(message);
}
