import * as vscode from 'vscode';
import type { Inspection } from '../core/inspect.js';
import type { Finding, Fix, SourceRange } from '../core/model/index.js';
import { diagnosticSource } from './diagnostics.js';
import type { Inspections } from './inspections.js';
import { sourceOf, type Source } from './source.js';
import { workspaceEditOf } from './workspaceEdit.js';

const fixAll = vscode.CodeActionKind.SourceFixAll.append('initscope');

export const fixKinds: readonly vscode.CodeActionKind[] = [
  vscode.CodeActionKind.QuickFix,
  vscode.CodeActionKind.RefactorRewrite,
  fixAll,
];

/** Fixes on findings, refactorings on definitions of layers and models, and all preferred fixes at once. */
export async function fixActions(
  inspections: Inspections,
  { document, range, context, token }: Asked,
): Promise<vscode.CodeAction[]> {
  const source = sourceOf(document);
  const state = await inspections.get(source);
  // Offsets of an older text would edit the wrong words.
  if (state?.kind !== 'ready' || token.isCancellationRequested || state.version !== source.version) return [];
  const place: Place = { document, range, context, source, inspection: state.inspection };
  const wanted = (kind: vscode.CodeActionKind): boolean => context.only?.contains(kind) ?? true;
  const actions = [
    ...(wanted(vscode.CodeActionKind.QuickFix) ? await quickFixes(place) : []),
    ...(wanted(vscode.CodeActionKind.RefactorRewrite) ? await refactorings(place) : []),
    // Only for whoever asks for it: on saving, or by "Fix All".
    ...(context.only && wanted(fixAll) ? await allFixes(place) : []),
  ];
  return distinct(actions);
}

/** What VS Code asks for. */
interface Asked {
  readonly document: vscode.TextDocument;
  readonly range: vscode.Range;
  readonly context: vscode.CodeActionContext;
  readonly token: vscode.CancellationToken;
}

interface Place {
  readonly document: vscode.TextDocument;
  readonly range: vscode.Range;
  readonly context: vscode.CodeActionContext;
  readonly source: Source;
  readonly inspection: Inspection;
}

/** The findings of all models, and of what could not be built. */
function findingsOf({ findings, reports }: Inspection): Finding[] {
  return [...findings, ...reports.flatMap((report) => report.findings)];
}

async function quickFixes(place: Place): Promise<vscode.CodeAction[]> {
  const actions: vscode.CodeAction[] = [];
  for (const finding of findingsOf(place.inspection)) {
    if (!touches(place, finding.range)) continue;
    for (const fix of finding.fixes ?? []) {
      const action = await actionFor(fix, vscode.CodeActionKind.QuickFix, place.source);
      if (action === undefined) continue;
      action.diagnostics = place.context.diagnostics.filter(
        (d) => d.source === diagnosticSource && codeOf(d) === finding.code,
      );
      if (fix.preferred) action.isPreferred = true;
      actions.push(action);
    }
  }
  return actions;
}

async function refactorings(place: Place): Promise<vscode.CodeAction[]> {
  const offered = place.inspection.reports
    .flatMap((report) => report.refactorings ?? [])
    .filter(({ range }) => touches(place, range));
  const actions = offered.map(({ fix }) => actionFor(fix, vscode.CodeActionKind.RefactorRewrite, place.source));
  return (await Promise.all(actions)).filter((action) => action !== undefined);
}

/** Every preferred fix of the document, as far as they leave each other alone. */
async function allFixes({ inspection, source, document }: Place): Promise<vscode.CodeAction[]> {
  const edits: Fix['edits'][number][] = [];
  for (const finding of findingsOf(inspection)) {
    const [fix] = finding.fixes ?? [];
    if (!fix?.preferred || !fix.edits.every((e) => source.documentOf({ ...e, line: 0 }) === document)) continue;
    if (fix.edits.some((a) => edits.some((b) => a.start <= b.end && b.start <= a.end))) continue;
    edits.push(...fix.edits);
  }
  if (edits.length === 0) return [];
  const action = await actionFor({ title: vscode.l10n.t('Fix all InitScope findings'), edits }, fixAll, source);
  return action === undefined ? [] : [action];
}

async function actionFor(
  fix: Fix,
  kind: vscode.CodeActionKind,
  source: Source,
): Promise<vscode.CodeAction | undefined> {
  const edit = await workspaceEditOf(fix, source);
  if (edit === undefined) return undefined;
  const action = new vscode.CodeAction(fix.title, kind);
  action.edit = edit;
  return action;
}

/** Whether the selection, or the cursor, is on what a range says. */
function touches({ document, range, source }: Place, what: SourceRange | undefined): boolean {
  if (what === undefined || source.documentOf(what) !== document) return false;
  const there = new vscode.Range(document.positionAt(what.start), document.positionAt(what.end));
  return there.intersection(range) !== undefined;
}

function codeOf({ code }: vscode.Diagnostic): string | undefined {
  return typeof code === 'object' ? String(code.value) : code === undefined ? undefined : String(code);
}

/** Several models of a file may be served by the same edit. */
function distinct(actions: readonly vscode.CodeAction[]): vscode.CodeAction[] {
  const seen = new Set<string>();
  return actions.filter((action) => {
    const key = `${action.kind?.value ?? ''} ${action.title} ${JSON.stringify(action.edit?.entries())}`;
    return !seen.has(key) && seen.add(key);
  });
}
