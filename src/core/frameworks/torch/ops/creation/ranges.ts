import { uniform } from '../../../../initializers/index.js';
import { Float, Unknown, type Runtime, type Value } from '../../../../python/values/index.js';
import type { DType, Size } from '../../tensor.js';
import { fn, type Family } from '../kit/define.js';
import { MAX_ENTRIES } from '../kit/entries.js';
import { dataContent, unknownContent, type Content } from '../kit/make.js';
import { minus, overUp } from '../kit/sizes.js';
import { numberOf, plainNumber, sizeOf } from '../kit/values.js';
import { made, OPTIONS } from './options.js';
import { integersBetween } from './random.js';

const UNKNOWN: Content = unknownContent('a range whose ends are not known');

/** Equal steps from low to high. */
function steps(first: number, step: number, length: number, f: (x: number) => number = (x) => x): Content {
  if (length <= MAX_ENTRIES)
    return dataContent(
      Array.from({ length }, (_, i) => f(first + i * step)),
      'arange',
    );
  const last = first + (length - 1) * step;
  if (step === 1 && Number.isInteger(first)) return { distribution: integersBetween(first, last + 1) };
  return { distribution: uniform(Math.min(first, last), Math.max(first, last)) };
}

function arange(rt: Runtime, a: { start: Value; end: Value; step: Value; dtype: Value; requires_grad: Value }): Value {
  const [start, end] =
    a.end === null ? [0, plainNumber(a.start, rt)] : [plainNumber(a.start, rt), plainNumber(a.end, rt)];
  const step = plainNumber(a.step, rt);
  const usual: DType = [start, end, step].some((v) => v instanceof Float) ? 'float' : 'int';
  const [s, e, d] = [numberOf(start), numberOf(end), numberOf(step)];
  if (s === undefined || e === undefined || d === undefined) {
    const length = asSize(end, rt);
    const from = asSize(start, rt);
    const by = asSize(step, rt);
    return made(rt, 'arange', [overUp(minus(length, from), by)], a, usual, UNKNOWN);
  }
  if (d === 0) rt.raise('RuntimeError', 'step must be nonzero');
  if ((e - s) * d < 0) rt.raise('RuntimeError', 'upper bound and lower bound inconsistent with step sign');
  const length = Math.ceil((e - s) / d);
  return made(rt, 'arange', [length], a, usual, steps(s, d, length));
}

function asSize(v: Value, rt: Runtime): Size {
  const n = numberOf(v);
  if (n !== undefined) return n;
  return v instanceof Unknown ? v : rt.unknown('the end of a range');
}

function spaced(
  rt: Runtime,
  name: string,
  a: { start: Value; end: Value; steps: Value; dtype: Value; requires_grad: Value },
  f: (x: number) => number,
): Value {
  const n = sizeOf(a.steps, rt);
  const [s, e] = [numberOf(a.start), numberOf(a.end)];
  const known = s !== undefined && e !== undefined && typeof n === 'number';
  const content = !known ? UNKNOWN : steps(s, n > 1 ? (e - s) / (n - 1) : 0, n, f);
  return made(rt, name, [n], a, 'float', content);
}

export const ranges: Family = {
  torch: {
    arange: fn('arange', `start, end=None, step=1, ${OPTIONS}`, (a, rt) => arange(rt, a)),
    range: fn('range', `start, end, step=1, ${OPTIONS}`, (a, rt) => {
      const [s, e, d] = [numberOf(a.start), numberOf(a.end), numberOf(a.step)];
      if (s === undefined || e === undefined || d === undefined)
        return made(rt, 'range', [rt.unknown('the end of a range')], a, 'float', UNKNOWN);
      const length = Math.floor((e - s) / d) + 1;
      return made(rt, 'range', [length], a, 'float', steps(s, d, length));
    }),
    linspace: fn('linspace', `start, end, steps, ${OPTIONS}`, (a, rt) => spaced(rt, 'linspace', a, (x) => x)),
    logspace: fn('logspace', `start, end, steps=100, base=10.0, ${OPTIONS}`, (a, rt) => {
      const base = numberOf(a.base) ?? 10;
      return spaced(rt, 'logspace', a, (x) => base ** x);
    }),
  },
};
