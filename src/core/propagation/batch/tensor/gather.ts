import { sizeOf, stridesOf } from './tensor.js';

/** For each place along an axis of the result the place in the source that it comes from; −1 for none. Absent: the same place. */
export type AxisMap = Int32Array | undefined;

/**
 * Visits a result whose entry (i, j, …) comes from the source's entry (map₀[i], map₁[j], …), row by row: first entry of
 * the row in the result, where the row starts in the source (−1: the whole row comes from nowhere).
 */
function rows(
  shape: readonly number[],
  source: readonly number[],
  maps: readonly AxisMap[],
  visit: (at: number, from: number) => void,
): void {
  const strides = stridesOf(source);
  const last = shape.length - 1;
  const width = shape[last] ?? 1;
  const count = width === 0 ? 0 : sizeOf(shape) / width;
  const index = new Array<number>(Math.max(0, last)).fill(0);
  for (let r = 0; r < count; r++) {
    let from = 0;
    for (let axis = 0; axis < last; axis++) {
      const map = maps[axis];
      const place = map === undefined ? index[axis]! : map[index[axis]!]!;
      if (place < 0) {
        from = -1;
        break;
      }
      from += place * strides[axis]!;
    }
    visit(r * width, from);
    for (let axis = last - 1; axis >= 0; axis--) {
      index[axis] = index[axis]! + 1;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
}

/** Fills `out` (of `shape`) from `x`; entries from nowhere become `fill`. */
export function gatherAxes(
  x: Float32Array,
  source: readonly number[],
  maps: readonly AxisMap[],
  out: Float32Array,
  shape: readonly number[],
  fill = 0,
): void {
  const width = shape.at(-1) ?? 1;
  const map = shape.length === 0 ? undefined : maps[shape.length - 1];
  rows(shape, source, maps, (at, from) => {
    if (from < 0) out.fill(fill, at, at + width);
    else if (map === undefined) for (let i = 0; i < width; i++) out[at + i] = x[from + i]!;
    else
      for (let i = 0; i < width; i++) {
        const place = map[i]!;
        out[at + i] = place < 0 ? fill : x[from + place]!;
      }
  });
}

/** The adjoint: adds each entry of `g` (of `shape`) to the source's entry that it came from. */
export function scatterAxes(
  g: Float32Array,
  shape: readonly number[],
  maps: readonly AxisMap[],
  out: Float32Array,
  source: readonly number[],
): void {
  const width = shape.at(-1) ?? 1;
  const map = shape.length === 0 ? undefined : maps[shape.length - 1];
  rows(shape, source, maps, (at, from) => {
    if (from < 0) return;
    if (map === undefined) for (let i = 0; i < width; i++) out[from + i] = out[from + i]! + g[at + i]!;
    else
      for (let i = 0; i < width; i++) {
        const place = map[i]!;
        if (place >= 0) out[from + place] = out[from + place]! + g[at + i]!;
      }
  });
}

export function axisMap(length: number, from: (place: number) => number): Int32Array {
  const map = new Int32Array(length);
  for (let i = 0; i < length; i++) map[i] = from(i);
  return map;
}
