import * as vscode from 'vscode';
import { sigmaHints } from './sigmaHints.js';
import type { Inspections } from './inspections.js';
import type { Settings } from './settings.js';
import { sourceOf } from './source.js';

/** σ behind each layer and parameter; off unless the user wants it. */
export class SigmaInlayHintsProvider implements vscode.InlayHintsProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeInlayHints = this.changed.event;
  private readonly disposables: readonly vscode.Disposable[];

  constructor(
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

  async provideInlayHints(
    document: vscode.TextDocument,
    range: vscode.Range,
    token: vscode.CancellationToken,
  ): Promise<vscode.InlayHint[] | undefined> {
    if (!this.settings.isOn('inlayHints', document)) return undefined;
    const source = sourceOf(document);
    const state = await this.inspections.present(source, token);
    if (state?.kind !== 'ready') return undefined;
    return sigmaHints(state.inspection).flatMap(({ at, label, tooltip }) => {
      if (source.documentOf(at) !== document) return [];
      const position = document.positionAt(at.end);
      if (!range.contains(position)) return [];
      const hint = new vscode.InlayHint(position, label, vscode.InlayHintKind.Type);
      hint.paddingLeft = true;
      hint.tooltip = tooltip;
      return [hint];
    });
  }
}
