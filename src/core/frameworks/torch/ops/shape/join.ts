import { mixture } from '../../../../initializers/index.js';
import { Tuple, Unknown, type Runtime, type Value } from '../../../../python/values/index.js';
import { promote } from '../../dtype.js';
import type { DType, Entries, Size, Tensor } from '../../tensor.js';
import { axisNumber } from '../kit/axes.js';
import { fn, type Family, type Table } from '../kit/define.js';
import { entries, entryAt, formula, MAX_ENTRIES, type EntryAt } from '../kit/entries.js';
import { compute, emit, isTraced, makeConstant, opaque, type Content } from '../kit/make.js';
import { hasRank, isComplete, plus, product, shapeText, type Shape, type Sizes } from '../kit/sizes.js';
import { flag, integer, itemsOf, tensorOf, tensorsIn, typeName, Undetermined } from '../kit/values.js';
import { distributionOf } from '../storage/write.js';
import { permute } from './permute.js';
import { expandTo } from './repeat.js';
import { reshapeTo, unsqueeze } from './reshape.js';

/** The tensors of a list argument. An Unknown among them makes the result opaque. */
export function tensorList(rt: Runtime, name: string, v: Value): Tensor[] {
  if (v instanceof Unknown) throw new Undetermined(v);
  const single = tensorOf(v);
  const items = single ? rt.toArray(single) : (itemsOf(v, rt) ?? rt.toArray(v));
  return items.map((item, i) => {
    const t = tensorOf(item);
    if (t) return t;
    if (item instanceof Unknown) throw new Undetermined(item);
    return rt.raise(
      'TypeError',
      `expected Tensor as element ${String(i)} in argument 0, but got ${typeName(item)} (${name})`,
    );
  });
}

function jointKind(all: readonly Tensor[]): DType {
  return all.reduce<DType>((d, t) => promote(d, t.dtype), 'bool');
}

/** Tensors end to end along one of their axes. */
export function concatenate(rt: Runtime, given: readonly Tensor[], dim: number): Tensor {
  // torch ignores empty one-axis tensors here, a habit from old versions.
  const all = given.filter((t) => !(hasRank(t.shape) && t.shape.length === 1 && t.shape[0] === 0));
  const [first] = all;
  if (!first) return given[0] ?? rt.raise('ValueError', 'torch.cat(): expected a non-empty list of Tensors');
  const dtype = jointKind(given);
  const ranked = all.find((t) => hasRank(t.shape));
  if (!ranked || !hasRank(ranked.shape))
    return compute(rt, { kind: 'concatenate', axis: Math.max(0, dim), stacked: false }, all, {
      shape: first.shape,
      dtype,
    });
  const rank = ranked.shape.length;
  const axis = axisNumber(dim, rank, rt);
  const shape = joinedShape(rt, all, rank, axis);
  return compute(rt, { kind: 'concatenate', axis, stacked: false }, all, { shape, dtype }, () =>
    joinedContent(all, axis, shape),
  );
}

function joinedShape(rt: Runtime, all: readonly Tensor[], rank: number, axis: number): Shape {
  const out = new Array<Size>(rank);
  const shapes = all.map((t) => t.shape).filter(hasRank);
  const [first] = shapes as [Sizes];
  for (const [n, s] of shapes.entries()) {
    if (s.length !== rank)
      rt.raise(
        'RuntimeError',
        `Tensors must have same number of dimensions: got ${String(rank)} and ${String(s.length)}`,
      );
    for (let i = 0; i < rank; i++) {
      const size = s[i]!;
      const known = out[i];
      if (known === undefined) out[i] = size;
      else if (i === axis) out[i] = plus(known, size);
      else if (typeof known === 'number' && typeof size === 'number' && known !== size)
        rt.raise(
          'RuntimeError',
          `Sizes of tensors must match except in dimension ${String(axis)}. Expected size ${String(first[i])} but got size ${String(size)} for tensor number ${String(n)} in the list.`,
        );
      else if (typeof known !== 'number') out[i] = size;
    }
  }
  if (shapes.length < all.length) out[axis] = rt.unknown('the size of a tensor of unknown shape');
  return out;
}

