import { bounded } from '../../../../python/values/bounds.js';
import type { Runtime } from '../../../../python/values/index.js';
import type { Entries, Size, Tensor } from '../../tensor.js';
import { contiguous, count } from '../storage/layout.js';
import { entries, entryAt, formula, MAX_ENTRIES } from './entries.js';
import { hasRank, isComplete, knownSize, type Shape } from './sizes.js';
import { placeOf, type Layout } from './strides.js';

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
  const layout = repeated(from, to);
  return Array.from({ length: count(to) }, (_, i) => data[placeOf(i, to, layout)]!);
}

/** Where the entries of a tensor of `to` stand in the smaller one of `from` that is repeated. */
function repeated(from: readonly number[], to: readonly number[]): Layout {
  const own = contiguous(from).strides;
  const strides = to.map((_, i) => {
    const at = i - to.length + from.length;
    return at < 0 || from[at] === 1 ? 0 : own[at]!;
  });
  return { offset: 0, strides };
}

/** Entries of a tensor as they stand in one of `to`; `from`: its shape, with axes of size 1 as wanted. */
export function spreadEntries(t: Tensor, to: Shape, from: Shape = t.shape): Entries | null {
  if (!isComplete(to) || !isComplete(from)) return null;
  const data = count(to) <= MAX_ENTRIES ? entries(t) : null;
  if (data) return spread(data, from, to);
  const at = entryAt(t);
  if (at === null) return null;
  const layout = repeated(from, to);
  return formula((i) => at(placeOf(i, to, layout)), at);
}
