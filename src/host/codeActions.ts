import type * as vscode from 'vscode';
import { diagnosticSource } from './diagnostics.js';
import { fixActions, fixKinds } from './fixActions.js';
import { ignoreAction } from './ignoreAction.js';
import type { Inspections } from './inspections.js';

/** What can be done about one of our diagnostics besides mending it. */
type ActionsFor = (document: vscode.TextDocument, diagnostic: vscode.Diagnostic) => vscode.CodeAction[];

/** In the order of the menu. */
const offers: readonly ActionsFor[] = [ignoreAction];

/** The lightbulb: fixes and refactorings, then what else can be done about a finding. */
export class FindingActionsProvider implements vscode.CodeActionProvider {
  static readonly metadata: vscode.CodeActionProviderMetadata = { providedCodeActionKinds: fixKinds };

  constructor(private readonly inspections: Inspections) {}

  async provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeAction[]> {
    const ours = context.diagnostics.filter(({ source }) => source === diagnosticSource);
    const fixes = await fixActions(this.inspections, { document, range, context, token });
    return [...fixes, ...offers.flatMap((offer) => ours.flatMap((diagnostic) => offer(document, diagnostic)))];
  }
}
