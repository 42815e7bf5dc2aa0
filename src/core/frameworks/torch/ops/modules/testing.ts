import { fn, op, type Table } from '../kit/define.js';
import { Tensor } from '../../tensor.js';
import { hasRank } from '../kit/sizes.js';
import { shapeFrom, tensorOf } from '../kit/values.js';
import type { Tuple, Value } from '../../../../python/values/index.js';
import { broadcastAll } from '../kit/broadcast.js';
import { torchSize } from '../../size.js';

/** Questions about objects. */
export const questions: Table = {
  is_tensor: fn('is_tensor', 'obj', (a) => a.obj instanceof Tensor || tensorOf(a.obj) !== undefined),
  is_storage: fn('is_storage', 'obj', () => false),
  is_nonzero: op('is_nonzero', 'input', (x, _a, rt) => x.truth(rt) as Value),
  broadcast_shapes: fn('broadcast_shapes', '*shapes', (a, rt) => {
    const shape = broadcastAll(
      rt,
      (a.shapes as Tuple).items.map((s) => shapeFrom([s], rt)),
    );
    return hasRank(shape) ? torchSize(shape) : shape;
  }),
};
