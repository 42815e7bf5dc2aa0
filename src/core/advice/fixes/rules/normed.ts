import type { Fix, Report, SourceRange } from '../../../model/index.js';
import type { ast } from '../../../python/syntax/index.js';
import { Draft, type Sheet } from '../draft.js';
import type { Fixer } from '../fixer.js';
import { siteAt } from '../site.js';
import { standing, type Standing } from '../source/document.js';
import { insertAfter, removal } from '../source/lines.js';
import { below, dotted } from '../source/tree.js';

/** Initialized first, normalized then: the norm goes behind the call, or what is applied goes into the norm. */
export const initializeFirst: Fixer = ({ finding: { range, related }, reports: [report], sources }) => {
  const draft = new Draft(sources);
  const sheet = draft.sheet(range);
  const normedAt = related?.[0]?.range;
  if (!sheet || !range || !normedAt || !report || normedAt.file !== range.file) return [];
  return [normBehind({ sheet, range, normedAt }, draft) ?? appliedInside({ sheet, range, report }, new Draft(sources))];
};

interface Written {
  readonly sheet: Sheet;
  readonly range: SourceRange;
}

/** `weight_norm(nn.Linear(8, 8), dim=0)`: the layer, and what the norm is called with besides. */
interface Norm {
  readonly call: ast.Call;
  readonly layer: ast.Expression;
}

const NORM = /(?:^|\.)(?:weight_norm|spectral_norm)$/;

function normAt({ document, imports }: Sheet, range: SourceRange): Norm | undefined {
  const calls = document.pathTo(range).filter((n) => n.type === 'Call');
  for (const call of calls.reverse()) {
    const written = dotted(call.func);
    const [layer] = call.args;
    const isNorm = written !== undefined && NORM.test(imports.resolve(written) ?? '');
    if (isNorm && layer && layer.type !== 'Starred') return { call, layer };
  }
  return undefined;
}

/** `self.fc = nn.Linear(…)`, the initialization of `self.fc.weight`, `self.fc = weight_norm(self.fc)`. */
function normBehind(
  { sheet, range, normedAt }: Written & { readonly normedAt: SourceRange },
  draft: Draft,
): Fix | undefined {
  const { document, imports } = sheet;
  const made = standing(document, document.pathTo(normedAt));
  const written = standing(document, document.pathTo(range));
  const norm = normAt(sheet, normedAt);
  const module = siteAt(document, imports, range)?.target.module;
  if (!norm || !written || made?.statement.type !== 'Assign' || made.statement.value !== norm.call) return undefined;
  const name = dotted(made.statement.targets[0]!);
  if (name === undefined || name !== module || made.siblings !== written.siblings) return undefined;
  const { call, layer } = norm;
  draft.add([document.edit(call.start, layer.start, ''), document.edit(layer.end, call.end, '')]);
  const again =
    document.slice({ start: call.start, end: layer.start }) +
    name +
    document.slice({ start: layer.end, end: call.end });
  const last = lastAbout(sheet, `${name}.weight`, written);
  return draft.add(insertAfter(document, last, [`${name} = ${again}`]))
    ? draft.finish(`Initialize ${name} before it is normalized`, true)
    : undefined;
}

/** The last statement of those that follow each other and name a tensor. */
function lastAbout({ document }: Sheet, tensor: string, { statement, siblings }: Standing): Standing {
  let at = siblings.indexOf(statement);
  while (siblings[at + 1] && document.slice(siblings[at + 1]!).includes(tensor)) at++;
  return { statement: siblings[at] ?? statement, siblings };
}

/** `self.ups.apply(init_weights)` behind the norms: `weight_norm(nn.Conv1d(…).apply(init_weights))` in their definitions. */
function appliedInside({ sheet, range, report }: Written & { readonly report: Report }, draft: Draft): Fix | undefined {
  const { document } = sheet;
  const hook = document
    .pathTo(range)
    .filter((n) => n.type === 'FunctionDef')
    .at(-1);
  if (!hook) return undefined;
  let count = 0;
  for (const n of below(document.body)) {
    if (n.type !== 'Call' || n.func.type !== 'Attribute' || n.func.attr !== 'apply') continue;
    const [given] = n.args;
    if (given === undefined || dotted(given)?.split('.').at(-1) !== hook.name) continue;
    if (!moveInside({ sheet, report, apply: n, given }, draft)) return undefined;
    count++;
  }
  return count === 0 ? undefined : draft.finish('Initialize the layers before they are normalized', true);
}

interface Applied {
  readonly sheet: Sheet;
  readonly report: Report;
  readonly apply: ast.Call;
  readonly given: ast.Expression;
}

function moveInside({ sheet, report, apply, given }: Applied, draft: Draft): boolean {
  const { document } = sheet;
  const at = standing(document, document.pathOf(apply));
  const on = apply.func.type === 'Attribute' ? apply.func.value : undefined;
  if (at?.statement.type !== 'Expr' || at.statement.value !== apply || on?.type !== 'Attribute') return false;
  const own = report.parameters.filter((p) => p.name.split('.').slice(0, -1).includes(on.attr));
  // Whatever else the function sets there has to stay set.
  const norms = own.map((p) => (p.declaredAt?.file === document.path ? normAt(sheet, p.declaredAt) : undefined));
  if (norms.length === 0 || at.siblings.length === 1 || norms.some((n) => n === undefined)) return false;
  for (const norm of norms)
    if (norm) draft.addOnce(document.edit(norm.layer.end, norm.layer.end, `.apply(${document.slice(given)})`));
  return draft.add(removal(document, at));
}
