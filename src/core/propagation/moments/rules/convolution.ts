import type { Window } from '../../../model/index.js';
import { at, axisSize, bit, newKernel, rolesOf, unusedRole, type Axis, type Field } from '../field.js';
import { mainRole, resizedAxis, sizesOf } from '../axes.js';
import type { Gradient, Rule } from '../types.js';
import { biasMoments, weightMoments } from '../weights.js';
import { mixed, withRoomForBias } from './linear.js';
import { windowOverlap } from './overlap.js';
import { affineOf, filled, floats, mapped, scaledBy } from '../floats.js';
import { averagedOverPositions, spreadOut, strided } from '../near.js';

/** How a window sees one axis. All are averages over output positions, per tap. */
export interface AxisCoverage {
  /** Σ over taps of the second moment seen, over the input's average: the kernel's size where nothing is cut off. */
  readonly same: number;
  /** Σ over taps of the product of what two different outputs see through the same tap. */
  readonly other: number;
  /** Second moment by output position, relative to its average. */
  readonly profile: Float64Array;
}

/**
 * Sums over the window along one axis, zero padding included: tap j of output o reads input o·stride + j·dilation − before.
 * `profile` is the input's relative second moment by position.
 */
export function coverage(
  size: number,
  out: number,
  kernel: number,
  stride: number,
  dilation: number,
  before: number,
  zeroPadded: boolean,
  profile: Float64Array | undefined,
): AxisCoverage {
  const seen = floats(out);
  let same = 0;
  let other = 0;
  const squaresAt = profile ?? filled(size, 1);
  const amplitudeAt = profile === undefined ? squaresAt : relativeAmplitudes(profile);
  for (let j = 0; j < kernel; j++) {
    let squares = 0;
    let amplitudes = 0;
    for (let o = 0; o < out; o++) {
      let i = o * stride + j * dilation - before;
      if (i < 0 || i >= size) {
        if (zeroPadded) continue;
        i = Math.max(0, Math.min(size - 1, i));
      }
      const p = squaresAt[i]!;
      squares += p;
      amplitudes += amplitudeAt[i]!;
      seen[o] = seen[o]! + p;
    }
    same += squares / out;
    other += (amplitudes / out) ** 2;
  }
  return { same, other, profile: scaledBy(seen, 1 / (same === 0 ? 1 : same)) };
}

/** Amplitudes rather than squares enter a product of two different positions. */
function relativeAmplitudes(profile: Float64Array): Float64Array {
  const out = floats(profile.length);
  let mean = 0;
  for (let i = 0; i < out.length; i++) mean += (out[i] = Math.sqrt(profile[i]!)) / out.length;
  for (let i = 0; i < out.length; i++) out[i] = out[i]! / mean;
  return out;
}

/** The same for a transposed convolution: input i reaches outputs i·stride + j·dilation − before. */
function transposedCoverage(
  size: number,
  out: number,
  kernel: number,
  stride: number,
  dilation: number,
  before: number,
): AxisCoverage {
  const seen = floats(out);
  let same = 0;
  for (let j = 0; j < kernel; j++)
    for (let i = 0; i < size; i++) {
      const o = i * stride + j * dilation - before;
      if (o < 0 || o >= out) continue;
      seen[o] = seen[o]! + 1;
      same += 1 / out;
    }
  // Two outputs share the taps of their phase: on average over pairs Σⱼ fⱼ² with fⱼ the share of outputs that tap j reaches.
  let other = 0;
  for (let j = 0; j < kernel; j++) {
    let reached = 0;
    for (let i = 0; i < size; i++) {
      const o = i * stride + j * dilation - before;
      if (o >= 0 && o < out) reached++;
    }
    other += (reached / out) ** 2;
  }
  return { same, other, profile: scaledBy(seen, 1 / (same || 1)) };
}

interface Geometry {
  /** Average number of input entries in an output's window (per channel), and for pairs of different positions. */
  readonly same: number;
  readonly other: number;
  readonly profiles: (Float64Array | undefined)[];
  readonly taps: number;
}

export function windowGeometry(
  x: Field,
  inSizes: readonly number[],
  outSizes: readonly number[],
  w: Window,
  transposed: boolean,
  zeroPadded: boolean,
): Geometry {
  let same = 1;
  let other = 1;
  let taps = 1;
  const spatial = w.kernel.length;
  const first = outSizes.length - spatial;
  const profiles: (Float64Array | undefined)[] = new Array<undefined>(outSizes.length).fill(undefined);
  for (let a = 0; a < spatial; a++) {
    const size = inSizes[inSizes.length - spatial + a] ?? 1;
    const out = outSizes[first + a] ?? 1;
    const kernel = w.kernel[a] ?? 1;
    const stride = w.stride[a] ?? 1;
    const dilation = w.dilation[a] ?? 1;
    const before = w.padding[a]?.[0] ?? 0;
    const c = transposed
      ? transposedCoverage(size, out, kernel, stride, dilation, before)
      : coverage(size, out, kernel, stride, dilation, before, zeroPadded, x.profiles?.[inSizes.length - spatial + a]);
    same *= c.same;
    other *= c.other;
    taps *= kernel;
    profiles[first + a] = c.profile;
  }
  return {
    same,
    other: distinctPairs(
      other,
      same,
      outSizes.slice(first).reduce((a, b) => a * b, 1),
    ),
    profiles,
    taps,
  };
}

