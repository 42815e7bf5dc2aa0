import { alignedTo, broadcastAxes, mainRole, reshapedAxes, resizedAxis, sizesOf } from '../axes.js';
import { addGradients } from '../curve.js';
import {
  at,
  atScale,
  axisSize,
  bit,
  mapPieces,
  newKernel,
  rolesOf,
  type Axis,
  type Field,
  type Pieces,
} from '../field.js';
import type { Gradient, Rule, RuleContext } from '../types.js';

/** Sizes of the output with the batch at its real size (it is traced as 1 sample where the model was given one). */
function realSizes(c: RuleContext, x: Field, output = 0): number[] {
  const traced = sizesOf(c.outputShapes[output] ?? []);
  const entries = traced.reduce((a, b) => a * b, 1);
  const inTraced = sizesOf(c.inputShapes[0] ?? []);
  const inReal = x.axes.map(axisSize);
  if (inTraced.length !== inReal.length || inReal.every((s, i) => s === inTraced[i])) return traced;
  const factor =
    inReal.reduce((a, b) => a * b, 1) /
    Math.max(
      1,
      inTraced.reduce((a, b) => a * b, 1),
    );
  if (factor === 1 || entries === 0) return traced;
  // The grown axis stays where the batch is: the output's first axis.
  return traced.map((s, i) => (i === 0 ? Math.round(s * factor) : s));
}

export const reshape: Rule<'reshape'> = {
  forward(_, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    const sizes = realSizes(c, x);
    const axes = reshapedAxes(x.axes, sizes);
    const pieces = movedPieces(x.pieces, x.axes, axes);
    return [{ ...x, axes, pieces, profiles: carried(x, x.axes, axes) }];
  },
  backward(_, [x], [y], [g]) {
    if (g === undefined || x === undefined || y === undefined) return [undefined];
    return [
      {
        ...g,
        axes: x.axes,
        pieces:
          g.pieces === undefined || x.pieces === undefined
            ? undefined
            : {
                axis: x.pieces.axis,
                parts: g.pieces.parts.map((p, i) => ({
                  size: p.size,
                  field: { ...p.field, axes: x.pieces?.parts[i]?.field.axes ?? x.axes },
                })),
              },
        profiles: carried(g, y.axes, x.axes),
      },
    ];
  },
};

/** A profile survives a reshape that leaves its axis as it is. */
function carried(x: Field, from: readonly Axis[], to: readonly Axis[]): Field['profiles'] {
  if (x.profiles === undefined) return undefined;
  const same = (a: Axis, b: Axis): boolean =>
    a.length === b.length && a.every((f, k) => f.role === b[k]?.role && f.size === b[k].size);
  const used = new Set<number>();
  return to.map((axis) => {
    const i = from.findIndex((own, k) => !used.has(k) && axisSize(own) > 1 && same(own, axis));
    if (i < 0) return undefined;
    used.add(i);
    return x.profiles?.[i];
  });
}

/** Parts survive where their axis is still the same axis. */
function movedPieces(pieces: Pieces | undefined, from: readonly Axis[], to: readonly Axis[]): Pieces | undefined {
  if (pieces === undefined) return undefined;
  const own = from[pieces.axis];
  const axis = to.findIndex(
    (a) => a.length === own?.length && a.every((f, k) => f.role === own[k]?.role && f.size === own[k].size),
  );
  if (axis < 0) return undefined;
  return {
    axis,
    parts: pieces.parts.map((p) => ({
      size: p.size,
      field: { ...p.field, axes: to.map((a, i) => (i === axis ? resizedAxis(a, p.size) : a)) },
    })),
  };
}

export const permute: Rule<'permute'> = {
  forward(op, [x]) {
    if (x === undefined) return { unknown: 'no input' };
    const move = <T>(list: readonly T[]): T[] => op.axes.map((a) => list[a] as T);
    const pieces = x.pieces;
    return [
      {
        ...x,
        axes: move(x.axes),
        profiles: x.profiles === undefined ? undefined : move(x.profiles),
        pieces:
          pieces === undefined
            ? undefined
            : {
                axis: op.axes.indexOf(pieces.axis),
                parts: pieces.parts.map((p) => ({ size: p.size, field: { ...p.field, axes: move(p.field.axes) } })),
              },
      },
    ];
  },
  backward(op, [x], _, [g]) {
    if (g === undefined || x === undefined) return [undefined];
    const pieces = x.pieces;
    const back = x.axes.map((_, i) => g.profiles?.[op.axes.indexOf(i)]);
    return [
      {
        ...g,
        axes: x.axes,
        profiles: g.profiles === undefined ? undefined : back,
        pieces:
          g.pieces === undefined || pieces === undefined
            ? undefined
            : {
                axis: pieces.axis,
                parts: g.pieces.parts.map((p, i) => ({
                  size: p.size,
                  field: { ...p.field, axes: pieces.parts[i]?.field.axes ?? x.axes },
                })),
              },
      },
    ];
  },
};

