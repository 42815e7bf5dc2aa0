import * as vscode from 'vscode';
import {
  isSkippedFolder,
  isSourceFile,
  likeliestFirst,
  mentions,
  skippedFolders,
  userLimits,
} from '../protocol/users.js';
import type { FileCache } from './files.js';

/** Milliseconds that one search may take. */
const longest = 1_500;
const atOnce = 8;

/** Finds the files of the workspace that speak of a document's classes, so that the models can be built as they are there. */
export class UserSearch {
  constructor(private readonly files: FileCache) {}

  /** Paths, likeliest first. */
  async find(document: vscode.Uri, names: readonly string[]): Promise<string[]> {
    const end = Date.now() + longest;
    const folder = vscode.workspace.getWorkspaceFolder(document)?.uri;
    if (folder === undefined && document.scheme === 'untitled') return [];
    const all = await list(folder ?? vscode.Uri.joinPath(document, '..'), document, folder !== undefined, end);
    const candidates = likeliestFirst(all, document.path).slice(0, userLimits.read);
    const users: string[] = [];
    let characters = 0;
    for (let i = 0; i < candidates.length; i += atOnce) {
      if (users.length >= userLimits.found || characters > userLimits.characters || Date.now() > end) break;
      const paths = candidates.slice(i, i + atOnce);
      const texts = await Promise.all(
        paths.map((path) => this.files.read(document.with({ path, query: '', fragment: '' }))),
      );
      for (const [k, text] of texts.entries()) {
        characters += text?.length ?? 0;
        const path = paths[k];
        if (path !== undefined && text !== null && mentions(text, names)) users.push(path);
      }
    }
    return users.slice(0, userLimits.found);
  }
}

async function list(folder: vscode.Uri, document: vscode.Uri, deep: boolean, end: number): Promise<string[]> {
  const glob = deep ? '**/*.{py,ipynb}' : '*.{py,ipynb}';
  const stop = new vscode.CancellationTokenSource();
  const timer = setTimeout(() => {
    stop.cancel();
  }, end - Date.now());
  try {
    const found = await vscode.workspace.findFiles(
      new vscode.RelativePattern(folder, glob),
      skippedFolders,
      userLimits.listed,
      stop.token,
    );
    // Not every file system has a search: it then finds nothing, not even the document.
    if (found.length > 0) return found.map(({ path }) => path);
  } catch {
    // walked instead
  } finally {
    clearTimeout(timer);
    stop.dispose();
  }
  return walk(document, folder, deep, end);
}

/** Breadth first from the document's folder, then from those above it up to the workspace's. */
async function walk(document: vscode.Uri, top: vscode.Uri, deep: boolean, end: number): Promise<string[]> {
  const queue: vscode.Uri[] = [];
  for (let at = vscode.Uri.joinPath(document, '..'); ; at = vscode.Uri.joinPath(at, '..')) {
    queue.push(at);
    if (at.path === top.path || at.path === '/' || !deep) break;
  }
  const visited = new Set<string>();
  const files: string[] = [];
  for (const folder of queue) {
    if (visited.has(folder.path)) continue;
    visited.add(folder.path);
    if (visited.size > userLimits.folders || files.length > userLimits.listed || Date.now() > end) break;
    for (const [name, type] of await entriesOf(folder)) {
      const uri = vscode.Uri.joinPath(folder, name);
      if ((type & vscode.FileType.Directory) !== 0 && deep && !isSkippedFolder(name)) queue.push(uri);
      else if ((type & vscode.FileType.File) !== 0 && isSourceFile(name)) files.push(uri.path);
    }
  }
  return files;
}

async function entriesOf(folder: vscode.Uri): Promise<[string, vscode.FileType][]> {
  try {
    return await vscode.workspace.fs.readDirectory(folder);
  } catch {
    return [];
  }
}
