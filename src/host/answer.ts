import * as vscode from 'vscode';
import type { Answer } from '../protocol/question.js';
import { problemWithEntry, problemWithInput } from '../protocol/question.js';
import { directiveEdit } from './directiveEdit.js';
import type { Source } from './source.js';

/** What came of writing an answer down. */
export interface Outcome {
  readonly problem?: string;
  /** The comment that could not be written, for the user to put somewhere. */
  readonly line?: string;
}

/** Writes an answer into the document as a comment, in one edit that one undo takes back. */
export async function writeAnswer(source: Source, about: string, answer: Answer): Promise<Outcome> {
  const problem =
    (answer.entry === undefined ? undefined : problemWithEntry(answer.entry)) ?? problemWithInput(answer.input ?? '');
  if (problem !== undefined) return { problem };
  const document = source.forDirectives;
  if (document === undefined) return { problem: vscode.l10n.t('There is no cell to write into.') };
  const eol = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
  const { start, end, text, line } = directiveEdit(document.getText(), about, answer, eol);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), text);
  if (!(await isReadOnly(document.uri)) && (await vscode.workspace.applyEdit(edit))) return {};
  return { problem: vscode.l10n.t('This document is read-only. In a copy of it, this comment says the same:'), line };
}

export async function isReadOnly(uri: vscode.Uri): Promise<boolean> {
  if (vscode.workspace.fs.isWritableFileSystem(uri.scheme) === false) return true;
  try {
    const { permissions = 0 } = await vscode.workspace.fs.stat(uri.with({ fragment: '' }));
    return (permissions & vscode.FilePermission.Readonly) !== 0;
  } catch {
    // Not saved yet, or of a kind that has no files.
    return false;
  }
}
