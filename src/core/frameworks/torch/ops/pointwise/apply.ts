import type { Operation } from '../../../../model/index.js';
import type { Runtime } from '../../../../python/values/index.js';
import type { DType, Tensor } from '../../tensor.js';
import { broadcastShapes, spreadEntries } from '../kit/broadcast.js';
import { combined, mapped } from '../kit/draws.js';
import { entries, entryAt, formula, lookup } from '../kit/entries.js';
import { compute, dataContent, unknownContent, type Content } from '../kit/make.js';
import { layoutOf } from '../storage/layout.js';
import { distributionOf } from '../storage/write.js';

/** One function applied to every entry. `f` computes entries that are known; without it they become unknown. */
export function mapEntries(
  rt: Runtime,
  x: Tensor,
  operation: Operation,
  f: ((v: number) => number) | null,
  dtype: DType = x.dtype,
): Tensor {
  return compute(rt, operation, [x], { shape: x.shape, dtype }, () => mappedContent(x, f, nameOf(operation)));
}

export function mappedContent(x: Tensor, f: ((v: number) => number) | null, what: string): Content {
  if (!f) return unknownContent(`computed by ${what} before forward`);
  const data = entries(x);
  const setBy = x.storage?.setBy;
  if (data) return { ...dataContent(data.map(f), what), setBy };
  const at = entryAt(x);
  const computed = at && formula((i) => f(at(i)), at);
  return { distribution: mapped(distributionOf(x), f, what), data: computed, setBy };
}

/** One function of two tensors, entry by entry. */
export function combineEntries(
  rt: Runtime,
  a: Tensor,
  b: Tensor,
  operation: Operation,
  f: ((x: number, y: number) => number) | null,
  dtype: DType,
  linear = false,
): Tensor {
  const shape = broadcastShapes(rt, a.shape, b.shape);
  return compute(rt, operation, [a, b], { shape, dtype }, () => {
    const what = nameOf(operation);
    if (!f) return unknownContent(`computed by ${what} before forward`);
    const [x, y] = [spreadEntries(a, shape), spreadEntries(b, shape)];
    if (typeof x === 'object' && typeof y === 'object' && x && y)
      return dataContent(
        x.map((v, i) => f(v, y[i]!)),
        what,
      );
    const [left, right] = [x && lookup(x), y && lookup(y)];
    const data = left && right && formula((i) => f(left(i), right(i)), left, right);
    const misaligned = a.storage !== null && a.storage === b.storage && !sameLayout(a, b);
    const distribution = combined(distributionOf(a), distributionOf(b), f, what, { linear, misaligned });
    return { distribution, data, setBy: (a.storage ?? b.storage)?.setBy };
  });
}

function sameLayout(a: Tensor, b: Tensor): boolean {
  const x = layoutOf(a);
  const y = layoutOf(b);
  return x?.offset === y?.offset && x?.strides.join() === y?.strides.join();
}

function nameOf(operation: Operation): string {
  return operation.kind === 'activation' || operation.kind === 'opaque' ? operation.name : operation.kind;
}
