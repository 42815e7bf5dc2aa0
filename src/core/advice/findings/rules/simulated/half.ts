import { isKnown } from '../../../../model/index.js';
import { hasWeight } from '../../../recommendation/graph-walk.js';
import type { Cause, Rule, Subject } from '../../rule.js';
import { short } from '../../words.js';
import { LARGEST_HALF } from './signal.js';

/** float16's smallest number above zero. */
const SMALLEST_HALF = 2 ** -24;

/** Of a normal distribution one value in 16 000 lies beyond: some unit of some layer. */
const TAIL = 4;

function overflow(s: Subject): Cause | undefined {
  for (const [i, node] of s.model.graph.nodes.entries()) {
    const { kind } = node.operation;
    if (!hasWeight(node.operation) && kind !== 'matmul' && kind !== 'power') continue;
    const moments = s.signals.forward(node.outputs[0]!);
    if (moments === undefined || Math.abs(moments.mean) + TAIL * Math.sqrt(moments.variance) <= LARGEST_HALF) continue;
    const layer = s.layerOf(i);
    return {
      range: node.range ?? layer?.declaredAt,
      layer: layer?.name,
      message: `\`${layer?.name.replace(/^\//, '') ?? kind}\` has values of about ${short(Math.abs(moments.mean) + Math.sqrt(moments.variance))}; the largest exceed float16's maximum, 65504, and become inf in half precision. bfloat16 holds them.`,
    };
  }
  return undefined;
}

function underflow(s: Subject): Cause | undefined {
  for (const p of s.places) {
    const d = p.distribution;
    if (d === undefined || !isKnown(d) || d.std === 0 || Math.abs(d.mean) + TAIL * d.std >= SMALLEST_HALF) continue;
    return {
      range: p.parameter?.setBy.range ?? p.parameter?.declaredAt,
      layer: s.layerOf(p.index)?.name,
      message: `The weights of \`${p.parameter?.name}\` have σ = ${short(d.std)}, below float16's smallest number, 5.96e-8: in half precision they are all zero. bfloat16 holds them.`,
    };
  }
  return undefined;
}

export const halfPrecision: Rule = {
  code: 'IS008',
  name: 'half-precision-range',
  severity: 'info',
  find(s) {
    const found = overflow(s) ?? underflow(s);
    return found === undefined ? [] : [found];
  },
};
