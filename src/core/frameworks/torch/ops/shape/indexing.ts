import type { Operation } from '../../../../model/index.js';
import { bounded } from '../../../../python/values/bounds.js';
import { Unknown, type Runtime, type Value } from '../../../../python/values/index.js';
import type { Size, Tensor } from '../../tensor.js';
import { broadcastAll, spread } from '../kit/broadcast.js';
import { entries, entryAt, lookup, MAX_ENTRIES } from '../kit/entries.js';
import { compute, isTraced, opaque } from '../kit/make.js';
import { hasRank, isComplete, product, type Shape, type Sizes } from '../kit/sizes.js';
import { contiguous, count, type Layout } from '../storage/layout.js';
import { distributionOf } from '../storage/write.js';
import { parseIndex, type Piece } from './index-parse.js';
import { cutTo, selectOperation, type Cut } from './select.js';
import { viewAs } from './reshape.js';

/** `x[index]`. */
export function getItem(rt: Runtime, x: Tensor, index: Value): Value {
  if (!hasRank(x.shape)) return opaque(rt, 'getitem', x.shape.reason, [x], { shape: x.shape, dtype: x.dtype });
  const pieces = parseIndex(rt, x.shape, index);
  return pieces.every(isBasic) ? basic(rt, x, x.shape, pieces) : advanced(rt, x, x.shape, pieces);
}

export function isBasic(p: Piece): boolean {
  return p.kind !== 'gather' && p.kind !== 'mask';
}

/** Box, axes that go and axes that come: a view. */
export function basic(rt: Runtime, x: Tensor, own: Sizes, pieces: readonly Piece[]): Tensor {
  const cuts = cutsOf(pieces);
  const shape = pieces.flatMap((p): Size[] => sizeOfPiece(p, own));
  if (cuts.length === 0 && shape.length === own.length && pieces.every((p) => p.kind === 'slice')) return viewAs(rt, x);
  const arrange = (l: Layout): Layout => ({
    offset: l.offset,
    strides: pieces.flatMap((p) => (p.kind === 'new' ? [0] : p.kind === 'slice' ? [l.strides[p.axis]!] : [])),
  });
  if (cuts.length === 0 && isTraced([x])) return compute(rt, { kind: 'reshape' }, [x], { shape, dtype: x.dtype });
  return cutTo(rt, x, cuts, shape, arrange);
}

export function cutsOf(pieces: readonly Piece[]): Cut[] {
  return pieces.flatMap((p): Cut[] => {
    if (p.kind === 'entry') return [{ axis: p.axis, start: p.at, length: 1, step: 1 }];
    return p.kind === 'slice' && p.cut ? [p.cut] : [];
  });
}

function sizeOfPiece(p: Piece, own: Sizes): Size[] {
  if (p.kind === 'new') return [1];
  if (p.kind === 'slice') return [p.cut ? p.cut.length : own[p.axis]!];
  return [];
}

/** Index tensors and masks: entries are copied. torch takes the plain integers first, so that they don't count as indices. */
function advanced(rt: Runtime, x: Tensor, own: Sizes, pieces: readonly Piece[]): Tensor {
  const reduced = withoutEntries(rt, x, own, pieces);
  if (reduced) return advanced(rt, reduced.x, reduced.x.shape as Sizes, reduced.pieces);
  const shape = advancedShape(rt, own, pieces);
  const box = boxOf(own, pieces);
  const operation = box === undefined ? takeOperation(own, pieces) : selectOperation(box);
  return compute(rt, operation, [x], { shape, dtype: x.dtype }, () => ({
    distribution: distributionOf(x),
    data: pickedEntries(rt, x, pieces, shape),
    setBy: x.storage?.setBy,
  }));
}

