import { alphaDropout } from '../../alpha-dropout.js';
import { sizeOf, type Tensor } from '../tensor/tensor.js';
import type { OperationOf, Rule, RuleContext } from '../types.js';

/** How many entries in a row live and die together. */
function unitSize(op: OperationOf<'dropout'>, shape: readonly number[]): number {
  if (op.unit === 'channel') return sizeOf(shape.slice(2));
  return op.unit === 'sample' ? sizeOf(shape.slice(1)) : 1;
}

/** 1 for each unit that stays, 0 for the others. */
export function keptUnits(c: RuleContext, count: number, p: number): Tensor {
  const mask = c.make([count]);
  c.seed();
  c.kernels.uniform(mask.data, 0, 1);
  for (let i = 0; i < count; i++) mask.data[i] = mask.data[i]! >= p ? 1 : 0;
  return mask;
}

export const dropout: Rule<'dropout'> = {
  reads: 'nothing',
  forward(op, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    if (!c.training || op.p === 0) return [x];
    const unit = Math.max(1, unitSize(op, x.shape));
    const mask = c.keep(keptUnits(c, x.data.length / unit, op.p));
    const y = c.make(x.shape);
    const alpha = op.unit === 'alpha' ? alphaDropout(op.p) : undefined;
    const scale = alpha?.factor ?? (op.p < 1 ? 1 / (1 - op.p) : 0);
    const dropped = alpha === undefined ? 0 : alpha.factor * alpha.low + alpha.offset;
    const offset = alpha?.offset ?? 0;
    for (let u = 0; u < mask.data.length; u++)
      for (let i = u * unit; i < (u + 1) * unit; i++)
        y.data[i] = mask.data[u] === 1 ? scale * x.data[i]! + offset : dropped;
    c.memo = { mask, unit, scale };
    return [y];
  },
  backward(_op, { gradients: [g] }, c) {
    if (g === undefined) return [];
    const memo = c.memo as { mask: Tensor; unit: number; scale: number } | undefined;
    if (memo === undefined) return [g];
    const out = c.make(g.shape);
    const { mask, unit, scale } = memo;
    for (let u = 0; u < mask.data.length; u++) {
      if (mask.data[u] !== 1) continue;
      for (let i = u * unit; i < (u + 1) * unit; i++) out.data[i] = scale * g.data[i]!;
    }
    return [out];
  },
};
