import * as vscode from 'vscode';
import type { Report, SourceRange } from '../core/model/index.js';
import { findAt } from '../protocol/atOffset.js';
import { lineText } from '../protocol/words.js';
import { commandIds, type InspectArguments, type SetSizesArguments } from './commandIds.js';
import { hoverText, type Links } from './hoverText.js';
import type { Inspections } from './inspections.js';
import type { Settings } from './settings.js';
import { sourceOf, type Source } from './source.js';

/** Hovers on layer definitions, parameters, model classes, and on what could not be understood. */
export class ModelHoverProvider implements vscode.HoverProvider {
  constructor(
    private readonly inspections: Inspections,
    private readonly settings: Settings,
  ) {}

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    if (!this.settings.isOn('hover', document)) return undefined;
    const source = sourceOf(document);
    const state = await this.inspections.get(source);
    if (state === undefined || token.isCancellationRequested || source.version !== state.version) return undefined;
    const offset = document.offsetAt(position);
    if (state.kind === 'failed') {
      const line = document.lineAt(position).text;
      return /^\s*class\s/.test(line)
        ? new vscode.Hover(new vscode.MarkdownString(`**InitScope** ${state.message}`))
        : undefined;
    }
    const hit = findAt(state.inspection, source.path, offset, source.cellOf(document));
    if (hit === undefined) return undefined;
    const markdown = new vscode.MarkdownString(hoverText(hit, linksFor(source)), true);
    markdown.isTrusted = { enabledCommands: [commandIds.inspectModel, commandIds.setSizes] };
    const range = new vscode.Range(document.positionAt(hit.range.start), document.positionAt(hit.range.end));
    return new vscode.Hover(markdown, range);
  }
}

function linksFor(source: Source): Links {
  const command = (id: string, argument: InspectArguments | SetSizesArguments): string =>
    `command:${id}?${encodeURIComponent(JSON.stringify([argument]))}`;
  return {
    line(range: SourceRange) {
      const text = lineText(range, source.path);
      if (range.cell !== undefined) {
        const cell = source.documentOf(range);
        return cell === undefined ? text : `[${text}](${cell.uri.toString()})`;
      }
      const target = source.uri.with({ path: range.file, query: '', fragment: `L${range.line}` });
      return `[${text}](${target.toString()})`;
    },
    inspect(report: Report, layer?: string) {
      const link = command(commandIds.inspectModel, {
        uri: source.uri.toString(),
        entry: report.entry,
        ...(layer !== undefined && { layer }),
      });
      const title = vscode.l10n.t('Inspect {0}', report.className);
      return `[$(graph-line) ${title}](${link} "${vscode.l10n.t('Show the whole model in InitScope')}")`;
    },
    setSizes(entry: string) {
      const link = command(commandIds.setSizes, { uri: source.uri.toString(), entry });
      return `[${vscode.l10n.t('set sizes…')}](${link} "${vscode.l10n.t('Say what the model is built with and what goes in')}")`;
    },
  };
}
