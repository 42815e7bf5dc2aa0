import { alignedTo, broadcastAxes, mainRole, reshapedAxes, resizedAxis, sizesOf } from '../axes.js';
import { at, axisSize, bit, newKernel, type Axis, type Field, type Pieces } from '../field.js';
import { floats } from '../floats.js';
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
    return [
      { ...x, axes, pieces, profiles: carried(x, x.axes, axes), near: sameAxes(x.axes, axes) ? x.near : undefined },
    ];
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
        near: sameAxes(x.axes, y.axes) ? g.near : undefined,
      },
    ];
  },
};

function sameAxes(a: readonly Axis[], b: readonly Axis[]): boolean {
  return a.length === b.length && a.every((x, i) => axisSize(x) === axisSize(b[i]!));
}

/** Entries of axes that a reshape joins; more than these are not followed one by one. */
const MOST_JOINED = 1 << 16;

/**
 * Profiles after a reshape. Axes are joined and cut in runs of the same number of entries before and after: of joined ones
 * the profile is the product, of what is cut each new axis sees its averages.
 */
function carried(x: Field, from: readonly Axis[], to: readonly Axis[]): Field['profiles'] {
  if (x.profiles === undefined) return undefined;
  const out = new Array<Float64Array | undefined>(to.length).fill(undefined);
  const [old, made] = [from.map(axisSize), to.map(axisSize)];
  let [i, j] = [0, 0];
  while (i < old.length && j < made.length) {
    const first = { i, j };
    let [before, after] = [old[i++]!, made[j++]!];
    while (before !== after) {
      if (before < after && i < old.length) before *= old[i++]!;
      else if (after < before && j < made.length) after *= made[j++]!;
      else return out.some((p) => p !== undefined) ? out : undefined;
    }
    if (before > MOST_JOINED) continue;
    const joined = joinedProfile(x.profiles.slice(first.i, i), old.slice(first.i, i));
    if (joined === undefined) continue;
    for (let k = first.j, inner = before; k < j; k++) {
      inner /= made[k]!;
      out[k] = averagedProfile(joined, made[k]!, inner);
    }
  }
  return out.some((p) => p !== undefined) ? out : undefined;
}

/** Of axes taken as one, outermost first. */
function joinedProfile(
  profiles: readonly (Float64Array | undefined)[],
  sizes: readonly number[],
): Float64Array | undefined {
  if (profiles.every((p) => p === undefined)) return undefined;
  return sizes.reduce<Float64Array>((whole, size, k) => {
    const out = floats(whole.length * size);
    for (let n = 0; n < out.length; n++) out[n] = whole[Math.floor(n / size)]! * (profiles[k]?.[n % size] ?? 1);
    return out;
  }, Float64Array.of(1));
}

/** Averages by the index along one axis of `size`, `inner` entries apart. */
function averagedProfile(whole: Float64Array, size: number, inner: number): Float64Array | undefined {
  if (size === 1) return undefined;
  const out = floats(size);
  for (let n = 0; n < whole.length; n++) {
    const k = Math.floor(n / inner) % size;
    out[k] = out[k]! + (whole[n]! * size) / whole.length;
  }
  return out;
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
        near: x.near === undefined ? undefined : { ...x.near, lags: move(x.near.lags) },
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
        near:
          g.near === undefined
            ? undefined
            : { ...g.near, lags: x.axes.map((_, i) => g.near?.lags[op.axes.indexOf(i)]) },
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
  forward: (_, [x]) =>
    x === undefined ? { unknown: 'no input' } : [{ ...x, profiles: undefined, pieces: undefined, near: undefined }],
  backward: (_, [x], __, [g]) => [
    g === undefined || x === undefined
      ? undefined
      : { ...g, axes: x.axes, profiles: undefined, pieces: undefined, near: undefined },
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
    return [{ ...out, axes: base.map((a, i) => resizedAxis(a, sizes[i] ?? 1)), pieces: undefined, near: undefined }];
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
