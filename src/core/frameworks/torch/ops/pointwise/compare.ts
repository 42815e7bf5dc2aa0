import type { Runtime, Value } from '../../../../python/values/index.js';
import { fn, op, type Family, type Table } from '../kit/define.js';
import { entries } from '../kit/entries.js';
import { isTraced, opaque } from '../kit/make.js';
import { tensorArgument } from '../kit/define.js';
import { tensorOf } from '../kit/values.js';
import { activate } from './activations.js';
import { mapEntries } from './apply.js';
import { general, operand, type Operand } from './arithmetic.js';
import { affine } from './unary.js';

type Test = (a: number, b: number) => number;

const TESTS: Readonly<Record<string, Test>> = {
  eq: (a, b) => Number(a === b),
  ne: (a, b) => Number(a !== b),
  lt: (a, b) => Number(a < b),
  le: (a, b) => Number(a <= b),
  gt: (a, b) => Number(a > b),
  ge: (a, b) => Number(a >= b),
};
const ALSO: Readonly<Record<string, string>> = {
  not_equal: 'ne',
  less: 'lt',
  less_equal: 'le',
  greater: 'gt',
  greater_equal: 'ge',
};
const LOGICAL: Readonly<Record<string, Test>> = {
  logical_and: (a, b) => Number(a !== 0 && b !== 0),
  logical_or: (a, b) => Number(a !== 0 || b !== 0),
  logical_xor: (a, b) => Number((a !== 0) !== (b !== 0)),
};
const BITWISE: Readonly<Record<string, Test>> = {
  bitwise_and: (a, b) => a & b,
  bitwise_or: (a, b) => a | b,
  bitwise_xor: (a, b) => a ^ b,
  bitwise_left_shift: (a, b) => a * 2 ** b,
  bitwise_right_shift: (a, b) => Math.floor(a / 2 ** b),
};

/** A comparison; with a number, > and < are steps, which the graph knows. */
export function compare(rt: Runtime, name: string, a: Operand, b: Operand): Value {
  const test = TESTS[name]!;
  if (a.tensor && !b.tensor && b.number !== undefined && isTraced([a.tensor]) && name !== 'eq' && name !== 'ne') {
    const above = activate(rt, a.tensor, 'step', { threshold: b.number });
    const result = name === 'gt' || name === 'ge' ? above : affine(rt, above, -1, 1);
    result.dtype = 'bool';
    return result;
  }
  return general(rt, 'compare', a, b, test, 'bool');
}

export function logical(rt: Runtime, name: string, a: Operand, b: Operand): Value {
  const test = LOGICAL[name] ?? BITWISE[name];
  const isBool = LOGICAL[name] !== undefined || (a.dtype === 'bool' && b.dtype === 'bool');
  return general(rt, name, a, b, test!, isBool ? 'bool' : 'int');
}

const binary = (name: string, body: (rt: Runtime, a: Operand, b: Operand) => Value): Table[string] =>
  op(name, 'input, other', (x, args, rt) => {
    const other = operand(args.other, rt);
    if (!other) return rt.raise('TypeError', `${name}(): argument 'other' (position 2) must be Tensor or Number`);
    return body(rt, { tensor: x, dtype: x.dtype }, other);
  });

const not = op('logical_not', 'input', (x, _a, rt) => {
  if (!isTraced([x]))
    return mapEntries(rt, x, { kind: 'affine', factor: -1, offset: 1 }, (v) => Number(v === 0), 'bool');
  return affine(rt, x, -1, 1, 'bool');
});

/** Tests of single entries; entries are taken to be ordinary numbers where they are not known. */
const finite = (name: string, test: (v: number) => boolean, otherwise: number): Table[string] =>
  op(name, 'input', (x, _a, rt) => {
    if (isTraced([x])) return affine(rt, x, 0, otherwise, 'bool');
    return mapEntries(rt, x, { kind: 'affine', factor: 0, offset: otherwise }, (v) => Number(test(v)), 'bool');
  });

const functions: Table = {
  ...Object.fromEntries(Object.keys(TESTS).map((n) => [n, binary(n, (rt, a, b) => compare(rt, n, a, b))])),
  ...Object.fromEntries(Object.entries(ALSO).map(([n, own]) => [n, binary(n, (rt, a, b) => compare(rt, own, a, b))])),
  ...Object.fromEntries(
    [...Object.keys(LOGICAL), ...Object.keys(BITWISE)].map((n) => [n, binary(n, (rt, a, b) => logical(rt, n, a, b))]),
  ),
  logical_not: not,
  bitwise_not: not,
  isnan: finite('isnan', Number.isNaN, 0),
  isinf: finite('isinf', (v) => Math.abs(v) === Infinity, 0),
  isfinite: finite('isfinite', Number.isFinite, 1),
};

/** `torch.equal(a, b)`: one Python bool. */
const equal = op('equal', 'input, other', (x, a, rt) => same(rt, x, a.other, 0));
const allclose = op('allclose', 'input, other, rtol=1e-5, atol=1e-8, equal_nan=False', (x, a, rt) =>
  same(rt, x, a.other, 1e-5),
);

function same(rt: Runtime, x: Parameters<typeof entries>[0], other: Value, tolerance: number): Value {
  const y = tensorOf(other);
  const [p, q] = [entries(x), y && entries(y)];
  if (!p || !q) return rt.unknown('whether two tensors have the same entries');
  return p.length === q.length && p.every((v, i) => Math.abs(v - q[i]!) <= tolerance * Math.abs(q[i]!));
}

export const comparisons: Family = {
  torch: {
    ...functions,
    equal,
    allclose,
    isclose: op('isclose', 'input, other, rtol=1e-5, atol=1e-8, equal_nan=False', (x, a, rt) =>
      general(
        rt,
        'compare',
        { tensor: x, dtype: x.dtype },
        { tensor: tensorArgument(a.other, 'isclose', 'other', rt), dtype: 'float' },
        (p, q) => Number(Math.abs(p - q) <= 1e-8 + 1e-5 * Math.abs(q)),
        'bool',
      ),
    ),
    isin: fn('isin', 'elements, test_elements, assume_unique=False, invert=False', (a, rt) => {
      const x = tensorArgument(a.elements, 'isin', 'elements', rt);
      return opaque(rt, 'isin', 'whether entries are among others', [x], { shape: x.shape, dtype: 'bool' });
    }),
  },
  methods: { ...functions, equal, allclose },
};
