import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import {
  ClassMethod,
  Instance,
  List,
  NOT_IMPLEMENTED,
  Property,
  StaticMethod,
  Tuple,
  Unknown,
  type ClassValue,
  type NativeFunction,
  type Value,
} from '../../values/index.js';
import { rest } from '../support/arguments.js';
import { builtinClass } from '../support/classes.js';
import { moduleOf, nothing } from '../support/modules.js';
import { callSymbol, firstUnknown } from '../support/unknowns.js';
import { asClass, constructor, hashOf, newInstance, objectClass } from '../types/object.js';
import { WORKING_FOLDER, absolutePath, joinPaths, pathText, splitExtension } from './paths.js';

/** A path's text as pathlib keeps it: no doubled slashes, no `.` parts. */
function tidy(text: string): string {
  const lead = text.startsWith('/') ? '/' : '';
  const parts = text.split('/').filter((p) => p !== '' && p !== '.');
  return lead + parts.join('/') || '.';
}

const textOf = (self: Value): string =>
  self instanceof Instance && typeof self.names.get('_text') === 'string' ? String(self.names.get('_text')) : '.';

function make(like: Value, text: string, runtime: Runtime): Instance {
  const path = newInstance(like instanceof Instance ? like.cls : asClass(like, runtime), runtime);
  path.names.set('_text', tidy(text));
  path.hashedBy = new Tuple(['Path', tidy(text)]);
  return path;
}

const partsOf = (text: string): string[] => [
  ...(text.startsWith('/') ? ['/'] : []),
  ...text.split('/').filter((p) => p !== '' && p !== '.'),
];
const nameOf = (text: string): string => (text === '.' || text === '/' ? '' : (text.split('/').at(-1) ?? ''));

function parentOf(text: string): string {
  const at = text.lastIndexOf('/');
  if (at < 0) return '.';
  return at === 0 ? '/' : text.slice(0, at);
}

function withName(text: string, name: string): string {
  const parent = parentOf(text);
  return parent === '.' ? name : joinPaths([parent, name]);
}

const PROPERTIES: Readonly<Record<string, (text: string, self: Value, runtime: Runtime) => Value>> = {
  name: nameOf,
  stem: (t) => splitExtension(nameOf(t))[0],
  suffix: (t) => splitExtension(nameOf(t))[1],
  suffixes: (t) =>
    new List(
      nameOf(t)
        .replace(/^\.+/, '')
        .split('.')
        .slice(1)
        .map((s) => `.${s}`),
    ),
  parent: (t, self, runtime) => make(self, parentOf(t), runtime),
  parents: (t, self, runtime) => {
    const all: Value[] = [];
    for (let p = t; parentOf(p) !== p && p !== '.';) {
      p = parentOf(p);
      all.push(make(self, p, runtime));
    }
    return new Tuple(all);
  },
  parts: (t) => new Tuple(partsOf(t)),
  root: (t) => (t.startsWith('/') ? '/' : ''),
  anchor: (t) => (t.startsWith('/') ? '/' : ''),
  drive: () => '',
};

function joined(self: Value, others: readonly Value[], runtime: Runtime): Value {
  const unknown = firstUnknown(others);
  return unknown
    ? callSymbol(unknown, 'Path', others)
    : make(self, joinPaths([textOf(self), ...others.map((o) => pathText(o, runtime))]), runtime);
}

/** Methods that give another path. */
const MOVES: Readonly<Record<string, (text: string) => string>> = {
  resolve: absolutePath,
  absolute: absolutePath,
  expanduser: (t) => t.replace(/^~(?=\/|$)/, '/home/user'),
};

const ABSENT = ['exists', 'is_file', 'is_dir', 'is_symlink'];
const EFFECTS = ['mkdir', 'touch', 'unlink', 'rmdir', 'rename', 'write_text', 'write_bytes', 'chmod'];
const OUTSIDE = ['open', 'read_text', 'read_bytes', 'iterdir', 'glob', 'rglob', 'stat'];

