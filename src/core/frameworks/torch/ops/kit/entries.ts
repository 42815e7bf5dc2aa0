import { torchState } from '../../context.js';
import type { Tensor } from '../../tensor.js';
import { isWeight } from '../../trace.js';
import { isComplete } from './sizes.js';
import { count, gather } from './strides.js';

/** Entries are kept for storages of up to so many. */
export const MAX_ENTRIES = 20_000;

/** So many entries that are all the same; null for more than are kept. */
export function equalEntries(value: number, n: number): readonly number[] | null {
  return n >= 0 && n <= MAX_ENTRIES ? new Array<number>(n).fill(value) : null;
}

/** The entries of a tensor, row by row, where they are known. In forward a parameter's are not: training will change them. */
export function entries(t: Tensor): readonly number[] | null {
  if (t.storage === null || t.value !== null || !isComplete(t.shape)) return null;
  if (isWeight(t) && torchState().tracer.active) return null;
  const { data, distribution } = t.storage;
  if (distribution.kind === 'constant') return equalEntries(distribution.mean, count(t.shape));
  if (data === null || t.region === null) return data;
  return t.region.layout && count(t.shape) <= 50 * MAX_ENTRIES ? gather(data, t.shape, t.region.layout) : null;
}
