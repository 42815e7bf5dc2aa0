import * as vscode from 'vscode';
import type { ToHost } from '../protocol/panel.js';

type Save = Extract<ToHost, { type: 'save' }>;

/** Asks where to, and writes there; answers with a word for the panel, or nothing when the user thought better of it. */
export async function saveExport({ name, content, encoding }: Save, beside: vscode.Uri): Promise<string | undefined> {
  const ending = name.split('.').at(-1) ?? '';
  const uri = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(beside, '..', name),
    filters: { [ending.toUpperCase()]: [ending] },
  });
  if (uri === undefined) return undefined;
  const bytes = encoding === 'utf8' ? new TextEncoder().encode(content) : fromBase64(content);
  await vscode.workspace.fs.writeFile(uri, bytes);
  return vscode.l10n.t('Saved {0}.', vscode.workspace.asRelativePath(uri));
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}
