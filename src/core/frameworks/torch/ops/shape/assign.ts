import type { Distribution } from '../../../../model/index.js';
import type { Runtime, Value } from '../../../../python/values/index.js';
import { mixture } from '../../../../initializers/index.js';
import { torchState } from '../../context.js';
import type { Entries, Size, Tensor } from '../../tensor.js';
import { isWeight } from '../../trace.js';
import { touch, Unknown } from '../../../../python/values/index.js';
import { spread, spreadEntries } from '../kit/broadcast.js';
import { combined } from '../kit/draws.js';
import { entries } from '../kit/entries.js';
import {
  compute,
  constantContent,
  dataContent,
  isTraced,
  isWritable,
  makeConstant,
  opaque,
  setter,
} from '../kit/make.js';
import { hasRank, isComplete, minus, plus, type Sizes } from '../kit/sizes.js';
import { numberOf, tensorOf } from '../kit/values.js';
import { tensorFrom } from '../creation/from-data.js';
import { choose } from '../pointwise/binary.js';
import { count } from '../storage/layout.js';
import { distributionOf, writeDistribution } from '../storage/write.js';
import { parseIndex, type Piece } from './index-parse.js';
import { basic, isBasic, positions, cutsOf } from './indexing.js';
import { concatenate } from './join.js';
import { expandTo } from './repeat.js';
import { cutOut, type Cut } from './select.js';
import { reshapeTo } from './reshape.js';

/** `x[index] = value`. */
export function setItem(rt: Runtime, x: Tensor, index: Value, value: Value): void {
  const source = sourceOf(rt, value);
  const isForward = isTraced(source ? [x, source] : [x]);
  if (isForward || x.storage === null) {
    if (!isWeight(x)) assignTraced(rt, x, index, source, value);
    return;
  }
  if (!hasRank(x.shape)) {
    const distribution = { kind: 'unknown', reason: 'a part of a tensor of unknown shape was set' } as const;
    writeDistribution(x, distribution, setter('setitem', rt));
    return;
  }
  const pieces = parseIndex(rt, x.shape, index);
  const distribution = source ? distributionOf(source) : unknownValue(value);
  const by = setter('setitem', rt);
  if (pieces.every(isBasic)) {
    const part = basic(rt, x, x.shape, pieces);
    writeDistribution(part, distribution, by, source ? spreadOver(source, part.shape) : null);
    return;
  }
  const data = writtenEntries(rt, x, x.shape, pieces, source);
  const known = data ? dataContent(data, 'setitem').distribution : maskedDistribution(x, pieces, source);
  writeDistribution(x, known ?? blended(x, x.shape, pieces, distribution), by, data);
}

/** What is known of a tensor of which some share was set. */
function blended(x: Tensor, own: Sizes, pieces: readonly Piece[], distribution: Distribution): Distribution {
  const fraction = shareOf(own, pieces);
  if (fraction === undefined)
    return { kind: 'unknown', reason: 'a part of this tensor was set, and how large a part is not known' };
  return mixture([
    { fraction: 1 - fraction, distribution: distributionOf(x) },
    { fraction, distribution },
  ]);
}

/** Known entries of `source` as they fill a box of `shape`. */
function spreadOver(source: Tensor, shape: Tensor['shape']): Entries | null {
  if (!isComplete(shape) || !isComplete(source.shape) || count(source.shape) > count(shape)) return null;
  return spreadEntries(source, shape, trimmed(source.shape, shape.length));
}

/** `w[w < 0] = 0`: which entries are replaced may depend on what they are. */
function maskedDistribution(x: Tensor, pieces: readonly Piece[], source: Tensor | undefined): Distribution | undefined {
  const [only] = pieces;
  const value = source && numberOf(source);
  if (only?.kind !== 'mask' || value === undefined || pieces.length !== 1) return undefined;
  return combined(distributionOf(x), distributionOf(only.mask), (v, m) => (m !== 0 ? value : v), 'setitem');
}

function sourceOf(rt: Runtime, value: Value): Tensor | undefined {
  const t = tensorOf(value);
  if (t) return t;
  const n = numberOf(value);
  if (n !== undefined) return makeConstant(rt, 'setitem', [], 'float', constantContent(n));
  return value instanceof Unknown ? undefined : tensorOf(tensorFrom(rt, 'setitem', value, null));
}

