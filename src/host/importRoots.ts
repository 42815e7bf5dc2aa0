import * as vscode from 'vscode';

/** Folders are looked at again after this long: while somebody types, every round trip to a remote file system counts. */
const trustMilliseconds = 5_000;

/**
 * Folders that absolute imports may start from, nearest first: the one above the file's outermost package, the file's
 * own, the workspace folder, and `src` beside each. Paths are those of URIs; scheme and authority are the file's.
 */
export class ImportRoots {
  private readonly known = new Map<string, { readonly roots: Promise<string[]>; readonly found: number }>();

  of(file: vscode.Uri): Promise<string[]> {
    if (file.scheme === 'untitled') return Promise.resolve([]);
    const key = vscode.Uri.joinPath(file, '..').toString();
    const known = this.known.get(key);
    if (known !== undefined && Date.now() - known.found < trustMilliseconds) return known.roots;
    const roots = findRoots(file);
    this.known.set(key, { roots, found: Date.now() });
    return roots;
  }
}

async function findRoots(file: vscode.Uri): Promise<string[]> {
  const folder = vscode.Uri.joinPath(file, '..');
  const workspace = vscode.workspace.getWorkspaceFolder(file)?.uri;
  const bases = [await packageRoot(folder, workspace), folder, ...(workspace === undefined ? [] : [workspace])];
  const roots = await Promise.all(
    bases.map(async (base) => {
      const src = vscode.Uri.joinPath(base, 'src');
      return (await exists(src)) ? [base.path, src.path] : [base.path];
    }),
  );
  return [...new Set(roots.flat())];
}

async function packageRoot(folder: vscode.Uri, workspace: vscode.Uri | undefined): Promise<vscode.Uri> {
  let root = folder;
  while (
    root.path !== workspace?.path &&
    root.path !== '/' &&
    (await exists(vscode.Uri.joinPath(root, '__init__.py')))
  ) {
    root = vscode.Uri.joinPath(root, '..');
  }
  return root;
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
