import * as vscode from 'vscode';
import * as v from 'valibot';
import { commandIds, inspectArguments } from './commandIds.js';
import type { Panels } from './panels.js';

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
    const document = vscode.window.activeTextEditor?.document;
    if (document?.languageId === 'python') {
      panels.show(document.uri);
    } else {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('Open a Python file that defines a model, then inspect it.'),
      );
    }
  });
}
