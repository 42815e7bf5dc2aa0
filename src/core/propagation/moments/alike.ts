import { mainRole } from './axes.js';
import { at, bit, type Field } from './field.js';
import { isUnknown, type Unknown } from './types.js';

/** Sums of many terms keep this many digits. */
const ROUNDING = 1e-9;

/** Entries that differ only in their place along an axis are all equal, and not zero. */
export function areAlike(field: Field | Unknown | undefined, axis: number): boolean {
  if (field === undefined || isUnknown(field)) return false;
  const own = at(field.kernel, 0);
  const other = at(field.kernel, bit(mainRole(field.axes[axis])));
  return own > 0 && other >= own * (1 - ROUNDING);
}
