import type { Operation } from '../../../../model/index.js';
import type { Runtime } from '../../../../python/values/index.js';
import type { Tensor } from '../../tensor.js';
import { broadcastShapes } from '../kit/broadcast.js';
import { compute } from '../kit/make.js';
import { hasRank, product, symbol, type Shape, type Sizes } from '../kit/sizes.js';
import { arithmetic } from '../pointwise/arithmetic.js';
import { affine } from '../pointwise/unary.js';
import { matmul } from '../products/matmul.js';
import { transpose } from '../shape/permute.js';
import type { Mask } from './attention-mask.js';
import { softmax } from './softmax.js';

interface Attention {
  readonly mask: Mask;
  readonly dropout: number;
  readonly causal: boolean;
  readonly scale?: number | undefined;
}

/** softmax(q·kᵀ·scale)·v over the last two axes. */
export function attend(rt: Runtime, q: Tensor, k: Tensor, v: Tensor, how: Attention): Tensor {
  checkWidths(rt, q.shape, k.shape);
  const { keep, bias } = how.mask;
  if (bias && !how.causal) return biased(rt, q, k, v, bias, how);
  const operation: Operation = {
    kind: 'attention',
    causal: how.causal,
    dropout: how.dropout,
    ...(how.scale === undefined ? {} : { scale: how.scale }),
  };
  const shape = attendedShape(rt, q.shape, k.shape, v.shape);
  return compute(rt, operation, keep ? [q, k, v, keep] : [q, k, v], { shape });
}

/** Attention with something added to its scores (positions, say), step by step. */
function biased(rt: Runtime, q: Tensor, k: Tensor, v: Tensor, bias: Tensor, how: Attention): Tensor {
  const width = hasRank(q.shape) ? q.shape.at(-1) : undefined;
  const scale = how.scale ?? (typeof width === 'number' ? 1 / Math.sqrt(width) : 1);
  const raw = affine(rt, matmul(rt, q, transpose(rt, k, -2, -1)), scale, 0);
  const scores = arithmetic(rt, 'add', { tensor: raw, dtype: 'float' }, { tensor: bias, dtype: bias.dtype }) as Tensor;
  const weights = softmax(rt, scores, hasRank(scores.shape) ? scores.shape.length - 1 : 0, false);
  const { dropout: p } = how;
  const operation: Operation = { kind: 'dropout', p, unit: 'entry' };
  return matmul(rt, p > 0 ? compute(rt, operation, [weights], { shape: weights.shape }) : weights, v);
}

function checkWidths(rt: Runtime, q: Shape, k: Shape): void {
  if (!hasRank(q) || !hasRank(k)) return;
  const [a, b] = [q.at(-1), k.at(-1)];
  if (typeof a !== 'number' || typeof b !== 'number' || a === b) return;
  const batch = symbol(product(q.slice(0, -2)));
  rt.raise(
    'RuntimeError',
    `Expected size for first two dimensions of batch2 tensor to be: [${batch}, ${String(a)}] but got: [${batch}, ${String(b)}].`,
  );
}

function attendedShape(rt: Runtime, q: Shape, k: Shape, v: Shape): Shape {
  if (!hasRank(q)) return q;
  if (!hasRank(k)) return k;
  if (!hasRank(v)) return v;
  const lead = [k, v].reduce<Shape>((s, t) => broadcastShapes(rt, s, t.slice(0, -2)), q.slice(0, -2)) as Sizes;
  return [...lead, q.at(-2)!, v.at(-1)!];
}
