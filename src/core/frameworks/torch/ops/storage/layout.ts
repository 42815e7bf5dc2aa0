import type { Operation } from '../../../../model/index.js';
import type { Runtime } from '../../../../python/values/index.js';
import { Tensor, type Region } from '../../tensor.js';
import { entries } from '../kit/entries.js';
import { compute, isTraced } from '../kit/make.js';
import { isComplete, type Shape } from '../kit/sizes.js';
import { contiguous, count, viewStrides, type Layout } from '../kit/strides.js';
import { contentOf } from './write.js';

export { contiguous, count, gather, viewStrides, type Layout } from '../kit/strides.js';

/** A tensor's place in its storage; `undefined` where sizes are unknown or it is no strided view. */
export function layoutOf(t: Tensor): (Layout & { readonly entries: number }) | undefined {
  if (!isComplete(t.shape)) return undefined;
  if (t.region === null) return { ...contiguous(t.shape), entries: count(t.shape) };
  return t.region.layout;
}

export function isContiguous(t: Tensor): boolean {
  const layout = layoutOf(t);
  if (!layout || !isComplete(t.shape)) return t.region === null;
  return viewStrides(t.shape, layout.strides, t.shape)?.join() === contiguous(t.shape).strides.join();
}

/**
 * A view that shares the storage, or the operation's node where the tensor takes part in forward. `move` takes a
 * layout of `t` to that of the view; null where it can't be had without copying.
 */
export function view(
  rt: Runtime,
  t: Tensor,
  operation: Operation,
  shape: Shape,
  move: (layout: Layout) => Layout | null,
): Tensor {
  if (isTraced([t]) || t.storage === null) return compute(rt, operation, [t], { shape, dtype: t.dtype });
  const own = layoutOf(t);
  const moved = own && isComplete(shape) ? move(own) : null;
  if (own && moved === null) return copy(rt, t, operation, shape);
  const result = new Tensor(shape, t.dtype, t.storage, null, regionOf(t, shape, moved, own?.entries));
  result.requiresGrad = t.requiresGrad;
  result.declaredAt = t.declaredAt;
  return result;
}

/** The entries in another shape, where strides don't allow a view. */
function copy(rt: Runtime, t: Tensor, operation: Operation, shape: Shape): Tensor {
  const data = entries(t);
  const isSame = data !== null && isComplete(shape) && count(shape) === data.length;
  return compute(rt, operation, [t], { shape, dtype: t.dtype }, () => ({
    ...contentOf(t),
    data: isSame ? data : null,
  }));
}

function regionOf(t: Tensor, shape: Shape, layout: Layout | null, total: number | undefined): Region | null {
  const whole = t.region?.fraction ?? 1;
  if (!layout || total === undefined || !isComplete(shape)) {
    if (shape === t.shape) return t.region;
    const ratio = isComplete(shape) && isComplete(t.shape) ? count(shape) / count(t.shape) : NaN;
    return { fraction: whole * ratio };
  }
  const isWhole = layout.offset === 0 && count(shape) === total;
  if (isWhole && layout.strides.join() === contiguous(shape).strides.join()) return null;
  const distinct = shape.reduce((n, size, i) => (layout.strides[i] === 0 ? n : n * size), 1);
  return { fraction: distinct / total, layout: { ...layout, entries: total } };
}
