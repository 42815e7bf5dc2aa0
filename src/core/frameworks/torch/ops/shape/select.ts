import type { Operation } from '../../../../model/index.js';
import type { Runtime } from '../../../../python/values/index.js';
import type { Size, Tensor } from '../../tensor.js';
import { computeMany, isTraced } from '../kit/make.js';
import { hasRank, type Shape, type Sizes } from '../kit/sizes.js';
import { view, type Layout } from '../storage/layout.js';

/** A box of a tensor: along each axis `length` entries from `start` in steps of `step`. */
export interface Cut {
  readonly axis: number;
  readonly start: Size;
  readonly length: Size;
  readonly step: number;
}

/** The node for a box; without numbers it says only that some entries were chosen. */
export function selectOperation(cuts: readonly Cut[]): Operation {
  const slices: { axis: number; start: number; length: number; step: number }[] = [];
  for (const { axis, start, length, step } of cuts) {
    if (typeof start !== 'number' || typeof length !== 'number') return { kind: 'select' };
    slices.push({ axis, start, length, step });
  }
  return { kind: 'select', slices };
}

function cutLayout(l: Layout, cuts: readonly Cut[]): Layout | null {
  let offset = l.offset;
  const strides = [...l.strides];
  for (const { axis, start, step } of cuts) {
    if (typeof start !== 'number') return null;
    offset += start * l.strides[axis]!;
    strides[axis] = l.strides[axis]! * step;
  }
  return { offset, strides };
}

/** The box of `x`, with all axes kept. */
export function cutOut(rt: Runtime, x: Tensor, cuts: readonly Cut[]): Tensor {
  return cutTo(rt, x, cuts, cutShape(x.shape, cuts), (l) => l);
}

/** The box in another arrangement of axes: `arrange` drops and adds axes of a layout as `shape` has it. */
export function cutTo(
  rt: Runtime,
  x: Tensor,
  cuts: readonly Cut[],
  shape: Shape,
  arrange: (l: Layout) => Layout,
): Tensor {
  return view(rt, x, selectOperation(cuts), shape, (l) => {
    const cut = cutLayout(l, cuts);
    return cut && arrange(cut);
  });
}

export function cutShape(shape: Shape, cuts: readonly Cut[]): Shape {
  if (!hasRank(shape)) return shape;
  const out = [...shape];
  for (const c of cuts) out[c.axis] = c.length;
  return out;
}

/** Several neighbouring boxes along one axis: one node with several results, or views. */
export function cutApart(rt: Runtime, x: Tensor, axis: number, lengths: readonly Size[]): Tensor[] {
  const shapes = lengths.map((length): Shape =>
    hasRank(x.shape) ? x.shape.map((s, i) => (i === axis ? length : s)) : x.shape,
  );
  if (isTraced([x]) || x.storage === null)
    return computeMany(
      rt,
      { kind: 'select' },
      [x],
      shapes.map((shape) => ({ shape, dtype: x.dtype })),
    );
  let start: Size = 0;
  return lengths.map((length) => {
    const piece = cutOut(rt, x, [{ axis, start, length, step: 1 }]);
    start = typeof start === 'number' && typeof length === 'number' ? start + length : length;
    return piece;
  });
}

/** One entry along an axis, which goes away. */
export function selectAt(rt: Runtime, x: Tensor, axis: number, at: Size): Tensor {
  const without = <T>(items: readonly T[]): T[] => items.filter((_, i) => i !== axis);
  const shape: Shape = hasRank(x.shape) ? without<Size>(x.shape) : x.shape;
  return cutTo(rt, x, [{ axis, start: at, length: 1, step: 1 }], shape, (l) => ({
    offset: l.offset,
    strides: without(l.strides),
  }));
}

/** Index of an entry from the end where `at` is negative; raises torch's IndexError past the ends. */
export function entryAt(rt: Runtime, at: Size, shape: Sizes, axis: number): Size {
  const size = shape[axis]!;
  if (typeof at !== 'number') return at;
  if (typeof size !== 'number') return at < 0 ? size.as(`${size.symbol} - ${String(-at)}`) : at;
  if (at < -size || at >= size)
    rt.raise(
      'IndexError',
      `index ${String(at)} is out of bounds for dimension ${String(axis)} with size ${String(size)}`,
    );
  return at < 0 ? at + size : at;
}