/** The node for one list of known places beside slices; other indices leave no more than that entries were chosen. */
function takeOperation(own: Sizes, pieces: readonly Piece[]): Operation {
  const [index, ...others] = pieces.filter(isIndex);
  const axes = pieces.length === own.length && pieces.every((p) => p.kind !== 'new');
  if (index?.kind !== 'gather' || others.length > 0 || !axes) return { kind: 'select' };
  const size = own[index.axis];
  if (!index.data || !hasRank(index.shape) || index.shape.length !== 1 || typeof size !== 'number')
    return { kind: 'select' };
  const box = selectOperation(cutsOf(pieces));
  if (box.kind !== 'select' || box.slices === undefined) return { kind: 'select' };
  const taken = { axis: index.axis, places: index.data.map((i) => (i + size) % size) };
  return box.slices.length === 0 ? { kind: 'select', taken } : { ...box, taken };
}

/** The box that one list of evenly spaced indices (`x[:, [-1], :]`) cuts out; undefined for any other choice. */
function boxOf(own: Sizes, pieces: readonly Piece[]): readonly Cut[] | undefined {
  const [list, ...more] = pieces.filter(isIndex);
  if (list?.kind !== 'gather' || more.length > 0 || pieces.some((p) => p.kind === 'new')) return undefined;
  const size = own[list.axis];
  if (!hasRank(list.shape) || list.shape.length !== 1 || !list.data?.length || typeof size !== 'number')
    return undefined;
  const places = list.data.map((i) => (i + size) % size);
  const start = places[0]!;
  const step = places.length > 1 ? places[1]! - start : 1;
  if (step < 1 || places.some((at, k) => at !== start + k * step)) return undefined;
  return [...cutsOf(pieces), { axis: list.axis, start, length: places.length, step }];
}

/** The tensor with its integer indices applied, and what is left of the index. */
function withoutEntries(
  rt: Runtime,
  x: Tensor,
  own: Sizes,
  pieces: readonly Piece[],
): { readonly x: Tensor; readonly pieces: readonly Piece[] } | undefined {
  const gone = pieces.flatMap((p) => (p.kind === 'entry' ? [p.axis] : []));
  if (gone.length === 0) return undefined;
  const entriesOnly = own.map((_, axis): Piece => {
    const entry = pieces.find((p) => p.kind === 'entry' && p.axis === axis);
    return entry ?? { kind: 'slice', axis, cut: null };
  });
  const renumbered = (axis: number): number => axis - gone.filter((g) => g < axis).length;
  const rest = pieces.flatMap((p): Piece[] => {
    if (p.kind === 'entry') return [];
    if (p.kind === 'new') return [p];
    const axis = renumbered(p.axis);
    return [p.kind === 'slice' ? { ...p, axis, cut: p.cut && { ...p.cut, axis } } : { ...p, axis }];
  });
  return { x: basic(rt, x, own, entriesOnly), pieces: rest };
}

/** numpy's rule: the indices' joint shape stands where they stood when they stood together, else in front. */
function advancedShape(rt: Runtime, own: Sizes, pieces: readonly Piece[]): Shape {
  const joint = jointShape(rt, pieces);
  if (!hasRank(joint)) return joint;
  const places = pieces.flatMap((p, i) => (isIndex(p) ? [i] : []));
  const [first = 0] = places;
  const isTogether = places.every((p, i) => p === first + i);
  const before = pieces.slice(0, first).flatMap((p) => sizeOfPiece(p, own));
  const after = pieces.slice(first).flatMap((p) => (isIndex(p) ? [] : sizeOfPiece(p, own)));
  return isTogether ? [...before, ...joint, ...after] : [...joint, ...before, ...after];
}

function isIndex(p: Piece): boolean {
  return !isBasic(p);
}

function jointShape(rt: Runtime, pieces: readonly Piece[]): Shape {
  const shapes = pieces.flatMap((p): Shape[] => {
    if (p.kind === 'gather') return [p.shape];
    if (p.kind === 'mask') return [[maskCount(rt, p.mask)]];
    return [];
  });
  return broadcastAll(rt, shapes);
}

