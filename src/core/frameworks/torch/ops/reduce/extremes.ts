import type { NativeFunction, Runtime } from '../../../../python/values/index.js';
import type { Tensor } from '../../tensor.js';
import { op, structure, type Family, type Table } from '../kit/define.js';
import { tensorOf } from '../kit/values.js';
import { arithmetic, operand } from '../pointwise/arithmetic.js';
import { compute } from '../kit/make.js';
import { afterReducing, reduce, reducedContent, reduceOpaquely, type Over } from './over.js';
import { largest, smallest } from './totals.js';

type Extreme = 'max' | 'min';

const pick: Readonly<Record<Extreme, (g: readonly number[]) => number>> = { max: largest, min: smallest };

/** Where the extreme entry stands: the first of equal ones. */
function place(rt: Runtime, x: Tensor, which: Extreme, over: Over): Tensor {
  const name = `arg${which}`;
  const first = (g: readonly number[]): number => g.indexOf(pick[which](g));
  const { axes, shape, keepDims } = afterReducing(x, over, rt);
  const [axis, ...more] = axes ?? [];
  if (axis === undefined || more.length > 0) {
    const reason = `places of the ${which === 'max' ? 'largest' : 'smallest'} entries`;
    return reduceOpaquely(rt, x, name, reason, over, first, 'int');
  }
  const operation = { kind: 'place', of: which, axis, keepDims } as const;
  return compute(rt, operation, [x], { shape, dtype: 'int' }, () => reducedContent(x, axes, name, first));
}

function extreme(rt: Runtime, x: Tensor, which: Extreme, over: Over, name: string = which): Tensor {
  return reduce(rt, x, which, over, pick[which], x.dtype, name);
}

/** `max(x)`, `max(x, dim, keepdim)` with the places of its results, and `max(x, y)`, entry by entry. */
const extremes = (which: Extreme): NativeFunction =>
  op(which, 'input, dim=None, keepdim=False, other=None, out=None', (x, a, rt) => {
    const other = tensorOf(a.dim) ?? tensorOf(a.other);
    const both = other && operand(other, rt);
    if (both) return arithmetic(rt, which === 'max' ? 'maximum' : 'minimum', { tensor: x, dtype: x.dtype }, both);
    if (a.dim === null) return extreme(rt, x, which, a);
    return structure({ values: extreme(rt, x, which, a), indices: place(rt, x, which, a) });
  });

const places = (which: Extreme): NativeFunction =>
  op(`arg${which}`, 'input, dim=None, keepdim=False, out=None', (x, a, rt) => place(rt, x, which, a));

const bare = (name: string, which: Extreme): NativeFunction =>
  op(name, 'input, dim=None, keepdim=False, out=None', (x, a, rt) => extreme(rt, x, which, a, name));

const quantifier = (name: string, f: (g: readonly number[]) => boolean): NativeFunction =>
  op(name, 'input, dim=None, keepdim=False, out=None', (x, a, rt) =>
    reduceOpaquely(rt, x, name, `whether ${name} entries are true`, a, (g) => (f(g) ? 1 : 0), 'bool'),
  );

const functions: Table = {
  max: extremes('max'),
  min: extremes('min'),
  amax: bare('amax', 'max'),
  amin: bare('amin', 'min'),
  aminmax: op('aminmax', 'input, dim=None, keepdim=False, out=None', (x, a, rt) =>
    structure({ min: extreme(rt, x, 'min', a, 'amin'), max: extreme(rt, x, 'max', a, 'amax') }),
  ),
  argmax: places('max'),
  argmin: places('min'),
  any: quantifier('any', (g) => g.some((v) => v !== 0)),
  all: quantifier('all', (g) => g.every((v) => v !== 0)),
  count_nonzero: op('count_nonzero', 'input, dim=None', (x, a, rt) =>
    reduceOpaquely(
      rt,
      x,
      'count_nonzero',
      'the number of entries that are not zero',
      { dim: a.dim, keepdim: false },
      (g) => g.filter((v) => v !== 0).length,
      'int',
    ),
  ),
};

export const extremeValues: Family = { torch: functions, methods: functions };
