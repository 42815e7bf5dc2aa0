import { bounded } from '../../../../python/values/bounds.js';
import type { NativeFunction, Runtime, Value } from '../../../../python/values/index.js';
import type { Size } from '../../tensor.js';
import { op, type Family, type Table } from '../kit/define.js';
import { entries } from '../kit/entries.js';
import { compute, dataContent, unknownContent } from '../kit/make.js';
import { hasRank, isComplete, type Shape } from '../kit/sizes.js';
import { integer, real, tensorOf } from '../kit/values.js';
import { grouped } from './lanes.js';
import { afterReducing, type Over } from './over.js';
import { largest, smallest } from './totals.js';

/** Between the two entries that a share falls between, as `interpolation` says. */
function quantileOf(group: readonly number[], q: number, interpolation: Value): number {
  const sorted = group.slice().sort((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? NaN;
  const high = sorted[Math.ceil(at)] ?? NaN;
  switch (interpolation) {
    case 'lower':
      return low;
    case 'higher':
      return high;
    case 'midpoint':
      return (low + high) / 2;
    case 'nearest': {
      const rest = at - Math.floor(at);
      return rest < 0.5 || (rest === 0.5 && Math.floor(at) % 2 === 0) ? low : high;
    }
    default:
      return low + (high - low) * (at - Math.floor(at));
  }
}

/** The shares asked for: undefined entries where they aren't known, and the axis that several of them make. */
function shares(q: Value, rt: Runtime): { readonly known: readonly number[] | null; readonly axis: readonly Size[] } {
  const tensor = tensorOf(q);
  if (!tensor) return { known: [real(q, 'q', rt)], axis: [] };
  return { known: entries(tensor), axis: hasRank(tensor.shape) ? tensor.shape : [] };
}

const quantile = (name: string, keep: (v: number) => boolean): NativeFunction =>
  op(name, "input, q, dim=None, keepdim=False, interpolation='linear', out=None", (x, a, rt) => {
    const { known, axis } = shares(a.q, rt);
    const over: Over = { dim: a.dim, keepdim: a.keepdim };
    const { axes, shape: rest } = afterReducing(x, over, rt);
    const shape: Shape = hasRank(rest) ? [...axis, ...rest] : rest;
    const operation = { kind: 'opaque', name, reason: 'a quantile' } as const;
    return compute(rt, operation, [x], { shape }, () => {
      const data = entries(x);
      if (!data || !known || !axes || !isComplete(x.shape)) return unknownContent(`computed by ${name} before forward`);
      const groups = grouped(data, x.shape, axes).map((g) => g.filter(keep));
      return dataContent(
        known.flatMap((q) => groups.map((g) => quantileOf(g, q, a.interpolation))),
        name,
      );
    });
  });

/** Counts in equal bins from `min` to `max`; both zero: from the smallest entry to the largest. */
const histc = op('histc', 'input, bins=100, min=0, max=0, out=None', (x, a, rt) => {
  const bins = integer(a.bins, 'bins', rt);
  if (bins <= 0) rt.raise('RuntimeError', 'torch.histc(): bins must be > 0');
  const given = [real(a.min, 'min', rt), real(a.max, 'max', rt)] as const;
  const operation = { kind: 'opaque', name: 'histc', reason: 'counts of entries' } as const;
  return compute(rt, operation, [x], { shape: [bins], dtype: x.dtype }, () => {
    const data = entries(x);
    return data
      ? dataContent(histogram(data, bins, given), 'histc')
      : unknownContent('counts of entries that are not known');
  });
});

function histogram(data: readonly number[], bins: number, given: readonly [number, number]): number[] {
  let [low, high] = given[0] === given[1] ? [smallest(data), largest(data)] : given;
  if (low === high) [low, high] = [low - 1, high + 1];
  const counts = new Array<number>(bounded(bins)).fill(0);
  for (const v of data) {
    if (!(v >= low && v <= high)) continue;
    const bin = Math.min(bins - 1, Math.floor(((v - low) / (high - low)) * bins));
    counts[bin] = counts[bin]! + 1;
  }
  return counts;
}

const functions: Table = {
  quantile: quantile('quantile', () => true),
  nanquantile: quantile('nanquantile', (v) => !Number.isNaN(v)),
  histc,
};

export const statistics: Family = { torch: functions, methods: functions };