function joinedContent(all: readonly Tensor[], axis: number, shape: Shape): Content {
  const parts = all.map((t) => {
    const n = hasRank(t.shape) ? product(t.shape) : NaN;
    return { fraction: typeof n === 'number' ? n : NaN, distribution: distributionOf(t) };
  });
  const [first] = parts;
  const equal = first && parts.every((p) => p.distribution === first.distribution);
  const setBy = all[0]?.storage?.setBy;
  if (parts.some((p) => Number.isNaN(p.fraction)))
    return equal
      ? { distribution: first.distribution, setBy }
      : { distribution: { kind: 'unknown', reason: 'parts of sizes that are not known' } };
  return { distribution: mixture(merge(parts)), data: joinedEntries(all, axis, shape), setBy };
}

function merge(parts: readonly { fraction: number; distribution: ReturnType<typeof distributionOf> }[]): typeof parts {
  const out: { fraction: number; distribution: ReturnType<typeof distributionOf> }[] = [];
  for (const p of parts) {
    const { distribution: d } = p;
    const same = out.find(
      (o) => o.distribution === d || (JSON.stringify(o.distribution) === JSON.stringify(d) && d.kind !== 'mixture'),
    );
    if (same) same.fraction += p.fraction;
    else out.push({ ...p });
  }
  return out;
}

function joinedEntries(all: readonly Tensor[], axis: number, shape: Shape): Entries | null {
  if (!isComplete(shape)) return null;
  if ((product(shape) as number) > MAX_ENTRIES) return joinedFormula(all, axis, shape);
  const blocks: { data: readonly number[]; width: number }[] = [];
  const inner = product(shape.slice(axis + 1)) as number;
  for (const t of all) {
    const data = entries(t);
    if (!data || !isComplete(t.shape)) return null;
    blocks.push({ data, width: t.shape[axis]! * inner });
  }
  const out: number[] = [];
  const outer = product(shape.slice(0, axis)) as number;
  for (let o = 0; o < outer; o++)
    for (const { data, width } of blocks) for (let i = 0; i < width; i++) out.push(data[o * width + i]!);
  return out;
}

function joinedFormula(all: readonly Tensor[], axis: number, shape: readonly number[]): Entries | null {
  const inner = product(shape.slice(axis + 1)) as number;
  const row = shape[axis]! * inner;
  const parts: { at: EntryAt; start: number; width: number }[] = [];
  let start = 0;
  for (const t of all) {
    const at = entryAt(t);
    if (!at || !isComplete(t.shape)) return null;
    const width = t.shape[axis]! * inner;
    parts.push({ at, start, width });
    start += width;
  }
  return formula(
    (i) => {
      const [line, column] = [Math.floor(i / row), i % row];
      const part = parts.find((p) => column < p.start + p.width);
      return part === undefined ? NaN : part.at(line * part.width + column - part.start);
    },
    ...parts.map(({ at }) => at),
  );
}

/** Tensors of one shape along a new axis. */
export function stack(rt: Runtime, all: readonly Tensor[], dim: number): Tensor {
  const first = all[0] ?? rt.raise('RuntimeError', 'stack expects a non-empty TensorList');
  if (!hasRank(first.shape))
    return compute(rt, { kind: 'concatenate', axis: 0, stacked: true }, all, {
      shape: first.shape,
      dtype: first.dtype,
    });
  const axis = axisNumber(dim, first.shape.length + 1, rt);
  for (const [i, t] of all.entries())
    if (isComplete(t.shape) && isComplete(first.shape) && t.shape.join() !== first.shape.join())
      rt.raise(
        'RuntimeError',
        `stack expects each tensor to be equal size, but got ${shapeText(first.shape)} at entry 0 and ${shapeText(t.shape)} at entry ${String(i)}`,
      );
  const shape = [...first.shape.slice(0, axis), all.length, ...first.shape.slice(axis)];
  const dtype = jointKind(all);
  if (isTraced(all)) return emit(rt, { kind: 'concatenate', axis, stacked: true }, all, [{ shape, dtype }])[0]!;
  const widened = all.map((t) => unsqueeze(rt, t, axis));
  return makeConstant(rt, 'stack', shape, dtype, joinedContent(widened, axis, shape));
}

const cat = fn('cat', 'tensors, dim=0', (a, rt) =>
  concatenate(rt, tensorList(rt, 'cat', a.tensors), integer(a.dim, 'dim', rt)),
);
const stackFunction = fn('stack', 'tensors, dim=0', (a, rt) =>
  stack(rt, tensorList(rt, 'stack', a.tensors), integer(a.dim, 'dim', rt)),
);

