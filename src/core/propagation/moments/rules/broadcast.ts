import { alignedTo, broadcastAxes, sizesOf } from '../axes.js';
import { at, atScale, axisSize, bit, CLASSES, newKernel, rolesOf, ROLES, type Axis, type Field } from '../field.js';
import { blendedNear, blendedProfiles } from '../gradient-sum.js';
import type { Gradient, Rule, RuleContext } from '../types.js';
import { normalDensity, normalCdf } from '../../numerics/normal.js';
import { floats, mapped } from '../floats.js';

/** The operands seen with the result's roles. */
export function aligned(inputs: readonly Field[], c: RuleContext): { fields: readonly Field[]; axes: readonly Axis[] } {
  const sizes = sizesOf(c.outputShapes[0] ?? []);
  const alike = axesOfAll(inputs, sizes.length);
  if (alike !== undefined) return { fields: inputs, axes: alike };
  const first = inputs.find((x) => x.axes.length === sizes.length && x.free !== true) ?? inputs[0];
  // The batch is traced as 1 sample: take its size from the fields.
  const traced = sizes.map((s, i) => {
    for (const x of inputs) {
      const axis = x.axes[i - (sizes.length - x.axes.length)];
      if (axis !== undefined && s === 1 && axisSize(axis) > 1) return axisSize(axis);
    }
    return s;
  });
  const axes = broadcastAxes(inputs, traced);
  return { fields: inputs.map((x) => (x === first && sameAxes(x.axes, axes) ? x : alignedTo(x, axes))), axes };
}

/** The axes of all operands where they are the same already, as those of most sums are; undefined where there is something to align. */
function axesOfAll(inputs: readonly Field[], rank: number): readonly Axis[] | undefined {
  const axes = inputs[0]?.axes;
  if (axes?.length !== rank) return undefined;
  // An axis of one entry gets whichever role is free.
  for (const axis of axes) if (axisSize(axis) === 1) return undefined;
  for (const x of inputs) if (x.axes !== axes && !sameAxes(x.axes, axes)) return undefined;
  return axes;
}

/** True when both have the same roles on the same axes. */
export function sameAxes(a: readonly Axis[], b: readonly Axis[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    if (x === y) continue;
    if (x.length !== y.length) return false;
    for (let k = 0; k < x.length; k++) if (x[k]!.role !== y[k]!.role || x[k]!.size !== y[k]!.size) return false;
  }
  return true;
}

/**
 * Gradient at an operand that was broadcast: sums over the entries that it was repeated for, which carry
 * correlated gradients.
 */
export function summedTo(g: Gradient, from: readonly Axis[], operand: Field): Gradient {
  const offset = from.length - operand.axes.length;
  let kernel = g.kernel;
  for (let role = 0; role < ROLES; role++) {
    let n = 1;
    from.forEach((axis, i) => {
      const own = operand.axes[i - offset];
      if (own === undefined || (axisSize(own) === 1 && axisSize(axis) > 1))
        for (const f of axis) if (f.role === role) n *= f.size;
    });
    if (n <= 1) continue;
    const b = bit(role);
    const k = kernel;
    kernel = newKernel((m) => (m & b ? n * n * at(k, m) : n * at(k, m) + n * (n - 1) * at(k, m | b)));
    const summedKernel = kernel;
    kernel = newKernel((m) => at(summedKernel, m & ~b));
  }
  return {
    mean: 0,
    kernel,
    scale: g.scale,
    axes: operand.axes,
    profiles: kernel === g.kernel ? g.profiles : undefined,
    near: kernel === g.kernel ? g.near : undefined,
    pieces: kernel === g.kernel ? g.pieces : undefined,
  };
}

/** The result's roles mapped back to an operand whose own roles differ. */
function returned(g: Gradient, axes: readonly Axis[], operand: Field): Gradient {
  if (sameAxes(axes, operand.axes)) {
    const { kernel, scale, profiles, near, pieces } = g;
    return { mean: 0, kernel, scale, axes, profiles, near, pieces };
  }
  const summed = summedTo(g, axes, operand);
  const trimmed: Gradient = { ...summed, axes: axes.slice(axes.length - operand.axes.length) };
  return sameAxes(trimmed.axes, operand.axes)
    ? { ...trimmed, profiles: summed.profiles, pieces: summed.pieces }
    : alignedTo(trimmed, operand.axes);
}

function sumOf(a: Field, b: Field, sign: number, axes: readonly Axis[]): Field {
  const scale = Math.max(a.scale, b.scale);
  const x = atScale(a, scale);
  const y = atScale(b, scale);
  const cross = 2 * sign * x.mean * y.mean;
  return {
    mean: x.mean + sign * y.mean,
    kernel: newKernel((m) => at(x.kernel, m) + at(y.kernel, m) + cross),
    scale,
    axes,
    profiles: blendedProfiles([
      { ...x, axes },
      { ...y, axes },
    ]),
    near: blendedNear({ ...x, axes }, { ...y, axes }),
  };
}

