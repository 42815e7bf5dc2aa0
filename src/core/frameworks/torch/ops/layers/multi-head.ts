import { Tuple, type Runtime, type Value } from '../../../../python/values/index.js';
import type { Size, Tensor } from '../../tensor.js';
import { fn, optionalTensor, tensorArgument } from '../kit/define.js';
import { makeConstant, unknownContent } from '../kit/make.js';
import { hasRank, over, sameSize, shapeText, symbol, times, type Sizes } from '../kit/sizes.js';
import { flag, integer, numberOf, real, tensorOf } from '../kit/values.js';
import { linear } from '../products/linear.js';
import { concatenate } from '../shape/join.js';
import { permute } from '../shape/permute.js';
import { expandTo } from '../shape/repeat.js';
import { reshapeTo } from '../shape/reshape.js';
import { cutOut } from '../shape/select.js';
import { attend } from './attend.js';
import { joinMasks, readHidingMask, type Mask } from './attention-mask.js';
import { padBy } from './pad.js';

interface Projection {
  readonly weight: Tensor;
  readonly bias: Tensor | null;
  /** Which E rows of a packed weight are meant; undefined for a weight of its own. */
  readonly part?: number;
}

/**
 * A packed weight (3E, E) is applied whole and a third of its results kept, so that it stays one parameter: the same
 * numbers as its slice would give. For self-attention the one product serves all three.
 */
function project(rt: Runtime, x: Tensor, p: Projection, width: Size, whole: Map<Tensor, Tensor>): Tensor {
  if (p.part === undefined) return linear(rt, x, p.weight, p.bias);
  let all = whole.get(x);
  if (!all) {
    all = linear(rt, x, p.weight, p.bias);
    whole.set(x, all);
  }
  const axis = hasRank(all.shape) ? all.shape.length - 1 : 0;
  return cutOut(rt, all, [{ axis, start: times(width, p.part), length: width, step: 1 }]);
}

