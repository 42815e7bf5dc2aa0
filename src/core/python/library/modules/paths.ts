import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import { Bytes, Instance, Tuple, type NativeFunction, type Value } from '../../values/index.js';
import { rest } from '../support/arguments.js';
import { moduleOf, notEvaluated } from '../support/modules.js';
import { callSymbol, firstUnknown, pure } from '../support/unknowns.js';

/** The folder that scripts are taken to run in. */
export const WORKING_FOLDER = '/workspace';

/** Text of a path given as str, bytes or an object with `__fspath__`. */
export function pathText(value: Value, runtime: Runtime): string {
  if (typeof value === 'string') return value;
  if (value instanceof Bytes) return value.value;
  if (value instanceof Instance) {
    const own = runtime.findAttr(value, '__fspath__');
    const text = own === undefined ? value.payload : runtime.call(own, []);
    if (typeof text === 'string') return text;
  }
  return runtime.raise('TypeError', `expected str, bytes or os.PathLike object, not ${runtime.classOf(value).name}`);
}

export function joinPaths(parts: readonly string[]): string {
  return parts.reduce((path, part) => {
    if (part.startsWith('/')) return part;
    return path === '' || path.endsWith('/') ? path + part : `${path}/${part}`;
  });
}

export function normalizePath(path: string): string {
  if (path === '') return '.';
  const lead = path.startsWith('/') ? '/' : '';
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..' || out.at(-1) === '..' || (out.length === 0 && lead === '')) out.push(part);
    else out.pop();
  }
  return lead + out.join('/') || '.';
}

export function splitPath(path: string): [string, string] {
  const at = path.lastIndexOf('/') + 1;
  const head = path.slice(0, at);
  return [/^\/*$/.test(head) ? head : head.replace(/\/+$/, ''), path.slice(at)];
}

export function splitExtension(path: string): [string, string] {
  const name = splitPath(path)[1];
  const dot = name.lastIndexOf('.');
  // Dots at the front belong to the name.
  if (dot <= 0 || /^\.+$/.test(name.slice(0, dot))) return [path, ''];
  return [path.slice(0, path.length - name.length + dot), name.slice(dot)];
}

export function absolutePath(path: string): string {
  return normalizePath(joinPaths([WORKING_FOLDER, path]));
}

function relativePath(path: string, start: string): string {
  const [to, from] = [absolutePath(path), absolutePath(start)].map((p) => p.split('/').filter((s) => s !== '')) as [
    string[],
    string[],
  ];
  let same = 0;
  while (same < to.length && same < from.length && to[same] === from[same]) same++;
  return [...from.slice(same).map(() => '..'), ...to.slice(same)].join('/') || '.';
}

function commonPrefix(texts: readonly string[]): string {
  const [first = '', ...others] = texts;
  let length = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length--;
  return first.slice(0, length);
}

/** A function of one path. */
const onPath = (name: string, body: (path: string) => Value): NativeFunction =>
  pure(name, 'path, *rest, **kwargs', ({ path }, runtime) => body(pathText(path, runtime)));

/** What depends on a disk that isn't there. */
const onDisk = (name: string): NativeFunction =>
  native(name, 'path', (_args, runtime) => runtime.unknown('files are not looked at', `${name}()`));

/** Nothing exists, wherever a path that is not known leads: scripts then take the way they take at their first run. */
const ABSENT = ['exists', 'isfile', 'isdir', 'islink', 'lexists', 'ismount'];

const FUNCTIONS: readonly NativeFunction[] = [
  native('join', '*parts', ({ parts }, runtime) => {
    const unknown = firstUnknown(rest(parts));
    if (unknown) return callSymbol(unknown, 'join', rest(parts));
    return joinPaths(rest(parts).map((p) => pathText(p, runtime)));
  }),
  onPath('basename', (p) => splitPath(p)[1]),
  onPath('dirname', (p) => splitPath(p)[0]),
  onPath('split', (p) => new Tuple(splitPath(p))),
  onPath('splitext', (p) => new Tuple(splitExtension(p))),
  onPath('splitdrive', (p) => new Tuple(['', p])),
  onPath('normpath', normalizePath),
  onPath('normcase', (p) => p),
  onPath('abspath', absolutePath),
  onPath('realpath', absolutePath),
  onPath('isabs', (p) => p.startsWith('/')),
  onPath('expanduser', (p) => p.replace(/^~(?=\/|$)/, '/home/user')),
  onPath('expandvars', (p) => p),
  pure('relpath', 'path, start="."', ({ path, start }, runtime) =>
    relativePath(pathText(path, runtime), pathText(start ?? '.', runtime)),
  ),
  pure('commonprefix', 'paths', ({ paths }, runtime) =>
    commonPrefix(runtime.toArray(paths).map((p) => pathText(p, runtime))),
  ),
  ...ABSENT.map((name) => native(name, 'path', () => false)),
  ...['getsize', 'getmtime', 'getctime', 'getatime', 'samefile'].map(onDisk),
];

export const osPath = moduleOf(
  'os.path',
  () => [FUNCTIONS, { sep: '/', pathsep: ':', curdir: '.', pardir: '..', extsep: '.', altsep: null }],
  notEvaluated('os.path'),
);
