import type { GraphNode, ValueId } from '../../../model/index.js';
import { movesEntries } from '../../recommendation/graph-walk.js';
import type { Rule, Subject } from '../rule.js';
import { short } from '../words.js';

/** Blocks of ResNet-34 and -50; in shallower nets nothing was ever measured to come of it. */
const DEEP = 16;

/** The BatchNorm that a branch ends with. */
function lastNorm(s: Subject, branch: ValueId): GraphNode | undefined {
  let at = branch;
  for (let i = 0; i < 4; i++) {
    const node = s.wiring.producer(at);
    if (node?.operation.kind === 'normalize') return node.operation.over === 'batch' ? node : undefined;
    const from = node?.inputs[0];
    if (node === undefined || from === undefined || !movesEntries(node.operation)) return undefined;
    at = from;
  }
  return undefined;
}

export const residualGain: Rule = {
  code: 'IS126',
  name: 'residual-norm-gain',
  severity: 'info',
  find(s) {
    const norms = s.sums.flatMap(({ branch, node }) => {
      const norm = lastNorm(s, branch);
      const weight = norm?.operation.kind === 'normalize' ? norm.operation.weight : undefined;
      const gain = weight === undefined ? undefined : s.model.parameters[weight];
      const isOne = gain?.distribution.kind === 'constant' && gain.distribution.mean === 1;
      return norm && gain && isOne ? [{ gain, sum: node }] : [];
    });
    const [first] = norms;
    if (!first || norms.length < DEEP || norms.length * 2 < s.sums.length) return [];
    const places = new Map(norms.map(({ gain: { declaredAt: d } }) => [`${d?.file ?? ''} ${d?.start ?? ''}`, d]));
    const others = [...places.values()].slice(1).flatMap((range) => (range ? [{ range, message: 'and here' }] : []));
    const variances = norms.flatMap(({ sum }) => s.layerOf(sum)?.forward?.variance ?? []);
    const grown = variances.length > 0 ? ` (its variance reaches ${short(Math.max(...variances))})` : '';
    return [
      {
        range: first.gain.declaredAt,
        layer: first.gain.name.replace(/\.\w+$/, ''),
        message: `The last BatchNorm of each of ${norms.length} residual branches starts at γ = 1, so every block adds its own signal to the stream${grown}. With γ = 0 each block starts as the identity, which trains deep ResNets a little better.`,
        ...(others.length > 0 && { related: others }),
      },
    ];
  },
};
