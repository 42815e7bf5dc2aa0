import { native } from '../../values/native.js';
import type { BinaryOp, CompareOp, Runtime } from '../../values/runtime.js';
import { NativeFunction, Tuple, Unknown, Dict, type Value } from '../../values/index.js';
import { moduleOf } from '../support/modules.js';

const BINARY: Readonly<Record<string, BinaryOp>> = {
  add: '+', sub: '-', mul: '*', truediv: '/', floordiv: '//', mod: '%', pow: '**', matmul: '@',
  lshift: '<<', rshift: '>>', and_: '&', or_: '|', xor: '^', concat: '+',
  iadd: '+', isub: '-', imul: '*', itruediv: '/', ifloordiv: '//', imod: '%', ipow: '**', iand: '&', ior: '|', ixor: '^',
}; // prettier-ignore

const COMPARE: Readonly<Record<string, CompareOp>> = {
  eq: '==', ne: '!=', lt: '<', le: '<=', gt: '>', ge: '>=', is_: 'is', is_not: 'is not',
}; // prettier-ignore

const UNARY = { neg: '-', pos: '+', inv: '~', invert: '~', not_: 'not' } as const;

/** A function made at run time, such as what `itemgetter(1)` gives: it doesn't bind to instances. */
function made(name: string, body: (value: Value, runtime: Runtime) => Value): NativeFunction {
  return new NativeFunction(name, (runtime, args) => body(args[0] ?? null, runtime), true);
}

function getter(name: string, one: (value: Value, key: Value, runtime: Runtime) => Value): NativeFunction {
  return native(name, '*keys', ({ keys }) => {
    const wanted = keys instanceof Tuple ? keys.items : [];
    const [only] = wanted;
    return made(name, (value, runtime) =>
      wanted.length === 1 && only !== undefined
        ? one(value, only, runtime)
        : new Tuple(wanted.map((key) => one(value, key, runtime))),
    );
  });
}

const FUNCTIONS: readonly NativeFunction[] = [
  ...Object.entries(BINARY).map(([name, op]) => native(name, 'a, b', ({ a, b }, runtime) => runtime.binary(op, a, b))),
  ...Object.entries(COMPARE).map(([name, op]) =>
    native(name, 'a, b', ({ a, b }, runtime) => runtime.compare(op, a, b)),
  ),
  ...Object.entries(UNARY).map(([name, op]) => native(name, 'a', ({ a }, runtime) => runtime.unary(op, a))),
  native('abs', 'a', ({ a }, runtime) => runtime.call(runtime.builtin('abs'), [a])),
  native('index', 'a', ({ a }, runtime) => runtime.call(runtime.builtin('int'), [a])),
  native('truth', 'a', ({ a }, runtime) => runtime.truth(a)),
  native('contains', 'a, b', ({ a, b }, runtime) => runtime.compare('in', b, a)),
  native('getitem', 'a, b', ({ a, b }, runtime) => runtime.getItem(a, b)),
  native('setitem', 'a, b, c', ({ a, b, c }, runtime) => {
    runtime.setItem(a, b, c);
    return null;
  }),
  native('delitem', 'a, b', ({ a, b }, runtime) => runtime.callMethod(a, '__delitem__', [b])),
  native(
    'countOf',
    'a, b',
    ({ a, b }, runtime) => runtime.toArray(a).filter((v) => runtime.equals(v, b) === true).length,
  ),
  native('indexOf', 'a, b', ({ a, b }, runtime) => {
    const at = runtime.toArray(a).findIndex((v) => runtime.equals(v, b) === true);
    return at < 0 ? runtime.raise('ValueError', 'sequence.index(x): x not in sequence') : at;
  }),
  native('length_hint', 'a, default=0', ({ a }, runtime) => runtime.length(a)),
  getter('itemgetter', (value, key, runtime) => runtime.getItem(value, key)),
  getter('attrgetter', (value, key, runtime) => {
    if (typeof key !== 'string')
      return key instanceof Unknown ? key : runtime.raise('TypeError', 'attribute name must be a string');
    return key.split('.').reduce((object: Value, part) => runtime.getAttr(object, part), value);
  }),
  native('methodcaller', 'name, *args, **kwargs', ({ name, args, kwargs }) => {
    const named = new Map(kwargs instanceof Dict ? kwargs.pairs().map(([k, v]) => [String(k), v] as const) : []);
    return made('methodcaller', (value, runtime) =>
      runtime.callMethod(value, String(name), args instanceof Tuple ? [...args.items] : [], named),
    );
  }),
];

export const operator = moduleOf('operator', () => [FUNCTIONS]);