export function maskCount(rt: Runtime, mask: Tensor): Size {
  const data = entries(mask);
  return data ? data.filter((v) => v !== 0).length : rt.unknown('the number of entries that a mask lets through', 'n');
}

/** Entries of `x` at the index, where all that is needed is known. */
function pickedEntries(rt: Runtime, x: Tensor, pieces: readonly Piece[], shape: Shape): readonly number[] | null {
  const data = entries(x);
  const at = data ? lookup(data) : entryAt(x);
  const places = at && isComplete(shape) && count(shape) <= MAX_ENTRIES ? positions(rt, x.shape, pieces, shape) : null;
  return at && places ? places.map(at) : null;
}

/** Where in `x` (row by row) the entries of `x[index]` stand. */
export function positions(rt: Runtime, own: Shape, pieces: readonly Piece[], shape: Sizes): number[] | null {
  if (!isComplete(own) || !isComplete(shape)) return null;
  const joint = jointShape(rt, pieces);
  if (!isComplete(joint)) return null;
  const strides = contiguous(own).strides;
  const jointOffsets = new Array<number>(bounded(count(joint))).fill(0);
  for (const p of pieces) {
    if (p.kind === 'entry') {
      if (p.at instanceof Unknown) return null;
      addTo(jointOffsets, () => (p.at as number) * strides[p.axis]!);
    } else if (p.kind === 'gather') {
      if (!p.data || !isComplete(p.shape)) return null;
      const size = own[p.axis]!;
      const full = spread(p.data, p.shape, joint);
      addTo(jointOffsets, (i) => ((full[i]! + size) % size) * strides[p.axis]!);
    } else if (p.kind === 'mask') {
      const offsets = maskOffsets(p.mask, own, p.axis, strides);
      if (offsets?.length !== jointOffsets.length) return null;
      addTo(jointOffsets, (i) => offsets[i]!);
    }
  }
  const axes = boxAxes(own, strides, pieces);
  if (!axes) return null;
  const places = pieces.flatMap((p, i) => (isIndex(p) ? [i] : []));
  const index = places[0] ?? pieces.length;
  const isTogether = places.every((p, i) => p === index + i);
  const lead = isTogether ? axes.filter((a) => a.piece < index) : [];
  const rest = isTogether ? axes.filter((a) => a.piece >= index) : axes;
  let out = [0];
  const extend = (steps: readonly number[]): void => {
    out = out.flatMap((base) => steps.map((s) => base + s));
  };
  for (const a of lead) extend(a.offsets);
  extend(jointOffsets);
  for (const a of rest) extend(a.offsets);
  return out.length === product(shape) ? out : null;
}

function addTo(offsets: number[], f: (i: number) => number): void {
  for (let i = 0; i < offsets.length; i++) offsets[i] = offsets[i]! + f(i);
}

function boxAxes(
  own: readonly number[],
  strides: readonly number[],
  pieces: readonly Piece[],
): { piece: number; offsets: number[] }[] | null {
  const out: { piece: number; offsets: number[] }[] = [];
  for (const [piece, p] of pieces.entries()) {
    if (p.kind !== 'slice') continue;
    const { start, length, step } = p.cut ?? { start: 0, length: own[p.axis]!, step: 1 };
    if (typeof start !== 'number' || typeof length !== 'number') return null;
    out.push({
      piece,
      offsets: Array.from({ length: bounded(length) }, (_, i) => (start + i * step) * strides[p.axis]!),
    });
  }
  return out;
}

function maskOffsets(mask: Tensor, own: readonly number[], axis: number, strides: readonly number[]): number[] | null {
  const data = entries(mask);
  if (!data || !isComplete(mask.shape)) return null;
  const sizes = mask.shape;
  return data.flatMap((v, i) => {
    if (v === 0) return [];
    let rest = i;
    let at = 0;
    for (let k = sizes.length - 1; k >= 0; k--) {
      at += (rest % own[axis + k]!) * strides[axis + k]!;
      rest = Math.floor(rest / own[axis + k]!);
    }
    return [at];
  });
}