/** hstack and the like: tensors first get enough axes. */
const stacked = (name: string, rank: number, dim: (t: Tensor) => number, column = false): Table[string] =>
  fn(name, 'tensors', (a, rt) => {
    const all = tensorList(rt, name, a.tensors).map((t) => {
      let x = t;
      while (hasRank(x.shape) && x.shape.length < rank)
        x = unsqueeze(rt, x, (column && x.shape.length === 1) || x.shape.length === 2 ? x.shape.length : 0);
      return x;
    });
    return all[0]
      ? concatenate(rt, all, dim(all[0]))
      : rt.raise('RuntimeError', `${name} expects a non-empty TensorList`);
  });

const meshgrid = fn('meshgrid', "*tensors, indexing='ij'", (a, rt) => {
  const given = (a.tensors as Tuple).items;
  const all =
    given.length === 1 && given[0] !== undefined && !tensorOf(given[0])
      ? tensorList(rt, 'meshgrid', given[0])
      : tensorsIn(given);
  const sizes = all.map((t): Size => (hasRank(t.shape) ? (t.shape[0] ?? 1) : rt.unknown('the size of a grid')));
  const grids = all.map((t, i) => {
    const line = reshapeTo(
      rt,
      t,
      sizes.map((s, k) => (k === i ? s : 1)),
    );
    const grid = expandTo(rt, line, sizes);
    return a.indexing === 'xy' && sizes.length > 1
      ? permute(
          rt,
          grid,
          sizes.map((_, k) => (k < 2 ? 1 - k : k)),
        )
      : grid;
  });
  return new Tuple(grids);
});

const cartesian = fn('cartesian_prod', '*tensors', (a, rt) => {
  const all = tensorsIn([a.tensors]);
  const sizes = all.map((t): Size => (hasRank(t.shape) ? (t.shape[0] ?? 1) : t.shape));
  const shape = all.length === 1 ? sizes : [product(sizes), all.length];
  return compute(rt, { kind: 'concatenate', axis: 1, stacked: true }, all, { shape, dtype: jointKind(all) });
});

const blockDiagonal = fn('block_diag', '*tensors', (a, rt) => {
  const all = tensorsIn([a.tensors]);
  const shape = [0, 1].map((k) =>
    all.map((t): Size => (hasRank(t.shape) ? (t.shape.at(k - 2) ?? 1) : t.shape)).reduce(plus, 0),
  );
  return opaque(rt, 'block_diag', 'blocks along a diagonal', all, { shape });
});

function choose(n: number, r: number): number {
  let count = 1;
  for (let i = 0; i < r; i++) count = (count * (n - i)) / (i + 1);
  return Math.max(0, count);
}

export const joining: Family = {
  torch: {
    cat,
    concat: cat,
    concatenate: cat,
    stack: stackFunction,
    hstack: stacked('hstack', 1, (t) => (hasRank(t.shape) && t.shape.length === 1 ? 0 : 1)),
    vstack: stacked('vstack', 2, () => 0),
    row_stack: stacked('row_stack', 2, () => 0),
    dstack: stacked('dstack', 3, () => 2),
    column_stack: stacked('column_stack', 2, () => 1, true),
    meshgrid,
    cartesian_prod: cartesian,
    block_diag: blockDiagonal,
    combinations: fn('combinations', 'input, r=2, with_replacement=False', (a, rt) => {
      const all = tensorsIn([a.input]);
      if (integer(a.r, 'r', rt) < 0) rt.raise('RuntimeError', 'Expect a non-negative number');
      const n = all[0] && hasRank(all[0].shape) ? (all[0].shape[0] ?? 1) : rt.unknown('the number of entries');
      const r = integer(a.r, 'r', rt);
      const pool = typeof n === 'number' && flag(a.with_replacement, rt) ? n + r - 1 : n;
      const count = typeof pool === 'number' ? choose(pool, r) : pool.as(`C(${pool.symbol}, ${String(r)})`);
      return opaque(rt, 'combinations', 'choices of entries', all, {
        shape: [count, r],
        dtype: all[0]?.dtype ?? 'float',
      });
    }),
  },
};
