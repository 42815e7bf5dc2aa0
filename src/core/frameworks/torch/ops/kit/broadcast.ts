import { bounded } from '../../../../python/values/bounds.js';
import type { Runtime } from '../../../../python/values/index.js';
import type { Size } from '../../tensor.js';
import { contiguous, count } from '../storage/layout.js';
import { hasRank, knownSize, type Shape } from './sizes.js';

/** The shape of two tensors combined entry by entry. Raises torch's RuntimeError where they don't fit. */
export function broadcastShapes(rt: Runtime, a: Shape, b: Shape): Shape {
  if (!hasRank(a)) return a;
  if (!hasRank(b)) return b;
  const rank = Math.max(a.length, b.length);
  const out = new Array<Size>(rank);
  for (let i = 0; i < rank; i++) {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    if (x === y || y === 1) out[i] = x;
    else if (x === 1) out[i] = y;
    else if (typeof x === 'number' && typeof y === 'number')
      rt.raise(
        'RuntimeError',
        `The size of tensor a (${x}) must match the size of tensor b (${y}) at non-singleton dimension ${i}`,
      );
    else out[i] = knownSize(x, y);
  }
  return out;
}

export function broadcastAll(rt: Runtime, shapes: readonly Shape[]): Shape {
  return shapes.reduce<Shape>((a, b) => broadcastShapes(rt, a, b), []);
}

/** Entries of a tensor of `from` as they stand in one of `to`. */
export function spread(data: readonly number[], from: readonly number[], to: readonly number[]): readonly number[] {
  bounded(count(to));
  if (data.length === 1) return new Array<number>(count(to)).fill(data[0]!);
  if (from.length === to.length && from.every((s, i) => s === to[i])) return data;
  const own = contiguous(from).strides;
  const strides = to.map((_, i) => {
    const at = i - to.length + from.length;
    return at < 0 || from[at] === 1 ? 0 : own[at]!;
  });
  const out = new Array<number>(count(to));
  for (let i = 0; i < out.length; i++) {
    let rest = i;
    let at = 0;
    for (let axis = to.length - 1; axis >= 0; axis--) {
      const size = to[axis]!;
      at += (rest % size) * strides[axis]!;
      rest = Math.floor(rest / size);
    }
    out[i] = data[at]!;
  }
  return out;
}