function unknownValue(value: Value): Distribution {
  return { kind: 'unknown', reason: value instanceof Unknown ? value.reason : 'set to a value that is not known' };
}

function writtenEntries(
  rt: Runtime,
  x: Tensor,
  own: Sizes,
  pieces: readonly Piece[],
  source: Tensor | undefined,
): number[] | null {
  const [old, given] = [entries(x), source && entries(source)];
  if (!old || !given || !source || !isComplete(source.shape) || !isComplete(own)) return null;
  const target = targetShape(x, pieces);
  if (!target) return null;
  const places = positions(rt, own, pieces, target);
  if (!places || count(source.shape) > places.length) return null;
  const values =
    given.length === 1 ? places.map(() => given[0]!) : spread(given, trimmed(source.shape, target.length), target);
  const out = [...old];
  for (const [i, at] of places.entries()) out[at] = values[i]!;
  return out;
}

/** Leading axes of size 1 don't count in an assignment. */
function trimmed(shape: readonly number[], rank: number): readonly number[] {
  return shape.length > rank ? shape.slice(shape.length - rank) : shape;
}

function targetShape(x: Tensor, pieces: readonly Piece[]): readonly number[] | null {
  if (!hasRank(x.shape)) return null;
  // The shape that reading the same index would have.
  const sizes = pieces.every(isBasic)
    ? pieces.flatMap((p): Size[] =>
        p.kind === 'new' ? [1] : p.kind === 'slice' ? [p.cut?.length ?? (x.shape as Sizes)[p.axis]!] : [],
      )
    : null;
  if (sizes) return isComplete(sizes) ? sizes : null;
  const read = readShape(x, pieces);
  return read && isComplete(read) ? read : null;
}

function readShape(x: Tensor, pieces: readonly Piece[]): Sizes | null {
  const gathered = pieces.flatMap((p) => (p.kind === 'gather' ? [p.shape] : []));
  const [only] = gathered;
  if (!only || !hasRank(only) || gathered.length !== 1 || pieces.some((p) => p.kind === 'mask' || p.kind === 'entry')) {
    if (gathered.length === 0 || pieces.some((p) => p.kind === 'mask')) return null;
  }
  if (!hasRank(x.shape)) return null;
  const own = x.shape;
  const first = pieces.findIndex((p) => p.kind !== 'slice' && p.kind !== 'new');
  const lead = pieces
    .slice(0, first)
    .flatMap((p): Size[] => (p.kind === 'slice' ? [p.cut?.length ?? own[p.axis]!] : [1]));
  const tail = pieces.slice(first).flatMap((p): Size[] => (p.kind === 'slice' ? [p.cut?.length ?? own[p.axis]!] : []));
  const joint = gathered.reduce(
    (a, b) => (hasRank(b) && hasRank(a) && b.length > a.length ? b : a),
    gathered[0] as Sizes,
  );
  return hasRank(joint) ? [...lead, ...joint, ...tail] : null;
}

/** Share of a tensor's entries that an index with tensors or masks reaches. */
function shareOf(own: Sizes, pieces: readonly Piece[]): number | undefined {
  let share = 1;
  for (const p of pieces) {
    if (p.kind === 'mask') {
      const mean = distributionOf(p.mask).mean;
      if (mean === undefined) return undefined;
      share *= mean;
      continue;
    }
    if (p.kind === 'new') continue;
    const size = own[p.axis]!;
    if (typeof size !== 'number') return undefined;
    if (p.kind === 'entry') share /= size;
    else if (p.kind === 'slice') {
      const length = p.cut ? p.cut.length : size;
      if (typeof length !== 'number') return undefined;
      share *= length / size;
    } else {
      if (!isComplete(p.shape)) return undefined;
      share *= Math.min(1, new Set(p.data ?? []).size > 0 ? new Set(p.data).size / size : count(p.shape) / size);
    }
  }
  return share;
}

