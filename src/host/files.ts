import * as vscode from 'vscode';

const maxBytes = 2 * 1024 * 1024;
/** A cached file is believed this long before its modification time is looked at again. */
const trustMilliseconds = 5_000;

interface Entry {
  readonly text: string | null;
  readonly mtime: number;
  checked: number;
}

/**
 * Texts of workspace files, read through VS Code (so they may be remote or virtual). What is open in an editor
 * counts as it stands there. Entries go with file events and when the modification time changes.
 */
export class FileCache implements vscode.Disposable {
  private readonly entries = new Map<string, Entry>();
  private readonly disposables: vscode.Disposable[] = [];
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  /** A file that may have been read was changed, made or removed. */
  readonly onDidChange = this.changed.event;

  constructor() {
    const watcher = vscode.workspace.createFileSystemWatcher('**/{*.py,*.ipynb,pyproject.toml}');
    const forget = (uri: vscode.Uri): void => {
      this.entries.delete(uri.toString());
      this.changed.fire(uri);
    };
    this.disposables.push(
      watcher,
      this.changed,
      watcher.onDidChange(forget),
      watcher.onDidCreate(forget),
      watcher.onDidDelete(forget),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (document.languageId === 'python' && contentChanges.length > 0) this.changed.fire(document.uri);
      }),
    );
  }

  /** The text, or `null` when there is none, it is over 2 MB, or it is not text. */
  async read(uri: vscode.Uri): Promise<string | null> {
    const key = uri.toString();
    const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === key);
    if (open !== undefined) return open.getText();
    const known = this.entries.get(key);
    if (known !== undefined && Date.now() - known.checked < trustMilliseconds) return known.text;
    const entry = await this.load(uri, known);
    this.entries.set(key, entry);
    return entry.text;
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
    this.entries.clear();
  }

  private async load(uri: vscode.Uri, known: Entry | undefined): Promise<Entry> {
    const checked = Date.now();
    try {
      const { mtime, size, type } = await vscode.workspace.fs.stat(uri);
      if (known?.mtime === mtime) return { ...known, checked };
      if ((type & vscode.FileType.File) === 0 || size > maxBytes) return { text: null, mtime, checked };
      const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
      return { text: text.includes('\0') ? null : text, mtime, checked };
    } catch {
      return { text: null, mtime: -1, checked };
    }
  }
}
