import type { NativeFunction, Runtime, Value } from '../../../../python/values/index.js';
import type { Size, Tensor } from '../../tensor.js';
import { axisOf } from '../kit/axes.js';
import { op, structure, type Family, type Table } from '../kit/define.js';
import { compute, computeMany, type Outcome } from '../kit/make.js';
import { hasRank, type Shape } from '../kit/sizes.js';
import { flag, integer, sizeOf } from '../kit/values.js';
import { distributionOf } from '../storage/write.js';
import { order } from './lanes.js';
import { reduceOpaquely, without } from './over.js';
import { lineContent } from './running.js';

function axisFor(x: Tensor, dim: Value, rt: Runtime): number {
  return hasRank(x.shape) ? axisOf(dim, x.shape.length, rt) : 0;
}

/** The shape with another size along one axis. */
function resized(x: Tensor, axis: number, size: Size): Shape {
  return hasRank(x.shape) ? x.shape.map((s, i) => (i === axis ? size : s)) : x.shape;
}

function values(line: readonly number[], places: readonly number[]): number[] {
  return places.map((p) => line[p]!);
}

function indices(rt: Runtime, x: Tensor, axis: number, descending: boolean): Tensor {
  const operation = { kind: 'opaque', name: 'argsort', reason: 'places of sorted entries' } as const;
  return compute(rt, operation, [x], { shape: x.shape, dtype: 'int' }, () =>
    lineContent(x, axis, 'argsort', (line) => order(line, descending)),
  );
}

/** The same entries in another order. */
function sorted(rt: Runtime, x: Tensor, axis: number, descending: boolean): Tensor {
  return compute(rt, { kind: 'select' }, [x], { shape: x.shape, dtype: x.dtype }, () => {
    const content = lineContent(x, axis, 'sort', (line) => values(line, order(line, descending)));
    return content.data ? content : { distribution: distributionOf(x), setBy: x.storage?.setBy };
  });
}

const sort = op('sort', 'input, dim=-1, descending=False, stable=False, out=None', (x, a, rt) => {
  const axis = axisFor(x, a.dim, rt);
  const descending = flag(a.descending, rt);
  return structure({ values: sorted(rt, x, axis, descending), indices: indices(rt, x, axis, descending) });
});

const argsort = op('argsort', 'input, dim=-1, descending=False, stable=False', (x, a, rt) =>
  indices(rt, x, axisFor(x, a.dim, rt), flag(a.descending, rt)),
);

const msort = op('msort', 'input, out=None', (x, _a, rt) => sorted(rt, x, 0, false));

/** Some entries of each line and where they stand, chosen by their size. */
function chosen(
  rt: Runtime,
  x: Tensor,
  name: string,
  axis: number,
  shape: Shape,
  choose: ((line: readonly number[]) => readonly number[]) | null,
): Value {
  const outs: Outcome[] = [
    { shape, dtype: x.dtype },
    { shape, dtype: 'int' },
  ];
  const operation = { kind: 'opaque', name, reason: 'entries chosen by their size' } as const;
  const [picked, places] = computeMany(rt, operation, [x], outs, (i) =>
    lineContent(x, axis, name, (line) => (i === 0 ? values(line, choose?.(line) ?? []) : (choose?.(line) ?? []))),
  ) as [Tensor, Tensor];
  return structure({ values: picked, indices: places });
}

const topk = op('topk', 'input, k, dim=-1, largest=True, sorted=True, out=None', (x, a, rt) => {
  const axis = axisFor(x, a.dim, rt);
  const k = sizeOf(a.k, rt);
  const length = hasRank(x.shape) ? (x.shape[axis] ?? 1) : undefined;
  if (typeof k === 'number' && typeof length === 'number' && (k > length || k < 0))
    rt.raise('RuntimeError', 'selected index k out of range');
  const largest = flag(a.largest, rt, true);
  const choose = typeof k === 'number' ? (line: readonly number[]) => order(line, largest).slice(0, k) : null;
  return chosen(rt, x, 'topk', axis, resized(x, axis, k), choose);
});

/** One entry of each line. */
function oneOf(
  rt: Runtime,
  x: Tensor,
  name: string,
  dim: Value,
  keepdim: Value,
  place: (line: readonly number[]) => number,
): Value {
  const axis = axisFor(x, dim, rt);
  const shape = hasRank(x.shape) ? without(x.shape, [axis], flag(keepdim, rt)) : x.shape;
  return chosen(rt, x, name, axis, shape, (line) => [place(line)]);
}

const kthvalue = op('kthvalue', 'input, k, dim=-1, keepdim=False, out=None', (x, a, rt) => {
  const k = integer(a.k, 'k', rt);
  return oneOf(rt, x, 'kthvalue', a.dim, a.keepdim, (line) => order(line, false)[k - 1] ?? 0);
});

/** The place of the lower of two middle entries. */
const middle = (line: readonly number[]): number => order(line, false)[Math.floor((line.length - 1) / 2)] ?? 0;

/** The most frequent entry, the smallest of several; where it stands last. */
function mostFrequent(line: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const v of line) counts.set(v, (counts.get(v) ?? 0) + 1);
  const [best] = [...counts].sort(([v, n], [w, m]) => m - n || v - w);
  return best ? line.lastIndexOf(best[0]) : 0;
}

const median = (name: string): NativeFunction =>
  op(name, 'input, dim=None, keepdim=False, out=None', (x, a, rt) => {
    if (a.dim !== null) return oneOf(rt, x, name, a.dim, a.keepdim, middle);
    const all = { dim: null, keepdim: false };
    return reduceOpaquely(rt, x, name, 'the middle entry', all, (line) => line[middle(line)] ?? NaN);
  });

const functions: Table = {
  sort,
  argsort,
  msort,
  topk,
  kthvalue,
  median: median('median'),
  nanmedian: median('nanmedian'),
  mode: op('mode', 'input, dim=-1, keepdim=False, out=None', (x, a, rt) =>
    oneOf(rt, x, 'mode', a.dim, a.keepdim, mostFrequent),
  ),
};

export const sorting: Family = { torch: functions, methods: functions };
