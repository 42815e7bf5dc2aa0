import * as vscode from 'vscode';
import { checkValues, type ConfigPart } from '../core/config/index.js';

const section = 'initscope';

/** Which surfaces are on. */
export const surfaces = ['hover', 'codeLens', 'inlayHints', 'diagnostics'] as const;
export type Surface = (typeof surfaces)[number];

/** What the editor's settings say for one file. */
export interface EditorSettings {
  readonly part: ConfigPart;
  /** A sentence for each value that is wrong; it counts as not set. */
  readonly problems: readonly string[];
}

/** The only reader of VS Code's settings. */
export class Settings implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  /** Some setting of ours is another now. */
  readonly onDidChange = this.changed.event;
  private readonly told = new Set<string>();
  private readonly disposables: readonly vscode.Disposable[];

  constructor(private readonly log: vscode.LogOutputChannel) {
    this.disposables = [
      this.changed,
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (!event.affectsConfiguration(section)) return;
        this.told.clear();
        this.changed.fire();
      }),
    ];
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  isOn(surface: Surface, scope: vscode.ConfigurationScope | undefined): boolean {
    const value: unknown = vscode.workspace.getConfiguration(section, scope).get(`${surface}.enabled`);
    return typeof value === 'boolean' ? value : surface !== 'inlayHints';
  }

  /** What the user has set; defaults are left out, so that a project's own values come before them. */
  for(scope: vscode.ConfigurationScope): EditorSettings {
    const configuration = vscode.workspace.getConfiguration(section, scope);
    const set = (name: string): unknown => {
      const found = configuration.inspect<unknown>(name);
      return found?.workspaceFolderValue ?? found?.workspaceValue ?? found?.globalValue;
    };
    const { part, problems } = checkValues(
      {
        // An object of settings is put together from user, workspace and folder.
        severity: configuration.get('rules.severity'),
        thresholds: {
          ...valueOf('gradientDecades', set('thresholds.gradientDecades')),
          ...valueOf('signalDecades', set('thresholds.signalDecades')),
        },
        engine: set('simulation.engine'),
        seeds: set('simulation.seeds'),
        batch: set('simulation.batch'),
      },
      nameOf,
    );
    for (const problem of problems) this.tell(problem);
    return { part, problems };
  }

  /** A wrong value is logged once, until settings change. */
  tell(problem: string): void {
    if (this.told.has(problem)) return;
    this.told.add(problem);
    this.log.warn(problem);
  }
}

function valueOf(name: string, value: unknown): Record<string, unknown> {
  return value === undefined ? {} : { [name]: value };
}

/** A value's path as the settings page shows it. */
function nameOf(key: string, inner?: string): string {
  const group = { severity: 'rules.', thresholds: '' }[key] ?? 'simulation.';
  return `${section}.${group}${key}${inner === undefined ? '' : `.${inner}`}`;
}
