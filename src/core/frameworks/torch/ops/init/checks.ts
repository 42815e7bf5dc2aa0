import { constant, mixture, normal, truncatedNormal, uniform } from '../../../../initializers/index.js';
import type { Distribution } from '../../../../model/index.js';
import type { Runtime, Value } from '../../../../python/values/index.js';
import type { Tensor } from '../../tensor.js';
import { constantContent, unknownContent, type Content } from '../kit/make.js';
import { tensorOf } from '../kit/values.js';
import { distributionOf } from '../storage/write.js';
import { amount, isEmpty, unknownFill } from './fill.js';

/** A float as torch's C++ messages print it: six digits. */
export function printed(n: number): string {
  return String(Number(n.toPrecision(6)));
}

/** What `Tensor.normal_` draws; its error for a negative deviation. */
export function normalOf(mean: number, std: number, rt: Runtime): Distribution {
  if (!(std >= 0)) rt.raise('RuntimeError', `normal expects std >= 0.0, but found std ${printed(std)}`);
  return normal(mean, std);
}

/** What `Tensor.uniform_` draws; its error for bounds in the wrong order. */
export function uniformOf(low: number, high: number, rt: Runtime): Distribution {
  if (!(low <= high))
    rt.raise(
      'RuntimeError',
      `uniform_ expects to return a [from, to) range, but found from=${printed(low)} > to=${printed(high)}`,
    );
  return uniform(low, high);
}

/** What `trunc_normal_` draws: the bounds are absolute, and a scale of zero divides by it. */
export function truncatedOf(location: number, scale: number, low: number, high: number, rt: Runtime): Distribution {
  if (scale === 0) rt.raise('ZeroDivisionError', 'float division by zero');
  if (!(low <= high)) return uniformOf(low, high, rt);
  return truncatedNormal(location, Math.abs(scale), low, high);
}

/** What `Tensor.fill_` leaves: integers and booleans drop what they can't hold. */
export function filledWith(t: Tensor, value: Value, rt: Runtime): Content {
  const n = amount(value, 'value', rt);
  if (typeof n === 'number') return constantContent(kept(t, n));
  const source = tensorOf(value);
  if (!source) return unknownFill('the value', n);
  const d = distributionOf(source);
  return d.kind === 'constant'
    ? constantContent(kept(t, d.mean))
    : unknownContent('filled with the entry of a tensor, which is not known');
}

function kept(t: Tensor, n: number): number {
  if (t.dtype === 'bool') return n === 0 ? 0 : 1;
  return t.dtype === 'int' ? Math.trunc(n) : n;
}

/** 1 with probability p, else 0. */
export function coinOf(p: number): Distribution {
  if (p === 0 || p === 1) return constant(p);
  return mixture([
    { fraction: 1 - p, distribution: constant(0) },
    { fraction: p, distribution: constant(1) },
  ]);
}

/** Initializers that warn and leave a tensor without entries alone, before they look at anything else. */
export function unlessEmpty<T>(t: Tensor, draw: () => T): T | undefined {
  return isEmpty(t) ? undefined : draw();
}
