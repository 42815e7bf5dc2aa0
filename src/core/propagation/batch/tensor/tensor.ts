import type { Shape } from '../../../model/index.js';

/** Numbers of a run, row-major. Integers and booleans are floats as well. Several tensors may share `data`. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export function sizeOf(shape: readonly number[]): number {
  let n = 1;
  for (const d of shape) n *= d;
  return n;
}

/** How far apart neighbours along each axis are. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i]!;
  }
  return strides;
}

/** The shape in numbers; undefined where a size is not known. */
export function numbersOf(shape: Shape): readonly number[] | undefined {
  return shape.every((d) => typeof d === 'number') ? shape : undefined;
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((d, i) => d === b[i]);
}

/** The shape seen as (outer, axis, inner). */
export function around(shape: readonly number[], axis: number): { outer: number; size: number; inner: number } {
  return { outer: sizeOf(shape.slice(0, axis)), size: shape[axis] ?? 1, inner: sizeOf(shape.slice(axis + 1)) };
}
