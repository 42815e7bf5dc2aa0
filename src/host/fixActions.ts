import * as vscode from 'vscode';
import type { EditsOffered, Fix } from '../core/model/index.js';
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
  const wanted = (kind: vscode.CodeActionKind): boolean => context.only?.contains(kind) ?? true;
  const actions: vscode.CodeAction[] = [];
  if (wanted(vscode.CodeActionKind.QuickFix) || wanted(vscode.CodeActionKind.RefactorRewrite)) {
    const [start, end] = [document.offsetAt(range.start), document.offsetAt(range.end)];
    const offered = await inspections.edits(source, { on: 'place', start, end, cell: source.cellOf(document) });
    if (token.isCancellationRequested) return [];
    if (wanted(vscode.CodeActionKind.QuickFix)) actions.push(...(await quickFixes(offered, source, context)));
    if (wanted(vscode.CodeActionKind.RefactorRewrite)) actions.push(...(await refactorings(offered, source)));
  }
  // Only for whoever asks for it: on saving, or by "Fix All".
  if (context.only && wanted(fixAll)) actions.push(...(await allFixes(inspections, source, document)));
  return distinct(actions);
}

/** What VS Code asks for. */
interface Asked {
  readonly document: vscode.TextDocument;
  readonly range: vscode.Range;
  readonly context: vscode.CodeActionContext;
  readonly token: vscode.CancellationToken;
}

async function quickFixes(
  { fixes }: EditsOffered,
  source: Source,
  { diagnostics }: vscode.CodeActionContext,
): Promise<vscode.CodeAction[]> {
  const actions = fixes.map(async ({ code, fix }) => {
    const action = await actionFor(fix, vscode.CodeActionKind.QuickFix, source);
    if (action === undefined) return [];
    action.diagnostics = diagnostics.filter((d) => d.source === diagnosticSource && codeOf(d) === code);
    if (fix.preferred) action.isPreferred = true;
    return [action];
  });
  return (await Promise.all(actions)).flat();
}

async function refactorings({ refactorings: offered }: EditsOffered, source: Source): Promise<vscode.CodeAction[]> {
  const actions = offered.map(({ fix }) => actionFor(fix, vscode.CodeActionKind.RefactorRewrite, source));
  return (await Promise.all(actions)).filter((action) => action !== undefined);
}

/** Every preferred fix of the document, as far as they leave each other alone. */
async function allFixes(
  inspections: Inspections,
  source: Source,
  document: vscode.TextDocument,
): Promise<vscode.CodeAction[]> {
  const { fixes } = await inspections.edits(source, { on: 'findings' });
  const edits: Fix['edits'][number][] = [];
  for (const { fix } of fixes) {
    if (!fix.preferred || !fix.edits.every((e) => source.documentOf({ ...e, line: 0 }) === document)) continue;
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

function codeOf({ code }: vscode.Diagnostic): string | undefined {
  return typeof code === 'object' ? String(code.value) : code === undefined ? undefined : String(code);
}

/** Several models of a file may be served by the same edit, and a finding's fix may be a refactoring of its model. */
function distinct(actions: readonly vscode.CodeAction[]): vscode.CodeAction[] {
  const seen = new Set<string>();
  return actions.filter((action) => {
    const key = `${action.title} ${JSON.stringify(action.edit?.entries())}`;
    return !seen.has(key) && seen.add(key);
  });
}
