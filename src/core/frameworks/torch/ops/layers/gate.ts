import { axisOf } from '../kit/axes.js';
import { op, type Family } from '../kit/define.js';
import { compute, opaque } from '../kit/make.js';
import { hasRank, over } from '../kit/sizes.js';

/** Gated linear unit: the first half times the sigmoid of the second. */
const glu = op('glu', 'input, dim=-1', (x, a, rt) => {
  if (!hasRank(x.shape)) return opaque(rt, 'glu', x.shape.reason, [x], { shape: x.shape });
  if (x.shape.length === 0) rt.raise('RuntimeError', 'glu does not support scalars because halving size must be even');
  const axis = axisOf(a.dim, x.shape.length, rt);
  const size = x.shape[axis]!;
  if (typeof size === 'number' && size % 2 !== 0)
    rt.raise('RuntimeError', `Halving dimension must be even, but dimension ${String(axis)} is size ${String(size)}`);
  const shape = x.shape.map((s, i) => (i === axis ? over(size, 2) : s));
  return compute(rt, { kind: 'gate', activation: 'sigmoid', axis }, [x], { shape, dtype: x.dtype });
});

export const gateFamily: Family = { functional: { glu } };
