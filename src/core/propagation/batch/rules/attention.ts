import { around, sizeOf, stridesOf, type Tensor } from '../tensor/tensor.js';
import { broadcastStrides, walk } from '../tensor/walk.js';
import type { OperationOf, Rule, RuleContext } from '../types.js';
import { keptUnits } from './dropout.js';
import { fit, matrixProduct } from './product.js';
import { softmaxGradient, softmaxLines } from './softmax.js';

interface Memo {
  readonly weights: Tensor;
  readonly kept?: Tensor;
  readonly dropped: Tensor;
}

/** Hides the scores of later positions, or those where a mask says 0; −∞ would make NaN of rows that are hidden whole. */
const HIDDEN = -1e30;

function hide(op: OperationOf<'attention'>, scores: Tensor, mask: Tensor | undefined): void {
  const rows = scores.shape.at(-2) ?? 1;
  const columns = scores.shape.at(-1) ?? 1;
  const s = scores.data;
  if (op.causal)
    for (let at = 0; at < s.length; at += columns) {
      const row = (at / columns) % rows;
      s.fill(HIDDEN, at + row + 1, at + columns);
    }
  if (mask === undefined) return;
  const strides = [stridesOf(scores.shape), broadcastStrides(mask.shape, scores.shape)];
  walk(scores.shape, strides, ([o = 0, m = 0], [so = 0, sm = 0], n) => {
    for (let i = 0; i < n; i++) if (mask.data[m + i * sm] === 0) s[o + i * so] = HIDDEN;
  });
}

function attend(op: OperationOf<'attention'>, q: Tensor, k: Tensor, mask: Tensor | undefined, c: RuleContext): Memo {
  const scale = op.scale ?? 1 / Math.sqrt(q.shape.at(-1) ?? 1);
  const scores = matrixProduct(c, q, k, false, true, scale);
  hide(op, scores, mask);
  softmaxLines(scores.data, scores.data, around(scores.shape, scores.shape.length - 1), false);
  const weights = c.keep(scores);
  if (!c.training || op.dropout === 0) return { weights, dropped: weights };
  const kept = c.keep(keptUnits(c, sizeOf(scores.shape), op.dropout));
  for (let i = 0; i < kept.data.length; i++) kept.data[i] = kept.data[i]! / (1 - op.dropout);
  const dropped = c.keep(c.make(scores.shape));
  c.kernels.multiplyElements(weights.data, kept.data, dropped.data);
  return { weights, kept, dropped };
}

/** softmax(q·kᵀ·scale)·v with its scores in full. */
export const attention: Rule<'attention'> = {
  reads: 'inputs',
  forward(op, [q, k, v, mask], c) {
    if (q === undefined || k === undefined || v === undefined) return { unknown: 'no input' };
    const memo = attend(op, q, k, mask, c);
    c.memo = memo;
    return [matrixProduct(c, memo.dropped, v, false, false)];
  },
  backward(op, { inputs: [q, k, v], gradients: [g] }, c) {
    if (q === undefined || k === undefined || v === undefined || g === undefined) return [];
    const { weights, kept, dropped } = c.memo as Memo;
    const gv = fit(c, matrixProduct(c, dropped, g, true, false), v.shape);
    const gw = matrixProduct(c, g, v, false, true);
    if (kept !== undefined) c.kernels.multiplyElements(gw.data, kept.data, gw.data);
    const gs = c.make(gw.shape);
    softmaxGradient(weights.data, gw.data, gs.data, around(gw.shape, gw.shape.length - 1), false);
    c.release(gw);
    const scale = op.scale ?? 1 / Math.sqrt(q.shape.at(-1) ?? 1);
    const gq = fit(c, matrixProduct(c, gs, k, false, false, scale), q.shape);
    const gk = fit(c, matrixProduct(c, gs, q, true, false, scale), k.shape);
    c.release(gs);
    return [gq, gk, gv];
  },
};
