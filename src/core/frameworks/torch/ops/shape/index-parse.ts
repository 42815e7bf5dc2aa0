import {
  ELLIPSIS,
  Slice,
  Tuple,
  Unknown,
  List,
  NativeObject,
  Range,
  type Runtime,
  type Value,
} from '../../../../python/values/index.js';
import type { Size, Tensor } from '../../tensor.js';
import { tensorFrom } from '../creation/from-data.js';
import { entries } from '../kit/entries.js';
import { hasRank, minus, overUp, plus, type Shape, type Sizes } from '../kit/sizes.js';
import { numberOf, plainNumber, tensorOf } from '../kit/values.js';
import type { Cut } from './select.js';
import { entryAt } from './select.js';

/** What an index says of the axes of a tensor, one after the other. */
export type Piece =
  | { readonly kind: 'entry'; readonly axis: number; readonly at: Size }
  | { readonly kind: 'slice'; readonly axis: number; readonly cut: Cut | null }
  | { readonly kind: 'new' }
  /** Integer indices: `shape` is that of the index tensor. */
  | { readonly kind: 'gather'; readonly axis: number; readonly shape: Shape; readonly data: readonly number[] | null }
  /** A bool mask over `rank` axes. */
  | { readonly kind: 'mask'; readonly axis: number; readonly rank: number; readonly mask: Tensor };

export function parseIndex(rt: Runtime, shape: Sizes, index: Value): Piece[] {
  const items = expandEllipsis(rt, shape.length, index instanceof Tuple ? index.items : [index]);
  const out: Piece[] = [];
  let axis = 0;
  for (const item of items) {
    if (item === null || typeof item === 'boolean') {
      out.push({ kind: 'new' });
      continue;
    }
    if (axis >= shape.length)
      rt.raise('IndexError', `too many indices for tensor of dimension ${String(shape.length)}`);
    const piece = parseOne(rt, shape, axis, item);
    out.push(piece);
    axis += piece.kind === 'mask' ? piece.rank : piece.kind === 'new' ? 0 : 1;
  }
  for (; axis < shape.length; axis++) out.push({ kind: 'slice', axis, cut: null });
  return out;
}

/** How many axes an index takes up. */
function taken(rt: Runtime, item: Value): number {
  if (item === null || typeof item === 'boolean') return 0;
  const t = indexTensor(rt, item);
  return t?.dtype === 'bool' && hasRank(t.shape) ? t.shape.length : 1;
}

function expandEllipsis(rt: Runtime, rank: number, items: readonly Value[]): readonly Value[] {
  const at = items.indexOf(ELLIPSIS);
  if (at < 0) return items;
  const used = items.reduce<number>((n, item) => n + (item === ELLIPSIS ? 0 : taken(rt, item)), 0);
  const full = Array.from({ length: Math.max(0, rank - used) }, () => new Slice(null, null, null));
  return [...items.slice(0, at), ...full, ...items.slice(at + 1).filter((i) => i !== ELLIPSIS)];
}

function indexTensor(rt: Runtime, item: Value): Tensor | undefined {
  const t = tensorOf(item);
  if (t) return t;
  if (item instanceof List || item instanceof Tuple || item instanceof Range)
    return tensorOf(tensorFrom(rt, 'tensor', item instanceof Range ? new List(rt.toArray(item)) : item, null));
  if (item instanceof NativeObject && rt.findAttr(item, 'shape') !== undefined)
    return tensorOf(tensorFrom(rt, 'tensor', item, null));
  return undefined;
}

function parseOne(rt: Runtime, shape: Sizes, axis: number, item: Value): Piece {
  if (item instanceof Slice) return { kind: 'slice', axis, cut: cutOf(rt, shape[axis]!, axis, item) };
  if (item instanceof Unknown) return { kind: 'entry', axis, at: item };
  const t = indexTensor(rt, item);
  if (!t) {
    const n = numberOf(plainNumber(item, rt));
    if (n === undefined)
      return rt.raise(
        'TypeError',
        `only integers, slices (\`:\`), ellipsis (\`...\`), None and long or byte Variables are valid indices (got ${rt.classOf(item).name})`,
      );
    return { kind: 'entry', axis, at: entryAt(rt, n, shape, axis) };
  }
  if (t.dtype === 'bool') return { kind: 'mask', axis, rank: hasRank(t.shape) ? t.shape.length : 1, mask: t };
  if (hasRank(t.shape) && t.shape.length === 0) {
    const n = numberOf(t);
    return {
      kind: 'entry',
      axis,
      at: n === undefined ? rt.unknown('an index that is computed') : entryAt(rt, n, shape, axis),
    };
  }
  return { kind: 'gather', axis, shape: t.shape, data: entries(t) };
}

/** null for a slice that keeps everything. */
function cutOf(rt: Runtime, size: Size, axis: number, slice: Slice): Cut | null {
  const step = numberOf(slice.step) ?? 1;
  if (step <= 0) rt.raise('ValueError', 'step must be greater than zero');
  const start = bound(rt, slice.start, size, 0);
  const stop = bound(rt, slice.stop, size, size);
  if (start === 0 && stop === size && step === 1) return null;
  const span = minus(stop, start);
  const length = overUp(typeof span === 'number' ? Math.max(0, span) : span, step);
  return { axis, start, length, step };
}

function bound(rt: Runtime, v: Value, size: Size, missing: Size): Size {
  if (v === null) return missing;
  const n = numberOf(plainNumber(v, rt));
  if (n === undefined) return v instanceof Unknown ? v : rt.unknown('the bound of a slice');
  const at = n < 0 ? plus(size, n) : n;
  if (typeof size !== 'number') return typeof at === 'number' && at > 1e15 ? size : at;
  return typeof at === 'number' ? Math.max(0, Math.min(size, at)) : at;
}