/**
 * `other` sums over all pairs of positions, a position with itself included: takes those out. On a 2×2 map they are a
 * quarter of the pairs, and two positions share few taps.
 */
function distinctPairs(all: number, same: number, positions: number): number {
  return positions > 1 ? Math.max(0, (positions * all - same) / (positions - 1)) : all;
}

function isFlat(profile: Float64Array): boolean {
  for (const v of profile) if (Math.abs(v - 1) > 0.01) return false;
  return true;
}

/** Positions whose profile stays within a percent of flat carry none. */
function trimmed(profiles: readonly (Float64Array | undefined)[]): (Float64Array | undefined)[] | undefined {
  const kept = profiles.map((p) => (p === undefined || isFlat(p) ? undefined : p));
  return kept.some((p) => p !== undefined) ? kept : undefined;
}

export const convolution: Rule<'convolution'> = {
  forward(op, inputs, c) {
    const [input] = inputs;
    const w = weightMoments(c, op.weight, inputs);
    const b = biasMoments(c, op.bias);
    if (input === undefined) return { unknown: 'no input' };
    if ('unknown' in w) return w;
    if ('unknown' in b) return b;
    const inSizes = sizesOf(c.inputShapes[0] ?? []);
    const outSizes = sizesOf(c.outputShapes[0] ?? []);
    const spatial = op.window.kernel.length;
    const channelAxis = inSizes.length - spatial - 1;
    const x = withRoomForBias(input, b.mean !== 0 || b.variance !== 0);
    const geometry = windowGeometry(x, inSizes, outSizes, op.window, op.transposed, op.paddingMode === 'zeros');
    const inChannels = inSizes[channelAxis] ?? 1;
    const channels = inChannels / op.groups;
    const axes = outputAxes(x.axes, outSizes, channelAxis);
    const role = mainRole(x.axes[channelAxis]);
    const outRole = mainRole(axes[channelAxis]);
    const positions = rolesOf(axes.slice(channelAxis + 1));
    const rest = rolesOf(axes.filter((_, i) => i !== channelAxis));
    // A kernel that passes its input through (dirac) leaves every class as it is.
    if (w.passes !== undefined && !op.transposed) {
      const factor = op.groups === 1 && (outSizes[channelAxis] ?? 1) <= inChannels ? 1 : w.passes;
      return [
        {
          ...x,
          axes,
          free: undefined,
          pieces: undefined,
          kernel: mapped(x.kernel, (k) => k * factor),
          profiles: undefined,
        },
      ];
    }
    const same = mixed(x, role, channels * geometry.same, w, b, outRole, rest);
    const spatialAxes = op.window.kernel.map((_, a) => inSizes.length - spatial + a);
    const near = (op.transposed ? spreadOut : strided)(x.near, spatialAxes, op.window.stride);
    const apart = { ...x, kernel: averagedOverPositions(x, near, axes) };
    const other = mixed(apart, role, channels * geometry.other, w, b, outRole, rest);
    const kernel = newKernel((m) => at(m & positions ? other.kernel : same.kernel, m));
    const gain = channels * geometry.same * w.variance * at(x.kernel, 0);
    const share = at(kernel, 0) > 0 ? gain / at(kernel, 0) : 1;
    return [
      {
        mean: same.mean,
        kernel,
        scale: x.scale,
        axes,
        spread: w.squareSpread / Math.max(1, channels * geometry.taps),
        near,
        overlap: op.paddingMode === 'zeros' && !op.transposed ? windowOverlap(op.window, inSizes, outSizes) : undefined,
        bordered: op.paddingMode === 'zeros' && op.window.padding.some(([a, z]) => a > 0 || z > 0),
        // A bias is the same everywhere: it flattens the profile.
        profiles: trimmed(geometry.profiles.map((p) => p && affineOf(p, 1 - share, share))),
      },
    ];
  },
  backward(op, inputs, [output], [g], c) {
    const [input] = inputs;
    const w = weightMoments(c, op.weight, inputs);
    if (g === undefined || input === undefined || output === undefined || 'unknown' in w) return [undefined];
    const inSizes = sizesOf(c.inputShapes[0] ?? []);
    const outSizes = sizesOf(c.outputShapes[0] ?? []);
    const spatial = op.window.kernel.length;
    const channelAxis = inSizes.length - spatial - 1;
    const roleOut = mainRole(output.axes[channelAxis]);
    const roleIn = mainRole(input.axes[channelAxis]);
    const positions = rolesOf(input.axes.slice(channelAxis + 1));
    const fan = (outSizes[channelAxis] ?? 1) / op.groups;
    const geometry = backwardGeometry(g, inSizes, outSizes, op.window, op.transposed, op.paddingMode === 'zeros');
    if (w.passes !== undefined && !op.transposed)
      return [{ ...g, axes: input.axes, pieces: undefined, profiles: undefined }];
    const absorbed = g.absorbed ?? 1;
    const rest = rolesOf(input.axes.filter((_, i) => i !== channelAxis));
    const factor = (m: number): number => fan * (m & positions ? geometry.other : geometry.same);
    const spatialAxes = op.window.kernel.map((_, a) => inSizes.length - spatial + a);
    const near = (op.transposed ? strided : spreadOut)(g.near, spatialAxes, op.window.stride);
    const incoming = averagedOverPositions({ ...g, axes: output.axes }, near, input.axes);
    const kernel = newKernel((m) => {
      const n = factor(m);
      const mask = m & rest & ~bit(roleOut);
      const shared =
        w.mean === 0 ? 0 : w.mean * w.mean * (n * at(incoming, mask) + n * (n - 1) * at(incoming, mask | bit(roleOut)));
      return m & bit(roleIn) ? shared : (n * w.variance * at(incoming, mask)) / absorbed + shared;
    });
    return [{ mean: 0, kernel, scale: g.scale, axes: input.axes, profiles: trimmed(geometry.profiles), near }];
  },
};

