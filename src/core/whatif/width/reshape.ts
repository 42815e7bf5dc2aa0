import type { ValueId } from '../../model/index.js';
import type { AxisClasses } from './classes.js';

/** Axes before and after that hold the same entries: `[[0], [0]]`, or several against one where axes are split or merged. */
function groups(before: readonly number[], after: readonly number[]): [number[], number[]][] | undefined {
  const out: [number[], number[]][] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const own: [number[], number[]] = [[], []];
    let [a, b] = [1, 1];
    do {
      if (a <= b && i < before.length) {
        a *= before[i]!;
        own[0].push(i++);
      } else if (j < after.length) {
        b *= after[j]!;
        own[1].push(j++);
      } else return undefined;
    } while (a !== b);
    out.push(own);
  }
  return out;
}

/** In a split or merge one part carries the width: heads rather than what each holds, channels rather than positions. */
export function tieReshape(c: AxisClasses, x: ValueId, y: ValueId): void {
  const sizes = (v: ValueId): number[] | undefined => {
    const all = Array.from({ length: c.rank(v) }, (_, i) => c.size(v, i));
    return all.every((d): d is number => typeof d === 'number' && d > 0) ? all : undefined;
  };
  const [before, after] = [sizes(x), sizes(y)];
  const matched = before && after && groups(before, after);
  if (matched === undefined) {
    c.fixValue(x);
    c.fixValue(y);
    return;
  }
  for (const [from, to] of matched) {
    const a = from.filter((i) => before![i] !== 1).map((i) => c.of(x, i));
    const b = to.filter((i) => after![i] !== 1).map((i) => c.of(y, i));
    // What has one entry on both sides is the same axis by its place.
    if (a.length === 0 || b.length === 0) {
      from.forEach((i, k) => {
        if (to[k] !== undefined) c.tie(c.of(x, i), c.of(y, to[k]));
      });
      continue;
    }
    const carrier = a.find((axis) => c.isHidden(axis)) ?? a[0]!;
    c.tie(carrier, b[0]!);
    c.fix(...a.filter((axis) => axis !== carrier), ...b.slice(1));
  }
}
