import { mainRole, resizedAxis, sizesOf } from '../axes.js';
import { addGradients } from '../gradient-sum.js';
import { at, axisSize, bit, newKernel, rolesOf, type Axis, type Field } from '../field.js';
import { floats } from '../floats.js';
import type { Gradient, Rule, RuleContext } from '../types.js';

interface Selection {
  readonly axes: readonly Axis[];
  /** Output axis that each input axis became; −1 where it was indexed away. */
  readonly kept: readonly number[];
}

/** Matches axes of a selection's output with the input's: sliced axes of length 1 may have been dropped. */
function selectionOf(x: Field, outSizes: readonly number[], dropped: ReadonlySet<number>): Selection {
  const kept: number[] = [];
  const axes: Axis[] = [];
  let missing = x.axes.length - outSizes.length;
  let j = 0;
  x.axes.forEach((axis, i) => {
    const out = outSizes[j];
    const mustDrop =
      missing > 0 &&
      (dropped.has(i) ||
        out === undefined ||
        (out !== axisSize(axis) && dropped.size === 0 && outSizes[j] === axisSize(x.axes[i + 1] ?? [])));
    if (mustDrop) {
      missing--;
      kept.push(-1);
      return;
    }
    kept.push(j);
    axes.push(resizedAxis(axis, out ?? 1));
    j++;
  });
  while (j < outSizes.length) {
    axes.push([{ role: 3, size: outSizes[j]! }]);
    j++;
  }
  return { axes, kept };
}

function realOutSizes(c: RuleContext, x: Field, k: number): number[] {
  const sizes = sizesOf(c.outputShapes[k] ?? []);
  const traced = sizesOf(c.inputShapes[0] ?? []);
  const first = x.axes[0] === undefined ? 1 : axisSize(x.axes[0]);
  if (traced[0] === 1 && first > 1 && sizes[0] === 1 && sizes.length === traced.length) sizes[0] = first;
  return sizes;
}

interface Slice {
  readonly axis: number;
  readonly start: number;
  readonly length: number;
  readonly step: number;
}

function droppedBy(slices: readonly Slice[] | undefined): Set<number> {
  return new Set((slices ?? []).filter((s) => s.length === 1).map((s) => s.axis));
}

export const select: Rule<'select'> = {
  forward(op, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    let offset = 0;
    return c.outputShapes.map((_, k) => {
      const sizes = realOutSizes(c, x, k);
      const { axes, kept } = selectionOf(x, sizes, droppedBy(op.slices));
      const part = partAt(x, op.slices, c.outputShapes.length > 1 ? offset : undefined, sizes, axes);
      if (c.outputShapes.length > 1) offset += changedSize(x, sizes);
      const source = part ?? x;
      const lost = rolesOf(x.axes) & ~rolesOf(axes);
      // Entries at one fixed index do not differ in that role any more.
      const kernel = lost === 0 ? source.kernel : newKernel((m) => at(source.kernel, m & ~lost));
      const profile = selectedProfiles(source, op.slices, kept, axes);
      return {
        ...source,
        axes,
        free: x.free,
        pieces: undefined,
        near: kept.every((j, i) => j === i) ? source.near : undefined,
        kernel: profile.factor === 1 ? kernel : kernel.map((q) => q * profile.factor),
        mean: source.mean * Math.sqrt(profile.factor),
        profiles: profile.profiles,
        scale: source.scale,
      };
    });
  },
  /** Entries that were not taken get no gradient. */
  backward(op, [x], outputs, grads, c) {
    if (x === undefined) return [undefined];
    let total: Gradient | undefined;
    outputs.forEach((y, k) => {
      const g = grads[k];
      if (g === undefined) return;
      const { kept } = selectionOf(x, realOutSizes(c, x, k), droppedBy(op.slices));
      let kernel = g.kernel;
      x.axes.forEach((axis, i) => {
        const n = axisSize(axis);
        const j = kept[i] ?? -1;
        const taken = j < 0 ? 1 : axisSize(y.axes[j] ?? []);
        if (taken >= n) return;
        const b = bit(mainRole(axis));
        const pairs = n > 1 ? (taken * (taken - 1)) / (n * (n - 1)) : 1;
        const before = kernel;
        kernel = newKernel((m) => (m & b ? (taken > 1 ? at(before, m) * pairs : 0) : (at(before, m) * taken) / n));
      });
      const part: Gradient = {
        mean: 0,
        kernel,
        scale: g.scale,
        axes: x.axes,
        profiles: scattered(x, g, kept, op.slices),
      };
      total = total === undefined ? part : addGradients(total, part);
    });
    return [total];
  },
};

