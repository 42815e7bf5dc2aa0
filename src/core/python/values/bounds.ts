/** Items that one array made in TypeScript may have: 8 bytes each. */
const MOST_ITEMS = 2_000_000;

/**
 * A length that fits into memory. What is too long throws JavaScript's own error, which the interpreter turns into
 * Python's MemoryError; where a `Runtime` is at hand, `allocate` counts what is made together as well.
 */
export function bounded(length: number, most = MOST_ITEMS): number {
  if (length > most) throw new RangeError(`no room for a sequence of ${String(length)} items`);
  return length;
}
