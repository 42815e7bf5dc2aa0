import { bounded } from '../../../../python/values/bounds.js';
import { Tuple, type Runtime, type Value } from '../../../../python/values/index.js';
import type { Size, Tensor } from '../../tensor.js';
import { axisOf } from '../kit/axes.js';
import { op, type Family, type Table } from '../kit/define.js';
import { isTraced, opaque, computeMany } from '../kit/make.js';
import { hasRank, minus, over, overUp, plus, type Shape } from '../kit/sizes.js';
import { integer, itemsOf, numberOf, sizeOf } from '../kit/values.js';
import { cutApart, cutOut, entryAt, selectAt } from './select.js';

/** Pieces that can't be counted: an axis of unknown size is cut into as many as are asked for, each of unknown size. */
function sizeAt(x: Tensor, dim: Value, rt: Runtime): { axis: number; size: Size } {
  if (!hasRank(x.shape)) return { axis: 0, size: x.shape };
  const axis = axisOf(dim, x.shape.length, rt);
  return { axis, size: x.shape[axis]! };
}

/** Tensors that one may be cut into. */
const MOST_PIECES = 20_000;

const chunk = op('chunk', 'input, chunks, dim=0', (x, a, rt) => {
  const count = integer(a.chunks, 'chunks', rt);
  needsAxis(rt, x, 'chunk');
  if (count <= 0) rt.raise('RuntimeError', `chunk expects \`chunks\` to be greater than 0, got: ${String(count)}`);
  const { axis, size } = sizeAt(x, a.dim, rt);
  if (typeof size !== 'number')
    return new Tuple(cutApart(rt, x, axis, new Array<Size>(bounded(count, MOST_PIECES)).fill(over(size, count))));
  const each = Math.ceil(size / count);
  return new Tuple(cutApart(rt, x, axis, pieces(size, Math.max(1, each))));
});

function needsAxis(rt: Runtime, x: Tensor, name: string): void {
  if (hasRank(x.shape) && x.shape.length === 0)
    rt.raise('RuntimeError', `${name} expects at least a 1-dimensional tensor`);
}

/** Pieces of `each`, the last one perhaps shorter. */
function pieces(size: number, each: number): number[] {
  if (size === 0) return [0];
  return Array.from({ length: bounded(Math.ceil(size / each), MOST_PIECES) }, (_, i) =>
    Math.min(each, size - i * each),
  );
}

function split(x: Tensor, sections: Value, dim: Value, rt: Runtime): Value {
  needsAxis(rt, x, 'split');
  const { axis, size } = sizeAt(x, dim, rt);
  const items = itemsOf(sections, rt);
  if (items) {
    const lengths = items.map((s) => sizeOf(s, rt));
    const total = lengths.reduce<Size>(plus, 0);
    if (typeof total === 'number' && typeof size === 'number' && total !== size)
      rt.raise(
        'RuntimeError',
        `split_with_sizes expects split_sizes to sum exactly to ${String(size)} (input tensor's size at dimension ${String(axis)}), but got split_sizes=[${lengths.join(', ')}]`,
      );
    return new Tuple(cutApart(rt, x, axis, lengths));
  }
  const each = sizeOf(sections, rt);
  if (typeof size === 'number' && typeof each === 'number') return new Tuple(cutApart(rt, x, axis, pieces(size, each)));
  const count = overUp(size, each);
  // Pieces of an unknown number: two are what models unpack most often, and iteration needs at least one.
  return typeof count === 'number'
    ? new Tuple(cutApart(rt, x, axis, new Array<Size>(bounded(count, MOST_PIECES)).fill(each)))
    : count;
}

const splitFunction = op('split', 'tensor, split_size_or_sections, dim=0', (x, a, rt) =>
  split(x, a.split_size_or_sections, a.dim, rt),
);
const splitMethod = op('split', 'tensor, split_size, dim=0', (x, a, rt) => split(x, a.split_size, a.dim, rt));
const splitWithSizes = op('split_with_sizes', 'input, split_sizes, dim=0', (x, a, rt) =>
  split(x, a.split_sizes, a.dim, rt),
);