/** Where along each axis the gradient of a selection lands. */
function scattered(
  x: Field,
  g: Gradient,
  kept: readonly number[],
  slices: readonly Slice[] | undefined,
): Gradient['profiles'] {
  const profiles = x.axes.map((axis, i) => {
    const n = axisSize(axis);
    const j = kept[i] ?? -1;
    const own = j < 0 ? undefined : g.profiles?.[j];
    const slice = slices?.find((s) => s.axis === i);
    if (slice === undefined) return own?.length === n ? own : undefined;
    const out = floats(n);
    for (let k = 0; k < slice.length; k++) {
      const at0 = slice.start + k * slice.step;
      if (at0 >= 0 && at0 < n) out[at0] = ((own?.[k] ?? 1) * n) / slice.length;
    }
    return out;
  });
  return profiles.some((p) => p !== undefined) ? profiles : undefined;
}

/** By how much the axis that a split cuts is shorter: where the next part begins. */
function changedSize(x: Field, sizes: readonly number[]): number {
  for (let i = 0; i < sizes.length; i++) if (axisSize(x.axes[i] ?? []) !== sizes[i]) return sizes[i] ?? 0;
  return 0;
}

/** The concatenated part that a slice picks exactly, if it does. */
function partAt(
  x: Field,
  slices: readonly Slice[] | undefined,
  offset: number | undefined,
  sizes: readonly number[],
  axes: readonly Axis[],
): Field | undefined {
  if (x.pieces === undefined) return undefined;
  const { axis, parts } = x.pieces;
  const slice = slices?.find((s) => s.axis === axis);
  const start = slice?.start ?? offset;
  const length = slice?.length ?? sizes[axis];
  if (start === undefined || length === undefined || (slice?.step ?? 1) !== 1) return undefined;
  let position = 0;
  for (const p of parts) {
    // A slice inside one part has that part's moments.
    if (start >= position && start + length <= position + p.size) return { ...p.field, axes };
    position += p.size;
  }
  return undefined;
}

function selectedProfiles(
  x: Field,
  slices: readonly Slice[] | undefined,
  kept: readonly number[],
  axes: readonly Axis[],
): { factor: number; profiles: (Float64Array | undefined)[] | undefined } {
  if (x.profiles === undefined) return { factor: 1, profiles: undefined };
  let factor = 1;
  const profiles: (Float64Array | undefined)[] = axes.map(() => undefined);
  x.profiles.forEach((p, i) => {
    const j = kept[i] ?? -1;
    if (p === undefined) return;
    const slice = slices?.find((s) => s.axis === i);
    if (slice === undefined) {
      if (j >= 0 && axisSize(axes[j] ?? []) === p.length) profiles[j] = p;
      return;
    }
    const taken = floats(slice.length);
    let mean = 0;
    for (let k = 0; k < slice.length; k++) {
      taken[k] = p[slice.start + k * slice.step] ?? 1;
      mean += taken[k]! / slice.length;
    }
    factor *= mean;
    if (j >= 0 && mean > 0) profiles[j] = taken.map((t) => t / mean);
  });
  return { factor, profiles };
}
