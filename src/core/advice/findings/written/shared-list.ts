import { children } from '../../../python/syntax/children.js';
import type { ast } from '../../../python/syntax/index.js';
import type { Cause } from '../rule.js';
import type { WrittenRule } from './written.js';

/** Lists of something made in place, multiplied: `[nn.Linear(8, 8)] * 6`. */
function multiplied(module: ast.Module): ast.BinOp[] {
  const found: ast.BinOp[] = [];
  const visit = (node: object): void => {
    if ('type' in node && node.type === 'BinOp') {
      const product = node as ast.BinOp;
      const isList = (e: ast.Expression): boolean => e.type === 'List' && e.elements.some((x) => x.type === 'Call');
      if (product.op === '*' && (isList(product.left) || isList(product.right))) found.push(product);
    }
    for (const child of children(node)) visit(child);
  };
  visit(module);
  return found;
}

export const sharedByMultiplying: WrittenRule = {
  code: 'IS121',
  name: 'identical-layers',
  severity: 'warning',
  find: (w) =>
    multiplied(w.module).flatMap((product): Cause[] => {
      const { file, start, cell } = w.at(product);
      const length = product.end - product.start;
      const shared = w.models
        .flatMap((m) => m.parameters)
        .filter(({ aliases, declaredAt: d }) => {
          const isInside = d?.file === file && d.cell === cell && d.start >= start && d.end <= start + length;
          return isInside && aliases.length > 0;
        });
      const [first] = shared;
      if (!first) return [];
      const times = first.aliases.length + 1;
      const module = (name: string): string => name.replace(/\.\w+$/, '');
      return [
        {
          range: w.at(product),
          layer: module(first.name),
          message: `Multiplying a list repeats one module: \`${module(first.name)}\` to \`${module(first.aliases.at(-1) ?? '')}\` are the same layer in ${times} places, with one set of weights. To get ${times} layers write [… for _ in range(${times})].`,
        },
      ];
    }),
};
