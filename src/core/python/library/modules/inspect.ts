import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import {
  BoundMethod,
  ClassValue,
  FunctionValue,
  Iterator,
  List,
  ModuleValue,
  NativeFunction,
  Tuple,
  Unknown,
  type Value,
} from '../../values/index.js';
import { moduleOf, notEvaluated, unknowable } from '../support/modules.js';
import { directory } from '../types/object.js';
import { argumentSpec, emptyClass, parameterClass, signature, signatureClass } from './signature.js';

const isFunction = (v: Value) => v instanceof FunctionValue;
const PREDICATES: Readonly<Record<string, (v: Value) => boolean>> = {
  isfunction: isFunction,
  isclass: (v) => v instanceof ClassValue,
  ismethod: (v) => v instanceof BoundMethod,
  ismodule: (v) => v instanceof ModuleValue,
  isbuiltin: (v) => v instanceof NativeFunction,
  isroutine: (v) => isFunction(v) || v instanceof BoundMethod || v instanceof NativeFunction,
  isgenerator: (v) => v instanceof Iterator,
  isgeneratorfunction: (v) => v instanceof FunctionValue && v.node.type === 'FunctionDef' && v.node.isGenerator,
  iscoroutinefunction: (v) => v instanceof FunctionValue && v.node.type === 'FunctionDef' && v.node.isAsync,
  isabstract: () => false,
};

function members(object: Value, predicate: Value, runtime: Runtime): Value {
  if (object instanceof Unknown) return object.as('getmembers()');
  const names = object instanceof ModuleValue ? [...object.names.keys()].sort() : directory(object);
  const out: Value[] = [];
  for (const name of names) {
    const value = runtime.findAttr(object, name);
    if (value === undefined) continue;
    if (predicate === null || runtime.isTrue(runtime.call(predicate, [value]))) out.push(new Tuple([name, value]));
  }
  return new List(out);
}

export const inspect = moduleOf(
  'inspect',
  () => [
    Object.entries(PREDICATES).map(([name, test]) =>
      native(name, 'object', ({ object }) =>
        object instanceof Unknown ? object.as(`${name}(${object.symbol})`) : test(object),
      ),
    ),
    [
      native('signature', 'callable, *rest, **kwargs', ({ callable }, runtime) => signature(callable, runtime)),
      native('getfullargspec', 'func', ({ func }, runtime) => argumentSpec(func, runtime)),
      native('getargspec', 'func', ({ func }, runtime) => argumentSpec(func, runtime)),
      native('getmembers', 'object, predicate=None', ({ object, predicate }, runtime) =>
        members(object, predicate, runtime),
      ),
      native('getmro', 'cls', ({ cls }) => (cls instanceof ClassValue ? new Tuple(cls.mro) : new Tuple([]))),
      native('getdoc', 'object', ({ object }, runtime) => runtime.findAttr(object, '__doc__') ?? null),
      native('unwrap', 'func, *rest, **kwargs', ({ func }) =>
        func instanceof FunctionValue ? (func.attributes.get('__wrapped__') ?? func) : func,
      ),
      native('cleandoc', 'doc', ({ doc }) => (typeof doc === 'string' ? doc.trim() : doc)),
      native('getmodulename', 'path', ({ path }) =>
        typeof path === 'string' ? (/([^/]+)\.py$/.exec(path)?.[1] ?? null) : null,
      ),
    ],
    {
      Parameter: parameterClass,
      Signature: signatureClass,
      _empty: emptyClass,
      ...Object.fromEntries(
        ['getsource', 'getfile', 'getsourcefile', 'stack', 'currentframe'].map((n) => [
          n,
          unknowable(n, `inspect.${n}() looks at running code`),
        ]),
      ),
    },
  ],
  notEvaluated('inspect'),
);
