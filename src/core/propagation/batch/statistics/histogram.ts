import type { LinearHistogram, OctaveHistogram } from '../../../model/index.js';

const BINS = 40;

/** 40 equal bins over [−limit, limit], limit a power of two of at least four root mean squares; what lies outside counts in the outermost. */
export function linearHistogram(x: Float32Array, rms: number, stride: number): LinearHistogram {
  const limit = rms > 0 && Number.isFinite(rms) ? Math.pow(2, Math.ceil(Math.log2(4 * rms))) : 1;
  const counts = new Array<number>(BINS).fill(0);
  const scale = BINS / (2 * limit);
  for (let i = 0; i < x.length; i += stride) {
    const bin = Math.floor((x[i]! + limit) * scale);
    // A NaN fails both comparisons and is left out.
    const at = bin < 0 ? 0 : bin >= BINS ? BINS - 1 : bin;
    if (at === at) counts[at] = counts[at]! + 1;
  }
  return { limit, counts };
}

/** The same entries in bins of twice the width. */
function widened(h: LinearHistogram): LinearHistogram {
  const counts = new Array<number>(BINS).fill(0);
  h.counts.forEach((n, i) => {
    const at = BINS / 4 + Math.floor(i / 2);
    counts[at] = counts[at]! + n;
  });
  return { limit: 2 * h.limit, counts };
}

export function mergeLinear(all: readonly LinearHistogram[]): LinearHistogram | undefined {
  const limit = Math.max(...all.map((h) => h.limit));
  const alike = all.map((h) => {
    let own = h;
    while (own.limit < limit) own = widened(own);
    return own.counts;
  });
  return alike.length === 0 ? undefined : { limit, counts: sum(alike) };
}

/** How many entries have a magnitude in [2^(lowest+i), 2^(lowest+i+1)); smaller ones count as zeros. */
export function octaveHistogram(x: Float32Array, stride: number): OctaveHistogram {
  // Without its sign a float is ordered as the integer of the same bits, and begins with its exponent.
  const bits = new Int32Array(x.buffer, x.byteOffset, x.length);
  let top = 0;
  for (let i = 0; i < bits.length; i += stride) top = Math.max(top, bits[i]! & MAGNITUDE);
  const lowest = (top > 0 && top < INFINITE ? octaveOf(top) : 0) - BINS + 1;
  const counts = new Array<number>(BINS).fill(0);
  let zeros = 0;
  for (let i = 0; i < bits.length; i += stride) {
    const bin = octaveOf(bits[i]! & MAGNITUDE) - lowest;
    if (bin >= 0 && bin < BINS) counts[bin] = counts[bin]! + 1;
    else zeros++;
  }
  return { lowest, counts, zeros };
}

const MAGNITUDE = 0x7fffffff;
const INFINITE = 0x7f800000;

/** ⌊log₂|x|⌋ of the bits of |x|. */
function octaveOf(magnitude: number): number {
  if (magnitude >= INFINITE) return Infinity;
  // Below the smallest normal float the bits count steps of 2^-149; of 0 it is −∞.
  return magnitude < 0x00800000 ? Math.floor(Math.log2(magnitude)) - 149 : (magnitude >> 23) - 127;
}

export function mergeOctaves(all: readonly OctaveHistogram[]): OctaveHistogram | undefined {
  if (all.length === 0) return undefined;
  const lowest = Math.max(...all.map((h) => h.lowest));
  let zeros = 0;
  const alike = all.map((h) => {
    const shift = lowest - h.lowest;
    zeros += h.zeros + h.counts.slice(0, shift).reduce((a, b) => a + b, 0);
    return [...h.counts.slice(shift), ...new Array<number>(Math.min(shift, BINS)).fill(0)];
  });
  return { lowest, counts: sum(alike), zeros };
}

function sum(lists: readonly (readonly number[])[]): number[] {
  return Array.from({ length: BINS }, (_, i) => lists.reduce((total, l) => total + (l[i] ?? 0), 0));
}
