import type { Runtime } from '../../values/runtime.js';
import { Slice, Unknown, type Value } from '../../values/index.js';
import { toIndex } from './numbers.js';

/** The bounds that a slice has on a sequence of `length` items, as `slice.indices` gives them. */
export function sliceBounds(
  slice: Slice,
  length: number,
  runtime: Runtime,
): { start: number; stop: number; step: number } | Unknown {
  const step = slice.step === null ? 1 : toIndex(slice.step, runtime);
  if (step instanceof Unknown) return step;
  if (step === 0) runtime.raise('ValueError', 'slice step cannot be zero');
  const clamp = (value: Value, standard: number): number | Unknown => {
    if (value === null) return standard;
    const index = toIndex(value, runtime);
    if (index instanceof Unknown) return index;
    const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
    return Math.min(Math.max(index < 0 ? index + length : index, low), high);
  };
  const start = clamp(slice.start, step > 0 ? 0 : length - 1);
  const stop = clamp(slice.stop, step > 0 ? length : -1);
  if (start instanceof Unknown) return start;
  if (stop instanceof Unknown) return stop;
  return { start, stop, step };
}

/** The positions that a slice names. */
export function slicePositions(slice: Slice, length: number, runtime: Runtime): number[] | Unknown {
  const bounds = sliceBounds(slice, length, runtime);
  if (bounds instanceof Unknown) return bounds;
  const { start, stop, step } = bounds;
  const out: number[] = [];
  for (let i = start; step > 0 ? i < stop : i > stop; i += step) out.push(i);
  return out;
}

/** `start` and `stop` as `str.find`, `list.index` and their like take them. */
export function searchRange(
  start: Value,
  stop: Value,
  length: number,
  runtime: Runtime,
): { start: number; stop: number } | Unknown {
  return sliceBounds(new Slice(start, stop, null), length, runtime);
}
