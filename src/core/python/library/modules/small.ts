import { native } from '../../values/native.js';
import { createBuiltins } from '../builtins/index.js';
import { parseLiteral } from '../support/literal.js';
import { moduleOf, notEvaluated, nothing, type ModuleFactory } from '../support/modules.js';
import { quietClass } from '../support/quiet.js';
import { textOf } from '../support/receivers.js';
import { pure } from '../support/unknowns.js';
import { dictClass } from '../types/dict.js';
import { setClass } from '../types/set.js';
import { bisect, heapq, statistics } from './ordering.js';
import { six, sixMoves } from './six.js';

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
