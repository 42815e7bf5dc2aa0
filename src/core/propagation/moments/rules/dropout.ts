import type { Operation } from '../../../model/index.js';
import { alphaDropout } from '../../alpha-dropout.js';
import { mainRole } from '../axes.js';
import { at, atScale, bit, newKernel, type Field } from '../field.js';
import type { Rule } from '../types.js';
import { floats } from '../floats.js';

type Unit = Extract<Operation, { kind: 'dropout' }>['unit'];

/** Pairs that share their mask: itself, the same channel for channel dropout, the same sample for stochastic depth. */
function sharesMask(x: Field, unit: Unit, m: number): boolean {
  const sample = bit(mainRole(x.axes[0]));
  const channel = bit(mainRole(x.axes[1]));
  const shared = unit === 'channel' ? !(m & (sample | channel)) : unit === 'sample' ? !(m & sample) : m === 0;
  // Roles that the tensor does not have leave a pair the same entry.
  return shared || at(x.kernel, m) === at(x.kernel, 0);
}

/**
 * Entries survive with probability 1 − p and are then multiplied, by 1/(1 − p) but for alpha dropout: pairs with the same
 * mask keep more than those with two.
 */
function multiplied(kernel: Float64Array, x: Field, p: number, unit: Unit): Float64Array {
  const keep = 1 - p;
  if (keep <= 0) return floats(kernel.length);
  const factor = unit === 'alpha' ? alphaDropout(p).factor : 1 / keep;
  const [same, other] = [keep * factor ** 2, (keep * factor) ** 2];
  return newKernel((m) => (sharesMask(x, unit, m) ? same : other) * at(kernel, m));
}

/** What alpha dropout's lower bound adds to E[y²]. */
function fromLow({ mean }: Field, p: number): number {
  const { low, factor } = alphaDropout(p);
  return factor ** 2 * (1 - p) * p * low * (low - 2 * mean);
}

function dropped(x: Field, p: number, unit: Unit): Pick<Field, 'kernel' | 'mean'> {
  const kernel = multiplied(x.kernel, x, p, unit);
  if (p >= 1) return { kernel, mean: 0 };
  if (unit !== 'alpha') return { kernel, mean: x.mean };
  const low = fromLow(x, p);
  return {
    kernel: newKernel((m) => at(kernel, m) + (sharesMask(x, unit, m) ? low : 0)),
    mean: (1 - p) * alphaDropout(p).factor * x.mean,
  };
}

export const dropout: Rule<'dropout'> = {
  forward(op, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    if (!c.training || op.p <= 0) return [x];
    // The lower bound is a number of its own: it does not scale with the signal.
    const field = op.unit === 'alpha' ? atScale(x, 0) : x;
    return [
      {
        ...field,
        ...dropped(field, op.p, op.unit),
        free: undefined,
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
