import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import { Float, List, Unknown, type NativeFunction, type Value } from '../../values/values.js';
import { createBuiltins } from '../builtins/index.js';
import { moduleOf, notEvaluated, nothing, type ModuleFactory } from '../support/modules.js';
import { parseLiteral } from '../support/literal.js';
import { realOf } from '../support/numbers.js';
import { listOf, textOf } from '../support/receivers.js';
import { extreme, sortValues } from '../support/sorting.js';
import { collect, iteratorOf } from '../support/collect.js';
import { pure } from '../support/unknowns.js';
import { quietClass } from '../support/quiet.js';
import { dictClass } from '../types/dict.js';
import { setClass } from '../types/set.js';

/** Modules that a few lines cover. */

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';
const WHITESPACE = ' \t\n\r\v\f';

const string = moduleOf(
  'string',
  () => [
    {
      ascii_lowercase: LETTERS,
      ascii_uppercase: LETTERS.toUpperCase(),
      ascii_letters: LETTERS + LETTERS.toUpperCase(),
      digits: DIGITS,
      hexdigits: `${DIGITS}abcdefABCDEF`,
      octdigits: '01234567',
      punctuation: PUNCTUATION,
      whitespace: WHITESPACE,
      printable: DIGITS + LETTERS + LETTERS.toUpperCase() + PUNCTUATION + WHITESPACE,
      capwords: pure('capwords', 's', ({ s }, runtime) =>
        textOf(s, runtime)
          .split(/\s+/)
          .filter((w) => w !== '')
          .map((w) => w.slice(0, 1).toUpperCase() + w.slice(1).toLowerCase())
          .join(' '),
      ),
    },
  ],
  notEvaluated('string'),
);

/** Where `x` goes into sorted items: left or right of those that are equal. */
function insertion(name: string, right: boolean): NativeFunction {
  return native(name, 'a, x, lo=0, hi=None, *, key=None', ({ a, x, key }, runtime) => {
    const items = collect(a, runtime);
    const at = items.findIndex((item) => {
      const k = key === null ? item : runtime.call(key, [item]);
      return right ? runtime.compare('<', x, k) === true : runtime.compare('<', k, x) !== true;
    });
    return at < 0 ? items.length : at;
  });
}

function insort(name: string, find: NativeFunction): NativeFunction {
  return native(name, 'a, x, *rest, **kwargs', ({ a, x }, runtime) => {
    const at = runtime.call(find, [a, x]);
    listOf(a, runtime).change().splice(Number(at), 0, x);
    return null;
  });
}

const bisectRight = insertion('bisect_right', true);
const bisectLeft = insertion('bisect_left', false);
const bisect = moduleOf('bisect', () => [
  {
    bisect: bisectRight,
    bisect_right: bisectRight,
    bisect_left: bisectLeft,
    insort: insort('insort', bisectRight),
    insort_right: insort('insort_right', bisectRight),
    insort_left: insort('insort_left', bisectLeft),
  },
]);

/** A heap is kept sorted here: a sorted list is a heap. */
function sortInPlace(heap: Value, runtime: Runtime): void {
  const list = listOf(heap, runtime);
  const sorted = sortValues(list.items, null, false, runtime);
  list.change();
  if (!(sorted instanceof Unknown)) list.items = sorted;
}

const heapq = moduleOf('heapq', () => [
  [
    native('heapify', 'x', ({ x }, runtime) => {
      sortInPlace(x, runtime);
      return null;
    }),
    native('heappush', 'heap, item', ({ heap, item }, runtime) => {
      listOf(heap, runtime).change().push(item);
      sortInPlace(heap, runtime);
      return null;
    }),
    native('heappop', 'heap', ({ heap }, runtime) => {
      sortInPlace(heap, runtime);
      return listOf(heap, runtime).change().shift() ?? runtime.raise('IndexError', 'index out of range');
    }),
    ...(['nlargest', 'nsmallest'] as const).map((name) =>
      native(name, 'n, iterable, key=None', ({ n, iterable, key }, runtime) => {
        const sorted = sortValues(collect(iterable, runtime), key, name === 'nlargest', runtime);
        return sorted instanceof Unknown ? sorted : new List(sorted.slice(0, realOf(n) ?? 0));
      }),
    ),
    native('merge', '*iterables, key=None, reverse=False', ({ iterables, key, reverse }, runtime) => {
      const all = collect(iterables, runtime).flatMap((it) => collect(it, runtime));
      const sorted = sortValues(all, key, reverse === true, runtime);
      return sorted instanceof Unknown ? sorted : iteratorOf(sorted);
    }),
  ],
]);

