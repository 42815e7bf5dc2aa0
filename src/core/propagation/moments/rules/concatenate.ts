import { alignedTo, broadcastAxes, mainRole, sizesOf } from '../axes.js';
import { gradientOfParts } from '../gradient-sum.js';
import { at, atScale, axisSize, bit, newKernel, rolesOf, type Axis, type Field, type Pieces } from '../field.js';
import { floats, mapped } from '../floats.js';
import { blended, levels } from '../near.js';
import type { Gradient, Rule, RuleContext } from '../types.js';

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
    return { ...own, axes: sized, pieces: x.pieces, profiles: x.profiles };
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
    let apart = 0;
    parts.forEach((p, i) => {
      for (let j = 0; j < i; j++) apart += 2 * sizes[i]! * sizes[j]! * p.mean * parts[j]!.mean;
    });
    const kernel = newKernel((m) => {
      let sum = 0;
      if (!(m & b)) {
        for (let i = 0; i < parts.length; i++) sum += share[i]! * at(parts[i]!.kernel, m);
        return sum;
      }
      if (total <= 1) return at(parts[0]!.kernel, m);
      for (let i = 0; i < parts.length; i++) sum += sizes[i]! * (sizes[i]! - 1) * at(parts[i]!.kernel, m);
      return (sum + apart) / differing;
    });
    const profiles = blendProfiles(parts, share, op.axis, sizes);
    const pieces: Pieces = {
      axis: op.axis,
      parts: parts.flatMap((p) =>
        flattened(p, op.axis).map((q) => {
          if (q.field.scale === scale && isPartOf(q.field.axes, axes, op.axis, q.size, role)) return q;
          const own = sizedAxes(axes, op.axis, q.size, role);
          return { size: q.size, field: atScale({ ...q.field, axes: own }, scale) };
        }),
      ),
    };
    const near = op.stacked ? undefined : nearOfParts(parts, share);
    return [{ mean, kernel, scale, axes, profiles, near, pieces: op.stacked ? undefined : pieces }];
  },
  backward(op, inputs, [y], [g], c) {
    if (g === undefined || y === undefined) return [];
    const { fields, sizes } = partsOf(op.axis, op.stacked, inputs, c);
    let next = 0;
    let start = 0;
    return inputs.map((x, i) => {
      const field = fields[i];
      if (field === undefined) return undefined;
      const first = start;
      start += sizes[i] ?? 0;
      const own = op.stacked ? field.axes.filter((_, k) => k !== op.axis) : field.axes;
      let part: Gradient = {
        mean: 0,
        kernel: g.kernel,
        scale: g.scale,
        axes: own,
        profiles: op.stacked ? undefined : g.profiles,
        near: op.stacked ? undefined : g.near,
      };
      if (g.pieces?.axis === op.axis) {
        const mine: { size: number; field: Field }[] = [];
        for (let left = sizes[i] ?? 0; left > 0 && next < g.pieces.parts.length; next++) {
          const p = g.pieces.parts[next] as { size: number; field: Field };
          mine.push(p);
          left -= p.size;
        }
        part = joined(mine, op.axis, own) ?? part;
      } else if (!op.stacked) part = partOfProfile(part, op.axis, first, sizes[i] ?? 0);
      const back = alignedBack(part, x);
      return { ...back, profiles: part.profiles };
    });
  },
};

/** A gradient that lies unevenly along the joined axis (that of one token alone) gives each part what lies there. */
function partOfProfile(g: Gradient, axis: number, start: number, size: number): Gradient {
  const own = g.profiles?.[axis]?.slice(start, start + size);
  if (own?.length !== size) return g;
  const factor = own.reduce((sum, q) => sum + q, 0) / size;
  const profile = factor > 0 ? own.map((q) => q / factor) : undefined;
  return {
    ...g,
    kernel: mapped(g.kernel, (k) => k * factor),
    profiles: g.profiles?.map((p, i) => (i === axis ? profile : p)),
  };
}

/** What neighbours share, weighted by how much of the whole each part is. */
function nearOfParts(parts: readonly Field[], share: readonly number[]): Field['near'] {
  const role = parts.find((p) => p.near !== undefined)?.near?.role;
  if (role === undefined) return undefined;
  return blended(
    parts.map((p) => p.near),
    parts.map((p, i) => (share[i] ?? 0) * levels(p, role, 0).excess),
  );
}

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
  const sum = gradientOfParts(parts.map((p) => ({ field: p.field, share: p.size / total })));
  return { ...sum, axes, pieces: { axis, parts } };
}

/** True when these are already what `sizedAxes` would make. */
function isPartOf(own: readonly Axis[], whole: readonly Axis[], axis: number, size: number, role: number): boolean {
  if (own.length !== whole.length) return false;
  for (let i = 0; i < own.length; i++) {
    const [a, b] = [own[i]!, whole[i]!];
    if (i === axis) {
      if (a.length !== 1 || a[0]!.role !== role || a[0]!.size !== size) return false;
    } else if (a !== b) {
      if (a.length !== b.length) return false;
      for (let k = 0; k < a.length; k++) if (a[k]!.role !== b[k]!.role || a[k]!.size !== b[k]!.size) return false;
    }
  }
  return true;
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
    const blended = floats(n);
    parts.forEach((p, i) => {
      const w = ((share[i] ?? 0) * at(p.kernel, 0)) / total;
      const own = p.profiles?.[a];
      for (let k = 0; k < n; k++) blended[k] = blended[k]! + (own === undefined ? w : w * own[k]!);
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
  const out = floats(length);
  let next = 0;
  parts.forEach((p, i) => {
    const own = p.profiles?.[axis];
    const size = sizes[i] ?? 0;
    const second = seconds[i]!;
    if (own === undefined) out.fill(second, next, next + size);
    else for (let k = 0; k < size; k++) out[next + k] = second * own[k]!;
    next += size;
  });
  return out;
}
