import type { Fix, LayerReport, Report, SourceRange } from '../../../model/index.js';
import type { ast } from '../../../python/syntax/index.js';
import { Draft, type Sheet } from '../draft.js';
import type { Case, Fixer } from '../fixer.js';
import { withoutArgument } from '../source/arguments.js';
import { standing } from '../source/document.js';
import { removal } from '../source/lines.js';
import { below, dotted } from '../source/tree.js';
import { sameRange } from '../wanted.js';

/** The model returns logits: its last softmax or sigmoid goes. Whoever reads probabilities sees the change, so it is to be chosen. */
export const withoutSoftmax: Fixer = (c) => {
  const { range } = c.finding;
  if (!range) return [];
  const ending = endingOf(c.reports, range);
  return [ending?.declaredAt && isListed(c, ending.declaredAt) ? unlisted(c, ending.declaredAt) : uncalled(c, range)];
};

/** The layer that is called there, the last where a container calls several. */
function endingOf(reports: readonly Report[], range: SourceRange): LayerReport | undefined {
  return reports
    .flatMap((r) => r.layers)
    .filter((l) => /^(?:Softmax|Sigmoid)$/.test(l.type) && sameRange(l.calledAt, range))
    .at(-1);
}

/** Whether a module is made as an argument: of nn.Sequential, or of a list. */
function isListed({ sources }: Case, range: SourceRange): boolean {
  const sheet = new Draft(sources).sheet(range);
  const path = sheet?.document.pathTo(range);
  const parent = path?.at(-2);
  return parent?.type === 'Call' || parent?.type === 'List';
}

function unlisted({ sources }: Case, range: SourceRange): Fix | undefined {
  const draft = new Draft(sources);
  const sheet = draft.sheet(range);
  const path = sheet?.document.pathTo(range);
  const [parent, own] = path?.slice(-2) ?? [];
  if (!sheet || !own || (parent?.type !== 'Call' && parent?.type !== 'List')) return undefined;
  const among = parent.type === 'Call' ? parent.args : parent.elements;
  const index = among.findIndex((a) => a === own);
  // What comes behind would get another number, and so its parameters other names.
  if (index <= 0 || index < among.length - 1) return undefined;
  draft.add(withoutArgument(sheet.document, among, own));
  return draft.finish('Return logits: take the last layer out');
}

/** `return self.softmax(x)` → `return x`, with the module that nothing calls any more. */
function uncalled({ sources }: Case, range: SourceRange): Fix | undefined {
  const draft = new Draft(sources);
  const sheet = draft.sheet(range);
  const path = sheet?.document.pathTo(range) ?? [];
  const call = path.at(-1);
  if (!sheet || call?.type !== 'Call') return undefined;
  const logits = inputOf(call);
  const at = standing(sheet.document, path);
  if (logits === undefined || at === undefined) return undefined;
  const { document } = sheet;
  const { statement } = at;
  const text = document.slice(logits);
  const [target] = statement.type === 'Assign' ? statement.targets : [];
  if (statement.type === 'Assign' && statement.value === call && target && document.slice(target) === text) {
    if (!draft.add(removal(document, at))) return undefined;
  } else {
    const isWhole = (statement.type === 'Assign' || statement.type === 'Return') && statement.value === call;
    const isSimple = ['Name', 'Attribute', 'Call', 'Subscript'].includes(logits.type);
    draft.add(document.edit(call.start, call.end, isWhole || isSimple ? text : `(${text})`));
  }
  removeUnused(sheet, call.func, draft);
  return draft.finish('Return logits: take the last activation out');
}

/** What a softmax is called with: its input, or what a method is called on. */
function inputOf({ func, args, keywords }: ast.Call): ast.Expression | undefined {
  const given = args[0] ?? keywords.find((k) => k.name === 'input')?.value;
  const isMethod = func.type === 'Attribute' && /^(?:softmax|sigmoid)$/.test(func.attr);
  const on = isMethod ? func.value : undefined;
  // `torch.softmax(x, dim=1)`, `self.softmax(x)`, and `x.softmax(dim=1)`, whose first argument is a number.
  const isNumber = given === undefined || given.type === 'Constant' || given.type === 'UnaryOp';
  const input = on !== undefined && isNumber ? on : given;
  return input?.type === 'Starred' ? undefined : input;
}

/** The definition `self.softmax = nn.Softmax(dim=1)`, where the class names it nowhere else. */
function removeUnused({ document }: Sheet, func: ast.Expression, draft: Draft): void {
  const name = dotted(func);
  if (func.type !== 'Attribute' || name?.startsWith('self.') !== true || name.split('.').length !== 2) return;
  const uses = [...below(document.body)].filter((n) => n.type === 'Attribute' && n.attr === func.attr);
  const definition = uses.find((n) => n !== func);
  const at = definition && uses.length === 2 ? standing(document, document.pathOf(definition)) : undefined;
  if (at?.statement.type === 'Assign' && at.statement.targets[0] === definition && at.siblings.length > 1)
    draft.add(removal(document, at));
}
