import * as vscode from 'vscode';
import * as v from 'valibot';
import { commandIds, inspectArguments } from './commandIds.js';
import type { Panels } from './panels.js';
import { isPython, openedSource, sourceOf, type Source } from './source.js';

/** "InitScope: Inspect Model": from the palette, the editor's title, a menu, or a link in a hover. */
export function registerInspectCommand(panels: Panels): vscode.Disposable {
  return vscode.commands.registerCommand(commandIds.inspectModel, (argument?: unknown) => {
    if (argument instanceof vscode.Uri) {
      panels.show(argument);
      return;
    }
    const link = v.safeParse(inspectArguments, argument);
    if (link.success) {
      const { uri, entry, layer } = link.output;
      panels.show(vscode.Uri.parse(uri), { entry, layer });
      return;
    }
    const source = activeSource();
    if (source !== undefined) {
      panels.show(source.uri);
    } else {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('Open a Python file that defines a model, then inspect it.'),
      );
    }
  });
}

/** What the active editor shows: a Python file, or a notebook. */
export function activeSource(): Source | undefined {
  const document = vscode.window.activeTextEditor?.document;
  if (document !== undefined && isPython(document)) return sourceOf(document);
  const notebook = vscode.window.activeNotebookEditor?.notebook;
  return notebook === undefined ? undefined : openedSource(notebook.uri);
}