const METHODS: readonly NativeFunction[] = [
  constructor('cls, *parts, **kwargs', ({ cls, parts }, runtime) => {
    const unknown = firstUnknown(rest(parts));
    if (unknown) return callSymbol(unknown, 'Path', rest(parts));
    const texts = rest(parts).map((p) => pathText(p, runtime));
    return make(cls, texts.length === 0 ? '.' : joinPaths(texts), runtime);
  }),
  native('__init__', 'self, *args, **kwargs', () => null),
  native('__str__', 'self', ({ self }) => textOf(self)),
  native('__fspath__', 'self', ({ self }) => textOf(self)),
  native('as_posix', 'self', ({ self }) => textOf(self)),
  native(
    '__repr__',
    'self',
    ({ self }, runtime) => `Posix${self instanceof Instance ? self.cls.name : 'Path'}(${runtime.repr(textOf(self))})`,
  ),
  native('__hash__', 'self', ({ self }) => hashOf(textOf(self))),
  native('__eq__', 'self, other', ({ self, other }) =>
    other instanceof Instance && other.names.has('_text') ? textOf(self) === textOf(other) : NOT_IMPLEMENTED,
  ),
  native('__lt__', 'self, other', ({ self, other }) => textOf(self) < textOf(other)),
  native('__truediv__', 'self, other', ({ self, other }, runtime) => joined(self, [other], runtime)),
  native('__rtruediv__', 'self, other', ({ self, other }, runtime) =>
    other instanceof Unknown ? other : make(self, joinPaths([pathText(other, runtime), textOf(self)]), runtime),
  ),
  native('joinpath', 'self, *others', ({ self, others }, runtime) => joined(self, rest(others), runtime)),
  native('with_suffix', 'self, suffix', ({ self, suffix }, runtime) =>
    make(self, splitExtension(textOf(self))[0] + String(suffix), runtime),
  ),
  native('with_name', 'self, name', ({ self, name }, runtime) =>
    make(self, withName(textOf(self), String(name)), runtime),
  ),
  native('with_stem', 'self, stem', ({ self, stem }, runtime) =>
    make(self, withName(textOf(self), String(stem) + splitExtension(nameOf(textOf(self)))[1]), runtime),
  ),
  native('is_absolute', 'self', ({ self }) => textOf(self).startsWith('/')),
  native('relative_to', 'self, other', ({ self, other }, runtime) => {
    const [path, base] = [partsOf(textOf(self)), partsOf(tidy(pathText(other, runtime)))];
    if (!base.every((p, i) => path[i] === p))
      return runtime.raise('ValueError', `'${textOf(self)}' is not in the subpath of '${base.join('/')}'`);
    return make(self, path.slice(base.length).join('/'), runtime);
  }),
  native('match', 'self, pattern', (_args, runtime) => runtime.unknown('Path.match is not evaluated', 'match()')),
  ...Object.entries(MOVES).map(([name, move]) =>
    native(name, 'self, *args, **kwargs', ({ self }, runtime) => make(self, move(textOf(self)), runtime)),
  ),
  ...ABSENT.map((name) => native(name, 'self', () => false)),
  ...OUTSIDE.map((name) =>
    native(name, 'self, *args, **kwargs', ({ self }, runtime) =>
      runtime.unknown('files are not looked at', `${textOf(self)}.${name}()`),
    ),
  ),
];

const pathClass: ClassValue = builtinClass(
  'Path',
  [objectClass],
  'pathlib',
  METHODS,
  Object.fromEntries(EFFECTS.map((name) => [name, nothing(name)])),
  Object.fromEntries(
    Object.entries(PROPERTIES).map(([name, read]) => [
      name,
      new Property(native(name, 'self', ({ self }, runtime) => read(textOf(self), self, runtime))),
    ]),
  ),
  {
    cwd: new ClassMethod(native('cwd', 'cls', ({ cls }, runtime) => make(cls, WORKING_FOLDER, runtime))),
    home: new ClassMethod(native('home', 'cls', ({ cls }, runtime) => make(cls, '/home/user', runtime))),
    __class_getitem__: new StaticMethod(native('__class_getitem__', 'cls, item', ({ cls }) => cls)),
  },
);

const NAMES = ['Path', 'PurePath', 'PosixPath', 'PurePosixPath', 'WindowsPath', 'PureWindowsPath'];
export const pathlib = moduleOf('pathlib', () => [Object.fromEntries(NAMES.map((name) => [name, pathClass]))]);
