import { native } from '../../values/native.js';
import { Instance, StaticMethod, type ClassValue, type Value } from '../../values/index.js';
import { keywords } from '../support/arguments.js';
import { builtinClass } from '../support/classes.js';
import { moduleOf, submodules } from '../support/modules.js';
import { silent, slot } from '../support/quiet.js';
import { objectClass } from '../types/object.js';

const QUIET = [
  'update',
  'close',
  'set_description',
  'set_description_str',
  'set_postfix',
  'set_postfix_str',
  'refresh',
  'reset',
  'clear',
  'display',
  'unpause',
];

/** A progress bar gives the items of what it wraps. */
const tqdmClass: ClassValue = builtinClass('tqdm', [objectClass], 'tqdm', [
  native('__init__', 'self, iterable=None, *args, **kwargs', ({ self, iterable, kwargs }) => {
    if (self instanceof Instance) {
      self.names.set('iterable', iterable ?? keywords(kwargs).get('iterable') ?? null);
      self.names.set('n', 0);
    }
    return null;
  }),
  native('__iter__', 'self', ({ self }, runtime) => runtime.iterator(slot(self, 'iterable'))),
  native('__len__', 'self', ({ self }, runtime) => runtime.length(slot(self, 'iterable'))),
  native('__bool__', 'self', () => true),
  native('__enter__', 'self', ({ self }) => self),
  native('__exit__', 'self, *args', () => null),
  ...QUIET.map((name) => native(name, 'self, *args, **kwargs', () => null)),
]);
tqdmClass.names.set('write', new StaticMethod(silent('write')));

const table: Readonly<Record<string, Value>> = {
  tqdm: tqdmClass,
  trange: native('trange', '*args, **kwargs', ({ args }, runtime) =>
    runtime.call(tqdmClass, [runtime.call(runtime.builtin('range'), runtime.toArray(args))]),
  ),
  tqdm_notebook: tqdmClass,
};
const SUBMODULES = ['auto', 'notebook', 'autonotebook', 'rich', 'asyncio', 'std'];

export const tqdmModules = Object.fromEntries([
  ['tqdm', moduleOf('tqdm', () => [table], submodules('tqdm', SUBMODULES))],
  ...SUBMODULES.map((name) => [`tqdm.${name}`, moduleOf(`tqdm.${name}`, () => [table])] as const),
]);