/** Entries move along one axis; all classes stay. */
export const roll: Rule<'roll'> = {
  forward: (_, [x]) => (x === undefined ? { unknown: 'no input' } : [{ ...x, profiles: undefined, pieces: undefined }]),
  backward: (_, [x], __, [g]) => [
    g === undefined || x === undefined ? undefined : { ...g, axes: x.axes, profiles: undefined, pieces: undefined },
  ],
};

export const repeat: Rule<'repeat'> = {
  forward(_, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    const sizes = sizesOf(c.outputShapes[0] ?? []);
    if (sizes.length === x.axes.length && x.axes[0] !== undefined && sizes[0] === 1) sizes[0] = axisSize(x.axes[0]);
    // Axes that were 1 get a role in which nothing differs yet; longer ones keep theirs.
    const widened: Field = { ...x, axes: x.axes };
    const offset = sizes.length - x.axes.length;
    const base = broadcastAxes(
      [widened],
      sizes.map((s, i) => (axisSize(x.axes[i - offset] ?? []) > 1 ? axisSize(x.axes[i - offset] ?? []) : s)),
    );
    const out = alignedTo(x, base);
    return [{ ...out, axes: base.map((a, i) => resizedAxis(a, sizes[i] ?? 1)), pieces: undefined }];
  },
  /** Copies hand back the sum of their gradients. */
  backward(_, [x], [y], [g]) {
    if (g === undefined || x === undefined || y === undefined) return [undefined];
    const offset = y.axes.length - x.axes.length;
    let kernel = g.kernel;
    y.axes.forEach((axis, i) => {
      const own = x.axes[i - offset];
      const n = axisSize(axis) / Math.max(1, own === undefined ? 1 : axisSize(own));
      if (n <= 1) return;
      const b = bit(mainRole(axis));
      const wholly = own === undefined || axisSize(own) === 1;
      const k = kernel;
      kernel = newKernel((m) => {
        const differ = m & b;
        if (wholly) return n * at(k, m & ~b) + n * (n - 1) * at(k, m | b);
        return differ ? n * n * at(k, m) : n * at(k, m) + n * (n - 1) * at(k, m | b);
      });
    });
    const own: Gradient = { mean: 0, kernel, scale: g.scale, axes: y.axes.slice(offset) };
    return [alignedTo(own, x.axes)];
  },
};

/** Parts of a part that is itself a concatenation along the same axis. */
function flattened(x: Field, axis: number): readonly { size: number; field: Field }[] {
  if (x.pieces?.axis === axis) return x.pieces.parts;
  return [{ size: axisSize(x.axes[axis] ?? []), field: x }];
}

interface Parts {
  readonly fields: readonly Field[];
  readonly axes: readonly Axis[];
  readonly sizes: readonly number[];
  readonly role: number;
}

