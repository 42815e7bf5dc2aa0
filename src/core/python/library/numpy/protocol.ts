import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import {
  BoundMethod,
  Bytes,
  Tuple,
  Unknown,
  type ClassValue,
  type NativeFunction,
  type Value,
} from '../../values/index.js';
import { rest } from '../support/arguments.js';
import { builtinClass } from '../support/classes.js';
import { iteratorOf } from '../support/collect.js';
import { realOf, toIndex } from '../support/numbers.js';
import { boolClass, intClass } from '../types/int.js';
import { floatClass } from '../types/float.js';
import { asClass, constructor, objectClass } from '../types/object.js';
import { binaryFunction } from './broadcast.js';
import { asArray, astype, axesFrom, filled, shapeFrom } from './convert.js';
import { creation } from './create.js';
import { FLOAT, cast, dtypeFrom, scalar, dtypeNamed } from './dtypes.js';
import { OPERATORS, elementwise } from './elementwise.js';
import { getItem, setItem } from './indexing.js';
import { linear, matmul } from './linear.js';
import { NdArray, result, setArrayProtocol, toLists } from './ndarray.js';
import { reductions } from './reduce.js';
import { joining } from './join.js';
import { permuted, reshaped, transposed } from './layout.js';
import { reshaping, spreadSizes } from './reshape.js';
import { selection } from './select.js';

export const ndarrayClass: ClassValue = builtinClass('ndarray', [objectClass], 'numpy', [
  constructor('cls, shape, dtype=None, *rest, **kwargs', ({ cls, shape, dtype }, runtime) => {
    asClass(cls, runtime);
    const sizes = shapeFrom(shape, runtime);
    return sizes instanceof Unknown ? sizes : filled(sizes, dtypeFrom(dtype, FLOAT, runtime), () => 0, runtime);
  }),
]);

/** Functions of the module that arrays have as methods too. */
const SHARED = new Set(
  'sum prod mean std var max min argmax argmin any all cumsum cumprod ptp clip round ravel squeeze swapaxes repeat take dot nonzero argsort searchsorted trace conj conjugate copy'.split(
    ' ',
  ),
);

const array = (self: Value, runtime: Runtime): NdArray => {
  const a = asArray(self, runtime);
  return a instanceof Unknown ? new NdArray([], null, FLOAT, { why: a }) : a;
};

const METHODS: readonly NativeFunction[] = [
  ...[...elementwise, ...reductions, ...reshaping, ...linear, ...selection, ...creation].filter((f) =>
    SHARED.has(f.name),
  ),
  native('tolist', 'self', ({ self }, runtime) => toLists(array(self, runtime), runtime)),
  native('item', 'self, *at', ({ self, at }, runtime) => {
    const a = array(self, runtime);
    const [index] = rest(at);
    const k = index === undefined ? 0 : toIndex(index, runtime);
    if (k instanceof Unknown) return k;
    if (index === undefined && a.size !== 1)
      runtime.raise('ValueError', 'can only convert an array of size 1 to a Python scalar');
    return a.entry(k < 0 ? k + a.size : k, runtime);
  }),
  native('astype', 'self, dtype, *rest, **kwargs', ({ self, dtype }, runtime) => {
    const a = array(self, runtime);
    const cast = astype(a, dtypeFrom(dtype, a.dtype, runtime));
    return cast === a ? new NdArray(a.shape, a.data, a.dtype, a.lack) : cast;
  }),
  native('view', 'self, *rest, **kwargs', ({ self }) => self),
  native('flatten', 'self, *rest', ({ self }, runtime) => reshaped(array(self, runtime), [-1], runtime)),
  native('reshape', 'self, *shape, **kwargs', ({ self, shape }, runtime) => {
    const sizes = shapeFrom(spreadSizes(shape), runtime);
    return sizes instanceof Unknown ? sizes : reshaped(array(self, runtime), sizes, runtime);
  }),
  native('transpose', 'self, *axes', ({ self, axes }, runtime) => {
    const a = array(self, runtime);
    if (rest(axes).length === 0 || rest(axes)[0] === null) return transposed(a);
    const order = axesFrom(spreadSizes(axes), a.shape.length, runtime);
    return order instanceof Unknown || !order ? a : permuted(a, order);
  }),
  native('fill', 'self, value', ({ self, value }, runtime) => {
    const a = array(self, runtime);
    const x = realOf(value);
    if (x !== undefined && a.data) a.set(a.data.map(() => cast(x, a.dtype)));
    return null;
  }),
  native('sort', 'self, *rest, **kwargs', ({ self }, runtime) => {
    const a = array(self, runtime);
    const sorted = selection.find((f) => f.name === 'sort');
    const out = sorted ? runtime.call(sorted, [a]) : a;
    if (out instanceof NdArray && out.data) a.set(out.data);
    return null;
  }),
  native('tobytes', 'self', (_args, runtime) => runtime.unknown('bytes of arrays are not evaluated', 'tobytes()')),
  native('__len__', 'self', ({ self }, runtime) => array(self, runtime).length(runtime)),
  native('__iter__', 'self', ({ self }, runtime) => iteratorOf(array(self, runtime).iterate(runtime))),
  native('__contains__', 'self, value', ({ self, value }, runtime) => {
    const a = array(self, runtime);
    const x = realOf(value);
    if (!a.data || value instanceof Unknown) return a.lack?.why ?? value;
    return x !== undefined && a.data.includes(x);
  }),
  native('__deepcopy__', 'self, memo=None', ({ self }, runtime) => {
    const a = array(self, runtime);
    return new NdArray(a.shape, a.data, a.dtype, a.lack);
  }),
  native('__copy__', 'self', ({ self }, runtime) => {
    const a = array(self, runtime);
    return new NdArray(a.shape, a.data, a.dtype, a.lack);
  }),
];
const methods = new Map(METHODS.map((m) => [m.name, m]));

