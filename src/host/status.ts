import * as vscode from 'vscode';
import { commandIds } from './commandIds.js';
import type { FileConfig } from './configs.js';
import type { Inspections } from './inspections.js';
import { isPython, sourceOf } from './source.js';

/** The entry in the status bar's language menu: what InitScope found in the file at hand. */
export class LanguageStatus implements vscode.Disposable {
  private readonly item: vscode.LanguageStatusItem;
  private readonly disposables: vscode.Disposable[];

  constructor(private readonly inspections: Inspections) {
    this.item = vscode.languages.createLanguageStatusItem('initscope.status', { language: 'python' });
    this.item.name = 'InitScope';
    this.disposables = [
      this.item,
      inspections.onDidChange((uri) => {
        const document = vscode.window.activeTextEditor?.document;
        if (document !== undefined && sourceOf(document).uri.toString() === uri.toString()) this.update();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => {
        this.update();
      }),
    ];
    this.update();
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private update(): void {
    const document = vscode.window.activeTextEditor?.document;
    if (document === undefined || !isPython(document)) return;
    const { state, busy, configured } = this.inspections.peek(sourceOf(document).uri);
    const { item } = this;
    item.busy = busy;
    item.severity = vscode.LanguageStatusSeverity.Information;
    item.detail = '';
    item.command = { command: commandIds.inspectModel, title: vscode.l10n.t('Inspect Model') };
    if (state === undefined) {
      item.text = vscode.l10n.t('InitScope');
    } else if (state.kind === 'failed') {
      item.text = vscode.l10n.t('InitScope stopped');
      item.detail = state.message;
      item.severity = vscode.LanguageStatusSeverity.Warning;
    } else {
      const { reports, failed, syntaxProblems } = state.inspection;
      item.text = models(reports.length);
      const [problem] = [
        ...syntaxProblems.map(({ message }) => message),
        ...failed.map(({ entry, reason }) => `${entry}: ${reason}`),
      ];
      if (problem !== undefined) {
        item.detail = problem;
        item.severity = vscode.LanguageStatusSeverity.Warning;
      }
    }
    this.showSettings(configured);
  }

  /** What is wrong with the settings goes before what is wrong with the file: it may be the cause. */
  private showSettings(configured: FileConfig | undefined): void {
    const { item } = this;
    const [problem, ...more] = configured?.problems ?? [];
    if (problem !== undefined) {
      item.severity = vscode.LanguageStatusSeverity.Warning;
      item.detail =
        more.length === 0 ? problem : vscode.l10n.t('{0} (and {1} more, see the log)', problem, more.length);
      item.command = {
        command: 'workbench.action.openSettings',
        title: vscode.l10n.t('Settings'),
        arguments: ['@ext:initscope.initscope'],
      };
    } else if (configured?.isExcluded === true) {
      item.detail = vscode.l10n.t('Its project shows no findings in this file.');
    }
  }
}

function models(count: number): string {
  if (count === 0) return vscode.l10n.t('InitScope: no model');
  return count === 1 ? vscode.l10n.t('InitScope: 1 model') : vscode.l10n.t('InitScope: {0} models', count);
}
