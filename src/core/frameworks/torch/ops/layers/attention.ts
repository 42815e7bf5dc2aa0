import type { Runtime } from '../../../../python/values/index.js';
import type { Tensor } from '../../tensor.js';
import { broadcastShapes } from '../kit/broadcast.js';
import { op, optionalTensor, tensorArgument, type Family } from '../kit/define.js';
import { compute } from '../kit/make.js';
import { hasRank, isComplete } from '../kit/sizes.js';
import { flag, numberOf } from '../kit/values.js';
import { attend } from './attend.js';
import { readMask } from './attention-mask.js';
import { multiHeadAttention } from './multi-head.js';

/** Grouped queries: every key and value head serves several query heads. */
function repeatHeads(rt: Runtime, t: Tensor, q: Tensor): Tensor {
  if (!isComplete(t.shape) || !isComplete(q.shape)) return t;
  const [heads, wanted] = [t.shape.at(-3) ?? 1, q.shape.at(-3) ?? 1];
  if (heads === wanted) return t;
  if (wanted % heads !== 0)
    rt.raise('RuntimeError', 'Number of heads in key and value must divide the number of heads in query');
  const shape = [...t.shape.slice(0, -3), wanted, ...t.shape.slice(-2)];
  return compute(rt, { kind: 'repeat' }, [t], { shape, dtype: t.dtype });
}

const scaledDotProduct = op(
  'scaled_dot_product_attention',
  'query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None, enable_gqa=False',
  (q, a, rt) => {
    let k = tensorArgument(a.key, 'scaled_dot_product_attention', 'key', rt);
    let v = tensorArgument(a.value, 'scaled_dot_product_attention', 'value', rt);
    if (flag(a.enable_gqa, rt)) [k, v] = [repeatHeads(rt, k, q), repeatHeads(rt, v, q)];
    const ranks = [q, k, v].map((t) => (hasRank(t.shape) ? t.shape.length : 2));
    if (ranks.some((r) => r < 2))
      rt.raise(
        'RuntimeError',
        `Expected query, key, and value to all be  at least 2 dimensional, but got query.dim: ${String(ranks[0])} key.dim: ${String(ranks[1])} and value.dim: ${String(ranks[2])} instead.`,
      );
    const given = optionalTensor(a.attn_mask, 'scaled_dot_product_attention', 'attn_mask', rt);
    const causal = flag(a.is_causal, rt);
    if (given && causal)
      rt.raise(
        'RuntimeError',
        '_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True',
      );
    if (given && hasRank(q.shape) && hasRank(k.shape))
      broadcastShapes(rt, [...q.shape.slice(0, -1), k.shape.at(-2)!], given.shape);
    const mask = readMask(rt, given);
    return attend(rt, q, k, v, { mask, dropout: numberOf(a.dropout_p) ?? 0, causal, scale: numberOf(a.scale) });
  },
);

export const attentions: Family = {
  functional: { scaled_dot_product_attention: scaledDotProduct, multi_head_attention_forward: multiHeadAttention },
};
