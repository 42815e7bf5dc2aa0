import type { Cause } from '../rule.js';
import type { WrittenRule } from './written.js';

const OLD_NAME =
  /^torch\.nn\.init\.((?:uniform|normal|constant|eye|dirac|sparse|orthogonal|(?:xavier|kaiming)_(?:uniform|normal)))$/;

export const deprecatedName: WrittenRule = {
  code: 'IS136',
  name: 'deprecated-initializer',
  severity: 'info',
  mentions: /(?:uniform|normal|constant|eye|dirac|sparse|orthogonal)\(/,
  find(w) {
    const byName = new Map<string, Cause['range'][]>();
    for (const { node, name } of w.calls) {
      const old = OLD_NAME.exec(name)?.[1];
      if (old !== undefined) byName.set(old, [...(byName.get(old) ?? []), w.at(node.func)]);
    }
    return [...byName].map(([old, [range, ...more]]): Cause => ({
      range,
      message: `\`nn.init.${old}\` is the name from before PyTorch 0.4 and warns on each call; \`${old}_\` is the same function.${more.length === 0 ? '' : ` It is called ${more.length + 1} times here.`}`,
      ...(more.length > 0 && { related: more.flatMap((r) => (r ? [{ message: 'called here, too', range: r }] : [])) }),
    }));
  },
};
