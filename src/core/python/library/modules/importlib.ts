import { native } from '../../values/native.js';
import { PyException, type Runtime } from '../../values/runtime.js';
import { ModuleValue, Unknown, type Value } from '../../values/values.js';
import { moduleOf, notEvaluated, submodules } from '../support/modules.js';
import { Quiet } from '../support/quiet.js';
import { builtinClass } from '../support/classes.js';
import { exceptionClass } from '../types/exceptions.js';

/** `import_module('.x', package)`. */
function absoluteName(name: string, from: Value): string {
  const dots = /^\.*/.exec(name)?.[0].length ?? 0;
  if (dots === 0 || typeof from !== 'string') return name;
  const base = from.split('.');
  return [...base.slice(0, base.length - (dots - 1)), name.slice(dots)].filter((p) => p !== '').join('.');
}

/** A spec where the module can be read, None where it can't: features that need it are then off, as without it. */
function findSpec(name: Value, runtime: Runtime): Value {
  if (typeof name !== 'string') return name instanceof Unknown ? name.as(`find_spec(${name.symbol})`) : null;
  try {
    const module = runtime.importModule(name);
    return module instanceof ModuleValue ? new Quiet('ModuleSpec', { name, origin: module.file }) : null;
  } catch (e) {
    if (e instanceof PyException) return null;
    throw e;
  }
}

const importModule = native('import_module', 'name, package=None', ({ name, package: from }, runtime) => {
  if (typeof name !== 'string')
    return name instanceof Unknown
      ? name.as(`import_module(${name.symbol})`)
      : runtime.raise('TypeError', 'the name of a module is text');
  return runtime.importModule(absoluteName(name, from));
});

/** The version that the workspace would have of a library: what the library's own module says. */
const version = native('version', 'name', ({ name }, runtime) => {
  const module = typeof name === 'string' ? runtime.importModule(name) : null;
  const own = module instanceof ModuleValue ? runtime.findAttr(module, '__version__') : undefined;
  return (
    own ?? runtime.unknown(`the installed version of ${String(name)} is not known`, `version(${runtime.repr(name)})`)
  );
});

const notFound = builtinClass('PackageNotFoundError', [exceptionClass('ModuleNotFoundError')], 'importlib.metadata');

export const importlibModules = {
  importlib: moduleOf(
    'importlib',
    () => [
      [importModule, native('reload', 'module', ({ module }) => module), native('invalidate_caches', '', () => null)],
    ],
    submodules('importlib', ['util', 'metadata', 'machinery', 'resources'], notEvaluated('importlib')),
  ),
  'importlib.util': moduleOf(
    'importlib.util',
    () => [[native('find_spec', 'name, package=None', ({ name }, runtime) => findSpec(name, runtime))]],
    notEvaluated('importlib.util'),
  ),
  'importlib.metadata': moduleOf(
    'importlib.metadata',
    () => [{ version, PackageNotFoundError: notFound }],
    notEvaluated('importlib.metadata'),
  ),
  importlib_metadata: moduleOf(
    'importlib_metadata',
    () => [{ version, PackageNotFoundError: notFound }],
    notEvaluated('importlib_metadata'),
  ),
  'importlib.machinery': moduleOf('importlib.machinery', () => [], notEvaluated('importlib.machinery')),
  'importlib.resources': moduleOf('importlib.resources', () => [], notEvaluated('importlib.resources')),
} as const;
