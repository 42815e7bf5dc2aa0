import * as vscode from 'vscode';
import { sigmaHints } from './sigmaHints.js';
import type { Inspections } from './inspections.js';
import { InText } from './inText.js';
import type { Settings } from './settings.js';

/** σ behind each layer and parameter; off unless the user wants it. */
export class SigmaInlayHintsProvider extends InText implements vscode.InlayHintsProvider {
  readonly onDidChangeInlayHints = this.onDidChange;

  constructor(inspections: Inspections, settings: Settings) {
    super('inlayHints', inspections, settings);
  }

  async provideInlayHints(
    document: vscode.TextDocument,
    range: vscode.Range,
    token: vscode.CancellationToken,
  ): Promise<vscode.InlayHint[] | undefined> {
    const inspected = await this.inspected(document, token);
    if (inspected === undefined) return undefined;
    const { source, inspection } = inspected;
    return sigmaHints(inspection).flatMap(({ at, label, tooltip }) => {
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
