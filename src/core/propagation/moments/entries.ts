import { at, bit, countOf, newKernel, rolesOf, ROLES, type Axis, type Field } from './field.js';

/** Fields of arrays that were seen before: what-ifs follow the same graph again and again. */
const known = new WeakMap<readonly number[], Field>();

/**
 * The field of a constant whose entries are known, as those of a table of positions: what two of them have in common is
 * averaged over all pairs of each class, so that neighbouring positions are as alike as they are. Undefined where an
 * entry is not finite.
 * @param axes fresh: roles follow each other row by row, and the last one holds all further axes
 */
export function fieldOfEntries(entries: readonly number[], axes: readonly Axis[]): Field | undefined {
  let field = known.get(entries);
  if (field === undefined) {
    const kernel = kernelOf(entries, axes);
    if (kernel === undefined) return undefined;
    const mean = entries.reduce((sum, x) => sum + x, 0) / entries.length;
    field = { mean, kernel, scale: 0, axes, free: true };
    known.set(entries, field);
  }
  return { ...field, axes };
}

/** Averages of x·x′ by class, of which "differ in all roles of S" follows from "may differ in U" for all U ⊆ S. */
function kernelOf(entries: readonly number[], axes: readonly Axis[]): Float64Array | undefined {
  const sizes = Array.from({ length: ROLES }, (_, role) => countOf(axes, role));
  if (sizes.reduce((n, size) => n * size, 1) !== entries.length) return undefined;
  const roles = rolesOf(axes);
  const sums = newKernel((mask) => ((mask & ~roles) === 0 ? squaredSums(entries, sizes, mask) : 0));
  if (!Number.isFinite(at(sums, roles))) return undefined;
  return newKernel((mask) => {
    const differing = mask & roles;
    let sum = 0;
    for (let free = differing; ; free = (free - 1) & differing) {
      sum += (isOdd(differing ^ free) ? -1 : 1) * at(sums, free);
      if (free === 0) break;
    }
    return sum / pairs(sizes, differing);
  });
}

/** Σ over all places outside of the roles of (Σ over all places within them of x)². */
function squaredSums(entries: readonly number[], sizes: readonly number[], mask: number): number {
  const strides = new Array<number>(ROLES).fill(0);
  let length = 1;
  for (let role = ROLES - 1; role >= 0; role--) {
    if (mask & bit(role)) continue;
    strides[role] = length;
    length *= sizes[role]!;
  }
  const sums = new Float64Array(length);
  const [a, b, c, d] = sizes as [number, number, number, number];
  const [sa, sb, sc, sd] = strides as [number, number, number, number];
  let i = 0;
  for (let p = 0; p < a; p++)
    for (let q = 0; q < b; q++)
      for (let r = 0; r < c; r++)
        for (let s = 0; s < d; s++) {
          const place = p * sa + q * sb + r * sc + s * sd;
          sums[place] = sums[place]! + entries[i++]!;
        }
  return sums.reduce((sum, x) => sum + x * x, 0);
}

/** Ordered pairs that differ in all of these roles and in no other. */
function pairs(sizes: readonly number[], mask: number): number {
  return sizes.reduce((n, size, role) => n * size * (mask & bit(role) ? size - 1 : 1), 1);
}

function isOdd(mask: number): boolean {
  let bits = 0;
  for (let m = mask; m > 0; m >>= 1) bits += m & 1;
  return bits % 2 === 1;
}
