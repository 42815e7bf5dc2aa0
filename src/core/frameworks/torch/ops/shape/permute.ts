import type { Runtime, Tuple } from '../../../../python/values/index.js';
import type { Size, Tensor } from '../../tensor.js';
import { isWeight } from '../../trace.js';
import { axisNumber, axisOf } from '../kit/axes.js';
import { op, type Family } from '../kit/define.js';
import { isTraced } from '../kit/make.js';
import { hasRank } from '../kit/sizes.js';
import { integer, itemsOf } from '../kit/values.js';
import { view } from '../storage/layout.js';

/**
 * Parameters that were transposed (`x @ self.weight.t()`): a product with one is still a linear layer. The transposed
 * tensor, and the parameter that it came from.
 */
const transposedFrom = new WeakMap<Tensor, Tensor>();

export function parameterBehind(t: Tensor): Tensor | undefined {
  return transposedFrom.get(t);
}

export function permute(rt: Runtime, x: Tensor, axes: readonly number[]): Tensor {
  if (!hasRank(x.shape)) return x;
  if (axes.every((a, i) => a === i) && isTraced([x])) return x;
  const shape = axes.map((a) => (x.shape as readonly Size[])[a]!);
  const result = view(rt, x, { kind: 'permute', axes }, shape, (l) => ({
    offset: l.offset,
    strides: axes.map((a) => l.strides[a]!),
  }));
  if (isWeight(x) && axes.length === 2 && axes[0] === 1) transposedFrom.set(result, x);
  return result;
}

export function transpose(rt: Runtime, x: Tensor, a: number, b: number): Tensor {
  if (!hasRank(x.shape)) return x;
  const rank = x.shape.length;
  const [i, j] = [axisNumber(a, rank, rt), axisNumber(b, rank, rt)];
  if (i === j || rank < 2) return x;
  const axes = x.shape.map((_, k) => (k === i ? j : k === j ? i : k));
  return permute(rt, x, axes);
}

/** All axes reversed (`x.T`). */
export function reversed(rt: Runtime, x: Tensor): Tensor {
  if (!hasRank(x.shape)) return x;
  const rank = x.shape.length;
  return permute(
    rt,
    x,
    x.shape.map((_, i) => rank - 1 - i),
  );
}

/** Axis `from[k]` goes to `to[k]`; the others keep their order. */
export function moveAxes(rt: Runtime, x: Tensor, from: readonly number[], to: readonly number[]): Tensor {
  if (!hasRank(x.shape)) return x;
  const axes = new Array<number>(x.shape.length).fill(-1);
  for (const [k, axis] of from.entries()) axes[to[k]!] = axis;
  const rest = x.shape.map((_, i) => i).filter((i) => !from.includes(i));
  for (let i = 0; i < axes.length; i++) if (axes[i] === -1) axes[i] = rest.shift()!;
  return permute(rt, x, axes);
}

const permuteFunction = op('permute', 'input, *dims', (x, a, rt) => {
  if (!hasRank(x.shape)) return x;
  const given = (a.dims as Tuple).items;
  const items = given.length === 1 && given[0] !== undefined ? (itemsOf(given[0], rt) ?? given) : given;
  const rank = x.shape.length;
  if (items.length !== rank)
    rt.raise(
      'RuntimeError',
      `permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired ordering of dimensions i.e. input.dim() = ${String(rank)} is not equal to len(dims) = ${String(items.length)}`,
    );
  const axes = items.map((d) => axisOf(d, rank, rt));
  if (new Set(axes).size < rank) rt.raise('RuntimeError', 'permute(): duplicate dims are not allowed.');
  return permute(rt, x, axes);
});

const transposeFunction = op('transpose', 'input, dim0, dim1', (x, a, rt) =>
  transpose(rt, x, integer(a.dim0, 'dim0', rt), integer(a.dim1, 'dim1', rt)),
);
const swap = op('swapaxes', 'input, axis0, axis1', (x, a, rt) =>
  transpose(rt, x, integer(a.axis0, 'axis0', rt), integer(a.axis1, 'axis1', rt)),
);
const t = op('t', 'input', (x, _a, rt) => {
  if (hasRank(x.shape) && x.shape.length > 2)
    rt.raise('RuntimeError', `t() expects a tensor with <= 2 dimensions, but self is ${String(x.shape.length)}D`);
  return reversed(rt, x);
});
const movedim = op('movedim', 'input, source, destination', (x, a, rt) => {
  if (!hasRank(x.shape)) return x;
  const rank = x.shape.length;
  const read = (v: typeof a.source): number[] => (itemsOf(v, rt) ?? [v]).map((d) => axisOf(d, rank, rt));
  return moveAxes(rt, x, read(a.source), read(a.destination));
});
const adjoint = op('adjoint', 'input', (x, _a, rt) => transpose(rt, x, -2, -1));

const functions = {
  permute: permuteFunction,
  transpose: transposeFunction,
  swapaxes: swap,
  swapdims: swap,
  t,
  movedim,
  moveaxis: movedim,
  adjoint,
};

export const permuting: Family = { torch: functions, methods: functions };
