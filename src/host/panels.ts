import * as vscode from 'vscode';
import { parsePanelState } from '../protocol/panel.js';
import { ModelPanel, type PanelDependencies, type Selection } from './panel.js';

export const panelViewType = 'initscope.panel';

/** The open panels, one a document; brings them back after a reload of the window. */
export class Panels implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly open = new Map<string, ModelPanel>();
  private readonly registration: vscode.Disposable;

  constructor(private readonly dependencies: PanelDependencies) {
    this.registration = vscode.window.registerWebviewPanelSerializer(panelViewType, this);
  }

  /** The open panel that was looked at last. */
  get recent(): ModelPanel | undefined {
    return [...this.open.values()].reduce<ModelPanel | undefined>(
      (last, panel) => (last === undefined || panel.seen > last.seen ? panel : last),
      undefined,
    );
  }

  /** Shows the panel of a document beside the editor, or in a column that is given; the editor keeps the keyboard. */
  show(document: vscode.Uri, selection?: Selection, viewColumn = vscode.ViewColumn.Beside): void {
    const panel =
      this.open.get(document.toString()) ??
      this.adopt(
        vscode.window.createWebviewPanel(panelViewType, 'InitScope', { viewColumn, preserveFocus: true }),
        document,
      );
    panel.reveal(selection);
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const parsed = parsePanelState(state);
    if (parsed.ok) this.adopt(panel, vscode.Uri.parse(parsed.value.uri));
    else panel.dispose();
    return Promise.resolve();
  }

  dispose(): void {
    for (const panel of [...this.open.values()]) panel.dispose();
    this.registration.dispose();
  }

  private adopt(panel: vscode.WebviewPanel, document: vscode.Uri): ModelPanel {
    const key = document.toString();
    const adopted = new ModelPanel(panel, document, this.dependencies);
    this.open.set(key, adopted);
    adopted.onDidDispose(() => this.open.delete(key));
    return adopted;
  }
}
