import type { Runtime } from '../../../../python/values/index.js';
import type { Tensor } from '../../tensor.js';
import { axisOf } from '../kit/axes.js';
import { op, type Family, type Table } from '../kit/define.js';
import { opaque, unknownShape } from '../kit/make.js';
import { hasRank, plus } from '../kit/sizes.js';
import { integer, tensorOf, tensorsIn } from '../kit/values.js';
import { arithmetic } from '../pointwise/arithmetic.js';
import { cutOut } from '../shape/select.js';

/** Each entry along an axis less the one before. */
function neighbours(rt: Runtime, x: Tensor, axis: number): Tensor {
  if (!hasRank(x.shape)) return x;
  const less = plus(x.shape[axis] ?? 1, -1);
  const length = typeof less === 'number' ? Math.max(0, less) : less;
  const later = cutOut(rt, x, [{ axis, start: 1, length, step: 1 }]);
  const earlier = cutOut(rt, x, [{ axis, start: 0, length, step: 1 }]);
  const result = arithmetic(
    rt,
    'subtract',
    { tensor: later, dtype: later.dtype },
    { tensor: earlier, dtype: earlier.dtype },
  );
  return tensorOf(result) ?? x;
}

const diff = op('diff', 'input, n=1, dim=-1, prepend=None, append=None, out=None', (x, a, rt) => {
  const more = tensorsIn([a.prepend, a.append]);
  if (more.length > 0 || !hasRank(x.shape)) {
    const reason = 'differences of neighbours in a tensor that is put together';
    return opaque(rt, 'diff', reason, [x, ...more], { shape: unknownShape(rt, reason), dtype: x.dtype });
  }
  const axis = axisOf(a.dim, x.shape.length, rt);
  let result = x;
  for (let i = integer(a.n, 'n', rt); i > 0; i--) result = neighbours(rt, result, axis);
  return result;
});

const functions: Table = { diff };

export const differences: Family = { torch: functions, methods: functions };
