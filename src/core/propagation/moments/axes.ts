import type { Shape } from '../../model/index.js';
import {
  at,
  axisSize,
  bit,
  newKernel,
  rolesOf,
  ROLES,
  unusedRole,
  type Axis,
  type Factor,
  type Field,
} from './field.js';

/** Sizes for counting: an unknown dimension counts as 1. */
export function sizesOf(shape: Shape): number[] {
  return shape.map((d) => (typeof d === 'number' ? d : 1));
}

/** Roles for a fresh tensor: samples, then channels, then positions. */
export function freshAxes(sizes: readonly number[]): Axis[] {
  return sizes.map((size, i) => [{ role: Math.min(i, 2), size }]);
}

/**
 * Roles of the axes after a reshape: the factors of the old axes, in row-major order, are cut anew. A factor that
 * straddles a boundary is split where its size allows it; what does not fit goes along with its larger neighbour.
 */
export function reshapedAxes(axes: readonly Axis[], sizes: readonly number[]): Axis[] {
  const rest: Factor[] = axes.flat().filter((f) => f.size !== 1);
  const out: Axis[] = [];
  for (const size of sizes) {
    const own: Factor[] = [];
    let missing = size;
    while (missing > 1 && rest.length > 0) {
      const next = rest[0]!;
      if (missing % next.size === 0) {
        own.push(next);
        missing /= next.size;
        rest.shift();
      } else if (next.size % missing === 0) {
        own.push({ role: next.role, size: missing });
        rest[0] = { role: next.role, size: next.size / missing };
        missing = 1;
      } else {
        own.push({ role: next.role, size: missing });
        rest.shift();
        missing = 1;
      }
    }
    out.push(merged(own, size));
  }
  return out;
}

function merged(factors: readonly Factor[], size: number): Axis {
  const out: Factor[] = [];
  for (const f of factors) {
    const last = out[out.length - 1];
    if (last?.role === f.role) out[out.length - 1] = { role: f.role, size: last.size * f.size };
    else out.push(f);
  }
  if (out.length === 0) return [{ role: ROLES - 1, size }];
  return out;
}

/** The axis's role; of several, that of the largest factor. */
export function mainRole(axis: Axis | undefined): number {
  let best: Factor | undefined;
  for (const f of axis ?? []) if (best === undefined || f.size > best.size) best = f;
  return best?.role ?? ROLES - 1;
}

/** The axis resized (slicing, pooling, padding): its largest factor takes the change. */
export function resizedAxis(axis: Axis, size: number): Axis {
  if (axisSize(axis) === size) return axis;
  if (axis.length === 1 && axis[0] !== undefined) return [{ role: axis[0].role, size }];
  return [{ role: mainRole(axis), size }];
}

/** Moves roles: `map[r]` is role r's new name, −1 where the tensor has no such role. */
export function relabelled(kernel: Float64Array, map: readonly number[]): Float64Array {
  return newKernel((m) => {
    let own = 0;
    map.forEach((to, r) => {
      if (to >= 0 && m & bit(to)) own |= bit(r);
    });
    return at(kernel, own);
  });
}

/**
 * The field seen with the roles that `axes` (aligned at the end, as broadcasting does) give to its axes. An axis
 * of size 1 is the same entry everywhere: that role does not tell anything apart.
 */
export function alignedTo(field: Field, axes: readonly Axis[]): Field {
  const map: number[] = new Array<number>(ROLES).fill(-1);
  const offset = axes.length - field.axes.length;
  const own = field.axes;
  for (let i = own.length - 1; i >= 0; i--) {
    const target = axes[i + offset];
    const source = own[i]!;
    if (target === undefined || axisSize(source) === 1) continue;
    source.forEach((f, k) => {
      if (f.size === 1 || map[f.role] !== -1) return;
      const match = target[Math.min(k, target.length - 1)];
      map[f.role] = source.length === target.length && match !== undefined ? match.role : mainRole(target);
    });
  }
  let identical = true;
  const roles = rolesOf(own);
  for (let r = 0; r < ROLES; r++) if (roles & bit(r) && map[r] !== r) identical = false;
  const kernel = identical ? field.kernel : relabelled(field.kernel, map);
  return {
    ...field,
    kernel,
    axes,
    profiles: own.length === axes.length ? field.profiles : undefined,
    pieces: own.length === axes.length ? field.pieces : undefined,
    near: own.length === axes.length && map[field.near?.role ?? 0] === field.near?.role ? field.near : undefined,
  };
}

/** Axes of the result of broadcasting: each from an operand that has the full size there, fields with roles of their own first. */
export function broadcastAxes(fields: readonly Field[], sizes: readonly number[]): Axis[] {
  const ordered = [...fields].sort((a, b) => Number(a.free ?? false) - Number(b.free ?? false));
  const out: Axis[] = [];
  for (let i = 0; i < sizes.length; i++) {
    let found: Axis | undefined;
    for (const f of ordered) {
      const axis = f.axes[i - (sizes.length - f.axes.length)];
      if (axis !== undefined && axisSize(axis) === sizes[i] && axisSize(axis) > 1) {
        found = axis;
        break;
      }
    }
    out.push(found ?? [{ role: -1, size: sizes[i]! }]);
  }
  return named(out);
}

/** Gives axes without a role one that is free, or the batch's for axis 0. */
function named(axes: readonly Axis[]): Axis[] {
  const out: Axis[] = axes.map((a) => (a[0]?.role === -1 ? [] : a));
  axes.forEach((a, i) => {
    if (a[0]?.role === -1) out[i] = [{ role: i === 0 && !(rolesOf(out) & 1) ? 0 : unusedRole(out), size: a[0].size }];
  });
  return out;
}