/** Average number of outputs that an input entry reaches, per channel. */
function backwardGeometry(
  g: Gradient,
  inSizes: readonly number[],
  outSizes: readonly number[],
  w: Window,
  transposed: boolean,
  zeroPadded: boolean,
): Geometry {
  let same = 1;
  let other = 1;
  const spatial = w.kernel.length;
  const profiles: (Float64Array | undefined)[] = new Array<undefined>(inSizes.length).fill(undefined);
  for (let a = 0; a < spatial; a++) {
    const axis = inSizes.length - spatial + a;
    const size = inSizes[axis] ?? 1;
    const out = outSizes[outSizes.length - spatial + a] ?? 1;
    const kernel = w.kernel[a] ?? 1;
    const stride = w.stride[a] ?? 1;
    const dilation = w.dilation[a] ?? 1;
    const before = w.padding[a]?.[0] ?? 0;
    if (transposed) {
      const c = coverage(
        out,
        size,
        kernel,
        stride,
        dilation,
        before,
        true,
        g.profiles?.[outSizes.length - spatial + a],
      );
      same *= c.same;
      other *= c.other;
      profiles[axis] = c.profile;
      continue;
    }
    const received = floats(size);
    const incoming = g.profiles?.[outSizes.length - spatial + a] ?? filled(out, 1);
    let pairs = 0;
    for (let j = 0; j < kernel; j++) {
      let reached = 0;
      for (let o = 0; o < out; o++) {
        let i = o * stride + j * dilation - before;
        if (i < 0 || i >= size) {
          if (zeroPadded) continue;
          i = Math.max(0, Math.min(size - 1, i));
        }
        received[i] = received[i]! + incoming[o]!;
        reached++;
      }
      pairs += (reached / size) ** 2;
    }
    let total = 0;
    for (let i = 0; i < size; i++) total += received[i]! / size;
    same *= total;
    other *= pairs;
    profiles[axis] = total > 0 ? scaledBy(received, 1 / total) : filled(size, 1);
  }
  return {
    same,
    other: distinctPairs(
      other,
      same,
      inSizes.slice(inSizes.length - spatial).reduce((a, b) => a * b, 1),
    ),
    profiles,
    taps: 1,
  };
}

/** The input's axes with the output's sizes; channels get a role of their own. */
function outputAxes(axes: readonly Axis[], outSizes: readonly number[], channelAxis: number): Axis[] {
  const others = axes.filter((_, i) => i !== channelAxis);
  const role = unusedRole(others, mainRole(axes[channelAxis]));
  return outSizes.map((size, i) =>
    i === channelAxis
      ? [{ role, size }]
      : axes[i] === undefined || axisSize(axes[i]) === 1
        ? [{ role: i === 0 ? 0 : mainRole(axes[i]), size }]
        : resizedAxis(axes[i], size),
  );
}
