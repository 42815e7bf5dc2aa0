import { bounded } from '../../values/bounds.js';
import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import { List, Tuple, Unknown, type NativeFunction, type Value } from '../../values/index.js';
import { moduleOf, notEvaluated, nothing } from '../support/modules.js';
import { symbolOf } from '../support/unknowns.js';

const REASON = 'a random number differs from run to run';

function drawn(name: string, runtime: Runtime, args: readonly Value[] = []): Unknown {
  return runtime.unknown(REASON, `random.${name}(${args.map(symbolOf).join(', ')})`);
}

const NUMBERS = [
  'random',
  'uniform',
  'randint',
  'randrange',
  'gauss',
  'normalvariate',
  'betavariate',
  'expovariate',
  'triangular',
  'lognormvariate',
  'getrandbits',
  'vonmisesvariate',
  'gammavariate',
  'paretovariate',
  'weibullvariate',
  'randbytes',
];

const FUNCTIONS: readonly NativeFunction[] = [
  ...NUMBERS.map((name) =>
    native(name, '*args', ({ args }, runtime) => drawn(name, runtime, args instanceof Tuple ? args.items : [])),
  ),
  native('choice', 'seq', ({ seq }, runtime) => {
    if (seq instanceof Unknown) return seq.as(`choice(${seq.symbol})`);
    const items = runtime.toArray(seq);
    const [first] = items;
    // No doubt when all are the same.
    return first !== undefined && items.every((v) => runtime.equals(v, first) === true)
      ? first
      : drawn('choice', runtime);
  }),
  native('choices', 'population, weights=None, *, cum_weights=None, k=1', ({ k }, runtime) =>
    typeof k === 'number'
      ? new List(Array.from({ length: bounded(k, 100_000) }, () => drawn('choice', runtime)))
      : drawn('choices', runtime),
  ),
  native('sample', 'population, k, *, counts=None', ({ k }, runtime) =>
    typeof k === 'number'
      ? new List(Array.from({ length: bounded(k, 100_000) }, () => drawn('choice', runtime)))
      : drawn('sample', runtime),
  ),
  native('shuffle', 'x', (_args, runtime) => {
    runtime.note('a shuffled list is read in the order that it had before');
    return null;
  }),
];

export const random = moduleOf(
  'random',
  () => [
    FUNCTIONS,
    {
      seed: nothing('seed'),
      setstate: nothing('setstate'),
      getstate: native('getstate', '', (_args, runtime) => drawn('getstate', runtime)),
      Random: native('Random', '*args', (_args, runtime) => runtime.importModule('random')),
      SystemRandom: native('SystemRandom', '*args', (_args, runtime) => runtime.importModule('random')),
    },
  ],
  notEvaluated('random'),
);