function partsOf(axis: number, stacked: boolean, inputs: readonly Field[], c: RuleContext): Parts {
  const outSizes = sizesOf(c.outputShapes[0] ?? []);
  const main = inputs.find((x) => x.free !== true) ?? inputs[0]!;
  if (stacked) {
    const reference = broadcastAxes(
      inputs,
      main.axes.map((a, i) => Math.max(...inputs.map((x) => axisSize(x.axes[i] ?? a)))),
    );
    const used = rolesOf(reference);
    const sample = axis === 0 && !(used & 1);
    let role = sample ? 0 : 3;
    for (let r = 3; r > 0; r--) if (!sample && !(used & bit(r))) role = r;
    const axes: Axis[] = [...reference.slice(0, axis), [{ role, size: inputs.length }], ...reference.slice(axis)];
    const fields = inputs.map((x) => {
      const own = alignedTo(x, reference);
      return { ...own, axes: [...own.axes.slice(0, axis), [{ role, size: 1 }], ...own.axes.slice(axis)] };
    });
    return { fields, axes, sizes: inputs.map(() => 1), role };
  }
  const sizes = inputs.map((x) => axisSize(x.axes[axis] ?? []));
  const whole = outSizes.map((s, i) =>
    i === axis ? sizes.reduce((a, b) => a + b, 0) : Math.max(s, ...inputs.map((x) => axisSize(x.axes[i] ?? []))),
  );
  const reference: Axis[] = broadcastAxes(
    inputs,
    main.axes.map((a, i) => (i === axis ? Math.max(...sizes) : (whole[i] ?? axisSize(a)))),
  );
  const role = mainRole(reference[axis]);
  const axes = reference.map((a, i): Axis => (i === axis ? [{ role, size: whole[i] ?? 1 }] : a));
  const fields = inputs.map((x, k) => {
    const size = sizes[k] ?? 1;
    const own = alignedTo(x, reference);
    const sized = axes.map((a, i): Axis => (i === axis ? [{ role, size }] : a));
    return { ...own, axes: sized, pieces: mapPieces(x.pieces, (f) => f), profiles: x.profiles };
  });
  return { fields, axes, sizes, role };
}

export const concatenate: Rule<'concatenate'> = {
  forward(op, inputs, c) {
    if (inputs.length === 0) return { unknown: 'no input' };
    const { fields, axes, sizes, role } = partsOf(op.axis, op.stacked, inputs, c);
    const scale = Math.max(...fields.map((f) => f.scale));
    const parts = fields.map((f) => atScale(f, scale));
    const total = sizes.reduce((a, b) => a + b, 0);
    const share = sizes.map((s) => s / total);
    const b = bit(role);
    const mean = parts.reduce((s, p, i) => s + (share[i] ?? 0) * p.mean, 0);
    // Pairs on different indices of the axis: of one part, or of two parts taken as independent.
    const differing = total > 1 ? total * (total - 1) : 1;
    const kernel = newKernel((m) => {
      if (!(m & b)) return parts.reduce((s, p, i) => s + (share[i] ?? 0) * at(p.kernel, m), 0);
      let sum = 0;
      parts.forEach((p, i) => {
        const n = sizes[i] ?? 0;
        sum += n * (n - 1) * at(p.kernel, m);
        parts.forEach((q, j) => {
          if (i !== j) sum += n * (sizes[j] ?? 0) * p.mean * q.mean;
        });
      });
      return total > 1 ? sum / differing : at(parts[0]?.kernel ?? newKernel(() => 0), m);
    });
    const profiles = blendProfiles(parts, share, op.axis, sizes);
    const pieces: Pieces = {
      axis: op.axis,
      parts: parts.flatMap((p) =>
        flattened(p, op.axis).map((q) => ({
          size: q.size,
          field: atScale({ ...q.field, axes: sizedAxes(axes, op.axis, q.size, role) }, scale),
        })),
      ),
    };
    return [{ mean, kernel, scale, axes, profiles, pieces: op.stacked ? undefined : pieces }];
  },
  backward(op, inputs, [y], [g], c) {
    if (g === undefined || y === undefined) return [];
    const { fields, sizes } = partsOf(op.axis, op.stacked, inputs, c);
    let next = 0;
    return inputs.map((x, i) => {
      const field = fields[i];
      if (field === undefined) return undefined;
      const own = op.stacked ? field.axes.filter((_, k) => k !== op.axis) : field.axes;
      let part: Gradient = {
        mean: 0,
        kernel: g.kernel,
        scale: g.scale,
        axes: own,
        profiles: op.stacked ? undefined : g.profiles,
      };
      if (g.pieces?.axis === op.axis) {
        const mine: { size: number; field: Field }[] = [];
        for (let left = sizes[i] ?? 0; left > 0 && next < g.pieces.parts.length; next++) {
          const p = g.pieces.parts[next] as { size: number; field: Field };
          mine.push(p);
          left -= p.size;
        }
        part = joined(mine, op.axis, own) ?? part;
      }
      const back = alignedBack(part, x);
      return { ...back, profiles: part.profiles };
    });
  },
};

function alignedBack(g: Gradient, x: Field): Gradient {
  const same =
    g.axes.length === x.axes.length && g.axes.every((a, i) => mainRole(a) === mainRole(x.axes[i]) || axisSize(a) === 1);
  if (same) return { ...g, axes: x.axes };
  return { ...alignedTo(g, x.axes), pieces: undefined };
}

