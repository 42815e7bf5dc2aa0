import type { Window } from '../../../model/index.js';
import type { WindowOverlap } from '../field.js';

/** Taps that two output positions both have inside the map, over all pairs of positions; none without padding. */
export function windowOverlap(
  w: Window,
  inSizes: readonly number[],
  outSizes: readonly number[],
): WindowOverlap | undefined {
  if (!w.padding.some(([a, z]) => a > 0 || z > 0)) return undefined;
  let [squares, rows, mean] = [1, 1, 1];
  w.kernel.forEach((kernel, a) => {
    const size = inSizes[inSizes.length - w.kernel.length + a] ?? 1;
    const out = outSizes[outSizes.length - w.kernel.length + a] ?? 1;
    const kinds = windowKinds(size, out, kernel, w.stride[a] ?? 1, w.dilation[a] ?? 1, w.padding[a]?.[0] ?? 0);
    let [ownSquares, ownRows, ownMean] = [0, 0, 0];
    for (const p of kinds) {
      let row = 0;
      for (const q of kinds) {
        const both = Math.max(0, Math.min(p.end, q.end) - Math.max(p.first, q.first)) / kernel;
        ownSquares += (p.count * q.count * both * both) / (out * out);
        row += (q.count * both) / out;
      }
      ownRows += (p.count * row * row) / out;
      ownMean += (p.count * row) / out;
    }
    squares *= ownSquares;
    rows *= ownRows;
    mean *= ownMean;
  });
  return { squares, rows, mean };
}

/**
 * Output positions by which taps of their window, from `first` to before `end`, lie inside the map. Those that are cut off
 * alike are counted together: few kinds, however large the map.
 */
function windowKinds(
  size: number,
  out: number,
  kernel: number,
  stride: number,
  dilation: number,
  before: number,
): readonly { readonly first: number; readonly end: number; readonly count: number }[] {
  const kinds: { first: number; end: number; count: number }[] = [];
  // Windows move one way: a kind's positions follow each other.
  for (let o = 0; o < out; o++) {
    const start = o * stride - before;
    const first = Math.min(kernel, Math.max(0, Math.ceil(-start / dilation)));
    const end = Math.max(first, Math.min(kernel, Math.ceil((size - start) / dilation)));
    const last = kinds.at(-1);
    if (last?.first === first && last.end === end) last.count++;
    else kinds.push({ first, end, count: 1 });
  }
  return kinds;
}