export function unbind(rt: Runtime, x: Tensor, axis: number): Tensor[] {
  const size = hasRank(x.shape) ? x.shape[axis]! : x.shape;
  if (typeof size !== 'number') return [];
  bounded(size, MOST_PIECES);
  if (!isTraced([x]) && x.storage !== null) return Array.from({ length: size }, (_, i) => selectAt(rt, x, axis, i));
  const shape: Shape = hasRank(x.shape) ? x.shape.filter((_, i) => i !== axis) : x.shape;
  return computeMany(
    rt,
    { kind: 'select' },
    [x],
    Array.from({ length: size }, () => ({ shape, dtype: x.dtype })),
  );
}

const unbindFunction = op('unbind', 'input, dim=0', (x, a, rt) => {
  if (hasRank(x.shape) && x.shape.length === 0)
    rt.raise('IndexError', 'Dimension specified as 0 but tensor has no dimensions');
  const { axis, size } = sizeAt(x, a.dim, rt);
  return typeof size === 'number' ? new Tuple(unbind(rt, x, axis)) : size.as('…');
});

/** `tensor_split`: into so many nearly equal pieces, or at the given indices. */
function tensorSplit(x: Tensor, sections: Value, dim: Value, rt: Runtime): Value {
  needsAxis(rt, x, 'tensor_split');
  const { axis, size } = sizeAt(x, dim, rt);
  const at = itemsOf(sections, rt)?.map((s) => sizeOf(s, rt));
  if (at) {
    const ends = [...at, size];
    return new Tuple(
      cutApart(
        rt,
        x,
        axis,
        ends.map((end, i) => minus(end, i === 0 ? 0 : ends[i - 1]!)),
      ),
    );
  }
  const count = integer(sections, 'sections', rt);
  const lengths = Array.from({ length: bounded(count, MOST_PIECES) }, (_, i): Size =>
    typeof size === 'number' ? Math.floor(size / count) + (i < size % count ? 1 : 0) : over(size, count),
  );
  return new Tuple(cutApart(rt, x, axis, lengths));
}

const along = (name: string, dim: (x: Tensor) => number): Table[string] =>
  op(name, 'input, indices_or_sections', (x, a, rt) => tensorSplit(x, a.indices_or_sections, dim(x), rt));

const narrow = op('narrow', 'input, dim, start, length', (x, a, rt) => {
  if (!hasRank(x.shape)) return opaque(rt, 'narrow', x.shape.reason, [x], { shape: x.shape, dtype: x.dtype });
  const axis = axisOf(a.dim, x.shape.length, rt);
  const [start, length] = [sizeOf(a.start, rt), sizeOf(a.length, rt)];
  const size = x.shape[axis]!;
  const from = typeof start === 'number' && start < 0 ? plus(size, start) : start;
  if (typeof from === 'number' && typeof length === 'number' && typeof size === 'number' && from + length > size)
    rt.raise(
      'RuntimeError',
      `start (${String(from)}) + length (${String(length)}) exceeds dimension size (${String(size)}).`,
    );
  return cutOut(rt, x, [{ axis, start: from, length, step: 1 }]);
});

const select = op('select', 'input, dim, index', (x, a, rt) => {
  if (!hasRank(x.shape)) return opaque(rt, 'select', x.shape.reason, [x], { shape: x.shape, dtype: x.dtype });
  const axis = axisOf(a.dim, x.shape.length, rt);
  const at = numberOf(a.index) ?? sizeOf(a.index, rt);
  return selectAt(rt, x, axis, entryAt(rt, at, x.shape, axis));
});

const tensorSplitFunction = op('tensor_split', 'input, indices_or_sections, dim=0', (x, a, rt) =>
  tensorSplit(x, a.indices_or_sections, a.dim, rt),
);

const shared: Table = {
  chunk,
  unbind: unbindFunction,
  tensor_split: tensorSplitFunction,
  hsplit: along('hsplit', (x) => (hasRank(x.shape) && x.shape.length === 1 ? 0 : 1)),
  vsplit: along('vsplit', () => 0),
  dsplit: along('dsplit', () => 2),
  narrow,
  select,
};

export const splitting: Family = {
  torch: { ...shared, split: splitFunction, split_with_sizes: splitWithSizes },
  methods: { ...shared, split: splitMethod, split_with_sizes: splitWithSizes },
};
