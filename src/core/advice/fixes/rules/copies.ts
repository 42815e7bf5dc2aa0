import type { Fix, Report, SourceRange } from '../../../model/index.js';
import type { ast } from '../../../python/syntax/index.js';
import { Draft, type Sheet } from '../draft.js';
import type { Case, Fixer } from '../fixer.js';
import { standing } from '../source/document.js';
import { insertAfter } from '../source/lines.js';
import { dotted } from '../source/tree.js';

/** Copies of one layer: drawn anew behind the line that copies, or made one by one. */
export const redrawCopies: Fixer = (c) => {
  const draft = new Draft(c.sources);
  const { range } = c.finding;
  const sheet = draft.sheet(range);
  const path = sheet && range && sheet.document.pathTo(range);
  const { start } = (range && sheet?.document.located(range)) ?? {};
  const product = path?.filter((n) => n.type === 'BinOp' && n.start === start).at(-1);
  if (!sheet || !range) return [];
  return product?.type === 'BinOp' ? [madeApart(sheet, product, draft)] : [drawnApart(c, range, sheet, draft)];
};

/** `[layer()] * n` → `[layer() for _ in range(n)]`: more parameters, so for the user to decide. */
function madeApart({ document }: Sheet, product: ast.BinOp, draft: Draft): Fix | undefined {
  const [list, times] = product.left.type === 'List' ? [product.left, product.right] : [product.right, product.left];
  const [element, ...more] = list.type === 'List' ? list.elements : [];
  if (element === undefined || more.length > 0 || element.type === 'Starred') return undefined;
  const [made, count] = [document.slice(element), document.slice(times)];
  draft.add(document.edit(product.start, product.end, `[${made} for _ in range(${count})]`));
  return draft.finish(`Make ${count} layers in place of one`);
}

/** `for p in self.encoder.parameters(): …`, as `nn.Transformer` does it after copying. */
function drawnApart(
  { reports: [report] }: Case,
  range: SourceRange,
  { document, imports }: Sheet,
  draft: Draft,
): Fix | undefined {
  const at = standing(document, document.pathTo(range));
  if (!report || at?.statement.type !== 'Assign') return undefined;
  const [target] = at.statement.targets;
  const name = target && dotted(target);
  if (target?.type !== 'Attribute' || name === undefined || isChosen(target.attr, report)) return undefined;
  const lines = [
    `for p in ${name}.parameters():`,
    '\tif p.dim() > 1:',
    `\t\t${imports.spell('torch.nn.init.xavier_uniform_')}(p)`,
  ];
  return draft.add(insertAfter(document, at, lines))
    ? draft.finish(`Draw each layer of ${name} anew`, true)
    : undefined;
}

/** Whether somebody gave weights below an attribute their values: those are to stay. */
function isChosen(attribute: string, { parameters }: Report): boolean {
  const own = parameters.filter((p) => p.shape.length > 1 && p.name.split('.').includes(attribute));
  return own.length === 0 || own.some(({ setBy }) => setBy.range !== undefined || setBy.loadedAt !== undefined);
}
