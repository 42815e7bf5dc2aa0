import { bounded } from '../../values/bounds.js';
import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import { Float, Iterator, NativeObject, Slice, Tuple, Unknown, type Value } from '../../values/index.js';
import { iteratorOf } from '../support/collect.js';
import { moduleOf, notEvaluated, nothing, submodules, unknowable, type ModuleFactory } from '../support/modules.js';
import { Quiet } from '../support/quiet.js';
import { toReal } from '../support/numbers.js';
import { products } from '../modules/itertools.js';
import { asArray, filled, shapeFrom } from './convert.js';
import { DType, FLOAT, INT, dtypeFrom, scalarNames } from './dtypes.js';
import { linalg } from './linear.js';
import { NdArray, toLists } from './ndarray.js';
import { functions, ndarrayClass } from './protocol.js';
import { random } from './random.js';
import { concatenated, reshaped } from './layout.js';

/** Limits of a floating-point or integer dtype. */
const FLOATS: Readonly<Record<number, readonly [eps: number, max: number, tiny: number]>> = {
  16: [2 ** -10, 65504, 2 ** -14],
  32: [2 ** -23, 3.4028234663852886e38, 2 ** -126],
  64: [2 ** -52, Number.MAX_VALUE, 2 ** -1022],
};

const finfo = native('finfo', 'dtype', ({ dtype }, runtime) => {
  const [eps, max, tiny] = FLOATS[dtypeFrom(dtype, FLOAT, runtime).bits] ?? [0, 0, 0];
  return new Quiet('finfo', { eps: new Float(eps), max: new Float(max), min: new Float(-max), tiny: new Float(tiny) });
});

const iinfo = native('iinfo', 'dtype', ({ dtype }, runtime) => {
  const type = dtypeFrom(dtype, INT, runtime);
  const unsigned = type.name.startsWith('u');
  const top = 2n ** BigInt(unsigned ? type.bits : type.bits - 1) - 1n;
  const small = (n: bigint) => (n <= 9007199254740991n && n >= -9007199254740991n ? Number(n) : n);
  return new Quiet('iinfo', { max: small(top), min: unsigned ? 0 : small(-top - 1n), bits: type.bits });
});

/** `np.mgrid[0:3, 0:2]`, `np.r_[…]`, `np.s_[…]`. */
class IndexTrick extends NativeObject {
  readonly typeName = 'IndexTrick';
  constructor(private readonly body: (index: Value, runtime: Runtime) => Value) {
    super();
  }
  override getItem(index: Value, runtime: Runtime): Value {
    return this.body(index, runtime);
  }
}

/** The numbers that a slice stands for; an imaginary step is their count. */
function sliceValues(slice: Slice, runtime: Runtime): number[] | undefined {
  const [start, stop, step] = [slice.start ?? 0, slice.stop ?? 0, slice.step ?? 1].map((v) => toReal(v, runtime));
  if (typeof start !== 'number' || typeof stop !== 'number' || typeof step !== 'number') return undefined;
  return Array.from({ length: bounded(Math.max(0, Math.ceil((stop - start) / step))) }, (_, i) => start + i * step);
}

const mgrid = new IndexTrick((index, runtime) => {
  const slices = index instanceof Tuple ? index.items : [index];
  const axes = slices.map((s) => (s instanceof Slice ? sliceValues(s, runtime) : undefined));
  if (axes.some((a) => a === undefined))
    return runtime.unknown('np.mgrid with these bounds is not evaluated', 'np.mgrid[…]');
  const lengths = axes.map((a) => a?.length ?? 0);
  const size = lengths.reduce((a, b) => a * b, 1);
  const grid = filled(
    [axes.length, ...lengths],
    INT,
    (i) => {
      const k = Math.floor(i / size);
      const stride = lengths.slice(k + 1).reduce((a, b) => a * b, 1);
      return axes[k]?.[Math.floor((i % size) / stride) % (lengths[k] ?? 1)] ?? NaN;
    },
    runtime,
  );
  return index instanceof Tuple ? grid : reshaped(grid, lengths, runtime);
});