/** A function of a sample of numbers. */
function statistic(name: string, body: (xs: readonly number[]) => number): NativeFunction {
  return pure(
    name,
    'data, *rest',
    ({ data }, runtime) => {
      const items = collect(data, runtime);
      const unknown = items.find((v) => v instanceof Unknown);
      if (unknown instanceof Unknown) return unknown.as(`${name}()`);
      const result = body(items.map((v) => realOf(v) ?? NaN));
      return items.every((v) => typeof v === 'number') && Number.isInteger(result) ? result : new Float(result);
    },
    'statistics',
  );
}
const mean = (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0) / xs.length;
const variance = (xs: readonly number[], less: number) =>
  xs.reduce((s, x) => s + (x - mean(xs)) ** 2, 0) / (xs.length - less);
const median = (xs: readonly number[]) => {
  const s = [...xs].sort((a, b) => a - b);
  const half = s.length >> 1;
  return s.length % 2 === 1 ? (s[half] ?? NaN) : ((s[half - 1] ?? NaN) + (s[half] ?? NaN)) / 2;
};
const statistics = moduleOf(
  'statistics',
  () => [
    [
      statistic('mean', mean),
      statistic('fmean', mean),
      statistic('median', median),
      statistic('variance', (xs) => variance(xs, 1)),
      statistic('pvariance', (xs) => variance(xs, 0)),
      statistic('stdev', (xs) => Math.sqrt(variance(xs, 1))),
      statistic('pstdev', (xs) => Math.sqrt(variance(xs, 0))),
      native('mode', 'data', ({ data }, runtime) => {
        const items = collect(data, runtime);
        const counts = items.map((v) => items.filter((w) => runtime.equals(v, w) === true).length);
        return items[counts.indexOf(Math.max(...counts))] ?? extreme(items, null, true, runtime);
      }),
    ],
  ],
  notEvaluated('statistics'),
);

const weakref = moduleOf(
  'weakref',
  () => [
    {
      // Nothing is ever collected here, so a weak reference is a reference.
      ref: native('ref', 'object, callback=None', ({ object }) => native('ref', '', () => object, { isStatic: true })),
      proxy: native('proxy', 'object, callback=None', ({ object }) => object),
      WeakValueDictionary: dictClass,
      WeakKeyDictionary: dictClass,
      WeakSet: setClass,
      finalize: nothing('finalize'),
    },
  ],
  notEvaluated('weakref'),
);

const ast = moduleOf(
  'ast',
  () => [
    [
      native('literal_eval', 'node_or_string', ({ node_or_string: text }, runtime) => {
        if (typeof text !== 'string') return text;
        const value = parseLiteral(text);
        return value === undefined ? runtime.raise('ValueError', `malformed node or string: ${text}`) : value;
      }),
    ],
    {
      NodeVisitor: quietClass('NodeVisitor', 'ast', ['visit', 'generic_visit']),
      NodeTransformer: quietClass('NodeTransformer', 'ast', ['visit', 'generic_visit']),
    },
  ],
  notEvaluated('ast'),
);

/** Leading white space that all lines share. */
function dedent(text: string): string {
  const lines = text.replace(/^[ \t]+$/gm, '').split('\n');
  const margins = lines.filter((l) => l !== '').map((l) => /^[ \t]*/.exec(l)?.[0] ?? '');
  const [first = ''] = margins;
  let width = first.length;
  while (!margins.every((m) => m.startsWith(first.slice(0, width)))) width--;
  return lines.map((l) => l.slice(l === '' ? 0 : width)).join('\n');
}

const textwrap = moduleOf(
  'textwrap',
  () => [
    [
      pure('dedent', 'text', ({ text }, runtime) => dedent(textOf(text, runtime))),
      pure('indent', 'text, prefix, *rest', ({ text, prefix }, runtime) =>
        textOf(text, runtime).replace(/^(?=.*\S)/gm, textOf(prefix, runtime)),
      ),
    ],
  ],
  notEvaluated('textwrap'),
);

const gc = moduleOf(
  'gc',
  () => [
    {
      collect: native('collect', '*args', () => 0),
      enable: nothing('enable'),
      disable: nothing('disable'),
      freeze: nothing('freeze'),
    },
  ],
  notEvaluated('gc'),
);
const atexit = moduleOf(
  'atexit',
  () => [[native('register', 'function, *args, **kwargs', ({ function: f }) => f)]],
  notEvaluated('atexit'),
);
const builtins = moduleOf('builtins', () => [Object.fromEntries(createBuiltins())]);
const future = moduleOf(
  '__future__',
  () => [],
  (name) => (name.startsWith('__') ? undefined : null),
);

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
const six = moduleOf(
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
const sixMoves = moduleOf('six.moves', () => [sixNames()], notEvaluated('six.moves'));

export const smallModules: Readonly<Record<string, ModuleFactory>> = {
  __future__: future,
  ast,
  atexit,
  bisect,
  builtins,
  gc,
  heapq,
  six,
  'six.moves': sixMoves,
  statistics,
  string,
  textwrap,
  weakref,
};
