import { native } from '../../values/native.js';
import { type Runtime } from '../../values/runtime.js';
import { Dict, List, ModuleValue, Unknown, type Value } from '../../values/index.js';
import { moduleOf, notEvaluated, submodules } from '../support/modules.js';
import { Quiet } from '../support/quiet.js';
import { raiseAs } from '../support/raise.js';
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
  const module = runtime.findModule(name);
  return module instanceof ModuleValue ? new Quiet('ModuleSpec', { name, origin: module.file }) : null;
}

const importModule = native('import_module', 'name, package=None', ({ name, package: from }, runtime) => {
  if (typeof name !== 'string')
    return name instanceof Unknown
      ? name.as(`import_module(${name.symbol})`)
      : runtime.raise('TypeError', 'the name of a module is text');
  return runtime.importModule(absoluteName(name, from));
});

const notFound = builtinClass('PackageNotFoundError', [exceptionClass('ModuleNotFoundError')], 'importlib.metadata');

/** Versions that are taken to be installed, as the version of Python is: what code asks for before it goes on. */
const VERSIONS: Readonly<Record<string, string>> = {
  numpy: '1.26.4',
  tqdm: '4.67.1',
  packaging: '24.2',
  regex: '2024.11.6',
  requests: '2.32.3',
  filelock: '3.16.1',
  pyyaml: '6.0.2',
  'huggingface-hub': '0.30.0',
  safetensors: '0.5.3',
  tokenizers: '0.21.1',
  pillow: '11.0.0',
};

/** The version of a library: what its own module says, or one of those above. */
const version = native('version', 'name', ({ name }, runtime) => {
  if (typeof name !== 'string') return runtime.unknown('the installed version is not known', 'version()');
  const known = VERSIONS[name.toLowerCase().replaceAll('_', '-')];
  if (known !== undefined) return known;
  const module = runtime.findModule(name);
  const own = module instanceof ModuleValue ? runtime.findAttr(module, '__version__') : undefined;
  return own ?? raiseAs(notFound, `No package metadata was found for ${name}`, runtime);
});

/** Nothing but what is known here counts as installed. */
const metadata: Readonly<Record<string, Value>> = {
  version,
  PackageNotFoundError: notFound,
  packages_distributions: native('packages_distributions', '', () => new Dict()),
  distributions: native('distributions', '*args, **kwargs', () => new List([])),
  entry_points: native('entry_points', '*args, **kwargs', () => new List([])),
};

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
  'importlib.metadata': moduleOf('importlib.metadata', () => [metadata], notEvaluated('importlib.metadata')),
  importlib_metadata: moduleOf('importlib_metadata', () => [metadata], notEvaluated('importlib_metadata')),
  'importlib.machinery': moduleOf('importlib.machinery', () => [], notEvaluated('importlib.machinery')),
  'importlib.resources': moduleOf('importlib.resources', () => [], notEvaluated('importlib.resources')),
} as const;
