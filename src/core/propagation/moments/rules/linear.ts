import type { Weight } from '../../../model/index.js';
import { at, averagedOver, axisSize, bit, newKernel, rolesOf, unusedRole, type Axis, type Field } from '../field.js';
import { mainRole, sizesOf } from '../axes.js';
import type { Gradient, Rule, RuleContext } from '../types.js';
import { biasMoments, weightMoments, type WeightMoments } from '../weights.js';
import { mapped } from '../floats.js';

/** Sum over an axis group of n entries of x·x′ for pairs: K[same]·n + K[differ]·n(n−1). */
function summed(kernel: Float64Array, mask: number, role: number, n: number): number {
  return n * at(kernel, mask & ~bit(role)) + n * (n - 1) * at(kernel, mask | bit(role));
}

/**
 * Second moments of y = W·x + b over an axis group of `fan` entries: for zero-mean weights
 * E[y·y′] = fan·Var(W)·E[x·x′] between entries with the same row of W (Poole et al. 2016), nothing between rows.
 * A mean of the weights adds mean²·Σᵢⱼ E[xᵢx′ⱼ] to every pair.
 */
export function mixed(
  x: Field,
  role: number,
  fan: number,
  w: WeightMoments,
  b: { mean: number; variance: number },
  outRole: number,
  rest: number,
): { kernel: Float64Array; mean: number } {
  const meanOut = fan * w.mean * x.mean;
  const unit = b.mean === 0 && b.variance === 0 ? 0 : Math.pow(2, -x.scale);
  const kernel = newKernel((m) => {
    const input = m & rest;
    const shared = w.mean === 0 ? 0 : w.mean * w.mean * summed(x.kernel, input, role, fan);
    const biasMean = unit * b.mean * b.mean + 2 * Math.sqrt(unit) * b.mean * meanOut;
    if (m & bit(outRole)) return shared + biasMean;
    return fan * w.variance * at(x.kernel, input) + shared + biasMean + unit * b.variance;
  });
  return { kernel, mean: meanOut + Math.sqrt(unit) * b.mean };
}

/** A field brought to scale 0 when a bias has to be added that its own scale would swallow or overflow. */
export function withRoomForBias(x: Field, hasBias: boolean): Field {
  if (!hasBias || x.scale === 0) return x;
  if (x.scale > 0) return x;
  const factor = Math.pow(2, Math.max(-1070, x.scale));
  return {
    ...x,
    scale: 0,
    kernel: mapped(x.kernel, (k) => k * factor),
    mean: x.mean * Math.sqrt(factor),
    pieces: undefined,
  };
}

/** Roles of the axes that stay when the last axis is contracted, and the role of the new one. */
function contracted(axes: readonly Axis[]): { role: number; outRole: number; rest: number; kept: readonly Axis[] } {
  const kept = axes.slice(0, -1);
  const last = axes[axes.length - 1];
  const role = mainRole(last);
  return { role, outRole: unusedRole(kept, role), rest: rolesOf(kept), kept };
}

/** Merges all roles of the last axis into its main one: pairs that differ in any of them differ. */
function mergedLast(x: Field): Field {
  const last = x.axes[x.axes.length - 1];
  if (last === undefined || last.length < 2) return x;
  const role = mainRole(last);
  const kept = rolesOf(x.axes.slice(0, -1));
  let kernel = x.kernel;
  for (const f of last) {
    if (f.role === role || kept & bit(f.role)) continue;
    const other = bit(f.role);
    const same = axisSize(last) - 1;
    // Of the entries that differ somewhere on the axis, those that differ in this factor or in the main one.
    const main = last.find((g) => g.role === role)?.size ?? 1;
    const k = kernel;
    kernel = newKernel((m) => {
      if (!(m & bit(role))) return at(k, m & ~other);
      const onlyMain = main - 1;
      const onlyOther = f.size - 1;
      const both = onlyMain * onlyOther;
      return (
        (onlyMain * at(k, m & ~other) + onlyOther * at(k, (m & ~bit(role)) | other) + both * at(k, m | other)) /
        Math.max(1, Math.min(same, onlyMain + onlyOther + both))
      );
    });
  }
  return { ...x, kernel, axes: [...x.axes.slice(0, -1), [{ role, size: axisSize(last) }]] };
}

