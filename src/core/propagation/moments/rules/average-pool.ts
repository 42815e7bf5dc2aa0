import type { Operation, Window } from '../../../model/index.js';
import { mainRole, sizesOf } from '../axes.js';
import { axisSize, type Field } from '../field.js';
import { mappedAlong, transposed, type AxisMap } from '../near.js';
import type { Gradient, RuleContext } from '../types.js';
import { alongWindow, spreadProfiles, type PoolShape } from './pool-shape.js';

/** What an average pooling makes of each axis: the entries that it sums, and their weights. */
export function averageMaps(
  op: Extract<Operation, { kind: 'pool' | 'adaptivePool' }>,
  c: RuleContext,
): (AxisMap | undefined)[] {
  const inSizes = sizesOf(c.inputShapes[0] ?? []);
  const outSizes = sizesOf(c.outputShapes[0] ?? []);
  const spatial = op.kind === 'pool' ? op.window.kernel.length : op.output.length;
  const first = inSizes.length - spatial;
  return inSizes.map((size, i) => {
    if (i < first) return undefined;
    const out = outSizes[i] ?? 1;
    return op.kind === 'pool' ? windowMap(op.window, op.countPadding, i - first, size, out) : adaptiveMap(size, out);
  });
}

function windowMap(window: Window, countPadding: boolean, axis: number, size: number, out: number): AxisMap {
  const rows = Array.from({ length: out }, () => [] as number[]);
  alongWindow(size, out, window, axis, (o, i) => rows[o]?.push(i));
  return rows.map((index) => {
    const weight = 1 / Math.max(1, countPadding ? (window.kernel[axis] ?? 1) : index.length);
    return { index, weight: index.map(() => weight) };
  });
}

/** torch cuts [⌊i·in/out⌋, ⌈(i+1)·in/out⌉). */
function adaptiveMap(size: number, out: number): AxisMap {
  return Array.from({ length: out }, (_, o) => {
    const from = Math.floor((o * size) / out);
    const to = Math.max(from + 1, Math.ceil(((o + 1) * size) / out));
    const index = Array.from({ length: to - from }, (_, k) => from + k);
    return { index, weight: index.map(() => 1 / index.length) };
  });
}

export function averagedField(x: Field, s: PoolShape, maps: readonly (AxisMap | undefined)[]): Field {
  const share = maps.reduce((p, m) => (m === undefined ? p : p * meanWeight(m)), 1);
  const mapped = mappedAlong(x, mainRole(x.axes[x.axes.length - 1]), maps);
  return {
    mean: x.mean * share,
    kernel: mapped.kernel,
    near: mapped.near,
    scale: x.scale,
    axes: s.axes,
    profiles: s.profiles,
  };
}

/** Average of the rows' sums. */
function meanWeight(map: AxisMap): number {
  let sum = 0;
  for (const { weight } of map) for (const w of weight) sum += w;
  return sum / Math.max(1, map.length);
}

/** An input entry sums the gradients of the windows that it is in. */
export function averagedGradient(
  g: Gradient,
  x: Field,
  s: PoolShape,
  maps: readonly (AxisMap | undefined)[],
): Gradient {
  const back = maps.map((m, i) => (m === undefined ? undefined : transposed(m, axisSize(x.axes[i] ?? []))));
  const mapped = mappedAlong({ ...g, axes: s.axes }, mainRole(x.axes[x.axes.length - 1]), back);
  return {
    mean: 0,
    kernel: mapped.kernel,
    near: mapped.near,
    scale: g.scale,
    axes: x.axes,
    profiles: spreadProfiles(g, x, s.window),
  };
}