function sum(sign: 1 | -1): Rule<'add' | 'subtract'> {
  return {
    forward(_, inputs, c) {
      const { fields, axes } = aligned(inputs, c);
      const [a, b] = fields;
      return a === undefined || b === undefined ? { unknown: 'no input' } : [sumOf(a, b, sign, axes)];
    },
    backward(_, inputs, [out], [g]) {
      return inputs.map((x) => (g === undefined || out === undefined ? undefined : returned(g, out.axes, x)));
    },
  };
}

export const add = sum(1);
export const subtract = sum(-1);

/** Product of independent tensors (a gate made from the tensor itself by random weights counts as such). */
export const multiply: Rule<'multiply'> = {
  forward(_, inputs, c) {
    const { fields, axes } = aligned(inputs, c);
    const [a, b] = fields;
    if (a === undefined || b === undefined) return { unknown: 'no input' };
    return [
      {
        mean: a.mean * b.mean,
        kernel: newKernel((m) => at(a.kernel, m) * at(b.kernel, m)),
        scale: a.scale + b.scale,
        axes,
        profiles: a.profiles ?? b.profiles,
      },
    ];
  },
  backward(_, inputs, [out], [g], c) {
    if (g === undefined || out === undefined) return [];
    const { fields, axes } = aligned(inputs, c);
    return inputs.map((x, i) => {
      const other = fields[1 - i];
      if (other === undefined) return undefined;
      return returned(
        {
          ...g,
          weights: undefined,
          pieces: undefined,
          near: undefined,
          kernel: newKernel((m) => at(g.kernel, m) * at(other.kernel, m)),
          scale: g.scale + other.scale,
          axes,
        },
        axes,
        x,
      );
    });
  },
};

/** Moments of 1/y for a y that stays away from zero, to second order in its relative variance v. */
function reciprocal(y: Field): Field | undefined {
  const q = at(y.kernel, 0);
  const m2 = y.mean * y.mean;
  if (!(m2 > 0)) return undefined;
  const v = (q - m2) / m2;
  if (v > 0.5) return undefined;
  const mean = (1 + v) / y.mean;
  return { ...y, mean, kernel: newKernel((m) => (1 + 2 * v + (at(y.kernel, m) - m2) / m2) / m2), scale: -y.scale };
}

export const divide: Rule<'divide'> = {
  forward(op, inputs, c) {
    const [a, b] = inputs;
    if (a === undefined || b === undefined) return { unknown: 'no input' };
    const inverse = reciprocal(b);
    if (inverse === undefined) return { unknown: 'division by a tensor that comes near zero' };
    if (at(inverse.kernel, 0) * at(b.kernel, 0) > 1.0001) c.note('quotient of independent tensors, to second order');
    return multiply.forward(op, [a, inverse], c);
  },
  backward(op, inputs, outputs, grads, c) {
    const [a, b] = inputs;
    if (a === undefined || b === undefined) return [];
    const inverse = reciprocal(b);
    if (inverse === undefined) return [];
    const [ga, gi] = multiply.backward(op, [a, inverse], outputs, grads, c);
    if (gi === undefined) return [ga];
    const slope = at(inverse.kernel, 0) ** 2;
    return [ga, { ...gi, kernel: mapped(gi.kernel, (k) => k * slope), scale: gi.scale + 2 * inverse.scale }];
  },
};

/** Greater (sign 1) or smaller of two independent Gaussians (Clark 1961). */
function extreme(sign: 1 | -1): Rule<'maximum' | 'minimum'> {
  const parts = (a: Field, b: Field): { theta: number; alpha: number } => {
    const va = at(a.kernel, 0) - a.mean ** 2;
    const vb = at(b.kernel, 0) - b.mean ** 2;
    const theta = Math.sqrt(Math.max(0, va + vb));
    return {
      theta,
      alpha:
        theta > 0
          ? (sign * (a.mean - b.mean)) / theta
          : a.mean === b.mean
            ? 0
            : sign * (a.mean > b.mean ? Infinity : -Infinity),
    };
  };
  return {
    forward(_, inputs, c) {
      const { fields, axes } = aligned(inputs, c);
      if (fields[0] === undefined || fields[1] === undefined) return { unknown: 'no input' };
      const scale = Math.max(fields[0].scale, fields[1].scale);
      const a = atScale(fields[0], scale);
      const b = atScale(fields[1], scale);
      const { theta, alpha } = parts(a, b);
      const pa = alpha === Infinity ? 1 : alpha === -Infinity ? 0 : normalCdf(alpha);
      const density = Number.isFinite(alpha) ? normalDensity(alpha) : 0;
      const mean = a.mean * pa + b.mean * (1 - pa) + sign * theta * density;
      const second = at(a.kernel, 0) * pa + at(b.kernel, 0) * (1 - pa) + sign * (a.mean + b.mean) * theta * density;
      const variance = at(a.kernel, 0) + at(b.kernel, 0) - a.mean ** 2 - b.mean ** 2;
      c.note('maximum of tensors taken as independent Gaussians');
      return [
        {
          mean,
          kernel: newKernel((m) => {
            const rho =
              m === 0
                ? 1
                : variance > 0
                  ? (at(a.kernel, m) + at(b.kernel, m) - a.mean ** 2 - b.mean ** 2) / variance
                  : 1;
            return mean * mean + rho * (second - mean * mean);
          }),
          scale,
          axes,
        },
      ];
    },
    backward(_, inputs, [out], [g], c) {
      if (g === undefined || out === undefined) return [];
      const { fields, axes } = aligned(inputs, c);
      const [a, b] = fields;
      if (a === undefined || b === undefined) return [];
      const scale = Math.max(a.scale, b.scale);
      const { alpha } = parts(atScale(a, scale), atScale(b, scale));
      const pa = alpha === Infinity ? 1 : alpha === -Infinity ? 0 : normalCdf(alpha);
      return inputs.map((x, i) =>
        returned({ ...g, kernel: mapped(g.kernel, (k) => k * (i === 0 ? pa : 1 - pa)) }, axes, x),
      );
    },
  };
}