export const linear: Rule<'linear'> = {
  forward(op, inputs, c) {
    const [input] = inputs;
    const w = weightMoments(c, op.weight, inputs);
    const b = biasMoments(c, op.bias);
    if (input === undefined) return { unknown: 'no input' };
    if ('unknown' in w) return w;
    if ('unknown' in b) return b;
    const shape = sizesOf(c.outputShapes[0] ?? []);
    const x = mergedLast(withRoomForBias(input, b.mean !== 0 || b.variance !== 0));
    const { role, outRole, rest, kept } = contracted(x.axes);
    const fan = fanOf(op, c, axisSize(x.axes[x.axes.length - 1] ?? []));
    const out = shape[shape.length - 1] ?? 1;
    const axes: Axis[] = [...kept, [{ role: outRole, size: out }]];
    if (w.passes !== undefined && out === fan) {
      const pass = w.passes;
      return [
        { ...x, kernel: mapped(x.kernel, (k) => k * pass * pass), mean: x.mean * pass, axes: x.axes, free: undefined },
      ];
    }
    const { kernel, mean } = mixed(x, role, fan, w, b, outRole, rest);
    return [
      {
        mean,
        kernel,
        scale: x.scale,
        axes,
        spread: w.squareSpread / fan,
        near: nearOfSteps(x),
        profiles: flattened(x, (fan * w.variance * at(x.kernel, 0)) / (at(kernel, 0) || 1)),
      },
    ];
  },
  backward(op, inputs, [output], [g], c) {
    const [input] = inputs;
    if (g === undefined || input === undefined || output === undefined) return [undefined];
    const w = weightMoments(c, op.weight, inputs);
    if ('unknown' in w) return [undefined];
    return [linearGradient(g, input, output, w)];
  },
};

/** Positions' profiles, flattened by the share that a bias adds everywhere; the contracted axis has none. */
function flattened(x: Field, share: number): Field['profiles'] {
  return x.profiles?.map((p, i) => (i === x.axes.length - 1 ? undefined : p?.map((v) => 1 + share * (v - 1))));
}

/** What neighbours share passes the same weights at each position; the contracted axis has no neighbours. */
function nearOfSteps(x: Field): Field['near'] {
  return x.near?.lags.at(-1) === undefined && x.near?.lags.length === x.axes.length ? x.near : undefined;
}

function fanOf(
  op: { readonly weight: Weight; readonly transposed?: boolean },
  c: RuleContext,
  fallback: number,
): number {
  const shape = op.weight === 'input' ? undefined : c.parameter(op.weight)?.shape;
  const d = op.transposed === true ? shape?.[0] : shape?.[1];
  return typeof d === 'number' ? d : fallback;
}

/** Wᵀ·g: the output width takes the place of the input's. */
function linearGradient(g: Gradient, input: Field, output: Field, w: WeightMoments): Gradient {
  const last = output.axes[output.axes.length - 1] ?? [];
  const outRole = mainRole(last);
  const fan = axisSize(last);
  const inRole = mainRole(input.axes[input.axes.length - 1]);
  const rest = rolesOf(output.axes.slice(0, -1));
  if (w.passes !== undefined && fan === axisSize(input.axes[input.axes.length - 1] ?? [])) {
    const pass = w.passes;
    return { mean: 0, kernel: mapped(g.kernel, (k) => k * pass * pass), scale: g.scale, axes: input.axes };
  }
  const inRoles = lastRoles(input);
  const absorbed = g.absorbed ?? 1;
  const kernel = newKernel((m) => {
    const mask = m & rest;
    const shared = w.mean === 0 ? 0 : w.mean * w.mean * summed(g.kernel, mask, outRole, fan);
    if (m & (inRoles | bit(inRole))) return shared;
    return (fan * w.variance * at(g.kernel, mask)) / absorbed + shared;
  });
  const profiles = g.profiles?.map((p, i) => (i === input.axes.length - 1 ? undefined : p));
  return { mean: 0, kernel, scale: g.scale, axes: input.axes, profiles, near: nearOfSteps(g) };
}

