import * as vscode from 'vscode';
import { commandIds } from '../commandIds.js';
import { LabPanel, type LabDependencies } from './labPanel.js';

export const labViewType = 'initscope.lab';

/** "InitScope: Open Lab": one Lab a window; comes back after a reload. */
export class Lab implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private open: LabPanel | undefined;
  private readonly disposables: vscode.Disposable[];

  constructor(private readonly dependencies: LabDependencies) {
    this.disposables = [
      vscode.window.registerWebviewPanelSerializer(labViewType, this),
      vscode.commands.registerCommand(commandIds.openLab, (column?: vscode.ViewColumn) => {
        this.show(column ?? vscode.ViewColumn.Active);
      }),
    ];
  }

  /** Where it already is, or else in the column given. */
  show(column: vscode.ViewColumn): void {
    if (this.open === undefined) this.adopt(vscode.window.createWebviewPanel(labViewType, 'InitScope Lab', column));
    else this.open.reveal();
  }

  /** Which experiment and which settings, the page itself has kept. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    if (this.open === undefined) this.adopt(panel);
    else panel.dispose();
    return Promise.resolve();
  }

  dispose(): void {
    this.open?.dispose();
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private adopt(panel: vscode.WebviewPanel): void {
    const adopted = new LabPanel(panel, this.dependencies);
    this.open = adopted;
    adopted.onDidDispose(() => {
      this.open = undefined;
    });
  }
}
