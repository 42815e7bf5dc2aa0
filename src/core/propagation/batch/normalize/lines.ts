import type { Tensor } from '../tensor/tensor.js';
import type { Statistics } from './channels.js';

/** Normalization of each line of `width` entries (layer norm; `centred` is false for RMS norm), with a scale and shift per place. */
export function lineStatistics(x: Tensor, width: number, eps: number, centred: boolean): Statistics {
  const { data } = x;
  const count = data.length / width;
  const [mean, inverse] = [new Float64Array(count), new Float64Array(count)];
  for (let k = 0; k < count; k++) {
    const [start, end] = [k * width, (k + 1) * width];
    let sum = 0;
    if (centred) for (let i = start; i < end; i++) sum += data[i]!;
    const m = sum / width;
    let squares = 0;
    for (let i = start; i < end; i++) {
      const d = data[i]! - m;
      squares += d * d;
    }
    mean[k] = m;
    inverse[k] = 1 / Math.sqrt(squares / width + eps);
  }
  return { mean, inverse };
}

export function normalizeLines(
  x: Tensor,
  y: Tensor,
  width: number,
  s: Statistics,
  scale: Tensor | undefined,
  shift: Tensor | undefined,
): void {
  const [from, to] = [x.data, y.data];
  for (let k = 0, i = 0; i < from.length; k++) {
    const [m, r] = [s.mean[k]!, s.inverse[k]!];
    for (let j = 0; j < width; j++, i++) to[i] = (from[i]! - m) * r * (scale?.data[j] ?? 1) + (shift?.data[j] ?? 0);
  }
}

export function linesBack(
  x: Tensor,
  g: Tensor,
  out: Tensor,
  width: number,
  s: Statistics,
  scale: Tensor | undefined,
  parameters: { readonly toScale: Float64Array; readonly toShift: Float64Array },
  centred: boolean,
): void {
  const { toScale, toShift } = parameters;
  const [xs, gs, to] = [x.data, g.data, out.data];
  for (let k = 0; k * width < xs.length; k++) {
    const start = k * width;
    const [m, r] = [s.mean[k]!, s.inverse[k]!];
    let sum = 0;
    let along = 0;
    for (let j = 0; j < width; j++) {
      const own = gs[start + j]!;
      const normalized = (xs[start + j]! - m) * r;
      toShift[j] = toShift[j]! + own;
      toScale[j] = toScale[j]! + own * normalized;
      const weighted = own * (scale?.data[j] ?? 1);
      sum += weighted;
      along += weighted * normalized;
    }
    const mean = centred ? sum / width : 0;
    const slope = along / width;
    for (let j = 0; j < width; j++)
      to[start + j] = r * (gs[start + j]! * (scale?.data[j] ?? 1) - mean - (xs[start + j]! - m) * r * slope);
  }
}
