import type { ast } from '../../../python/syntax/index.js';
import type { Cause } from '../rule.js';
import type { WrittenRule } from './written.js';

/** A list of something made in place: `[nn.Linear(8, 8)]`. */
const isMade = (e: ast.Expression): boolean => e.type === 'List' && e.elements.some((x) => x.type === 'Call');

export const sharedByMultiplying: WrittenRule = {
  code: 'IS121',
  name: 'identical-layers',
  severity: 'warning',
  mentions: /\]\s*\*|\*\s*\[/,
  find: (w) =>
    w.products
      .filter((p) => isMade(p.left) || isMade(p.right))
      .flatMap((product): Cause[] => {
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
