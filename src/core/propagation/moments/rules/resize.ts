import type { Operation } from '../../../model/index.js';
import { mainRole, resizedAxis, sizesOf } from '../axes.js';
import type { Axis, Field } from '../field.js';
import { mappedAlong, mappedProfile, transposed, type AxisMap } from '../near.js';
import type { Rule, RuleContext } from '../types.js';

type Resize = Extract<Operation, { kind: 'resize' }>;

/** Keys' cubic convolution kernel with a = −0.75, as torch uses it. */
function cubic(x: number): number {
  const a = -0.75;
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return 0;
}

/** The input entries that one output takes, with their weights, as torch's interpolate has them. */
function interpolation(op: Resize, size: number, out: number): AxisMap {
  const inside = (i: number): number => Math.max(0, Math.min(size - 1, i));
  return Array.from({ length: out }, (_, o) => {
    if (op.mode === 'nearest') return { index: [inside(Math.floor((o * size) / out))], weight: [1] };
    if (op.mode === 'area') {
      const from = Math.floor((o * size) / out);
      const to = Math.max(from + 1, Math.ceil(((o + 1) * size) / out));
      return {
        index: Array.from({ length: to - from }, (_, k) => from + k),
        weight: new Array<number>(to - from).fill(1 / (to - from)),
      };
    }
    const centre = op.alignCorners === true ? (o * (size - 1)) / Math.max(1, out - 1) : (o + 0.5) * (size / out) - 0.5;
    const place = op.mode === 'bilinear' ? Math.max(0, centre) : centre;
    const below = Math.floor(place);
    const t = place - below;
    if (op.mode === 'bilinear') return { index: [inside(below), inside(below + 1)], weight: [1 - t, t] };
    const taps = [-1, 0, 1, 2];
    return { index: taps.map((d) => inside(below + d)), weight: taps.map((d) => cubic(Math.abs(t - d))) };
  });
}

interface Resizing {
  readonly maps: readonly (AxisMap | undefined)[];
  readonly axes: readonly Axis[];
  readonly role: number;
}

function resizing(op: Resize, x: Field, c: RuleContext): Resizing {
  const inSizes = sizesOf(c.inputShapes[0] ?? []);
  const outSizes = sizesOf(c.outputShapes[0] ?? []);
  const changed = (i: number): boolean => i >= 2 && inSizes[i] !== outSizes[i];
  return {
    maps: x.axes.map((_, i) => (changed(i) ? interpolation(op, inSizes[i] ?? 1, outSizes[i] ?? 1) : undefined)),
    axes: x.axes.map((a, i) => (changed(i) ? resizedAxis(a, outSizes[i] ?? 1) : a)),
    role: mainRole(x.axes[x.axes.length - 1]),
  };
}

function profilesOf(x: Field, role: number, maps: readonly (AxisMap | undefined)[]): Field['profiles'] {
  const profiles = maps.map((map, i) => (map === undefined ? x.profiles?.[i] : mappedProfile(x, role, i, map)));
  return profiles.some((p) => p !== undefined) ? profiles : undefined;
}

/** Interpolation sums neighbours: what they share stays, the rest shrinks by Σ of the squared weights. */
export const resize: Rule<'resize'> = {
  forward(op, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    const { maps, axes, role } = resizing(op, x, c);
    const { kernel, near } = mappedAlong(x, role, maps);
    const marginal = op.mode === 'nearest' ? x.marginal : undefined;
    return [{ mean: x.mean, kernel, near, scale: x.scale, axes, marginal, profiles: profilesOf(x, role, maps) }];
  },
  backward(op, [x], _, [g], c) {
    if (g === undefined || x === undefined) return [undefined];
    const { maps, axes, role } = resizing(op, x, c);
    const back = maps.map((m, i) =>
      m === undefined ? undefined : transposed(m, sizesOf(c.inputShapes[0] ?? [])[i] ?? 1),
    );
    const incoming = { ...g, axes };
    const { kernel, near } = mappedAlong(incoming, role, back);
    return [{ mean: 0, kernel, near, scale: g.scale, axes: x.axes, profiles: profilesOf(incoming, role, back) }];
  },
};