function lastRoles(x: Field): number {
  return rolesOf(x.axes.slice(-1)) & ~rolesOf(x.axes.slice(0, -1));
}

/** x₁ᵀ W x₂ + b: products of independent entries. */
export const bilinear: Rule<'bilinear'> = {
  forward(op, inputs, c) {
    const [a, b] = inputs;
    const w = weightMoments(c, op.weight, inputs);
    const bias = biasMoments(c, op.bias);
    if (a === undefined || b === undefined) return { unknown: 'no input' };
    if ('unknown' in w) return w;
    if ('unknown' in bias) return bias;
    const product = productOverLast(a, b);
    const shape = sizesOf(c.outputShapes[0] ?? []);
    const { role, outRole, rest, kept } = contracted(a.axes);
    const fan = axisSize(a.axes[a.axes.length - 1] ?? []) * axisSize(b.axes[b.axes.length - 1] ?? []);
    const { kernel, mean } = mixed(product, role, fan, w, bias, outRole, rest);
    return [
      { mean, kernel, scale: product.scale, axes: [...kept, [{ role: outRole, size: shape[shape.length - 1] ?? 1 }]] },
    ];
  },
  backward(op, inputs, [output], [g], c) {
    const [a, b] = inputs;
    const w = weightMoments(c, op.weight, inputs);
    if (g === undefined || a === undefined || b === undefined || output === undefined || 'unknown' in w)
      return [undefined, undefined];
    const base = linearGradient(g, a, output, w);
    const times = (x: Field, other: Field): Gradient => {
      const n = axisSize(other.axes[other.axes.length - 1] ?? []);
      return {
        ...base,
        axes: x.axes,
        scale: base.scale + other.scale,
        kernel: mapped(base.kernel, (k, m) => n * k * at(other.kernel, m)),
      };
    };
    return [times(a, b), times(b, a)];
  },
};

function productOverLast(a: Field, b: Field): Field {
  return {
    mean: a.mean * b.mean,
    kernel: newKernel((m) => at(a.kernel, m) * at(b.kernel, m)),
    scale: a.scale + b.scale,
    axes: a.axes,
  };
}

/** Rows of a table by index: the same row only for the same index. */
export const embedding: Rule<'embedding'> = {
  forward(op, inputs, c) {
    const [indices] = inputs;
    const w = weightMoments(c, op.weight, inputs);
    if (indices === undefined) return { unknown: 'no input' };
    if ('unknown' in w) return w;
    const rows = op.weight === 'input' ? undefined : c.parameter(op.weight)?.shape[0];
    const collision = typeof rows === 'number' && rows > 0 ? 1 / rows : 0;
    const sizes = sizesOf(c.outputShapes[0] ?? []);
    const indexAxes = indices.axes.slice(0, Math.max(0, sizes.length - 1));
    const fixed = at(indices.kernel, 0) - indices.mean * indices.mean <= 1e-12 * at(indices.kernel, 0);
    const different = fixed ? 0 : rolesOf(indices.axes);
    const features = unusedRole(indices.axes);
    let kernel = newKernel(
      (m) => w.mean * w.mean + (m & bit(features) ? 0 : w.variance * (m & different ? collision : 1)),
    );
    if (op.combine !== undefined) {
      const bag = indices.axes[1];
      const n = bag === undefined ? 1 : axisSize(bag);
      const role = mainRole(bag);
      kernel = averagedOver(kernel, role, n);
      kernel = newKernel((m) => at(kernel, m & ~bit(role)) * (op.combine === 'sum' ? n * n : 1));
      if (op.combine === 'max') c.note('maximum over a bag taken as its mean');
      const axes: Axis[] = [
        indices.axes[0] ?? [{ role: 0, size: 1 }],
        [{ role: features, size: sizes[sizes.length - 1] ?? 1 }],
      ];
      return [{ mean: w.mean * (op.combine === 'sum' ? n : 1), kernel, scale: 0, axes }];
    }
    return [
      {
        mean: w.mean,
        kernel,
        scale: 0,
        axes: [...indexAxes, [{ role: features, size: sizes[sizes.length - 1] ?? 1 }]],
      },
    ];
  },
  backward: () => [undefined],
};
