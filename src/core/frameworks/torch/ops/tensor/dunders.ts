import type { NativeFunction, Value } from '../../../../python/values/index.js';
import type { Tensor } from '../../tensor.js';
import { op, type Table } from '../kit/define.js';
import { entries } from '../kit/entries.js';
import { numberOf } from '../kit/values.js';
import { binary, unary } from './operators.js';

/** Operators by the names that Python code may call them by (`torch.Tensor.__add__`, `super().__getitem__`). */
const BINARY: Readonly<Record<string, string>> = {
  add: '+',
  sub: '-',
  mul: '*',
  truediv: '/',
  floordiv: '//',
  mod: '%',
  pow: '**',
  matmul: '@',
  and: '&',
  or: '|',
  xor: '^',
};
const COMPARE: Readonly<Record<string, string>> = { eq: '==', ne: '!=', lt: '<', le: '<=', gt: '>', ge: '>=' };

const operator = (name: string, symbol: string, reflected: boolean): NativeFunction =>
  op(name, 'input, other', (x, a, rt) => binary(symbol, x, a.other, reflected, rt) ?? rt.unknown(`tensor ${symbol}`));

const both = (table: Readonly<Record<string, string>>, make: (name: string, symbol: string) => Table): Table =>
  Object.assign({}, ...Object.entries(table).map(([n, s]) => make(n, s))) as Table;

export const dunders: Table = {
  ...both(BINARY, (n, s) => ({
    [`__${n}__`]: operator(`__${n}__`, s, false),
    [`__r${n}__`]: operator(`__r${n}__`, s, true),
    [`__i${n}__`]: operator(`__i${n}__`, `${s}=`, false),
  })),
  ...both(COMPARE, (n, s) => ({ [`__${n}__`]: operator(`__${n}__`, s, false) })),
  __neg__: op('__neg__', 'input', (x, _a, rt) => unary('-', x, rt)),
  __invert__: op('__invert__', 'input', (x, _a, rt) => unary('~', x, rt)),
  __getitem__: op('__getitem__', 'input, index', (x, a, rt): Value => x.getItem(a.index, rt)),
  __setitem__: op('__setitem__', 'input, index, value', (x: Tensor, a, rt) => {
    x.setItem(a.index, a.value, rt);
    return null;
  }),
  __iter__: op('__iter__', 'input', (x, _a, rt) => rt.iterator(x)),
  __contains__: op('__contains__', 'input, item', (x, a, rt) => {
    const [data, item] = [entries(x), numberOf(a.item)];
    return data && item !== undefined ? data.includes(item) : rt.unknown('whether a tensor contains a value');
  }),
};
