import type { Window } from '../../../model/index.js';
import { padded } from '../rules/moves.js';

export type PaddingMode = 'zeros' | 'reflect' | 'replicate' | 'circular';

/**
 * Windows sliding over a large map, one for each place of a small map: convolution and pooling go from large to
 * small, transposed convolution back. Always three spatial axes; missing ones have size 1.
 */
export interface Geometry {
  readonly large: Triple;
  readonly small: Triple;
  readonly kernel: Triple;
  /** Places along each axis of the large map: entry k·small+o is what offset k of window o sees; −1 outside. */
  readonly maps: readonly [Int32Array, Int32Array, Int32Array];
  /** For small maps: entry tap·smallSize+o is the place in the large map that tap sees at o, −1 outside. Spares walking lines. */
  readonly places: Int32Array | undefined;
  /** One per offset along the last axis where places inside are evenly spaced (always, for zero padding); else undefined. */
  readonly runs: readonly (Run | undefined)[];
  readonly largeSize: number;
  readonly smallSize: number;
  readonly kernelSize: number;
}

type Triple = readonly [number, number, number];

function triple(values: readonly number[], missing: number): Triple {
  const lead = new Array<number>(Math.max(0, 3 - values.length)).fill(missing);
  const all = [...lead, ...values];
  return [all[0]!, all[1]!, all[2]!];
}

export function geometryOf(
  large: readonly number[],
  small: readonly number[],
  window: Window,
  mode: PaddingMode = 'zeros',
): Geometry {
  const [l, s, k] = [triple(large, 1), triple(small, 1), triple(window.kernel, 1)];
  const stride = triple(window.stride, 1);
  const dilation = triple(window.dilation, 1);
  const before = triple(
    window.padding.map((p) => p[0]),
    0,
  );
  const mapOf = (axis: 0 | 1 | 2): Int32Array => {
    const map = new Int32Array(k[axis] * s[axis]);
    for (let t = 0; t < k[axis]; t++)
      for (let o = 0; o < s[axis]; o++) {
        const at = o * stride[axis] + t * dilation[axis] - before[axis];
        map[t * s[axis] + o] = padded(at, l[axis], mode);
      }
    return map;
  };
  const maps = [mapOf(0), mapOf(1), mapOf(2)] as const;
  return {
    large: l,
    small: s,
    kernel: k,
    maps,
    places: placesOf(l, s, k, maps),
    runs: runsOf(k[2], s[2], maps[2]),
    largeSize: l[0] * l[1] * l[2],
    smallSize: s[0] * s[1] * s[2],
    kernelSize: k[0] * k[1] * k[2],
  };
}

/** Lines at least so long are walked; tables at most so large stay in a cache. */
const LONG_LINE = 64;
const LARGEST_TABLE = 1 << 15;

function placesOf(l: Triple, s: Triple, k: Triple, [m0, m1, m2]: Geometry['maps']): Int32Array | undefined {
  const size = s[0] * s[1] * s[2];
  const taps = k[0] * k[1] * k[2];
  if (s[2] >= LONG_LINE || taps * size > LARGEST_TABLE) return undefined;
  const places = new Int32Array(taps * size);
  let at = 0;
  for (let t0 = 0; t0 < k[0]; t0++)
    for (let t1 = 0; t1 < k[1]; t1++)
      for (let t2 = 0; t2 < k[2]; t2++)
        for (let a = 0; a < s[0]; a++)
          for (let b = 0; b < s[1]; b++)
            for (let c = 0; c < s[2]; c++) {
              const [z, y, x] = [m0[t0 * s[0] + a]!, m1[t1 * s[1] + b]!, m2[t2 * s[2] + c]!];
              places[at++] = z < 0 || y < 0 || x < 0 ? -1 : (z * l[1] + y) * l[2] + x;
            }
  return places;
}

/**
 * Visits, for one offset within the window, each line of small places: where the line starts in the small map, where
 * its row starts in the large one, and the window's map along the last axis (from `mapAt` on). Rows outside are left out.
 */
export function eachLine(g: Geometry, tap: number, visit: (small: number, row: number, mapAt: number) => void): void {
  const [, k1, k2] = g.kernel;
  const [s0, s1, s2] = g.small;
  const [, l1, l2] = g.large;
  const t2 = tap % k2;
  const t1 = Math.floor(tap / k2) % k1;
  const t0 = Math.floor(tap / (k1 * k2));
  const [m0, m1] = g.maps;
  for (let a = 0; a < s0; a++) {
    const z = m0[t0 * s0 + a]!;
    if (z < 0) continue;
    for (let b = 0; b < s1; b++) {
      const y = m1[t1 * s1 + b]!;
      if (y >= 0) visit((a * s1 + b) * s2, (z * l1 + y) * l2, t2 * s2);
    }
  }
}

/** Along the last axis, the places [first, last) of a window's offset that lie inside, and whether they are `step` apart throughout. */
export interface Run {
  readonly first: number;
  readonly last: number;
  readonly step: number;
}

function runsOf(kernel: number, n: number, map: Int32Array): (Run | undefined)[] {
  return Array.from({ length: kernel }, (_, t) => {
    let first = 0;
    while (first < n && map[t * n + first]! < 0) first++;
    let last = n;
    while (last > first && map[t * n + last - 1]! < 0) last--;
    const step = last - first > 1 ? map[t * n + first + 1]! - map[t * n + first]! : 1;
    for (let o = first + 1; o < last; o++) if (map[t * n + o]! - map[t * n + o - 1]! !== step) return undefined;
    return { first, last, step };
  });
}
