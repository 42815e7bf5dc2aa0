import { around, type Tensor } from '../tensor/tensor.js';
import type { RuleContext } from '../types.js';

/** For each place of the result, which places of the source it is made of and with what weights. */
export interface Taps {
  /** Taps of place o are [starts[o], starts[o+1]). */
  readonly starts: Int32Array;
  readonly places: Int32Array;
  readonly weights: Float64Array;
}

type TapsOf = (size: number, out: number) => Taps;

function tapsFrom(out: number, at: (o: number) => readonly (readonly [place: number, weight: number])[]): Taps {
  const lists = Array.from({ length: out }, (_, o) => at(o));
  const starts = new Int32Array(out + 1);
  lists.forEach((l, o) => (starts[o + 1] = starts[o]! + l.length));
  return {
    starts,
    places: Int32Array.from(lists.flatMap((l) => l.map(([place]) => place))),
    weights: Float64Array.from(lists.flatMap((l) => l.map(([, weight]) => weight))),
  };
}

/** Means over adaptive windows; also torch's mode "area". */
export function averageTaps(size: number, out: number): Taps {
  return tapsFrom(out, (o) => {
    const [first, last] = [Math.floor((o * size) / out), Math.ceil(((o + 1) * size) / out)];
    return Array.from({ length: last - first }, (_, i) => [first + i, 1 / (last - first)] as const);
  });
}

export function nearestTaps(size: number, out: number): Taps {
  return tapsFrom(out, (o) => [[Math.min(size - 1, Math.floor((o * size) / out)), 1]]);
}

/** Where place o of the result lies in the source, as torch's `area_pixel_compute_source_index`. */
function sourceOf(o: number, size: number, out: number, corners: boolean): number {
  if (corners) return out > 1 ? (o * (size - 1)) / (out - 1) : 0;
  return ((o + 0.5) * size) / out - 0.5;
}

export function linearTaps(size: number, out: number, corners: boolean): Taps {
  return tapsFrom(out, (o) => {
    const at = Math.max(0, sourceOf(o, size, out, corners));
    const first = Math.min(size - 1, Math.floor(at));
    const part = Math.min(1, at - first);
    return first + 1 < size
      ? [
          [first, 1 - part],
          [first + 1, part],
        ]
      : [[first, 1]];
  });
}

/** Keys' cubic convolution with a = −0.75, the border repeated. */
export function cubicTaps(size: number, out: number, corners: boolean): Taps {
  const a = -0.75;
  const near = (t: number): number => ((a + 2) * t - (a + 3)) * t * t + 1;
  const far = (t: number): number => ((a * t - 5 * a) * t + 8 * a) * t - 4 * a;
  return tapsFrom(out, (o) => {
    const at = sourceOf(o, size, out, corners);
    const first = Math.floor(at);
    const t = at - first;
    const weights = [far(t + 1), near(t), near(1 - t), far(2 - t)];
    return weights.map((w, i) => [Math.min(size - 1, Math.max(0, first - 1 + i)), w] as const);
  });
}

/** x with its spatial axes (from 2 on) resampled one after the other to `shape`. */
export function resample(c: RuleContext, x: Tensor, shape: readonly number[], taps: TapsOf): Tensor {
  let now = x;
  for (let axis = 2; axis < shape.length; axis++) {
    if (x.shape[axis] === shape[axis] && axis + 1 < shape.length) continue;
    const t = taps(x.shape[axis]!, shape[axis]!);
    const next = c.make(now.shape.map((d, i) => (i === axis ? shape[axis]! : d)));
    const { outer, size, inner } = around(now.shape, axis);
    const to = shape[axis]!;
    for (let o = 0; o < outer; o++)
      for (let p = 0; p < to; p++)
        for (let k = t.starts[p]!; k < t.starts[p + 1]!; k++) {
          const from = (o * size + t.places[k]!) * inner;
          const at = (o * to + p) * inner;
          const w = t.weights[k]!;
          for (let i = 0; i < inner; i++) next.data[at + i] = next.data[at + i]! + w * now.data[from + i]!;
        }
    if (now !== x) c.release(now);
    now = next;
  }
  return now;
}

/** The adjoint of `resample`, from the result's gradient back to `shape`. */
export function resampleBack(c: RuleContext, g: Tensor, shape: readonly number[], taps: TapsOf): Tensor {
  let now = g;
  for (let axis = shape.length - 1; axis >= 2; axis--) {
    if (g.shape[axis] === shape[axis] && axis + 1 < shape.length) continue;
    const t = taps(shape[axis]!, g.shape[axis]!);
    const next = c.make(now.shape.map((d, i) => (i === axis ? shape[axis]! : d)));
    const { outer, size, inner } = around(now.shape, axis);
    const to = shape[axis]!;
    for (let o = 0; o < outer; o++)
      for (let p = 0; p < size; p++)
        for (let k = t.starts[p]!; k < t.starts[p + 1]!; k++) {
          const from = (o * size + p) * inner;
          const at = (o * to + t.places[k]!) * inner;
          const w = t.weights[k]!;
          for (let i = 0; i < inner; i++) next.data[at + i] = next.data[at + i]! + w * now.data[from + i]!;
        }
    if (now !== g) c.release(now);
    now = next;
  }
  return now;
}
