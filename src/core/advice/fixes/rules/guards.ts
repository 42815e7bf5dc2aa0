import type { ast } from '../../../python/syntax/index.js';
import { Draft } from '../draft.js';
import type { Fixer } from '../fixer.js';
import { siteAt, targetOf } from '../site.js';
import { standing } from '../source/document.js';
import { wrap } from '../source/lines.js';
import { dotted } from '../source/tree.js';

/** `if m.bias is not None:` in front of what would raise. */
export const notNone: Fixer = ({ finding, sources }) => {
  const draft = new Draft(sources);
  const sheet = draft.sheet(finding.range);
  if (!sheet || !finding.range) return [];
  const path = sheet.document.pathTo(finding.range);
  const at = standing(sheet.document, path);
  const tensor = at?.statement.type === 'Expr' ? missingIn(at.statement.value) : undefined;
  if (!at || tensor === undefined) return [];
  const name = sheet.document.slice(tensor);
  draft.add(wrap(sheet.document, at, `if ${name} is not None:`));
  return [draft.finish(`Ask whether ${name} is not None first`, true)];
};

/** The expression that is None: the tensor that an initializer is called with, or what a method is called on. */
function missingIn(e: ast.Expression): ast.Expression | undefined {
  if (e.type !== 'Call') return undefined;
  const name = dotted(e.func) ?? '';
  const isFunction = e.func.type === 'Name' || /(?:^|\.)init\.\w+$/.test(name);
  const tensor = isFunction ? e.args[0] : e.func.type === 'Attribute' ? e.func.value : undefined;
  const bare = tensor?.type === 'Attribute' && tensor.attr === 'data' ? tensor.value : tensor;
  return bare?.type === 'Attribute' || bare?.type === 'Name' ? bare : undefined;
}

/** Initializers that count fans want two axes: biases and norms are left as they are. */
export const twoAxes: Fixer = ({ finding, sources }) => {
  const draft = new Draft(sources);
  const sheet = draft.sheet(finding.range);
  const site = sheet && finding.range && siteAt(sheet.document, sheet.imports, finding.range);
  if (!sheet || !site?.call || site.at.statement.type !== 'Expr') return [];
  const { tensor } = site.target;
  if (tensor.endsWith('.bias')) {
    draft.add(site.replace({ initializer: 'zeros_', arguments: {} }));
    return [draft.finish(`Use zeros_ for ${tensor}`, true)];
  }
  const first = site.call.node.args[0];
  const bare = (first && targetOf(sheet.document, first)?.tensor) ?? tensor;
  draft.add(wrap(sheet.document, site.at, `if ${bare}.dim() > 1:`));
  return [draft.finish(`Initialize only parameters of two or more axes`, true)];
};
