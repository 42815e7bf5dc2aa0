import * as vscode from 'vscode';
import type { Fix, TextEdit } from '../core/model/index.js';
import type { Source } from './source.js';

/** The edits of a fix, made for a source as it stands, as VS Code applies them; undefined where a file can't be opened. */
export async function workspaceEditOf(fix: Fix, source: Source): Promise<vscode.WorkspaceEdit | undefined> {
  const edit = new vscode.WorkspaceEdit();
  for (const one of fix.edits) {
    const document = await documentOf(one, source);
    if (document === undefined) return undefined;
    const range = new vscode.Range(document.positionAt(one.start), document.positionAt(one.end));
    // What happens in a file that the user does not look at is shown first.
    const metadata = isElsewhere(one, source) ? { needsConfirmation: true, label: fix.title } : undefined;
    edit.replace(document.uri, range, one.text, metadata);
  }
  return edit;
}

function isElsewhere({ file }: TextEdit, source: Source): boolean {
  return file !== source.path;
}

async function documentOf(edit: TextEdit, source: Source): Promise<vscode.TextDocument | undefined> {
  const here = source.documentOf({ ...edit, line: 0 });
  if (here !== undefined || !isElsewhere(edit, source)) return here;
  try {
    return await vscode.workspace.openTextDocument(source.uri.with({ path: edit.file, query: '', fragment: '' }));
  } catch {
    return undefined;
  }
}
