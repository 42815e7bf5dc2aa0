import { native } from '../../values/native.js';
import { Dict, Float, Instance, List, ModuleValue, Tuple, type ClassValue, type Value } from '../../values/index.js';
import { builtinClass } from '../support/classes.js';
import { moduleOf, notEvaluated, nothing, unknowable } from '../support/modules.js';
import { rest } from '../support/arguments.js';
import { Quiet } from '../support/quiet.js';
import { dictClass } from '../types/dict.js';
import { tupleClass } from '../types/list.js';

/** `sys.modules[name]` is the module of that name, imported if need be: code looks itself up this way. */
const modulesClass: ClassValue = builtinClass('dict', [dictClass], 'builtins', [
  native('__missing__', 'self, key', ({ key }, runtime) =>
    typeof key === 'string' ? runtime.importModule(key) : runtime.raise('KeyError', runtime.str(key)),
  ),
  native('get', 'self, key, default=None', ({ key, default: standard }, runtime) => {
    const module = typeof key === 'string' ? runtime.importModule(key) : undefined;
    return module instanceof ModuleValue ? module : standard;
  }),
]);

const versionClass: ClassValue = builtinClass('version_info', [tupleClass], 'sys');
const VERSION = [3, 11, 0] as const;

function table(): Record<string, Value> {
  const modules = new Instance(modulesClass);
  modules.payload = new Dict();
  const version = new Instance(versionClass);
  version.payload = new Tuple([...VERSION, 'final', 0]);
  for (const [i, name] of ['major', 'minor', 'micro'].entries()) version.names.set(name, VERSION[i] ?? 0);
  const stream = new Quiet('TextIOWrapper', { encoding: 'utf-8', isatty: native('isatty', '', () => false) });
  return {
    modules,
    version_info: version,
    version: '3.11.0 (main)',
    hexversion: 0x030b00f0,
    argv: new List(['model.py']),
    path: new List(['.']),
    maxsize: 9223372036854775807n,
    platform: 'linux',
    byteorder: 'little',
    executable: '/usr/bin/python3',
    prefix: '/usr',
    stdout: stream,
    stderr: stream,
    stdin: stream,
    __stdout__: stream,
    __stderr__: stream,
    exit: native('exit', '*args', ({ args }, runtime) => runtime.raise('SystemExit', String(rest(args)[0] ?? ''))),
    getrecursionlimit: native('getrecursionlimit', '', () => 1000),
    setrecursionlimit: nothing('setrecursionlimit'),
    settrace: nothing('settrace'),
    exc_info: native('exc_info', '', () => new Tuple([null, null, null])),
    getsizeof: unknowable('getsizeof', 'sizes in memory are not known'),
    getdefaultencoding: native('getdefaultencoding', '', () => 'utf-8'),
    intern: native('intern', 'text', ({ text }) => text),
    gettrace: native('gettrace', '', () => null),
    flags: new Quiet('flags'),
    float_info: new Quiet('float_info', {
      max: new Float(Number.MAX_VALUE),
      min: new Float(2.2250738585072014e-308),
      epsilon: new Float(Number.EPSILON),
    }),
  };
}

export const sys = moduleOf('sys', () => [table()], notEvaluated('sys'));