export const multiHeadAttention = fn(
  'multi_head_attention_forward',
  'query, key, value, embed_dim_to_check, num_heads, in_proj_weight, in_proj_bias, bias_k, bias_v, add_zero_attn, dropout_p, out_proj_weight, out_proj_bias, training=True, key_padding_mask=None, need_weights=True, attn_mask=None, use_separate_proj_weight=False, q_proj_weight=None, k_proj_weight=None, v_proj_weight=None, static_k=None, static_v=None, average_attn_weights=True, is_causal=False',
  (a, rt) => {
    const name = 'multi_head_attention_forward';
    const need = (v: Value, argument: string): Tensor => tensorArgument(v, name, argument, rt);
    const [query, key, value] = [need(a.query, 'query'), need(a.key, 'key'), need(a.value, 'value')];
    const heads = integer(a.num_heads, 'num_heads', rt);
    const bias = optionalTensor(a.in_proj_bias, name, 'in_proj_bias', rt);
    checkInputs(rt, query, key, value, a.embed_dim_to_check, heads);
    const wasBatched = !hasRank(query.shape) || query.shape.length === 3;
    const batch = new Map<Tensor, Tensor>();
    const lift = (t: Tensor): Tensor => {
      if (wasBatched || !hasRank(t.shape)) return t;
      const known = batch.get(t) ?? reshapeTo(rt, t, [t.shape[0]!, 1, t.shape[1]!]);
      batch.set(t, known);
      return known;
    };
    const [q0, k0, v0] = [lift(query), lift(key), lift(value)];
    const width = hasRank(q0.shape) ? q0.shape[2]! : rt.unknown('the width of a query');
    const whole = new Map<Tensor, Tensor>();
    const projected = flag(a.use_separate_proj_weight, rt)
      ? [
          linear(rt, q0, need(a.q_proj_weight, 'q_proj_weight'), biasPart(rt, bias, 0, width)),
          linear(rt, k0, need(a.k_proj_weight, 'k_proj_weight'), biasPart(rt, bias, 1, width)),
          linear(rt, v0, need(a.v_proj_weight, 'v_proj_weight'), biasPart(rt, bias, 2, width)),
        ]
      : [q0, k0, v0].map((t, part) =>
          project(rt, t, { weight: need(a.in_proj_weight, 'in_proj_weight'), bias, part }, width, whole),
        );
    let [q, k, v] = projected as [Tensor, Tensor, Tensor];
    const padding = optionalTensor(a.key_padding_mask, name, 'key_padding_mask', rt);
    const given = optionalTensor(a.attn_mask, name, 'attn_mask', rt);
    if (flag(a.is_causal, rt) && !given)
      rt.raise(
        'RuntimeError',
        'Need attn_mask if specifying the is_causal hint. You may use the Transformer module method `generate_square_subsequent_mask` to create this mask.',
      );
    checkMasks(rt, query, key, given, padding, heads, wasBatched);
    const [length, n] = hasRank(q.shape) ? [q.shape[0]!, q.shape[1]!] : [width, width];
    const mask = joinMasks(
      rt,
      readHidingMask(rt, given && inHeadsMask(rt, given, heads, n)),
      readHidingMask(rt, padding && paddingMask(rt, padding, n)),
    );
    const rows = (a.bias_k === null ? 0 : 1) + (flag(a.add_zero_attn, rt) ? 1 : 0);
    [k, v] = [withRow(rt, k, tensorOf(a.bias_k)), withRow(rt, v, tensorOf(a.bias_v))];
    if (flag(a.add_zero_attn, rt)) [k, v] = [withZero(rt, k), withZero(rt, v)];
    [q, k, v] = [inHeads(rt, q, heads), inHeads(rt, k, heads), inHeads(rt, v, heads)];
    const dropout = flag(a.training, rt, true) ? real(a.dropout_p, 'dropout_p', rt) : 0;
    const y = attend(rt, q, k, v, { mask: lengthened(rt, mask, rows), dropout, causal: false });
    const merged = reshapeTo(rt, permute(rt, y, [2, 0, 1, 3]), [length, n, width]);
    const out = linear(
      rt,
      merged,
      need(a.out_proj_weight, 'out_proj_weight'),
      optionalTensor(a.out_proj_bias, name, 'out_proj_bias', rt),
    );
    const result = wasBatched || !hasRank(out.shape) ? out : reshapeTo(rt, out, [out.shape[0]!, out.shape[2]!]);
    const weights = flag(a.need_weights, rt, true)
      ? attentionWeights(rt, q, k, flag(a.average_attn_weights, rt, true), wasBatched)
      : null;
    return new Tuple([result, weights]);
  },
);

function checkInputs(rt: Runtime, query: Tensor, key: Tensor, value: Tensor, wanted: Value, heads: number): void {
  if (!hasRank(query.shape) || !hasRank(key.shape) || !hasRank(value.shape)) return;
  const rank = query.shape.length;
  const expected = `query should be unbatched 2D or batched 3D tensor but received ${String(rank)}-D query tensor`;
  if (rank !== 2 && rank !== 3) rt.raise('AssertionError', expected);
  const [own, n] = [query.shape.at(-1), numberOf(wanted)];
  if (typeof own === 'number' && n !== undefined && own !== n)
    rt.raise('AssertionError', `was expecting embedding dimension of ${String(n)}, but got ${String(own)}`);
  if (typeof own === 'number' && own % heads !== 0)
    rt.raise('AssertionError', `embed_dim ${String(own)} not divisible by num_heads ${String(heads)}`);
  const [k, v] = [key.shape.slice(0, -1), value.shape.slice(0, -1)];
  if (k.length !== v.length || k.some((s, i) => sameSize(s, v[i]!) === false))
    rt.raise(
      'AssertionError',
      `key shape torch.Size(${shapeText(key.shape)}) does not match value shape torch.Size(${shapeText(value.shape)})`,
    );
}

