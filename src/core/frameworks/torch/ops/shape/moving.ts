import { constant, mixture } from '../../../../initializers/index.js';
import type { Operation } from '../../../../model/index.js';
import type { Runtime, Tuple } from '../../../../python/values/index.js';
import type { Tensor } from '../../tensor.js';
import { axesOf, axisOf } from '../kit/axes.js';
import { op, type Family, type Table } from '../kit/define.js';
import { entries } from '../kit/entries.js';
import { compute, opaque } from '../kit/make.js';
import { hasRank, isComplete, plus, type Shape } from '../kit/sizes.js';
import { integer, itemsOf } from '../kit/values.js';
import { diagonalLength } from '../creation/matrices.js';
import { contiguous, gather, view } from '../storage/layout.js';
import { distributionOf } from '../storage/write.js';
import { permute } from './permute.js';
import { flattenAxes, reshapeTo } from './reshape.js';

/** The same entries elsewhere: `from` gives, for each place of the result, the place along an axis that it comes from. */
function moved(
  rt: Runtime,
  x: Tensor,
  operation: Operation,
  from: (at: number, axis: number, size: number) => number,
): Tensor {
  return compute(rt, operation, [x], { shape: x.shape, dtype: x.dtype }, () => ({
    distribution: distributionOf(x),
    data: movedEntries(x, from),
    setBy: x.storage?.setBy,
  }));
}

function movedEntries(x: Tensor, from: (at: number, axis: number, size: number) => number): number[] | null {
  const data = entries(x);
  if (!data || !isComplete(x.shape)) return null;
  const { shape } = x;
  const { strides } = contiguous(shape);
  return data.map((_, i) => {
    let rest = i;
    let at = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const size = shape[axis]!;
      at += from(rest % size, axis, size) * strides[axis]!;
      rest = Math.floor(rest / size);
    }
    return data[at]!;
  });
}

function flipAxes(rt: Runtime, x: Tensor, axes: readonly number[]): Tensor {
  return moved(rt, x, { kind: 'roll', flipped: axes }, (at, axis, size) => (axes.includes(axis) ? size - 1 - at : at));
}

const flip = op('flip', 'input, *dims', (x, a, rt) => {
  if (!hasRank(x.shape)) return flipAxes(rt, x, []);
  const rank = x.shape.length;
  const axes = (a.dims as Tuple).items.flatMap((d) => itemsOf(d, rt) ?? [d]).map((d) => axisOf(d, rank, rt));
  return flipAxes(rt, x, axes);
});

const roll = op('roll', 'input, shifts, dims=None', (x, a, rt) => {
  const shifts = (itemsOf(a.shifts, rt) ?? [a.shifts]).map((s) => integer(s, 'shifts', rt));
  if (!hasRank(x.shape)) return moved(rt, x, { kind: 'roll' }, (at) => at);
  if (a.dims === null) {
    const flat = flattenAxes(rt, x, 0, -1);
    const by = shifts[0] ?? 0;
    return reshapeTo(
      rt,
      moved(
        rt,
        flat,
        { kind: 'roll', shifts: [{ axis: 0, by }] },
        (at, _axis, size) => (((at - by) % size) + size) % size,
      ),
      x.shape,
    );
  }
  const axes = axesOf(a.dims, x.shape.length, rt);
  const moves = axes.map((axis, i) => ({ axis, by: shifts[i] ?? 0 }));
  return moved(rt, x, { kind: 'roll', shifts: moves }, (at, axis, size) => {
    const by = shifts[axes.indexOf(axis)] ?? 0;
    return axes.includes(axis) ? (((at - by) % size) + size) % size : at;
  });
});

