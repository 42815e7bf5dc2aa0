import { isKnown } from '../../../model/index.js';
import { freshAxes, sizesOf } from '../axes.js';
import { fieldOfEntries } from '../entries.js';
import { at, independentField, newKernel, rolesOf, type Axis, type Field } from '../field.js';
import { marginalOfLaw } from '../marginal-of-law.js';
import type { Rule, RuleContext } from '../types.js';

/** Roles for a tensor that the batch's first axis may be missing from. */
function axesOf(c: RuleContext): Axis[] {
  const sizes = sizesOf(c.outputShapes[0] ?? []);
  return freshAxes(sizes);
}

/** iid N(0,1); integers are uniform over their range. The traced batch of 1 stands for `batch` samples. */
export const input: Rule<'input'> = {
  forward(op, _, c) {
    const axes = axesOf(c);
    const first = axes[0];
    if (first?.[0]?.size === 1) axes[0] = [{ role: 0, size: c.batch }];
    if (op.range !== undefined) return [independentField((op.range - 1) / 2, (op.range * op.range - 1) / 12, axes)];
    return [independentField(0, 1, axes)];
  },
  backward: () => [],
};

/** Independent entries of that mean and variance instead. */
export function statedField(f: Field, mean: number, variance: number): Field {
  const m2 = mean * mean;
  return { ...f, mean, kernel: newKernel((m) => (at(f.kernel, m) === at(f.kernel, 0) ? m2 + variance : m2)) };
}

/** One entry of the last axis is `value`, the others 0: two of the same vector are never both. */
export function oneHotField(f: Field, value: number): Field {
  const last = f.axes.at(-1) ?? [];
  const n = last.reduce((size, factor) => size * factor.size, 1);
  const own = rolesOf([last]);
  const all = rolesOf(f.axes);
  const second = (value * value) / n;
  return {
    ...f,
    mean: value / n,
    free: undefined,
    kernel: newKernel((m) => ((m & all) === 0 ? second : (m & all & ~own) === 0 ? 0 : second / n)),
  };
}

export const constant: Rule<'constant'> = {
  forward(op, _, c) {
    const d = op.distribution;
    if (d.kind === 'uninitialized') return { unknown: 'uninitialized memory' };
    if (!isKnown(d)) return { unknown: d.reason };
    const axes = axesOf(c);
    const given = op.entries && fieldOfEntries(op.entries, axes);
    return [{ ...(given ?? independentField(d.mean, d.std * d.std, axes)), marginal: marginalOfLaw(d) }];
  },
  backward: () => [],
};

export const parameter: Rule<'parameter'> = {
  forward(op, _, c) {
    const d = c.parameter(op.parameter)?.distribution;
    if (d === undefined) return { unknown: 'a parameter that is not known' };
    if (d.kind === 'uninitialized') return { unknown: 'a parameter is uninitialized memory' };
    if (!isKnown(d)) return { unknown: d.reason };
    return [independentField(d.mean, d.std * d.std, axesOf(c))];
  },
  backward: () => [],
};

export const opaque: Rule<'opaque'> = {
  forward: (op) => ({ unknown: op.reason === '' ? `no rule for ${op.name}` : op.reason }),
  backward: () => [],
};