function checkMasks(
  rt: Runtime,
  query: Tensor,
  key: Tensor,
  mask: Tensor | null,
  padding: Tensor | null,
  heads: number,
  wasBatched: boolean,
): void {
  if (!hasRank(query.shape) || !hasRank(key.shape)) return;
  const [l, s, n] = [query.shape[0]!, key.shape[0]!, wasBatched ? query.shape[1]! : 1];
  const differs = (own: Sizes, wanted: Sizes): boolean => wanted.some((w, i) => sameSize(w, own[i]!) === false);
  if (mask && hasRank(mask.shape)) {
    const rank = mask.shape.length;
    const wanted = rank === 2 ? [l, s] : [times(n, heads), l, s];
    if (rank !== 2 && rank !== 3) rt.raise('RuntimeError', `attn_mask's dimension ${String(rank)} is not supported`);
    if (differs(mask.shape, wanted))
      rt.raise(
        'RuntimeError',
        `The shape of the ${String(rank)}D attn_mask is torch.Size(${shapeText(mask.shape)}), but should be (${wanted.map(symbol).join(', ')}).`,
      );
  }
  const rows = padding && hasRank(padding.shape) && wasBatched ? padding.shape[0] : undefined;
  if (rows !== undefined && sameSize(rows, n) === false)
    rt.raise('AssertionError', `Expected key_padded_mask.shape[0] to be ${symbol(n)}, but got ${symbol(rows)}`);
}

function biasPart(rt: Runtime, bias: Tensor | null, part: number, width: Size): Tensor | null {
  return bias && cutOut(rt, bias, [{ axis: 0, start: times(width, part), length: width, step: 1 }]);
}

/** One more key (or value) for every sample: `bias_k` and `bias_v`. */
function withRow(rt: Runtime, t: Tensor, row: Tensor | undefined): Tensor {
  if (!row || !hasRank(t.shape)) return t;
  return concatenate(rt, [t, expandTo(rt, row, [1, t.shape[1]!, -1])], 0);
}

function withZero(rt: Runtime, t: Tensor): Tensor {
  return padBy(
    rt,
    t,
    [
      [0, 1],
      [0, 0],
      [0, 0],
    ],
    'zeros',
    0,
  );
}

/** (tokens, batch, width) to (batch, heads, tokens, width of a head). */
function inHeads(rt: Runtime, t: Tensor, heads: number): Tensor {
  if (!hasRank(t.shape)) return t;
  const [length, n, width] = t.shape as [Size, Size, Size];
  return permute(rt, reshapeTo(rt, t, [length, n, heads, over(width, heads)]), [1, 2, 0, 3]);
}

/** (batch·heads, queries, keys) to (batch, heads, queries, keys). */
function inHeadsMask(rt: Runtime, mask: Tensor, heads: number, n: Size): Tensor {
  if (!hasRank(mask.shape) || mask.shape.length !== 3) return mask;
  return reshapeTo(rt, mask, [n, heads, mask.shape[1]!, mask.shape[2]!]);
}

/** (batch, keys) to a mask for all heads and queries. */
function paddingMask(rt: Runtime, mask: Tensor, n: Size): Tensor {
  return hasRank(mask.shape) ? reshapeTo(rt, mask, [n, 1, 1, mask.shape.at(-1)!]) : mask;
}

/** Keys that were added are seen by all. */
function lengthened(rt: Runtime, mask: Mask, rows: number): Mask {
  const { keep, bias } = mask;
  if (rows === 0) return mask;
  return {
    ...(keep ? { keep: padBy(rt, keep, [[0, rows]], 'zeros', 1) } : {}),
    ...(bias ? { bias: padBy(rt, bias, [[0, rows]]) } : {}),
  };
}

/**
 * What `need_weights` gives back. Models rarely use it, and a node that nothing needs would stand in the graph for
 * every layer: it is a constant of its own instead.
 */
function attentionWeights(rt: Runtime, q: Tensor, k: Tensor, average: boolean, wasBatched: boolean): Value {
  if (!hasRank(q.shape) || !hasRank(k.shape)) return rt.unknown('attention weights');
  const [n, heads, length] = q.shape as readonly [Size, Size, Size];
  const shape = [...(wasBatched ? [n] : []), ...(average ? [] : [heads]), length, k.shape[2]!];
  return makeConstant(rt, 'attention_weights', shape, 'float', unknownContent('attention weights are not followed'));
}
