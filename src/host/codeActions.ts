import * as vscode from 'vscode';
import { diagnosticSource } from './diagnostics.js';
import { ignoreAction } from './ignoreAction.js';

/** What can be done about one of our diagnostics. */
type ActionsFor = (document: vscode.TextDocument, diagnostic: vscode.Diagnostic) => vscode.CodeAction[];

/** In the order of the menu. */
const offers: readonly ActionsFor[] = [ignoreAction];

/** Quick fixes of findings. */
export class FindingActionsProvider implements vscode.CodeActionProvider {
  static readonly metadata: vscode.CodeActionProviderMetadata = {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
  };

  provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const ours = diagnostics.filter(({ source }) => source === diagnosticSource);
    return offers.flatMap((offer) => ours.flatMap((diagnostic) => offer(document, diagnostic)));
  }
}