const ATTRIBUTES: Readonly<Record<string, (a: NdArray, runtime: Runtime) => Value>> = {
  shape: (a) => new Tuple(a.shape),
  ndim: (a) => a.shape.length,
  size: (a) => a.size,
  dtype: (a) => a.dtype,
  T: (a) => transposed(a),
  flat: (a, runtime) => reshaped(a, [-1], runtime),
  real: (a) => a,
  itemsize: (a) => a.dtype.bits / 8,
  nbytes: (a) => (a.size * a.dtype.bits) / 8,
};

/** Operators that change the array on their left. */
const IN_PLACE = /^(.+)=$/;

setArrayProtocol({
  cls: ndarrayClass,
  getAttribute(a, name, runtime) {
    const method = methods.get(name);
    if (method) return new BoundMethod(a, method);
    return ATTRIBUTES[name]?.(a, runtime);
  },
  getItem,
  setItem,
  binary(op, a, other, reflected, runtime) {
    if (op === '@') return reflected ? matmul(other, a, runtime) : matmul(a, other, runtime);
    const direct = OPERATORS[op];
    if (direct) {
      if ((op === '==' || op === '!=') && (other === null || typeof other === 'string' || other instanceof Bytes))
        return op === '!=';
      return reflected ? binaryFunction(direct, other, a, runtime) : binaryFunction(direct, a, other, runtime);
    }
    const inner = IN_PLACE.exec(op)?.[1];
    const plain = inner === undefined ? undefined : OPERATORS[inner];
    if (!plain) return undefined;
    const value = binaryFunction(plain, a, other, runtime);
    if (!(value instanceof NdArray) || !value.data || !a.data) return value;
    a.set(value.data.map((x) => cast(x, a.dtype)));
    return a;
  },
  unary(op, a, runtime) {
    const apply = {
      '-': (x: number) => -x,
      '+': (x: number) => x,
      '~': (x: number) => (a.kind === 'bool' ? Number(x === 0) : -x - 1),
    }[op];
    const product = OPERATORS['*'];
    // The sign goes through the distribution of a random array.
    if (op === '-' && a.distribution && product) return binaryFunction(product, a, -1, runtime);
    return result(a.shape, a.data?.map(apply) ?? null, a.dtype, a.lack && { why: a.lack.why }, runtime);
  },
});

/** numpy's scalars are Python's numbers here, so these have the few methods that code calls on them. */
const SCALAR_METHODS: readonly NativeFunction[] = [
  native('item', 'self', ({ self }) => self),
  native('tolist', 'self', ({ self }) => self),
  native('astype', 'self, dtype, *rest, **kwargs', ({ self, dtype }) => {
    const type = dtypeNamed(dtype);
    const x = realOf(self);
    return type && x !== undefined ? scalar(cast(x, type), type.kind) : self;
  }),
];
for (const cls of [intClass, floatClass, boolClass]) for (const m of SCALAR_METHODS) cls.names.set(m.name, m);

/** All functions of the module. */
export const functions: readonly NativeFunction[] = [
  ...creation,
  ...elementwise,
  ...reductions,
  ...reshaping,
  ...joining,
  ...linear,
  ...selection,
];
