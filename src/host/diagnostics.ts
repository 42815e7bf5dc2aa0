import * as vscode from 'vscode';
import { findingsInFile } from '../core/advice/findings/in-file.js';
import type { Finding, Severity } from '../core/model/index.js';
import type { Inspections } from './inspections.js';
import type { Settings } from './settings.js';
import { openedSource, type Source } from './source.js';

/** Marks our diagnostics among those of others. */
export const diagnosticSource = 'InitScope';

const severities: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

/** Findings in the Problems view and under the code of open files; those of the last good text stay while a new one is read. */
export class Diagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection(diagnosticSource);
  /** Documents that have diagnostics, by source: a notebook has one a cell. */
  private readonly shown = new Map<string, readonly vscode.Uri[]>();
  private readonly disposables: readonly vscode.Disposable[];

  constructor(
    private readonly inspections: Inspections,
    private readonly settings: Settings,
  ) {
    this.disposables = [
      this.collection,
      inspections.onDidChange((uri) => {
        this.update(uri);
      }),
      settings.onDidChange(() => {
        for (const { uri } of [...vscode.workspace.textDocuments, ...vscode.workspace.notebookDocuments])
          this.update(uri);
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.clear(uri);
      }),
      vscode.workspace.onDidCloseNotebookDocument(({ uri }) => {
        this.clear(uri);
      }),
    ];
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private update(uri: vscode.Uri): void {
    const source = openedSource(uri);
    const { state, configured } = this.inspections.peek(uri);
    // Offsets of an older text would underline the wrong words.
    if (source === undefined || state?.kind !== 'ready' || state.version !== source.version) return;
    const isShown = this.settings.isOn('diagnostics', uri) && configured?.isExcluded !== true;
    const byDocument = new Map<vscode.TextDocument, vscode.Diagnostic[]>();
    for (const finding of isShown ? findingsInFile(state.inspection) : []) {
      const document = finding.range && source.documentOf(finding.range);
      if (document === undefined) continue;
      const known = byDocument.get(document) ?? [];
      byDocument.set(document, known);
      known.push(diagnosticOf(finding, document, source));
    }
    this.clear(uri);
    for (const [document, known] of byDocument) this.collection.set(document.uri, known);
    this.shown.set(
      uri.toString(),
      [...byDocument.keys()].map((d) => d.uri),
    );
  }

  private clear(uri: vscode.Uri): void {
    for (const shown of this.shown.get(uri.toString()) ?? []) this.collection.delete(shown);
    this.shown.delete(uri.toString());
  }
}

function diagnosticOf(finding: Finding, document: vscode.TextDocument, source: Source): vscode.Diagnostic {
  const { code, severity, message, range, related } = finding;
  const diagnostic = new vscode.Diagnostic(
    rangeIn(document, range?.start ?? 0, range?.end ?? 0),
    plain(message),
    severities[severity],
  );
  diagnostic.source = diagnosticSource;
  diagnostic.code = code;
  diagnostic.relatedInformation = (related ?? []).flatMap((place) => {
    const there = source.documentOf(place.range);
    return there === undefined
      ? []
      : [
          new vscode.DiagnosticRelatedInformation(
            new vscode.Location(there.uri, rangeIn(there, place.range.start, place.range.end)),
            plain(place.message),
          ),
        ];
  });
  return diagnostic;
}

/** The first line of what is to blame: a class or a call over many lines is not underlined whole. */
function rangeIn(document: vscode.TextDocument, start: number, end: number): vscode.Range {
  const from = document.positionAt(start);
  const to = document.positionAt(end);
  return to.line === from.line
    ? new vscode.Range(from, to)
    : new vscode.Range(from, document.lineAt(from.line).range.end);
}

/** Problems are shown as plain text. */
function plain(message: string): string {
  return message.replaceAll('`', '');
}