/** One gradient from those of consecutive parts, which it keeps. */
function joined(
  parts: readonly { size: number; field: Gradient }[],
  axis: number,
  axes: readonly Axis[],
): Gradient | undefined {
  const first = parts[0];
  if (first === undefined) return undefined;
  if (parts.length === 1) return { ...first.field, axes };
  const total = parts.reduce((s, p) => s + p.size, 0);
  const sum = parts
    .map((p): Gradient => ({ ...p.field, kernel: p.field.kernel.map((k) => (k * p.size) / total), pieces: undefined }))
    .reduce((a, b) => addGradients(a, b));
  return { ...sum, axes, pieces: { axis, parts } };
}

function sizedAxes(axes: readonly Axis[], axis: number, size: number, role: number): Axis[] {
  return axes.map((a, i) => (i === axis ? [{ role, size }] : a));
}

/** Profiles of a concatenation: the parts' own, and along the joined axis how large each part is. */
function blendProfiles(
  parts: readonly Field[],
  share: readonly number[],
  axis: number,
  sizes: readonly number[],
): (Float64Array | undefined)[] | undefined {
  const rank = parts[0]?.axes.length ?? 0;
  const total = parts.reduce((s, p, i) => s + (share[i] ?? 0) * at(p.kernel, 0), 0);
  if (!(total > 0)) return undefined;
  const out: (Float64Array | undefined)[] = [];
  for (let a = 0; a < rank; a++) {
    const lengths = parts.map((p) => p.profiles?.[a]?.length);
    const n = lengths.find((l) => l !== undefined);
    if (a === axis) {
      out.push(steppedProfile(parts, sizes, axis, total));
      continue;
    }
    if (n === undefined || lengths.some((l) => l !== undefined && l !== n)) {
      out.push(undefined);
      continue;
    }
    const blended = new Float64Array(n);
    parts.forEach((p, i) => {
      const w = ((share[i] ?? 0) * at(p.kernel, 0)) / total;
      for (let k = 0; k < n; k++) blended[k] = blended[k]! + w * (p.profiles?.[a]?.[k] ?? 1);
    });
    out.push(blended);
  }
  return out.some((p) => p !== undefined) ? out : undefined;
}

function steppedProfile(
  parts: readonly Field[],
  sizes: readonly number[],
  axis: number,
  mean: number,
): Float64Array | undefined {
  const length = sizes.reduce((a, b) => a + b, 0);
  const seconds = parts.map((p) => at(p.kernel, 0) / mean);
  if (length < 2 || length > 100000 || seconds.every((q) => Math.abs(q - 1) < 0.01)) return undefined;
  const out = new Float64Array(length);
  let next = 0;
  parts.forEach((p, i) => {
    const own = p.profiles?.[axis];
    for (let k = 0; k < (sizes[i] ?? 0); k++) out[next++] = seconds[i]! * (own?.[k] ?? 1);
  });
  return out;
}

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
    const out = new Float64Array(n);
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
    const taken = new Float64Array(slice.length);
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

export const pad: Rule<'pad'> = {
  forward(op, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    const outSizes = sizesOf(c.outputShapes[0] ?? []);
    const offset = x.axes.length - op.amounts.length;
    let kernel = x.kernel;
    let share = 1;
    const profiles: (Float64Array | undefined)[] = x.axes.map((_, i) => x.profiles?.[i]);
    const axes = x.axes.map((axis, i) => {
      const amount = op.amounts[i - offset];
      const n = axisSize(axis);
      if (amount === undefined || (amount[0] === 0 && amount[1] === 0)) return axis;
      const out = outSizes[i] ?? n + amount[0] + amount[1];
      if (op.mode === 'zeros' && out > 0) {
        const b = bit(mainRole(axis));
        const f = Math.min(1, n / out);
        const before = kernel;
        kernel = newKernel((m) => at(before, m) * (m & b ? f * f : f));
        share *= f;
        const own = profiles[i];
        const p = new Float64Array(out);
        for (let k = 0; k < out; k++) {
          const inside = k - amount[0];
          p[k] = inside >= 0 && inside < n ? (own?.[inside] ?? 1) / f : 0;
        }
        profiles[i] = p;
      } else {
        profiles[i] = undefined;
      }
      return resizedAxis(axis, out);
    });
    const v = op.value;
    if (op.mode === 'zeros' && v !== 0)
      kernel = newKernel((m) => at(kernel, m) + (1 - share) * v * v * Math.pow(2, -x.scale));
    return [
      {
        mean: x.mean * share + (v === 0 ? 0 : (1 - share) * v),
        kernel,
        scale: x.scale,
        axes,
        profiles: profiles.some((p) => p !== undefined) ? profiles : undefined,
      },
    ];
  },
  backward(op, [x], [y], [g], c) {
    if (g === undefined || x === undefined || y === undefined) return [undefined];
    if (op.mode === 'zeros') return [{ mean: 0, kernel: g.kernel, scale: g.scale, axes: x.axes }];
    // Mirrored entries hand their gradient back too.
    const ratio =
      y.axes.reduce((p, a) => p * axisSize(a), 1) /
      Math.max(
        1,
        x.axes.reduce((p, a) => p * axisSize(a), 1),
      );
    c.note('gradient of repeated border entries spread evenly');
    return [{ mean: 0, kernel: newKernel((m) => at(g.kernel, m) * ratio), scale: g.scale, axes: x.axes }];
  },
};

