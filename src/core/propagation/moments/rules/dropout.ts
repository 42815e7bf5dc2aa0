import { mainRole } from '../axes.js';
import { at, bit, newKernel, type Field } from '../field.js';
import type { Rule } from '../types.js';
import { floats } from '../floats.js';

/**
 * Inverted dropout: entries survive with probability 1 − p and are divided by it. Pairs that share their mask
 * (itself; the same channel for channel dropout; the same sample for stochastic depth) grow by 1/(1−p).
 */
function multiplied(
  kernel: Float64Array,
  x: Field,
  p: number,
  unit: 'entry' | 'channel' | 'sample' | 'alpha',
): Float64Array {
  const keep = 1 - p;
  if (keep <= 0) return floats(kernel.length);
  // Alpha dropout keeps mean and variance by construction (Klambauer et al. 2017).
  if (unit === 'alpha') return kernel;
  const sample = bit(mainRole(x.axes[0]));
  const channel = bit(mainRole(x.axes[1]));
  return newKernel((m) => {
    const shared = unit === 'entry' ? m === 0 : unit === 'channel' ? !(m & (sample | channel)) : !(m & sample);
    // Roles that the tensor does not have leave a pair the same entry.
    const same = shared || at(x.kernel, m) === at(x.kernel, 0);
    return same ? at(kernel, m) / keep : at(kernel, m);
  });
}

export const dropout: Rule<'dropout'> = {
  forward(op, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    if (!c.training || op.p <= 0) return [x];
    const kernel = multiplied(x.kernel, x, op.p, op.unit);
    return [
      {
        ...x,
        free: undefined,
        kernel,
        mean: op.p >= 1 ? 0 : x.mean,
        marginal: undefined,
        pieces: undefined,
        near: undefined,
      },
    ];
  },
  backward(op, [x], _, [g], c) {
    if (g === undefined || x === undefined) return [undefined];
    if (!c.training || op.p <= 0) return [g];
    return [
      {
        ...g,
        weights: undefined,
        pieces: undefined,
        near: undefined,
        kernel: multiplied(g.kernel, x, op.p, op.unit),
        axes: x.axes,
      },
    ];
  },
};