export const maximum = extreme(1);
export const minimum = extreme(-1);

/** Share of entries that a mask selects: its mean as 0/1; half when it is not known. */
function shareOf(mask: Field | undefined): number {
  const mean = mask === undefined ? 0.5 : mask.mean * Math.pow(2, mask.scale / 2);
  return mean >= 0 && mean <= 1 ? mean : 0.5;
}

export const where: Rule<'where'> = {
  forward(_, inputs, c) {
    const { fields, axes } = aligned(inputs, c);
    const [mask, a, b] = fields;
    if (a === undefined || b === undefined) return { unknown: 'no input' };
    const p = shareOf(mask);
    const scale = Math.max(a.scale, b.scale);
    const x = atScale(a, scale);
    const y = atScale(b, scale);
    c.note('condition taken as independent of the values');
    return [
      {
        mean: p * x.mean + (1 - p) * y.mean,
        kernel: newKernel((m) => p * at(x.kernel, m) + (1 - p) * at(y.kernel, m)),
        scale,
        axes,
      },
    ];
  },
  backward(_, inputs, [out], [g], c) {
    if (g === undefined || out === undefined) return [];
    const { fields, axes } = aligned(inputs, c);
    const p = shareOf(fields[0]);
    return inputs.map((x, i) =>
      i === 0 ? undefined : returned({ ...g, kernel: mapped(g.kernel, (k) => k * (i === 1 ? p : 1 - p)) }, axes, x),
    );
  },
};

/** Scores hidden before a softmax: remembered for it. Other values mix in. */
export const maskedFill: Rule<'maskedFill'> = {
  forward(op, inputs, c) {
    const [x, mask] = inputs;
    if (x === undefined) return { unknown: 'no input' };
    const share = shareOf(mask);
    if (op.value < -1e4 || op.value === -Infinity) return [hiddenScores(x, mask, share, c)];
    return [
      {
        ...x,
        free: undefined,
        mean: (1 - share) * x.mean + share * op.value,
        kernel: newKernel((m) => (1 - share) * at(x.kernel, m) + share * op.value * op.value * Math.pow(2, -x.scale)),
      },
    ];
  },
  backward(_, [x, mask], [out], [g]) {
    if (g === undefined || x === undefined || out === undefined) return [];
    // Behind −∞ the softmax's own gradient is already zero.
    if (out.causal === true || out.hidden !== undefined) return [{ ...g, axes: x.axes }];
    const share = shareOf(mask);
    return [{ ...g, axes: x.axes, kernel: mapped(g.kernel, (k) => k * (1 - share)) }];
  },
};

/** A square mask that hides about half of all pairs is the causal one. */
export function hiddenScores(x: Field, mask: Field | undefined, share: number, c: RuleContext): Field {
  const sizes = sizesOf(c.outputShapes[0] ?? []);
  const [rows, columns] = sizes.slice(-2);
  const square = rows !== undefined && rows === columns && rows > 1;
  const maskAxes = mask?.axes ?? [];
  const both =
    maskAxes.length >= 2 &&
    axisSize(maskAxes[maskAxes.length - 1] ?? []) > 1 &&
    axisSize(maskAxes[maskAxes.length - 2] ?? []) > 1;
  if (square && both && (rolesOf(maskAxes) === 0 || share === 0 || share === 1 || Math.abs(share - 0.5) < 0.3))
    return { ...x, causal: true };
  return share > 0 && share < 1 ? { ...x, hidden: share } : x;
}

/** A gradient of zeros. */
export function noGradient(x: Field): Gradient {
  return { mean: 0, kernel: floats(CLASSES), scale: 0, axes: x.axes };
}
