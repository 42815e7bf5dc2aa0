import * as vscode from 'vscode';
import { UNUSED_IGNORE } from '../core/advice/suppression.js';
import { ignoreEdit } from '../core/advice/ignore-edit.js';

/** "Ignore IS101 in this line", for a finding; "Remove this comment" for a comment that leaves nothing out. */
export function ignoreAction(document: vscode.TextDocument, diagnostic: vscode.Diagnostic): vscode.CodeAction[] {
  const code = String(typeof diagnostic.code === 'object' ? diagnostic.code.value : diagnostic.code);
  const edit = new vscode.WorkspaceEdit();
  if (code === UNUSED_IGNORE.code) {
    const line = document.lineAt(diagnostic.range.start);
    const before = line.text.slice(0, diagnostic.range.start.character).trimEnd().length;
    // Only where nothing else stands behind it, and none of its codes is still of use.
    const codes = document.getText(diagnostic.range).match(/IS\d+/g) ?? [];
    const idle = codes.filter((c) => diagnostic.message.includes(c));
    if (idle.length < codes.length || !diagnostic.range.end.isEqual(line.range.end)) return [];
    edit.delete(
      document.uri,
      before === 0
        ? line.rangeIncludingLineBreak
        : new vscode.Range(line.lineNumber, before, line.lineNumber, line.text.length),
    );
    return [action(vscode.l10n.t('Remove this comment'), edit, diagnostic)];
  }
  const eol = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
  const { at, text } = ignoreEdit(document.getText(), document.offsetAt(diagnostic.range.start), code, eol);
  edit.insert(document.uri, document.positionAt(at), text);
  return [action(vscode.l10n.t('Ignore {0} in this line', code), edit, diagnostic)];
}

function action(title: string, edit: vscode.WorkspaceEdit, diagnostic: vscode.Diagnostic): vscode.CodeAction {
  const result = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  result.edit = edit;
  result.diagnostics = [diagnostic];
  return result;
}
