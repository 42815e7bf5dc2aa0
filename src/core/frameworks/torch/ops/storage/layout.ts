import type { Operation } from '../../../../model/index.js';
import type { Runtime } from '../../../../python/values/index.js';
import { Tensor, type Region } from '../../tensor.js';
import { entries, noteEntries } from '../kit/entries.js';
import { compute, isTraced } from '../kit/make.js';
import { isComplete, type Shape } from '../kit/sizes.js';
import { contentOf } from './write.js';

/** Where the entries of a view stand in their storage. */
export interface Layout {
  readonly offset: number;
  readonly strides: readonly number[];
}

export function contiguous(shape: readonly number[]): Layout {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i] as number;
  }
  return { offset: 0, strides };
}

/** A tensor's place in its storage; `undefined` where sizes are unknown or it is no strided view. */
export function layoutOf(t: Tensor): (Layout & { readonly entries: number }) | undefined {
  if (!isComplete(t.shape)) return undefined;
  if (t.region === null) return { ...contiguous(t.shape), entries: count(t.shape) };
  return t.region.layout;
}

export function count(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
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
  const data = viewedEntries(t, shape, move);
  if (own && moved === null) return copy(rt, t, operation, shape, data);
  const noted = data && noteEntries(data, t.storage.distribution);
  const result = new Tensor(shape, t.dtype, t.storage, null, noted, regionOf(t, shape, moved, own?.entries));
  result.requiresGrad = t.requiresGrad;
  result.declaredAt = t.declaredAt;
  return result;
}

function copy(rt: Runtime, t: Tensor, operation: Operation, shape: Shape, data: readonly number[] | null): Tensor {
  return compute(rt, operation, [t], { shape, dtype: t.dtype }, () => ({ ...contentOf(t), data }));
}

function viewedEntries(t: Tensor, shape: Shape, move: (layout: Layout) => Layout | null): readonly number[] | null {
  const data = entries(t);
  if (!data || !isComplete(t.shape) || !isComplete(shape)) return null;
  const inOwn = move(contiguous(t.shape));
  return inOwn ? gather(data, shape, inOwn) : count(shape) === data.length ? data.slice() : null;
}

/** Entries of a strided view of `data`, row by row. */
export function gather(data: readonly number[], shape: readonly number[], layout: Layout): number[] {
  const total = count(shape);
  const out = new Array<number>(total);
  const index = new Array<number>(shape.length).fill(0);
  let at = layout.offset;
  for (let i = 0; i < total; i++) {
    out[i] = data[at] as number;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += layout.strides[axis] as number;
      index[axis] = (index[axis] as number) + 1;
      if ((index[axis] as number) < (shape[axis] as number)) break;
      at -= (shape[axis] as number) * (layout.strides[axis] as number);
      index[axis] = 0;
    }
  }
  return out;
}

function regionOf(t: Tensor, shape: Shape, layout: Layout | null, total: number | undefined): Region | null {
  const whole = t.region?.fraction ?? 1;
  if (!layout || total === undefined || !isComplete(shape)) {
    const ratio =
      isComplete(shape) && isComplete(t.shape) ? count(shape) / count(t.shape) : shape === t.shape ? 1 : NaN;
    return ratio === 1 && t.region === null && shape === t.shape ? null : { fraction: whole * ratio };
  }
  const isWhole = layout.offset === 0 && count(shape) === total;
  if (isWhole && layout.strides.join() === contiguous(shape).strides.join()) return null;
  const distinct = shape.reduce((n, size, i) => (layout.strides[i] === 0 ? n : n * size), 1);
  return { fraction: distinct / total, layout: { ...layout, entries: total } };
}

/** Strides that give `shape` with strides `strides` the form `wanted` without copying; null where there are none. (torch's computeStride) */
export function viewStrides(
  shape: readonly number[],
  strides: readonly number[],
  wanted: readonly number[],
): readonly number[] | null {
  if (count(shape) === 0) return contiguous(wanted).strides;
  const out = new Array<number>(wanted.length).fill(1);
  let at = wanted.length - 1;
  let chunkStride = shape.length > 0 ? (strides[shape.length - 1] as number) : 1;
  let inShape = 1;
  let inWanted = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    inShape *= shape[axis] as number;
    const before = axis - 1;
    const ends =
      axis === 0 || ((shape[before] as number) !== 1 && (strides[before] as number) !== inShape * chunkStride);
    if (!ends) continue;
    while (at >= 0 && (inWanted < inShape || wanted[at] === 1)) {
      out[at] = inWanted * chunkStride;
      inWanted *= wanted[at] as number;
      at--;
    }
    if (inWanted !== inShape) return null;
    if (axis > 0) {
      chunkStride = strides[before] as number;
      inShape = 1;
      inWanted = 1;
    }
  }
  return at === -1 ? out : null;
}
