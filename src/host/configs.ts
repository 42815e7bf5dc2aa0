import * as vscode from 'vscode';
import { type Config, isExcluded, mergeConfig, pyprojectsOf, readPyproject } from '../core/config/index.js';
import type { FileCache } from './files.js';
import type { Settings } from './settings.js';

/** What holds for one file. */
export interface FileConfig {
  readonly config: Config;
  /** Its project wants no findings in it. */
  readonly isExcluded: boolean;
  readonly problems: readonly string[];
}

/** Puts together what the project and the editor say about a file; the project goes first, so that all who work on it see the same. */
export class Configs implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly disposables: readonly vscode.Disposable[];

  constructor(
    private readonly settings: Settings,
    private readonly files: FileCache,
  ) {
    this.disposables = [
      this.changed,
      settings.onDidChange(() => {
        this.changed.fire();
      }),
      files.onDidChange((uri) => {
        if (uri.path.endsWith('/pyproject.toml')) this.changed.fire();
      }),
    ];
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  async of(uri: vscode.Uri): Promise<FileConfig> {
    const editor = this.settings.for(uri);
    const project = uri.scheme === 'untitled' ? undefined : await this.projectOf(uri);
    const config = mergeConfig(project?.part ?? {}, editor.part);
    const problems = [...(project?.problems ?? []), ...editor.problems];
    for (const problem of project?.problems ?? []) this.settings.tell(problem);
    return {
      config,
      problems,
      isExcluded: project !== undefined && isExcluded(uri.path, project.folder, config.exclude),
    };
  }

  /** The nearest pyproject.toml that speaks of us. */
  private async projectOf(uri: vscode.Uri) {
    for (const path of pyprojectsOf(uri.path)) {
      const text = await this.files.read(uri.with({ path, query: '', fragment: '' }));
      const read = text === null ? undefined : readPyproject(text);
      if (read === undefined) continue;
      const name = vscode.workspace.asRelativePath(uri.with({ path }));
      return {
        part: read.part,
        problems: read.problems.map((problem) => `${name}: ${problem}`),
        folder: path.slice(0, path.lastIndexOf('/')),
      };
    }
    return undefined;
  }
}
