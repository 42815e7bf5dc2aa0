import type { ast } from '../../../python/syntax/index.js';
import type { Cause } from '../rule.js';
import { short } from '../words.js';
import { setBy, type Written, type WrittenRule } from './written.js';

const IN_PLACE = /\.(?:normal_|uniform_|zero_|fill_|mul_|div_|copy_)$/;
const INITIALIZER =
  /(?:^|\.)(?:(?:xavier|kaiming)_(?:normal|uniform)_|trunc_normal_|normal_|uniform_|zeros_|ones_|constant_|orthogonal_)$/;

interface Guarded {
  /** The text that a name is compared with: `c_proj.weight`. */
  readonly text: string;
  readonly test: ast.Expression;
  readonly inits: readonly ast.Call[];
  /** Other initializations of the same function. */
  readonly others: readonly ast.Call[];
}

function initsIn(w: Written, nodes: readonly ast.Located[]): ast.Call[] {
  const inside = (n: ast.Located): boolean => nodes.some((x) => x.start <= n.start && n.end <= x.end);
  return w.calls
    .filter(({ node, name }) => (INITIALIZER.test(name) || IN_PLACE.test(name)) && inside(node))
    .map(({ node }) => node);
}

/** `name == "c_proj.weight"`, `"c_proj" in name`, `name.endswith("c_proj.weight")`. */
function comparedName(test: ast.Expression): string | undefined {
  const textOf = (e: ast.Expression | undefined): string | undefined =>
    e?.type === 'Constant' && typeof e.value === 'string' && /^\.?[a-z_]\w*(\.\w+)*$/i.test(e.value)
      ? e.value
      : undefined;
  if (test.type === 'Compare' && test.ops.length === 1) {
    const [op, other] = [test.ops[0], test.comparators[0]];
    if (op === 'in') return textOf(test.left);
    return op === '==' ? (textOf(other) ?? textOf(test.left)) : undefined;
  }
  if (test.type === 'Call' && test.func.type === 'Attribute' && /^(?:ends|starts)with$/.test(test.func.attr))
    return textOf(test.args[0]);
  return undefined;
}

function guardedIn(w: Written): Guarded[] {
  return w.conditions.flatMap(({ node: { test, body }, owner }): Guarded[] => {
    const text = comparedName(test);
    const inits = text === undefined ? [] : initsIn(w, body);
    if (text === undefined || inits.length === 0) return [];
    return [{ text, test, inits, others: initsIn(w, owner.body).filter((n) => !inits.includes(n)) }];
  });
}

export const neverApplied: WrittenRule = {
  code: 'IS116',
  name: 'name-never-matches',
  severity: 'warning',
  mentions: /named_(?:parameters|modules)/,
  find: (w) =>
    guardedIn(w).flatMap(({ text, test, inits, others }): Cause[] => {
      const ran = w.models.filter((m) => others.some((n) => setBy(w, n, m).length > 0));
      if (inits.some((n) => setBy(w, n).length > 0)) return [];
      const meant = ran.flatMap((m) => m.parameters.filter((p) => p.name.includes(text)));
      const [first] = meant;
      if (!first) return [];
      const more = meant.length > 1 ? ` and ${meant.length - 1} more` : '';
      const std = first.distribution.std;
      return [
        {
          range: w.at(test),
          message: `No name that is compared here contains '${text}', though the model has \`${first.name}\`${more}: what follows is never applied${std === undefined ? '' : `, and they keep σ = ${short(std)}`}. A hook that gets one module sees its own parameters as 'weight' and 'bias'; go over \`model.named_parameters()\` of the whole model.`,
          ...(first.setBy.range && {
            related: [{ message: `\`${first.name}\` is initialized here`, range: first.setBy.range }],
          }),
        },
      ];
    }),
};
