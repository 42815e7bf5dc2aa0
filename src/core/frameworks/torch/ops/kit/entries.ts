import type { Distribution } from '../../../../model/index.js';
import { torchState } from '../../context.js';
import type { Tensor } from '../../tensor.js';
import { isWeight } from '../../trace.js';

/** Entries are kept for tensors of up to so many. */
export const MAX_ENTRIES = 4096;

/**
 * The distribution that a storage had when entries were written down. An in-place call through another view gives the
 * storage a new distribution, and entries noted before that no longer hold.
 */
const notedUnder = new WeakMap<readonly number[], Distribution>();

export function noteEntries(data: readonly number[], distribution: Distribution): readonly number[] {
  const before = notedUnder.get(data);
  const own = before === undefined || before === distribution ? data : data.slice();
  notedUnder.set(own, distribution);
  return own;
}

/** The entries of a tensor, where they are known. In forward a parameter's are not: training will change them. */
export function entries(t: Tensor): readonly number[] | null {
  if (t.data === null || t.value !== null) return null;
  if (isWeight(t) && torchState().tracer.active) return null;
  if (t.storage === null) return t.data;
  const noted = notedUnder.get(t.data);
  return noted === undefined || noted === t.storage.distribution ? t.data : null;
}
