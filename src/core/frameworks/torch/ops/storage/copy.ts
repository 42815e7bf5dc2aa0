import { op, type Table } from '../kit/define.js';
import { broadcastShapes, spreadEntries } from '../kit/broadcast.js';
import { isTraced, setter } from '../kit/make.js';
import { tensorOf, Undetermined } from '../kit/values.js';
import { tensorFrom } from '../creation/from-data.js';
import { Unknown, type Runtime, type Value } from '../../../../python/values/index.js';
import type { Tensor } from '../../tensor.js';
import { expandTo } from '../shape/repeat.js';
import { assignInPlace, contentOf, writeDistribution } from './write.js';

/** `x.copy_(y)`: the entries of y, repeated where y is smaller. */
function copyInto(x: Tensor, given: Value, rt: Runtime): void {
  if (given instanceof Unknown) throw new Undetermined(given);
  const source = tensorOf(given) ?? tensorOf(tensorFrom(rt, 'copy_', given, null));
  if (!source) throw new Undetermined(rt.unknown('what is copied'));
  broadcastShapes(rt, x.shape, source.shape);
  if (isTraced([x, source])) {
    assignInPlace(x, expandTo(rt, source, x.shape), 'copy_', rt);
    return;
  }
  const content = contentOf(source);
  writeDistribution(x, content.distribution, setter('copy_', rt), spreadEntries(source, x.shape));
}

export const copying: Table = {
  copy_: op('copy_', 'input, src, non_blocking=False', (x, a, rt) => {
    try {
      copyInto(x, a.src, rt);
    } catch (e) {
      if (!(e instanceof Undetermined)) throw e;
      writeDistribution(x, { kind: 'unknown', reason: e.unknown.reason }, setter('copy_', rt));
    }
    return a.input;
  }),
};
