import * as vscode from 'vscode';
import * as v from 'valibot';
import type { Inspection } from '../core/inspect.js';
import { findAt } from '../protocol/atOffset.js';
import { isOpen } from '../protocol/question.js';
import { commandIds, setSizesArguments } from './commandIds.js';
import { activeSource } from './inspectCommand.js';
import type { Inspections } from './inspections.js';
import type { Panels } from './panels.js';
import type { Source } from './source.js';

/** "InitScope: Set Model Arguments and Input…": opens the form in the panel, for the model of a link or the one at the cursor. */
export function registerSetSizesCommand(panels: Panels, inspections: Inspections): vscode.Disposable {
  return vscode.commands.registerCommand(commandIds.setSizes, async (argument?: unknown) => {
    const link = v.safeParse(setSizesArguments, argument);
    if (link.success) {
      panels.show(vscode.Uri.parse(link.output.uri), { entry: link.output.entry, ask: true });
      return;
    }
    const source = activeSource();
    if (source === undefined) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('Open a Python file that defines a model, then set what it is built with.'),
      );
      return;
    }
    const state = await inspections.get(source);
    const entry = state?.kind === 'ready' ? entryAtCursor(source, state.inspection) : undefined;
    panels.show(source.uri, { entry, ask: true });
  });
}

/** The model that the cursor is in, else the first that lacks something. */
function entryAtCursor(source: Source, inspection: Inspection): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor !== undefined) {
    const { document, selection } = editor;
    const hit = findAt(inspection, source.path, document.offsetAt(selection.active), source.cellOf(document));
    if (hit !== undefined && 'report' in hit) return hit.report.entry;
    if (hit?.kind === 'failed') return hit.entry.entry;
  }
  return [...inspection.failed, ...inspection.reports].find(isOpen)?.entry;
}
