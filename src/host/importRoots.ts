import * as vscode from 'vscode';

/**
 * Folders that absolute imports may start from, nearest first: the one above the file's outermost package, the file's
 * own, the workspace folder, and `src` beside each. Paths are those of URIs; scheme and authority are the file's.
 */
export async function importRoots(file: vscode.Uri): Promise<string[]> {
  if (file.scheme === 'untitled') return [];
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
