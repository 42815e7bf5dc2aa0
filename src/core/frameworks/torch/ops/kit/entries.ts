import { torchState } from '../../context.js';
import type { Tensor } from '../../tensor.js';
import { isWeight } from '../../trace.js';
import { isComplete } from './sizes.js';
import { gather } from './strides.js';

/** Entries are kept for storages of up to so many. */
export const MAX_ENTRIES = 20_000;

/** The entries of a tensor, row by row, where they are known. In forward a parameter's are not: training will change them. */
export function entries(t: Tensor): readonly number[] | null {
  const data = t.storage?.data;
  if (!data || t.value !== null || !isComplete(t.shape)) return null;
  if (isWeight(t) && torchState().tracer.active) return null;
  if (t.region === null) return data;
  return t.region.layout ? gather(data, t.shape, t.region.layout) : null;
}
