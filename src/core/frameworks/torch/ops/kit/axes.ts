import type { Runtime, Value } from '../../../../python/values/index.js';
import { integer, itemsOf } from './values.js';

/** A `dim` argument as 0 ≤ axis < rank; raises torch's IndexError. */
export function axisOf(dim: Value, rank: number, rt: Runtime): number {
  return axisNumber(integer(dim, 'dim', rt), rank, rt);
}

export function axisNumber(at: number, rank: number, rt: Runtime): number {
  const n = Math.max(rank, 1);
  if (at < -n || at >= n)
    rt.raise('IndexError', `Dimension out of range (expected to be in range of [${-n}, ${n - 1}], but got ${at})`);
  return at < 0 ? at + n : at;
}

/** A `dim` argument that may be an int, several or None (all axes). */
export function axesOf(dim: Value, rank: number, rt: Runtime): number[] {
  const items = dim === null ? null : itemsOf(dim, rt);
  if (dim === null || items?.length === 0) return Array.from({ length: rank }, (_, i) => i);
  return items ? items.map((d) => axisOf(d, rank, rt)) : [axisOf(dim, rank, rt)];
}
