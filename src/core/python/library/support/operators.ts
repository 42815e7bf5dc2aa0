import { native } from '../../values/native.js';
import type { BinaryOp, CompareOp } from '../../values/runtime.js';
import type { NativeFunction } from '../../values/index.js';
import { unwrap } from './numbers.js';

const BINARY: Readonly<Record<string, BinaryOp>> = {
  add: '+',
  sub: '-',
  mul: '*',
  truediv: '/',
  floordiv: '//',
  mod: '%',
  pow: '**',
  lshift: '<<',
  rshift: '>>',
  and: '&',
  or: '|',
  xor: '^',
};

const COMPARE: Readonly<Record<string, CompareOp>> = { lt: '<', le: '<=', gt: '>', ge: '>=', eq: '==', ne: '!=' };

/** `__add__` and the like of a built-in type, for code that calls them by name or through `super()`. */
export function arithmeticMethods(names: readonly string[]): NativeFunction[] {
  return names.flatMap((name) => {
    const op = BINARY[name];
    if (op === undefined) throw new Error(`no operator ${name}`);
    return [
      native(`__${name}__`, 'self, other', ({ self, other }, runtime) =>
        runtime.binary(op, unwrap(self), unwrap(other)),
      ),
      native(`__r${name}__`, 'self, other', ({ self, other }, runtime) =>
        runtime.binary(op, unwrap(other), unwrap(self)),
      ),
    ];
  });
}

/** `__lt__` and the like of a built-in type. */
export function comparisonMethods(names: readonly string[]): NativeFunction[] {
  return names.map((name) => {
    const op = COMPARE[name];
    if (op === undefined) throw new Error(`no comparison ${name}`);
    return native(`__${name}__`, 'self, other', ({ self, other }, runtime) =>
      runtime.compare(op, unwrap(self), unwrap(other)),
    );
  });
}

export const ORDERED = ['lt', 'le', 'gt', 'ge', 'eq', 'ne'] as const;
export const NUMERIC = ['add', 'sub', 'mul', 'truediv', 'floordiv', 'mod', 'pow'] as const;
