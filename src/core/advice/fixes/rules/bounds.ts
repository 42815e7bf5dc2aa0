import type { ast } from '../../../python/syntax/index.js';
import { numberIn } from '../../findings/written/names.js';
import { Draft, type Sheet } from '../draft.js';
import type { Fixer } from '../fixer.js';
import { argumentOf, changeArguments } from '../source/arguments.js';
import { standing } from '../source/document.js';
import { insertBefore } from '../source/lines.js';
import { below, dotted, type Node } from '../source/tree.js';
import { number } from '../spell.js';

/** The bounds of `trunc_normal_` are absolute: those of ±2σ, in terms of the σ that is passed. */
export const boundsInSigma: Fixer = ({ finding, sources }) => {
  const draft = new Draft(sources);
  const sheet = draft.sheet(finding.range);
  const path = sheet && finding.range && sheet.document.pathTo(finding.range);
  const call = path?.filter((n): n is ast.Call => n.type === 'Call').at(-1);
  const std = call && argumentOf(call, 'trunc_normal_', 'std');
  if (!sheet || !path || !call || !std) return [];
  const bounds = boundsOf(sheet, { std, path }, draft);
  if (bounds === undefined) return [];
  draft.add(changeArguments(sheet.document, call, 'trunc_normal_', bounds));
  return [draft.finish(`Use bounds of two standard deviations, a=${bounds.a}, b=${bounds.b}`, true)];
};

interface Given {
  readonly std: ast.Expression;
  readonly path: readonly Node[];
}

/** ±2σ as an expression; a σ that takes more than a name to say is given one first. */
function boundsOf({ document }: Sheet, { std, path }: Given, draft: Draft): { a: string; b: string } | undefined {
  const value = numberIn(std);
  if (value !== undefined) return { a: number(-2 * value), b: number(2 * value) };
  const name = dotted(std);
  if (name !== undefined) return { a: `-2 * ${name}`, b: `2 * ${name}` };
  const at = standing(document, path);
  const owner = path.filter((n) => n.type === 'FunctionDef').at(-1);
  const isTaken = [...below(owner ? [owner] : document.body)].some((n) => n.type === 'Name' && n.id === 'std');
  // What a test or a loop's head says can't be said in a line in front of it: it may be said again and again.
  if (!at || isTaken || at.statement.type !== 'Expr') return undefined;
  if (!draft.add(insertBefore(document, at, [`std = ${document.slice(std)}`]))) return undefined;
  draft.add(document.edit(std.start, std.end, 'std'));
  return { a: '-2 * std', b: '2 * std' };
}
