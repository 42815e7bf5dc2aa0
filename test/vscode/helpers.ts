import * as vscode from 'vscode';

export const extensionId = 'initscope.initscope';

export function workspaceFile(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) throw new Error('no workspace folder');
  return vscode.Uri.joinPath(folder.uri, name);
}

export async function openExample(name: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(workspaceFile(name));
  await vscode.window.showTextDocument(document, { preview: false });
  return document;
}

/** Position of the nth occurrence of a text, a little inside it. */
export function positionOf(document: vscode.TextDocument, text: string, nth = 0): vscode.Position {
  let index = -1;
  for (let i = 0; i <= nth; i++) {
    index = document.getText().indexOf(text, index + 1);
    if (index < 0) throw new Error(`'${text}' is not in ${document.uri.path}`);
  }
  return document.positionAt(index + Math.min(3, text.length - 1));
}

/** Text of InitScope's hovers there. */
export async function hoverAt(document: vscode.TextDocument, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    position,
  );
  return hovers
    .flatMap((hover) => hover.contents)
    .map((content) => (content instanceof vscode.MarkdownString ? content.value : ''))
    .join('\n\n');
}

export async function hoverOn(document: vscode.TextDocument, text: string, nth = 0): Promise<string> {
  return hoverAt(document, positionOf(document, text, nth));
}

/** The file's diagnostics of ours, as of now. */
export function ourDiagnostics(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'InitScope');
}

/** Waits until there is a value. */
export async function eventually<T>(get: () => T | undefined, milliseconds = 5_000): Promise<T> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const value = get();
    if (value !== undefined) return value;
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * How much longer things take because the machine has other work: the mean over the shortest time of the same short
 * computation. 1 on an idle machine; limits are multiplied by it.
 */
export function loadFactor(): number {
  const times = Array.from({ length: 60 }, () => {
    const start = performance.now();
    let sum = 0;
    for (let i = 0; i < 2e6; i++) sum += Math.sqrt(i);
    return sum > 0 ? performance.now() - start : NaN;
  }).slice(10);
  return times.reduce((a, b) => a + b) / times.length / Math.min(...times);
}