/** Windows as columns: the same entries, each several times. */
export const unfold: Rule<'unfold'> = {
  forward(op, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    const sizes = sizesOf(c.outputShapes[0] ?? []);
    const taps = op.window.kernel.reduce((a, b) => a * b, 1);
    const channel = mainRole(x.axes[1]);
    const position = mainRole(x.axes[2]);
    const axes: Axis[] = [
      x.axes[0] ?? [{ role: 0, size: 1 }],
      [{ role: channel, size: sizes[1] ?? 1 }],
      [{ role: position, size: sizes[2] ?? 1 }],
    ];
    // Two entries of one column differ in channel or in position.
    const channels = (sizes[1] ?? taps) / taps;
    const b = bit(channel);
    const p = bit(position);
    const kernel = newKernel((m) => {
      if (!(m & b)) return at(x.kernel, m);
      const rest = m & ~b;
      const n = Math.max(1, channels * taps - 1);
      return (
        ((channels - 1) * at(x.kernel, rest | b) +
          (taps - 1) * at(x.kernel, rest | p) +
          (channels - 1) * (taps - 1) * at(x.kernel, rest | b | p)) /
        n
      );
    });
    return [{ mean: x.mean, kernel, scale: x.scale, axes }];
  },
  backward(op, [x], [y], [g]) {
    if (g === undefined || x === undefined || y === undefined) return [undefined];
    return [overlapping(g, x, y, op.window.kernel)];
  },
};

/** Columns summed back to where they came from. */
export const fold: Rule<'fold'> = {
  forward(_, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    const sizes = sizesOf(c.outputShapes[0] ?? []);
    const channel = mainRole(x.axes[1]);
    const position = mainRole(x.axes[2]);
    const axes: Axis[] = sizes.map((size, i) =>
      i === 0 ? (x.axes[0] ?? [{ role: 0, size }]) : [{ role: i === 1 ? channel : position, size }],
    );
    const entries = (a: readonly Axis[]): number => a.slice(1).reduce((n, y) => n * axisSize(y), 1);
    const n = entries(x.axes) / Math.max(1, entries(axes));
    const p = bit(position);
    return [
      {
        mean: x.mean * n,
        kernel: newKernel((m) =>
          m & p ? n * n * at(x.kernel, m) : n * at(x.kernel, m) + n * Math.max(0, n - 1) * at(x.kernel, m | p),
        ),
        scale: x.scale,
        axes,
      },
    ];
  },
  backward(_, [x], __, [g]) {
    if (g === undefined || x === undefined) return [undefined];
    const b = bit(mainRole(x.axes[1]));
    return [{ mean: 0, kernel: newKernel((m) => at(g.kernel, m & ~b)), scale: g.scale, axes: x.axes }];
  },
};

function overlapping(g: Gradient, x: Field, y: Field, kernel: readonly number[]): Gradient {
  const entries = (a: readonly Axis[]): number => a.slice(1).reduce((n, z) => n * axisSize(z), 1);
  const n = entries(y.axes) / Math.max(1, entries(x.axes));
  const p = bit(mainRole(x.axes[2]));
  const several = kernel.some((k) => k > 1);
  return {
    mean: 0,
    scale: g.scale,
    axes: x.axes,
    kernel: newKernel((m) =>
      m & p
        ? n * n * at(g.kernel, m)
        : n * at(g.kernel, m) + (several ? n * Math.max(0, n - 1) * at(g.kernel, m | p) : 0),
    ),
  };
}
