import { mixture } from '../../../../initializers/index.js';
import { Tuple, Unknown, type Runtime, type Value } from '../../../../python/values/index.js';
import type { Tensor } from '../../tensor.js';
import { broadcastAll } from '../kit/broadcast.js';
import { fn, op, tensorArgument, type Family, type Table } from '../kit/define.js';
import { entries } from '../kit/entries.js';
import { compute, dataContent, isTraced, opaque, unknownContent } from '../kit/make.js';
import { isComplete } from '../kit/sizes.js';
import { numberOf, tensorOf, tensorsIn, typeName } from '../kit/values.js';
import { spread } from '../kit/broadcast.js';
import { distributionOf } from '../storage/write.js';
import { combineEntries } from './apply.js';
import {
  arithmetic,
  asTensor,
  floorDivide,
  general,
  operand,
  raise,
  type Arithmetic,
  type Operand,
} from './arithmetic.js';
import { affine } from './unary.js';

/** Both arguments of a function; a TypeError where one can't take part. */
function pair(rt: Runtime, name: string, input: Value, other: Value): [Operand, Operand] {
  const read = (v: Value, argument: string): Operand =>
    operand(v, rt) ?? rt.raise('TypeError', `${name}(): argument '${argument}' must be Tensor, not ${typeName(v)}`);
  return [read(input, 'input'), read(other, 'other')];
}

/** b·alpha. */
function times(rt: Runtime, b: Operand, alpha: Value): Operand {
  const n = numberOf(alpha);
  if (n === 1) return b;
  if (n === undefined) return { unknown: rt.unknown('a factor that is not known'), dtype: b.dtype };
  if (b.tensor) return { tensor: affine(rt, b.tensor, n, 0), dtype: b.dtype };
  return b.number === undefined ? b : { number: b.number * n, dtype: b.dtype };
}

const simple = (name: string, kind: Arithmetic): Table[string] =>
  fn(name, 'input, other', (a, rt) => arithmetic(rt, kind, ...pair(rt, name, a.input, a.other)));

const add = fn('add', 'input, other, alpha=1', (a, rt) => {
  const [x, y] = pair(rt, 'add', a.input, a.other);
  return arithmetic(rt, 'add', x, times(rt, y, a.alpha));
});
const sub = fn('sub', 'input, other, alpha=1', (a, rt) => {
  const [x, y] = pair(rt, 'sub', a.input, a.other);
  return arithmetic(rt, 'subtract', x, times(rt, y, a.alpha));
});
const div = fn('div', 'input, other, rounding_mode=None', (a, rt) => {
  const [x, y] = pair(rt, 'div', a.input, a.other);
  return a.rounding_mode === null ? arithmetic(rt, 'divide', x, y) : floorDivide(rt, x, y);
});
const mul = simple('mul', 'multiply');
const pow = fn('pow', 'input, exponent', (a, rt) => raise(rt, ...pair(rt, 'pow', a.input, a.exponent)));
const float = (name: string, f: (x: number, y: number) => number): Table[string] =>
  fn(name, 'input, other', (a, rt) => {
    const [x, y] = pair(rt, name, a.input, a.other);
    return general(rt, name, x, y, f, x.dtype === 'int' && y.dtype === 'int' && name !== 'atan2' ? 'int' : 'float');
  });

/** Python's remainder takes the divisor's sign. */
export const remainderOf = (x: number, y: number): number => x - y * Math.floor(x / y);

/** Indices and masks choose; entries are not computed. */
export function choose(rt: Runtime, condition: Tensor, a: Tensor, b: Tensor): Tensor {
  const shape = broadcastAll(rt, [condition.shape, a.shape, b.shape]);
  const dtype = a.dtype === 'float' || b.dtype === 'float' ? 'float' : a.dtype;
  return compute(rt, { kind: 'where' }, [condition, a, b], { shape, dtype }, () => {
    const all = [condition, a, b].map((t) => {
      const data = entries(t);
      return data && isComplete(t.shape) && isComplete(shape) ? spread(data, t.shape, shape) : null;
    });
    const [c, x, y] = all;
    if (c && x && y)
      return dataContent(
        c.map((v, i) => (v !== 0 ? x[i] : y[i])!),
        'where',
      );
    const share = distributionOf(condition).mean;
    if (share === undefined) return unknownContent('chosen by a condition that is not known');
    return {
      distribution: mixture([
        { fraction: share, distribution: distributionOf(a) },
        { fraction: 1 - share, distribution: distributionOf(b) },
      ]),
    };
  });
}

const where = fn('where', 'condition, input=None, other=None', (a, rt) => {
  if (a.condition instanceof Unknown) {
    const inputs = tensorsIn([a.input, a.other]);
    if (inputs.length === 0) return a.condition;
    const shape = broadcastAll(
      rt,
      inputs.map((t) => t.shape),
    );
    return opaque(rt, 'where', a.condition.reason, inputs, { shape });
  }
  const condition = tensorArgument(a.condition, 'where', 'condition', rt);
  if (a.input === null && a.other === null) {
    const count = rt.unknown('the number of entries that are not zero');
    return new Tuple([
      opaque(rt, 'nonzero', 'indices of entries that are not zero', [condition], { shape: [count], dtype: 'int' }),
    ]);
  }
  const [x, y] = pair(rt, 'where', a.input, a.other);
  return choose(rt, condition, asTensor(rt, x, 'where'), asTensor(rt, y, 'where'));
});