const rows = new IndexTrick((index, runtime) => {
  const parts: NdArray[] = [];
  for (const item of index instanceof Tuple ? index.items : [index]) {
    const values = item instanceof Slice ? sliceValues(item, runtime) : undefined;
    const a = values ? new NdArray([values.length], values, INT) : asArray(item, runtime);
    if (a instanceof Unknown) return a;
    parts.push(a.shape.length === 0 ? reshaped(a, [1], runtime) : a);
  }
  return concatenated(parts, 0, runtime);
});

function ndindex(shape: Value, runtime: Runtime): Value {
  const sizes = shapeFrom(shape, runtime);
  if (sizes instanceof Unknown) return sizes;
  const pools = sizes.map((n) => Array.from({ length: bounded(n) }, (_, i) => i));
  const all = function* (): Generator<Value> {
    for (const p of products(pools, runtime)) yield new Tuple(p);
  };
  return iteratorOf(all(), 'ndindex');
}

const table = (): Record<string, Value> => ({
  ...scalarNames(),
  ndarray: ndarrayClass,
  pi: new Float(Math.PI),
  e: new Float(Math.E),
  euler_gamma: new Float(0.5772156649015329),
  inf: new Float(Infinity),
  Inf: new Float(Infinity),
  infty: new Float(Infinity),
  NINF: new Float(-Infinity),
  nan: new Float(NaN),
  NaN: new Float(NaN),
  NAN: new Float(NaN),
  newaxis: null,
  __version__: '1.26.4',
  dtype: native('dtype', 'dtype, *rest, **kwargs', ({ dtype }, runtime) =>
    dtype instanceof DType ? dtype : dtypeFrom(dtype, FLOAT, runtime),
  ),
  finfo,
  iinfo,
  mgrid,
  r_: rows,
  s_: new IndexTrick((index) => index),
  index_exp: new IndexTrick((index) => (index instanceof Tuple ? index : new Tuple([index]))),
  ndindex: native('ndindex', '*shape', ({ shape }, runtime) => {
    const sizes = shape instanceof Tuple ? shape.items : [];
    const [only] = sizes;
    return ndindex(sizes.length === 1 && only !== undefined ? only : shape, runtime);
  }),
  ndenumerate: native('ndenumerate', 'arr', ({ arr }, runtime) => {
    const a = asArray(arr, runtime);
    if (a instanceof Unknown) return a;
    const indices = ndindex(new Tuple(a.shape), runtime);
    let at = 0;
    return indices instanceof Iterator
      ? new Iterator(() => {
          const index = indices.next();
          return index === undefined ? undefined : new Tuple([index, a.entry(at++, runtime)]);
        }, 'ndenumerate')
      : indices;
  }),
  vectorize: native('vectorize', 'pyfunc, *rest, **kwargs', ({ pyfunc }) =>
    native('vectorized', 'a', ({ a }, runtime) => {
      const array = asArray(a, runtime);
      if (array instanceof Unknown) return array;
      const flat = toLists(reshaped(array, [-1], runtime), runtime);
      const made = asArray(new Tuple(runtime.toArray(flat).map((v) => runtime.call(pyfunc, [v]))), runtime);
      return made instanceof Unknown ? made : reshaped(made, array.shape, runtime);
    }),
  ),
  errstate: native('errstate', '*args, **kwargs', () => new Quiet('errstate')),
  ...Object.fromEntries(
    ['seterr', 'set_printoptions', 'save', 'savez', 'savez_compressed', 'savetxt', 'copyto'].map((name) => [
      name,
      nothing(name),
    ]),
  ),
  ...Object.fromEntries(
    ['load', 'loadtxt', 'genfromtxt', 'fromfile', 'frombuffer', 'memmap'].map((name) => [
      name,
      unknowable(name, `np.${name}() reads data from outside`),
    ]),
  ),
});

const numpy = moduleOf(
  'numpy',
  () => [functions, table()],
  submodules('numpy', ['random', 'linalg'], notEvaluated('np')),
);

export const numpyModules: Readonly<Record<string, ModuleFactory>> = {
  numpy,
  'numpy.random': random,
  'numpy.linalg': linalg,
};
