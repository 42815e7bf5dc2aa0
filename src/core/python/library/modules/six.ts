import { native } from '../../values/native.js';
import type { Value } from '../../values/index.js';
import { createBuiltins } from '../builtins/index.js';
import { collect } from '../support/collect.js';
import { moduleOf, notEvaluated } from '../support/modules.js';

/** Code from the days of Python 2. */
const sixNames = (): Record<string, Value> => {
  const table = createBuiltins();
  const of = (name: string): Value => table.get(name) ?? null;
  return {
    xrange: of('range'),
    range: of('range'),
    zip: of('zip'),
    map: of('map'),
    filter: of('filter'),
    input: of('input'),
    reduce: native('reduce', 'function, iterable, *initial', ({ function: f, iterable, initial }, runtime) =>
      runtime.call(runtime.getAttr(runtime.importModule('functools'), 'reduce'), [
        f,
        iterable,
        ...collect(initial, runtime),
      ]),
    ),
  };
};
const viewOf = (name: string, method: string) => native(name, 'd', ({ d }, runtime) => runtime.callMethod(d, method));
export const six = moduleOf(
  'six',
  () => {
    const table = createBuiltins();
    const of = (name: string): Value => table.get(name) ?? null;
    return [
      [viewOf('iteritems', 'items'), viewOf('itervalues', 'values'), viewOf('iterkeys', 'keys')],
      {
        PY2: false,
        PY3: true,
        string_types: of('str'),
        integer_types: of('int'),
        text_type: of('str'),
        binary_type: of('bytes'),
        class_types: of('type'),
        add_metaclass: native('add_metaclass', 'metaclass', () => native('add_metaclass', 'cls', ({ cls }) => cls)),
        with_metaclass: native(
          'with_metaclass',
          'meta, *bases',
          ({ bases }, runtime) => collect(bases, runtime)[0] ?? of('object'),
        ),
      },
    ];
  },
  (name, runtime) => (name === 'moves' ? runtime.importModule('six.moves') : undefined),
);
export const sixMoves = moduleOf('six.moves', () => [sixNames()], notEvaluated('six.moves'));
