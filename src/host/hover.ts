import * as vscode from 'vscode';
import type { Report, SourceRange } from '../core/model/index.js';
import { findAt } from '../protocol/atOffset.js';
import { commandIds, type InspectArguments } from './commandIds.js';
import { hoverText, type Links } from './hoverText.js';
import type { Inspections } from './inspections.js';

/** Hovers on layer definitions, parameters, model classes, and on what could not be understood. */
export class ModelHoverProvider implements vscode.HoverProvider {
  constructor(private readonly inspections: Inspections) {}

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const state = await this.inspections.get(document);
    if (state === undefined || token.isCancellationRequested || document.version !== state.version) return undefined;
    const offset = document.offsetAt(position);
    if (state.kind === 'failed') {
      const line = document.lineAt(position).text;
      return /^\s*class\s/.test(line)
        ? new vscode.Hover(new vscode.MarkdownString(`**InitScope** ${state.message}`))
        : undefined;
    }
    const hit = findAt(state.inspection, document.uri.path, offset);
    if (hit === undefined) return undefined;
    const markdown = new vscode.MarkdownString(hoverText(hit, linksFor(document.uri)), true);
    markdown.isTrusted = { enabledCommands: [commandIds.inspectModel] };
    const range = new vscode.Range(document.positionAt(hit.range.start), document.positionAt(hit.range.end));
    return new vscode.Hover(markdown, range);
  }
}

function linksFor(document: vscode.Uri): Links {
  return {
    line(range: SourceRange) {
      const target = document.with({ path: range.file, fragment: `L${range.line}` });
      const file = range.file === document.path ? '' : `${range.file.split('/').at(-1) ?? ''} `;
      return `[${file}${vscode.l10n.t('line {0}', range.line)}](${target.toString()})`;
    },
    inspect(report: Report, layer?: string) {
      const argument: InspectArguments = {
        uri: document.toString(),
        entry: report.entry,
        ...(layer !== undefined && { layer }),
      };
      const command = `command:${commandIds.inspectModel}?${encodeURIComponent(JSON.stringify([argument]))}`;
      const title = vscode.l10n.t('Inspect {0}', report.className);
      return `[$(graph-line) ${title}](${command} "${vscode.l10n.t('Show the whole model in InitScope')}")`;
    },
  };
}
