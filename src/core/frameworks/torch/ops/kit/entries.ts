import { torchState } from '../../context.js';
import type { Entries, Tensor } from '../../tensor.js';
import { isWeight } from '../../trace.js';
import { isComplete } from './sizes.js';
import { count, gather, placeOf } from './strides.js';

/** Entries are kept for storages of up to so many; those of larger ones are computed when a part of them is looked at. */
export const MAX_ENTRIES = 20_000;

export type EntryAt = (place: number) => number;

/** So many entries that are all the same; null for more than are kept. */
export function equalEntries(value: number, n: number): readonly number[] | null {
  return n >= 0 && n <= MAX_ENTRIES ? new Array<number>(n).fill(value) : null;
}

/** What was computed of a storage's entries, as long as they are those. */
const computed = new WeakMap<Tensor, { readonly from: Entries; readonly values: readonly number[] }>();

/**
 * The entries of a tensor, row by row, where they are known. In forward a parameter's are not: training will change them.
 * @param most so many may be computed
 */
export function entries(t: Tensor, most = MAX_ENTRIES): readonly number[] | null {
  if (!isReadable(t) || !isComplete(t.shape)) return null;
  const { data, distribution } = t.storage!;
  if (distribution.kind === 'constant') return equalEntries(distribution.mean, count(t.shape));
  if (data === null) return null;
  if (typeof data !== 'function') {
    if (t.region === null) return data;
    return t.region.layout && count(t.shape) <= 50 * MAX_ENTRIES
      ? gather((place) => data[place]!, t.shape, t.region.layout)
      : null;
  }
  const known = computed.get(t);
  if (known?.from === data) return known.values;
  const size = count(t.shape);
  const at = size <= most ? entryAt(t) : null;
  if (at === null) return null;
  const values = Array.from({ length: size }, (_, i) => at(i));
  computed.set(t, { from: data, values });
  return values;
}

/** Each entry by its number, row by row, also of tensors too large for `entries`. */
export function entryAt(t: Tensor): EntryAt | null {
  if (!isReadable(t) || !isComplete(t.shape)) return null;
  const { data, distribution } = t.storage!;
  if (distribution.kind === 'constant') return () => distribution.mean;
  if (data === null) return null;
  const at = lookup(data);
  if (t.region === null) return at;
  const { shape } = t;
  const { layout } = t.region;
  return layout ? formula((i) => at(placeOf(i, shape, layout)), data) : null;
}

/** More of each other than that are no table of positions, but a loop that writes entry by entry. */
const MOST_NESTED = 64;
const nesting = new WeakMap<EntryAt, number>();

/** A way to compute entries from others; null where those are computed of too many others themselves. */
export function formula(at: EntryAt, ...from: readonly Entries[]): EntryAt | null {
  const depth = 1 + Math.max(0, ...from.map((e) => (typeof e === 'function' ? (nesting.get(e) ?? 0) : 0)));
  if (depth > MOST_NESTED) return null;
  nesting.set(at, depth);
  return at;
}

export function lookup(data: Entries): EntryAt {
  return typeof data === 'function' ? data : (place) => data[place]!;
}

function isReadable(t: Tensor): boolean {
  return t.storage !== null && t.value === null && !(isWeight(t) && torchState().tracer.active);
}
