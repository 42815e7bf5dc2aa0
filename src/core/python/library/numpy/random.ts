import type { KnownDistribution } from '../../../model/distribution.js';
import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import { Tuple, Unknown, type NativeFunction, type Value } from '../../values/index.js';
import { rest } from '../support/arguments.js';
import { moduleOf, notEvaluated, nothing } from '../support/modules.js';
import { isInt, realOf, unwrap } from '../support/numbers.js';
import { symbolOf } from '../support/unknowns.js';
import { asArray, shapeFrom } from './convert.js';
import { FLOAT, INT, type DType } from './dtypes.js';
import { NdArray } from './ndarray.js';

const REASON = 'a random number differs from run to run';

/** An array of draws, or one unknown number when no size is given. */
function draw(
  name: string,
  size: Value,
  dtype: DType,
  distribution: KnownDistribution | undefined,
  args: readonly Value[],
  runtime: Runtime,
): Value {
  const why = runtime.unknown(REASON, `np.random.${name}(${args.map(symbolOf).join(', ')})`);
  if (size === null) return why;
  const shape = shapeFrom(size, runtime);
  if (shape instanceof Unknown) return shape.as(`np.random.${name}(${shape.symbol})`);
  return shape.length === 0 ? why : new NdArray(shape, null, dtype, { why, distribution });
}

export function uniform(low: number, high: number): KnownDistribution {
  return { kind: 'uniform', mean: (low + high) / 2, std: (high - low) / Math.sqrt(12), low, high };
}

/** A distribution whose parameters are plain numbers; arrays of parameters have no single one. */
function normalOf(mean: Value, std: Value): KnownDistribution | undefined {
  const [m, s] = [realOf(mean), realOf(std)];
  return m === undefined || s === undefined ? undefined : { kind: 'normal', mean: m, std: s };
}

/** Sizes given one by one: `randn(3, 4)`. */
const sizes = (args: Value): Value => (rest(args).length === 0 ? null : new Tuple(rest(args)));

const STANDARD: KnownDistribution = { kind: 'normal', mean: 0, std: 1 };

/** Draws without a distribution that the model knows: only their shape is told. */
const SHAPED: readonly (readonly [name: string, signature: string, dtype: DType])[] = [
  ['binomial', 'n, p, size=None', INT],
  ['poisson', 'lam=1.0, size=None', INT],
  ['exponential', 'scale=1.0, size=None', FLOAT],
  ['beta', 'a, b, size=None', FLOAT],
  ['gamma', 'shape, scale=1.0, size=None', FLOAT],
  ['laplace', 'loc=0.0, scale=1.0, size=None', FLOAT],
  ['lognormal', 'mean=0.0, sigma=1.0, size=None', FLOAT],
  ['geometric', 'p, size=None', INT],
  ['dirichlet', 'alpha, size=None', FLOAT],
];

const FUNCTIONS: readonly NativeFunction[] = [
  native('randn', '*shape', ({ shape }, runtime) => draw('randn', sizes(shape), FLOAT, STANDARD, rest(shape), runtime)),
  native('rand', '*shape', ({ shape }, runtime) =>
    draw('rand', sizes(shape), FLOAT, uniform(0, 1), rest(shape), runtime),
  ),
  native('standard_normal', 'size=None, *rest, **kwargs', ({ size }, runtime) =>
    draw('standard_normal', size, FLOAT, STANDARD, [size], runtime),
  ),
  ...['random', 'random_sample', 'ranf', 'sample'].map((name) =>
    native(name, 'size=None, *rest, **kwargs', ({ size }, runtime) =>
      draw(name, size, FLOAT, uniform(0, 1), [], runtime),
    ),
  ),
  native('normal', 'loc=0.0, scale=1.0, size=None', ({ loc, scale, size }, runtime) =>
    draw('normal', size, FLOAT, normalOf(loc, scale), [loc, scale], runtime),
  ),
  native('uniform', 'low=0.0, high=1.0, size=None', ({ low, high, size }, runtime) => {
    const [a, b] = [realOf(low), realOf(high)];
    return draw(
      'uniform',
      size,
      FLOAT,
      a === undefined || b === undefined ? undefined : uniform(a, b),
      [low, high],
      runtime,
    );
  }),
  ...['randint', 'integers'].map((name) =>
    native(name, 'low, high=None, size=None, *rest, **kwargs', ({ low, high, size }, runtime) =>
      draw(name, size, INT, undefined, high === null ? [low] : [low, high], runtime),
    ),
  ),
  ...SHAPED.map(([name, signature, dtype]) =>
    native(name, signature, (args: Readonly<Record<string, Value>>, runtime) =>
      draw(name, args['size'] ?? null, dtype, undefined, [], runtime),
    ),
  ),
  native('choice', 'a, size=None, replace=True, p=None, *rest, **kwargs', ({ a, size }, runtime) => {
    const isCount = isInt(unwrap(a));
    return draw('choice', size, isCount ? INT : FLOAT, undefined, [a], runtime);
  }),
  native('permutation', 'x', ({ x }, runtime) => {
    if (x instanceof Unknown) return x;
    const source = isInt(unwrap(x)) ? new NdArray([Number(unwrap(x))], null, INT) : asArray(x, runtime);
    if (source instanceof Unknown) return source;
    return new NdArray(source.shape, null, source.dtype, { why: runtime.unknown(REASON, 'np.random.permutation()') });
  }),
  native('shuffle', 'x', (_args, runtime) => {
    runtime.note('a shuffled array is read in the order that it had before');
    return null;
  }),
];

const generator = (name: string) =>
  native(name, '*args, **kwargs', (_args, runtime) => runtime.importModule('numpy.random'));

export const random = moduleOf(
  'numpy.random',
  () => [
    FUNCTIONS,
    {
      seed: nothing('seed'),
      set_state: nothing('set_state'),
      get_state: native('get_state', '*args', (_args, runtime) => runtime.unknown(REASON, 'np.random.get_state()')),
      // A generator draws as the module does: only shapes and distributions are read off.
      RandomState: generator('RandomState'),
      default_rng: generator('default_rng'),
      Generator: generator('Generator'),
    },
  ],
  notEvaluated('np.random'),
);
