import { sameShape, stridesOf } from './tensor.js';

/** Strides of a tensor seen in a larger shape (aligned at the end, as broadcasting does): 0 along axes that repeat. */
export function broadcastStrides(own: readonly number[], shape: readonly number[]): number[] {
  const strides = stridesOf(own);
  const lead = shape.length - own.length;
  return shape.map((size, i) => (i < lead || (own[i - lead] === 1 && size !== 1) ? 0 : strides[i - lead]!));
}

export function broadcastShape(...shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(0, ...shapes.map((s) => s.length));
  return Array.from({ length: rank }, (_, i) => {
    let size = 1;
    for (const s of shapes) {
      const d = s[i - (rank - s.length)] ?? 1;
      if (d !== 1) size = d;
    }
    return size;
  });
}

/** One line of a walk: `n` entries, each operand's from its offset on in its own step. */
export type Line = (offsets: readonly number[], steps: readonly number[], n: number) => void;

/**
 * Visits a box line by line. Each operand has a stride for every axis; axes that lie side by side in all operands are
 * joined first, so that lines are as long as they can be.
 */
export function walk(shape: readonly number[], operands: readonly (readonly number[])[], visit: Line): void {
  const { sizes, strides } = joined(shape, operands);
  const last = sizes.length - 1;
  if (sizes.includes(0)) return;
  const steps = strides.map((s) => s[last]!);
  const offsets = operands.map(() => 0);
  const index = new Array<number>(last).fill(0);
  for (;;) {
    visit(offsets, steps, sizes[last]!);
    let axis = last - 1;
    for (; axis >= 0; axis--) {
      index[axis] = index[axis]! + 1;
      for (let k = 0; k < offsets.length; k++) offsets[k] = offsets[k]! + strides[k]![axis]!;
      if (index[axis]! < sizes[axis]!) break;
      for (let k = 0; k < offsets.length; k++) offsets[k] = offsets[k]! - sizes[axis]! * strides[k]![axis]!;
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}

function joined(
  shape: readonly number[],
  operands: readonly (readonly number[])[],
): { sizes: number[]; strides: number[][] } {
  const sizes: number[] = [];
  const strides: number[][] = operands.map(() => []);
  shape.forEach((size, i) => {
    if (size === 1) return;
    const top = sizes.length - 1;
    const fits = top >= 0 && operands.every((s, k) => strides[k]![top] === s[i]! * size);
    if (fits) {
      sizes[top] = sizes[top]! * size;
      operands.forEach((s, k) => (strides[k]![top] = s[i]!));
    } else {
      sizes.push(size);
      operands.forEach((s, k) => strides[k]!.push(s[i]!));
    }
  });
  if (sizes.length === 0) {
    sizes.push(1);
    for (const s of strides) s.push(0);
  }
  return { sizes, strides };
}

/** out += values, summed over the axes along which `outShape` is broadcast to `shape`. */
export function addReduced(
  out: Float32Array,
  outShape: readonly number[],
  values: Float32Array,
  shape: readonly number[],
): void {
  if (sameShape(outShape, shape)) {
    for (let i = 0; i < out.length; i++) out[i] = out[i]! + values[i]!;
    return;
  }
  walk(shape, [broadcastStrides(outShape, shape), stridesOf(shape)], ([o = 0, v = 0], [so = 0, sv = 0], n) => {
    if (so === 0) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += values[v + i * sv]!;
      out[o] = out[o]! + sum;
    } else for (let i = 0; i < n; i++) out[o + i * so] = out[o + i * so]! + values[v + i * sv]!;
  });
}
