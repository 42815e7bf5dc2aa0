import type { ast } from '../../../python/syntax/index.js';
import type { Cause } from '../rule.js';
import { short } from '../words.js';
import { argument, numberIn } from './names.js';
import { setBy, type WrittenRule } from './written.js';

const KAIMING = /(^|\.)kaiming_(uniform|normal)_?$/;

function isRootOfFive(e: ast.Expression): boolean {
  if (e.type === 'BinOp' && e.op === '**') return numberIn(e.left) === 5 && numberIn(e.right) === 0.5;
  if (e.type !== 'Call' || numberIn(e.args[0]) !== 5) return false;
  return e.func.type === 'Attribute' ? e.func.attr === 'sqrt' : e.func.type === 'Name' && e.func.id === 'sqrt';
}

/** √5·s: the factor beside the root. */
export function factorOfSlope(e: ast.Expression | undefined): ast.Expression | undefined {
  if (e?.type !== 'BinOp' || e.op !== '*') return undefined;
  return isRootOfFive(e.left) ? e.right : isRootOfFive(e.right) ? e.left : undefined;
}

export const slopeAsScale: WrittenRule = {
  code: 'IS139',
  name: 'slope-as-scale',
  severity: 'warning',
  mentions: /kaiming_/,
  find: (w) =>
    w.calls.flatMap(({ node, name }): Cause[] => {
      const factor = KAIMING.test(name) ? factorOfSlope(argument(node, 1, 'a')) : undefined;
      if (!factor) return [];
      const text = w.text.slice(factor.start, factor.end);
      const p = setBy(w, node)[0];
      const a = p?.setBy.arguments?.['a'];
      const fanIn = p?.fanIn;
      const example =
        typeof a === 'number' && fanIn !== undefined
          ? ` (here a = ${short(a)}, σ = ${short(Math.sqrt(2 / ((1 + a * a) * fanIn)))} for \`${p?.name}\`; twice the ${text} gives ${short(Math.sqrt(2 / ((1 + 4 * a * a) * fanIn)))})`
          : '';
      return [
        {
          range: w.at(node),
          message: `\`a\` is the slope of a leaky ReLU, not a scale: σ = √(2/((1 + a²)·fan_in)), so a larger \`${text}\` makes the weights smaller${example}. Initialize with a=√5 and multiply the weights by \`${text}\` afterwards.`,
        },
      ];
    }),
};
