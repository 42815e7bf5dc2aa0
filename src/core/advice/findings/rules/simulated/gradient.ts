import type { Cause, Rule, Subject } from '../../rule.js';
import { short } from '../../words.js';
import { because, chain, gradientReach, placed, type Reach } from './chain.js';

/** float16 spans 6·10⁻⁸ to 65 504: the variances of what fits into it beside each other, whatever the loss is scaled by. */
const HALF_SPAN = (65504 / 2 ** -24) ** 2;

/** Statistics of a batch over maps of a size that nobody gave: gradients through them depend on it. */
function isGuess({ model }: Subject): boolean {
  return (
    model.inputFrom === 'layers' &&
    model.graph.nodes.some(
      ({ operation: op }) => op.kind === 'normalize' && (op.over === 'batch' || op.over === 'instance'),
    )
  );
}

function gradientCause(s: Subject, reach: Reach, word: 'falls' | 'grows'): Cause {
  const factor = word === 'falls' ? 1 / reach.ratio : reach.ratio;
  const each = factor ** (1 / Math.max(1, reach.layers - 1));
  const { first, last } = reach;
  const half = factor > HALF_SPAN ? ', more than float16 spans whatever the loss is scaled by' : '';
  const effect = word === 'falls' ? `${because(s)} The first layers will not learn.` : ' The first steps will diverge.';
  return {
    ...placed(s, chain(s), first),
    ...(isGuess(s) && { severity: 'info' as const }),
    message: `The gradient's variance ${word} ${short(each)}× a layer on its way back: \`${first.layer.name}\` gets ${short(reach.ratio)} of what \`${last.layer.name}\` gets${half}.${effect} The hover of each layer names the σ that keeps it.`,
  };
}

export const gradientVanishes: Rule = {
  code: 'IS003',
  name: 'gradient-vanishes',
  severity: 'warning',
  find(s) {
    const reach = gradientReach(s);
    return reach && reach.ratio < 10 ** -s.thresholds.gradientDecades ? [gradientCause(s, reach, 'falls')] : [];
  },
};

export const gradientExplodes: Rule = {
  code: 'IS004',
  name: 'gradient-explodes',
  severity: 'warning',
  find(s) {
    const reach = gradientReach(s);
    return reach && reach.ratio > 10 ** s.thresholds.gradientDecades ? [gradientCause(s, reach, 'grows')] : [];
  },
};
