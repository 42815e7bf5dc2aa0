import * as vscode from 'vscode';
import type { Inspection } from '../core/inspect.js';
import type { Inspections } from './inspections.js';
import type { Settings, Surface } from './settings.js';
import { sourceOf, type Source } from './source.js';

/** What stands in the text of an inspected document: asked for again when an inspection ends or settings change. */
export abstract class InText implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  protected readonly onDidChange = this.changed.event;
  private readonly disposables: readonly vscode.Disposable[];

  protected constructor(
    private readonly surface: Surface,
    private readonly inspections: Inspections,
    private readonly settings: Settings,
  ) {
    const refresh = (): void => {
      this.changed.fire();
    };
    this.disposables = [this.changed, settings.onDidChange(refresh), inspections.onDidEnd(refresh)];
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  /** What is known of the present text, once it is; nothing where the surface is off. */
  protected async inspected(
    document: vscode.TextDocument,
    token: vscode.CancellationToken,
  ): Promise<{ readonly source: Source; readonly inspection: Inspection } | undefined> {
    if (!this.settings.isOn(this.surface, document)) return undefined;
    const source = sourceOf(document);
    const state = await this.inspections.present(source, token);
    return state?.kind === 'ready' ? { source, inspection: state.inspection } : undefined;
  }
}