const rot90 = op('rot90', 'input, k=1, dims=None', (x, a, rt) => {
  if (!hasRank(x.shape)) return x;
  const rank = x.shape.length;
  const [i = 0, j = 1] = a.dims === null ? [0, 1] : axesOf(a.dims, rank, rt);
  const turns = ((integer(a.k, 'k', rt) % 4) + 4) % 4;
  const swapped = x.shape.map((_, k) => (k === i ? j : k === j ? i : k));
  if (turns === 0) return x;
  if (turns === 2) return flipAxes(rt, x, [i, j]);
  return turns === 1 ? permute(rt, flipAxes(rt, x, [j]), swapped) : flipAxes(rt, permute(rt, x, swapped), [j]);
});

const diagonal = op('diagonal', 'input, offset=0, dim1=0, dim2=1', (x, a, rt) => {
  if (!hasRank(x.shape)) return opaque(rt, 'diagonal', x.shape.reason, [x], { shape: x.shape });
  const rank = x.shape.length;
  const [i, j, k] = [axisOf(a.dim1, rank, rt), axisOf(a.dim2, rank, rt), integer(a.offset, 'offset', rt)];
  const own = x.shape;
  const shape = [...own.filter((_, n) => n !== i && n !== j), diagonalLength(own[i]!, own[j]!, k)];
  return view(rt, x, { kind: 'select' }, shape, (l) => {
    const [si, sj] = [l.strides[i]!, l.strides[j]!];
    const offset = l.offset + (k >= 0 ? k * sj : -k * si);
    return { offset, strides: [...l.strides.filter((_, n) => n !== i && n !== j), si + sj] };
  });
});

const diagEmbed = op('diag_embed', 'input, offset=0, dim1=-2, dim2=-1', (x, a, rt) => {
  const k = integer(a.offset, 'offset', rt);
  if (hasRank(x.shape) && x.shape.length === 0)
    rt.raise('IndexError', 'Dimension out of range (expected to be in range of [-1, 0], but got -2)');
  const shape: Shape = hasRank(x.shape)
    ? [...x.shape.slice(0, -1), plus(x.shape.at(-1)!, Math.abs(k)), plus(x.shape.at(-1)!, Math.abs(k))]
    : x.shape;
  const operation = { kind: 'opaque', name: 'diag_embed', reason: 'diagonal matrices of computed values' } as const;
  return compute(rt, operation, [x], { shape, dtype: x.dtype }, () => {
    const size = hasRank(shape) ? shape.at(-1) : undefined;
    const share = typeof size === 'number' ? (size - Math.abs(k)) / (size * size) : NaN;
    if (Number.isNaN(share)) return { distribution: { kind: 'unknown', reason: 'a diagonal matrix of unknown size' } };
    const distribution = mixture([
      { fraction: share, distribution: distributionOf(x) },
      { fraction: 1 - share, distribution: constant(0) },
    ]);
    return { distribution };
  });
});

/** `trace`: the sum of the diagonal. */
const trace = op('trace', 'input', (x, _a, rt) => {
  if (hasRank(x.shape) && x.shape.length !== 2) rt.raise('RuntimeError', 'trace: expected a matrix');
  const data = entries(x);
  return compute(
    rt,
    { kind: 'opaque', name: 'trace', reason: 'the trace of a matrix' },
    [x],
    { shape: [], dtype: x.dtype },
    () => {
      if (!data || !isComplete(x.shape)) return { distribution: { kind: 'unknown', reason: 'the trace of a matrix' } };
      const columns = x.shape[1]!;
      const steps = Math.min(x.shape[0]!, columns);
      const sum = gather((place) => data[place]!, [steps], { offset: 0, strides: [columns + 1] }).reduce(
        (p, q) => p + q,
        0,
      );
      return { distribution: constant(sum), data: [sum] };
    },
  );
});

const functions: Table = {
  flip,
  fliplr: op('fliplr', 'input', (x, _a, rt) => flipAxes(rt, x, [1])),
  flipud: op('flipud', 'input', (x, _a, rt) => flipAxes(rt, x, [0])),
  roll,
  rot90,
  diagonal,
  diag_embed: diagEmbed,
  trace,
};

export const moving: Family = { torch: functions, methods: functions };
