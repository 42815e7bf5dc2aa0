import { mainRole, resizedAxis, sizesOf } from '../axes.js';
import { at, axisSize, bit, newKernel, type Axis, type Field } from '../field.js';
import { floats } from '../floats.js';
import type { Gradient, Rule } from '../types.js';

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
        const p = floats(out);
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
