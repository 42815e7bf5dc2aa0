import type { Operation } from '../../../../model/index.js';
import type { Runtime, Value } from '../../../../python/values/index.js';
import type { DType, Size, Tensor } from '../../tensor.js';
import { axesOf } from '../kit/axes.js';
import { entries } from '../kit/entries.js';
import { compute, dataContent, opaque, unknownContent, type Content } from '../kit/make.js';
import { hasRank, isComplete, product, type Shape, type Sizes } from '../kit/sizes.js';
import { flag } from '../kit/values.js';
import { distributionOf } from '../storage/write.js';
import { estimate, type How } from './estimate.js';
import { grouped } from './lanes.js';

export interface Over {
  /** A `dim` argument: an int, several, or None for all axes. */
  readonly dim: Value;
  readonly keepdim: Value;
}

/** Axes and the shape that is left; `axes` is undefined where the number of axes isn't known. */
export function afterReducing(
  x: Tensor,
  over: Over,
  rt: Runtime,
): { readonly axes: readonly number[] | undefined; readonly shape: Shape; readonly keepDims: boolean } {
  const keepDims = flag(over.keepdim, rt);
  if (!hasRank(x.shape)) return { axes: undefined, shape: over.dim === null && !keepDims ? [] : x.shape, keepDims };
  const axes = x.shape.length === 0 ? scalarAxes(over.dim, rt) : axesOf(over.dim, x.shape.length, rt);
  const twice = axes.find((a, i) => axes.indexOf(a) !== i);
  if (twice !== undefined) rt.raise('RuntimeError', `dim ${String(twice)} appears multiple times in the list of dims`);
  return { axes, shape: without(x.shape, axes, keepDims), keepDims };
}

/** A tensor without axes takes dim 0 and −1, and nothing is left to reduce. */
function scalarAxes(dim: Value, rt: Runtime): number[] {
  axesOf(dim, 1, rt);
  return [];
}

export function without(shape: Sizes, axes: readonly number[], keepDims: boolean): Sizes {
  return keepDims ? shape.map((s, i): Size => (axes.includes(i) ? 1 : s)) : shape.filter((_, i) => !axes.includes(i));
}

/** What a reduction gives before forward: from known entries, or from their distribution. */
export function reducedContent(
  x: Tensor,
  axes: readonly number[] | undefined,
  name: string,
  f: (group: readonly number[]) => number,
  how?: How,
): Content {
  const data = entries(x);
  if (data && axes && isComplete(x.shape)) return dataContent(grouped(data, x.shape, axes).map(f), name);
  const { shape } = x;
  const n = axes && hasRank(shape) ? product(axes.map((a) => shape[a]!)) : undefined;
  const guess =
    how !== undefined && typeof n === 'number' && !data ? estimate(how, distributionOf(x), n, f) : undefined;
  return guess ? { distribution: guess } : unknownContent(`computed by ${name} before forward`);
}

/** One of the reductions that the graph has a kind for. */
export function reduce(
  rt: Runtime,
  x: Tensor,
  how: How,
  over: Over,
  f: (group: readonly number[]) => number,
  dtype: DType = x.dtype,
  name: string = how,
): Tensor {
  const { axes, shape, keepDims } = afterReducing(x, over, rt);
  const content = (): Content => reducedContent(x, axes, name, f, how);
  if (!axes) return opaque(rt, name, 'the number of axes is not known', [x], { shape, dtype });
  const operation: Operation = { kind: 'reduce', how, axes, keepDims };
  return compute(rt, operation, [x], { shape, dtype }, content);
}

/** A reduction that the graph has no kind for; its entries are computed where they are known. */
export function reduceOpaquely(
  rt: Runtime,
  x: Tensor,
  name: string,
  reason: string,
  over: Over,
  f: (group: readonly number[]) => number,
  dtype: DType = x.dtype,
): Tensor {
  const { axes, shape } = afterReducing(x, over, rt);
  return compute(rt, { kind: 'opaque', name, reason }, [x], { shape, dtype }, () => reducedContent(x, axes, name, f));
}
