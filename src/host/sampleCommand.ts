import * as vscode from 'vscode';
import { commandIds } from './commandIds.js';

/** "InitScope: Open Sample Model": a small deep network that starts badly, in an unsaved file of its own. */
export function registerSampleCommand(extensionUri: vscode.Uri): vscode.Disposable {
  return vscode.commands.registerCommand(commandIds.openSample, async () => {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extensionUri, 'examples', 'mlp_default.py'));
    const content = new TextDecoder().decode(bytes);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'python', content }));
  });
}