/** In forward the tensor becomes the result of putting the pieces together. */
function assignTraced(rt: Runtime, x: Tensor, index: Value, source: Tensor | undefined, value: Value): void {
  if (x.value === null && x.storage !== null && !isWritable(x.storage)) return;
  const result = assembled(rt, x, index, source, value);
  touch(x);
  x.value = torchState().tracer.valueOf(result);
}

function assembled(rt: Runtime, x: Tensor, index: Value, source: Tensor | undefined, value: Value): Tensor {
  const { shape, dtype } = x;
  const give = (reason: string): Tensor => opaque(rt, 'setitem', reason, source ? [x, source] : [x], { shape, dtype });
  if (!source) return give(value instanceof Unknown ? value.reason : 'set to a value that is not known');
  if (!hasRank(shape)) return give(shape.reason);
  const pieces = parseIndex(rt, shape, index).map((p) => asSlice(p, shape));
  const [only] = pieces;
  if (only?.kind === 'mask' && pieces.slice(1).every((p) => p.kind === 'slice' && !p.cut) && count0(source)) {
    const n = numberOf(source);
    const axes = hasRank(only.mask.shape) ? only.mask.shape : [];
    const mask = reshapeTo(rt, only.mask, [...axes, ...new Array<Size>(shape.length - axes.length).fill(1)]);
    if (n !== undefined) return compute(rt, { kind: 'maskedFill', value: n }, [x, mask], { shape, dtype });
    return choose(rt, mask, source, x);
  }
  const cuts = cutsOf(pieces);
  if (
    !pieces.every(isBasic) ||
    cuts.some((c) => c.step !== 1 || typeof c.start !== 'number' || typeof c.length !== 'number')
  )
    return give('entries set at places that are no box');
  const box = pieces.flatMap((p): Size[] =>
    p.kind === 'entry' ? [1] : p.kind === 'slice' ? [p.cut?.length ?? shape[p.axis]!] : [],
  );
  return embed(rt, x, cuts, fitted(rt, source, pieces, box));
}

/** A list of places that follow each other (`cache[:, :, arange(n)] = k`) is a slice. */
function asSlice(p: Piece, own: Sizes): Piece {
  if (p.kind !== 'gather' || !p.data?.length || !hasRank(p.shape) || p.shape.length !== 1) return p;
  const size = own[p.axis];
  if (typeof size !== 'number') return p;
  const places = p.data.map((i) => (i + size) % size);
  const start = places[0]!;
  if (places.some((at, k) => at !== start + k)) return p;
  return { kind: 'slice', axis: p.axis, cut: { axis: p.axis, start, length: places.length, step: 1 } };
}

function count0(t: Tensor): boolean {
  return hasRank(t.shape) && t.shape.length === 0;
}

/** The source in the shape of the box that it fills, with an axis of size 1 for every integer of the index. */
function fitted(rt: Runtime, source: Tensor, pieces: readonly Piece[], box: Sizes): Tensor {
  if (!hasRank(source.shape)) return source;
  const kept = pieces.flatMap((p): Size[] => (p.kind === 'slice' ? [box[p.axis]!] : p.kind === 'new' ? [1] : []));
  const wide =
    source.shape.length > kept.length
      ? reshapeTo(rt, source, source.shape.slice(source.shape.length - kept.length))
      : source;
  return reshapeTo(rt, expandTo(rt, wide, kept), box);
}

/** `x` with the box `cuts` replaced by `part`: along each axis, what stands before, the part, what stands after. */
function embed(rt: Runtime, x: Tensor, cuts: readonly Cut[], part: Tensor): Tensor {
  const [cut, ...rest] = cuts;
  if (!cut || !hasRank(x.shape)) return part;
  const size = x.shape[cut.axis]!;
  const end = plus(cut.start, cut.length);
  const slab = rest.length === 0 ? part : embed(rt, cutOut(rt, x, [cut]), rest, part);
  const before = cut.start === 0 ? [] : [cutOut(rt, x, [{ ...cut, start: 0, length: cut.start }])];
  const after = end === size ? [] : [cutOut(rt, x, [{ ...cut, start: end, length: minus(size, end) }])];
  const all = [...before, slab, ...after];
  return all.length === 1 ? slab : concatenate(rt, all, cut.axis);
}
