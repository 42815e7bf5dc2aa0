import type { Workspace } from '../inspect.js';

/** A workspace during one reading: with the folders that other files' own imports start from while those are read. */
export class WorkspaceView implements Workspace {
  readonly needs = new Set<string>();
  private folder: string | undefined;

  constructor(
    private readonly workspace: Workspace,
    /** The inspected file, as it stands in the editor. */
    private readonly inspected: { readonly file: string; readonly text: string },
  ) {}

  get roots(): readonly string[] {
    const { roots } = this.workspace;
    return this.folder === undefined || roots.includes(this.folder) ? roots : [...roots, this.folder];
  }

  read(path: string): string | null | undefined {
    if (path === this.inspected.file) return this.inspected.text;
    const text = this.workspace.read(path);
    if (text === undefined) this.needs.add(path);
    return text;
  }

  users(names: readonly string[]): readonly string[] | undefined {
    return this.workspace.users === undefined ? [] : this.workspace.users(names);
  }

  /** Does something with a file's own folder among the roots, as Python has it for the script that it runs. */
  at<T>(path: string, body: () => T): T {
    this.folder = path.split('/').slice(0, -1).join('/');
    try {
      return body();
    } finally {
      this.folder = undefined;
    }
  }
}
