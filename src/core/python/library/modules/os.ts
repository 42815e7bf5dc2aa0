import { native } from '../../values/native.js';
import { Instance, List, Dict, type ClassValue, type Value } from '../../values/index.js';
import { builtinClass } from '../support/classes.js';
import { moduleOf, notEvaluated, nothing, submodules, unknowable } from '../support/modules.js';
import { dictClass } from '../types/dict.js';
import { exceptionClass } from '../types/exceptions.js';
import { objectClass } from '../types/object.js';
import { WORKING_FOLDER, pathText } from './paths.js';

/**
 * Variables that are read without a default can't be known; those read with one take it, and where a `try` expects that
 * one isn't there, it isn't.
 */
const environmentClass: ClassValue = builtinClass('_Environ', [dictClass], 'os', [
  native('__missing__', 'self, key', ({ key }, runtime) =>
    runtime.missingKeysRaise
      ? runtime.raise('KeyError', runtime.repr(key))
      : runtime.unknown(`the environment variable ${String(key)} is not known`, `environ[${runtime.repr(key)}]`),
  ),
]);

const EFFECTS = [
  'makedirs',
  'mkdir',
  'remove',
  'unlink',
  'rmdir',
  'removedirs',
  'rename',
  'replace',
  'system',
  'chdir',
  'kill',
  'putenv',
  'unsetenv',
  'chmod',
  'symlink',
  'nice',
  'umask',
  'close',
  '_exit',
  'abort',
  'setpgrp',
  'sync',
];
const OUTSIDE = [
  'listdir',
  'walk',
  'scandir',
  'stat',
  'getpid',
  'getppid',
  'cpu_count',
  'getlogin',
  'getuid',
  'urandom',
  'popen',
  'uname',
  'times',
  'open',
  'fork',
  'get_terminal_size',
  'sched_getaffinity',
];

function table(): Record<string, Value> {
  const environ = new Instance(environmentClass);
  const variables = new Dict();
  environ.payload = variables;
  return {
    environ,
    getenv: native('getenv', 'key, default=None', ({ key, default: standard }) => variables.get(key) ?? standard),
    // As `exists`: nothing is there.
    access: native('access', 'path, mode, **kwargs', () => false),
    F_OK: 0,
    R_OK: 4,
    W_OK: 2,
    X_OK: 1,
    getcwd: native('getcwd', '', () => WORKING_FOLDER),
    fspath: native('fspath', 'path', ({ path }, runtime) => pathText(path, runtime)),
    PathLike: builtinClass('PathLike', [objectClass], 'os'),
    error: exceptionClass('OSError'),
    name: 'posix',
    sep: '/',
    linesep: '\n',
    pathsep: ':',
    curdir: '.',
    pardir: '..',
    extsep: '.',
    devnull: '/dev/null',
    O_RDONLY: 0,
    get_exec_path: native('get_exec_path', '', () => new List([])),
    ...Object.fromEntries(EFFECTS.map((name) => [name, nothing(name)])),
    ...Object.fromEntries(OUTSIDE.map((name) => [name, unknowable(name, `os.${name}() asks the system`)])),
  };
}

export const os = moduleOf('os', () => [table()], submodules('os', ['path'], notEvaluated('os')));
