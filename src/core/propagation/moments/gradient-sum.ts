import { blended, levels } from './near.js';
import { at, atScale, axisSize, CLASSES, newKernel, type Field, type Pieces } from './field.js';
import { Lazy } from './lazy.js';
import type { Gradient } from './types.js';
import { floats, scaledBy, sumOf } from './floats.js';

/** The same with another power of two taken out. */
export function gradientAtScale(g: Gradient, scale: number): Gradient {
  if (g.scale === scale) return g;
  const factor = Math.pow(2, Math.max(-1070, Math.min(1020, g.scale - scale)));
  return { ...g, ...atScale(g, scale), along: g.along?.map((k) => k * factor) };
}

/** The sum of two gradients that are independent given what they multiply. */
export function addGradients(a: Gradient | undefined, b: Gradient): Gradient {
  if (a === undefined) return b;
  const scale = Math.max(a.scale, b.scale);
  const x = gradientAtScale(a, scale);
  const y = gradientAtScale(b, scale);
  const pieces = summedPieces(x, y);
  return {
    mean: 0,
    scale,
    kernel: sumOf(x.kernel, y.kernel),
    axes: a.axes,
    pieces,
    profiles: blendedProfiles([x, y]),
    near: blendedNear(x, y),
    weights: blendWeights(a, b, at(x.kernel, 0), at(y.kernel, 0)),
    base: a.base ?? b.base,
    along:
      x.along === undefined && y.along === undefined
        ? undefined
        : sumOf(x.along ?? withoutTilt(x), y.along ?? withoutTilt(y)),
    absorbed:
      a.absorbed === undefined && b.absorbed === undefined
        ? undefined
        : ((a.absorbed ?? 1) * at(x.kernel, 0) + (b.absorbed ?? 1) * at(y.kernel, 0)) /
          (at(x.kernel, 0) + at(y.kernel, 0) || 1),
  };
}

/** What neighbours share of a sum. */
export function blendedNear(x: Field, y: Field): Field['near'] {
  const role = (x.near ?? y.near)?.role;
  return role === undefined
    ? undefined
    : blended([x.near, y.near], [levels(x, role, 0).excess, levels(y, role, 0).excess]);
}

/** Gradients at the parts of a whole, each with the share of the entries that are its own: the whole's. */
export function gradientOfParts(parts: readonly { readonly field: Gradient; readonly share: number }[]): Gradient {
  const first = parts[0]!.field;
  if (parts.some(({ field: f }) => f.weights !== undefined || f.along !== undefined || f.scale !== first.scale))
    return parts
      .map(({ field, share }): Gradient => ({ ...field, kernel: scaledBy(field.kernel, share), pieces: undefined }))
      .reduce((sum, part) => addGradients(sum, part));
  const kernel = floats(CLASSES);
  const seconds: number[] = [];
  let absorbed = 0;
  for (const { field, share } of parts) {
    for (let m = 0; m < CLASSES; m++) kernel[m] = kernel[m]! + share * field.kernel[m]!;
    const second = share * at(field.kernel, 0);
    absorbed += second * (field.absorbed ?? 1);
    seconds.push(second);
  }
  const role = parts.find(({ field }) => field.near !== undefined)?.field.near?.role;
  const whole = at(kernel, 0);
  const fields = parts.map(({ field }) => field);
  return {
    mean: 0,
    scale: first.scale,
    kernel,
    axes: first.axes,
    profiles: blendedProfiles(fields, seconds),
    near:
      role === undefined
        ? undefined
        : blended(
            fields.map((f) => f.near),
            parts.map(({ field, share }) => share * levels(field, role, 0).excess),
          ),
    base: first.base,
    absorbed: whole > 0 && fields.some((f) => f.absorbed !== undefined) ? absorbed / whole : undefined,
  };
}

/** Parts of a sum: pairwise where both were cut alike, else the one's parts with the other added to each. */
function summedPieces(x: Gradient, y: Gradient): Gradient['pieces'] {
  const [a, b] = [x.pieces, y.pieces];
  if (a === undefined) return b === undefined ? undefined : withAdded(b, x);
  const cutAlike =
    a.axis === b?.axis && a.parts.length === b.parts.length && a.parts.every((p, i) => p.size === b.parts[i]?.size);
  if (b === undefined || !cutAlike) return withAdded(a, y);
  return {
    axis: a.axis,
    parts: a.parts.map((p, i) => ({ size: p.size, field: addGradients(p.field, b.parts[i]!.field) })),
  };
}

function withAdded(pieces: Pieces, other: Gradient): Pieces {
  const whole = { ...other, pieces: undefined, weights: undefined };
  return {
    axis: pieces.axis,
    parts: pieces.parts.map((p) => ({ size: p.size, field: addGradients(p.field, whole) })),
  };
}

/** Relative second moments by position of a sum: the parts' weighted by their second moments. */
export function blendedProfiles(
  fields: readonly Field[],
  seconds: readonly number[] = fields.map((f) => at(f.kernel, 0)),
): readonly (Float64Array | undefined)[] | undefined {
  const [first] = fields;
  if (first === undefined || fields.every((f) => f.profiles === undefined)) return undefined;
  let total = 0;
  for (const second of seconds) total += second;
  const rank = first.axes.length;
  if (!(total > 0) || fields.some((f) => f.axes.length !== rank)) return undefined;
  const out: (Float64Array | undefined)[] = [];
  for (let i = 0; i < rank; i++) out.push(blendedAlong(fields, seconds, i, axisSize(first.axes[i]!), total));
  return out;
}

function blendedAlong(
  fields: readonly Field[],
  seconds: readonly number[],
  axis: number,
  n: number,
  total: number,
): Float64Array | undefined {
  const first = fields[0]!.profiles?.[axis];
  let areSame = true;
  for (const f of fields) {
    const p = f.profiles?.[axis];
    if (p !== undefined && p.length !== n) return undefined;
    if (p !== first) areSame = false;
  }
  if (areSame) return first;
  const out = floats(n);
  for (let k = 0; k < fields.length; k++) {
    const p = fields[k]!.profiles?.[axis];
    const w = seconds[k]! / total;
    for (let i = 0; i < n; i++) out[i] = out[i]! + w * (p === undefined ? 1 : p[i]!);
  }
  return out;
}

/** x̂·x̂′ of a gradient that does not depend on x̂: 1 for an entry with itself. */
function withoutTilt(g: Gradient): Float64Array {
  return newKernel((m) => (m === 0 ? at(g.kernel, 0) : 0));
}

function blendWeights(a: Gradient, b: Gradient, qa: number, qb: number): Gradient['weights'] {
  const [first, second] = [a.weights, b.weights];
  if ((first === undefined && second === undefined) || qa + qb === 0) return undefined;
  const base = a.base ?? b.base;
  return new Lazy(() => {
    if (first?.value === undefined && second?.value === undefined) return undefined;
    const wa = first?.value ?? base;
    const wb = second?.value ?? base;
    if (wa === undefined || wa.length !== wb?.length) return undefined;
    const out = floats(wa.length);
    for (let i = 0; i < out.length; i++) out[i] = (qa * wa[i]! + qb * wb[i]!) / (qa + qb);
    return out;
  });
}
