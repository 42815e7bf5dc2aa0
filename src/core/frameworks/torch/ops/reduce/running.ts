import type { NativeFunction, Value } from '../../../../python/values/index.js';
import { kindOf } from '../../dtype.js';
import type { DType, Tensor } from '../../tensor.js';
import { axisOf } from '../kit/axes.js';
import { op, optionalTensor, structure, type Family, type Table } from '../kit/define.js';
import { entries } from '../kit/entries.js';
import { compute, computeMany, dataContent, opaque, unknownContent, type Content } from '../kit/make.js';
import { hasRank, isComplete } from '../kit/sizes.js';
import { real } from '../kit/values.js';
import { alongAxis } from './lanes.js';
import { without } from './over.js';
import { sumOf } from './totals.js';

type Line = readonly number[];

/** What a line becomes when `f` carries a value along it. */
function scan(line: Line, f: (carried: number, v: number) => number): number[] {
  const out: number[] = [];
  for (const [i, v] of line.entries()) out.push(i === 0 ? v : f(out[i - 1]!, v));
  return out;
}

/** Entries along an axis that are known, each line changed by `f`. */
export function lineContent(x: Tensor, axis: number, name: string, f: (line: number[]) => Line): Content {
  const data = entries(x);
  if (!data || !isComplete(x.shape)) return unknownContent(`computed by ${name} before forward`);
  return dataContent(x.shape.length === 0 ? f(data.slice()).slice() : alongAxis(data, x.shape, axis, f), name);
}

function integers(x: Tensor, dtype: Value): DType {
  return kindOf(dtype) ?? (x.dtype === 'bool' ? 'int' : x.dtype);
}

const SIGNATURE = 'input, dim, dtype=None, out=None';

const running = (name: string, how: 'sum' | 'prod', f: (a: number, b: number) => number): NativeFunction =>
  op(name, SIGNATURE, (x, a, rt) => {
    const out = { shape: x.shape, dtype: integers(x, a.dtype) };
    if (!hasRank(x.shape)) return opaque(rt, name, 'the number of axes is not known', [x], out);
    const axis = axisOf(a.dim, x.shape.length, rt);
    return compute(rt, { kind: 'cumulate', how, axis }, [x], out, () => lineContent(x, axis, name, (l) => scan(l, f)));
  });

/** Running extremes and where each stands; the last of equal ones. */
const runningExtreme = (name: string, isNew: (best: number, v: number) => boolean): NativeFunction =>
  op(name, 'input, dim, out=None', (x, a, rt) => {
    const axis = hasRank(x.shape) ? axisOf(a.dim, x.shape.length, rt) : 0;
    const places = (line: Line): number[] => {
      let best = 0;
      return line.map((v, i) => (best = isNew(line[best]!, v) ? i : best));
    };
    const [values, indices] = computeMany(
      rt,
      { kind: 'opaque', name, reason: 'running extremes' },
      [x],
      [
        { shape: x.shape, dtype: x.dtype },
        { shape: x.shape, dtype: 'int' },
      ],
      (i) => lineContent(x, axis, name, (line) => (i === 0 ? places(line).map((p) => line[p]!) : places(line))),
    ) as [Tensor, Tensor];
    return structure({ values, indices });
  });

const logCumSumExp = op('logcumsumexp', 'input, dim, out=None', (x, a, rt) => {
  const axis = hasRank(x.shape) ? axisOf(a.dim, x.shape.length, rt) : 0;
  const add = (s: number, v: number): number => Math.max(s, v) + Math.log1p(Math.exp(-Math.abs(s - v)));
  const operation = { kind: 'opaque', name: 'logcumsumexp', reason: 'running sums of exponentials' } as const;
  return compute(rt, operation, [x], { shape: x.shape }, () =>
    lineContent(x, axis, 'logcumsumexp', (l) => scan(l, add)),
  );
});

/** The trapezoidal rule along an axis, with steps of `dx` or places `x`. */
const trapezoid = op('trapezoid', 'y, x=None, dx=1, dim=-1', (y, a, rt) => {
  const places = optionalTensor(a.x, 'trapezoid', 'x', rt);
  const reason = 'an integral by the trapezoidal rule';
  if (!hasRank(y.shape)) return opaque(rt, 'trapezoid', reason, [y], { shape: y.shape });
  const axis = axisOf(a.dim, y.shape.length, rt);
  const at = places && hasRank(places.shape) && places.shape.length === 1 ? entries(places) : null;
  const inputs = places ? [y, places] : [y];
  return compute(
    rt,
    { kind: 'opaque', name: 'trapezoid', reason },
    inputs,
    { shape: without(y.shape, [axis], false) },
    () => {
      if (places && !at) return unknownContent(reason);
      const step = at ? 1 : real(a.dx, 'dx', rt);
      return lineContent(y, axis, 'trapezoid', (line) => [
        sumOf(line.slice(1).map((v, i) => ((v + line[i]!) / 2) * (at ? at[i + 1]! - at[i]! : step))),
      ]);
    },
  );
});

const functions: Table = {
  cumsum: running('cumsum', 'sum', (a, b) => a + b),
  cumprod: running('cumprod', 'prod', (a, b) => a * b),
  cummax: runningExtreme('cummax', (best, v) => v >= best),
  cummin: runningExtreme('cummin', (best, v) => v <= best),
  logcumsumexp: logCumSumExp,
};

export const runningTotals: Family = {
  torch: { ...functions, trapezoid, trapz: trapezoid },
  methods: functions,
};