const maskedFill = op('masked_fill', 'input, mask, value', (x, a, rt) => {
  const value = numberOf(a.value);
  if (a.mask instanceof Unknown)
    return opaque(rt, 'masked_fill', a.mask.reason, [x], { shape: x.shape, dtype: x.dtype });
  const mask = tensorArgument(a.mask, 'masked_fill', 'mask', rt);
  if (value === undefined) {
    const fill = tensorOf(a.value);
    if (fill) return choose(rt, mask, fill, x);
    return opaque(rt, 'masked_fill', 'filled with a value that is not known', [x, mask], {
      shape: x.shape,
      dtype: x.dtype,
    });
  }
  return combineEntries(rt, x, mask, { kind: 'maskedFill', value }, (v, m) => (m !== 0 ? value : v), x.dtype);
});

const lerp = op('lerp', 'input, end, weight', (x, a, rt) => {
  const [start, end] = pair(rt, 'lerp', x, a.end);
  const weight = operand(a.weight, rt);
  if (!weight) return rt.raise('TypeError', 'lerp(): argument weight must be Tensor or Number');
  const step = tensorOf(arithmetic(rt, 'subtract', end, start));
  const part = step && tensorOf(arithmetic(rt, 'multiply', { tensor: step, dtype: step.dtype }, weight));
  return part ? arithmetic(rt, 'add', start, { tensor: part, dtype: part.dtype }) : rt.unknown('an interpolation');
});

/** input + value·(t1 ∘ t2). */
const fused = (name: string, kind: Arithmetic): Table[string] =>
  op(name, 'input, tensor1, tensor2, value=1', (x, a, rt) => {
    const inner = tensorOf(arithmetic(rt, kind, ...pair(rt, name, a.tensor1, a.tensor2)));
    if (!inner) return rt.unknown(`an operand of ${name}`);
    return arithmetic(
      rt,
      'add',
      { tensor: x, dtype: x.dtype },
      times(rt, { tensor: inner, dtype: inner.dtype }, a.value),
    );
  });

const functions: Table = {
  add,
  sub,
  subtract: sub,
  rsub: fn('rsub', 'input, other, alpha=1', (a, rt) => {
    const [x, y] = pair(rt, 'rsub', a.input, a.other);
    return arithmetic(rt, 'subtract', y, times(rt, x, a.alpha));
  }),
  mul,
  multiply: mul,
  div,
  divide: div,
  true_divide: simple('true_divide', 'divide'),
  floor_divide: fn('floor_divide', 'input, other', (a, rt) =>
    floorDivide(rt, ...pair(rt, 'floor_divide', a.input, a.other)),
  ),
  pow,
  float_power: fn('float_power', 'input, exponent', (a, rt) => {
    const result = tensorOf(raise(rt, ...pair(rt, 'float_power', a.input, a.exponent)));
    if (result) result.dtype = 'float';
    return result ?? rt.unknown('a power');
  }),
  maximum: simple('maximum', 'maximum'),
  minimum: simple('minimum', 'minimum'),
  fmax: simple('fmax', 'maximum'),
  fmin: simple('fmin', 'minimum'),
  remainder: float('remainder', remainderOf),
  fmod: float('fmod', (x, y) => x % y),
  atan2: float('atan2', Math.atan2),
  arctan2: float('atan2', Math.atan2),
  hypot: float('hypot', Math.hypot),
  copysign: float('copysign', (x, y) => Math.abs(x) * (y < 0 || Object.is(y, -0) ? -1 : 1)),
  logaddexp: float('logaddexp', (x, y) => Math.max(x, y) + Math.log1p(Math.exp(-Math.abs(x - y)))),
  xlogy: float('xlogy', (x, y) => (x === 0 ? 0 : x * Math.log(y))),
  heaviside: float('heaviside', (x, y) => (x > 0 ? 1 : x === 0 ? y : 0)),
  lerp,
  addcmul: fused('addcmul', 'multiply'),
  addcdiv: fused('addcdiv', 'divide'),
  masked_fill: maskedFill,
};

export const binaries: Family = {
  torch: { ...functions, where },
  methods: {
    ...functions,
    where: op('where', 'input, condition, other', (x, a, rt) => rt.call(where, [a.condition, x, a.other])),
    masked_scatter: op('masked_scatter', 'input, mask, source', (x, a, rt) => {
      const inputs = [
        x,
        tensorArgument(a.mask, 'masked_scatter', 'mask', rt),
        tensorArgument(a.source, 'masked_scatter', 'source', rt),
      ];
      const reason = isTraced(inputs) ? 'entries put where a mask says' : 'computed before forward';
      return opaque(rt, 'masked_scatter', reason, inputs, {
        shape: x.shape,
        dtype: x.dtype,
      });
    }),
  },
};
