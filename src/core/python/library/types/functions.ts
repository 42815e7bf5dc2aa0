import { native } from '../../values/native.js';
import {
  BoundMethod,
  ClassValue,
  Dict,
  FunctionValue,
  Instance,
  ModuleValue,
  NativeFunction,
  Tuple,
  type Value,
} from '../../values/index.js';
import { builtinClass } from '../support/classes.js';
import { objectClass } from './object.js';

export const functionClass = builtinClass('function', [objectClass], 'builtins', [
  native('__get__', 'self, object, owner=None', ({ self, object }) =>
    object === null ? self : new BoundMethod(object, self),
  ),
  native('__call__', 'self, *args, **kwargs', ({ self, args, kwargs }, runtime) => {
    const named = kwargs instanceof Dict ? kwargs.pairs().map(([k, v]) => [String(k), v] as const) : [];
    return runtime.call(self, args instanceof Tuple ? [...args.items] : [], new Map(named));
  }),
]);
export const nativeFunctionClass = builtinClass('builtin_function_or_method', [functionClass], 'builtins');
export const methodClass = builtinClass('method', [functionClass], 'builtins');
export const moduleClass = builtinClass('module', [objectClass], 'builtins');
export const noneClass = builtinClass('NoneType', [objectClass], 'builtins');
export const superClass = builtinClass('super', [objectClass], 'builtins');

/** First statement of a body when it is a string: the docstring. */
function docOf(f: FunctionValue): Value {
  const first = f.node.type === 'FunctionDef' ? f.node.body[0] : undefined;
  if (first?.type !== 'Expr' || first.value.type !== 'Constant' || first.value.kind !== 'str') return null;
  return typeof first.value.value === 'string' ? first.value.value : null;
}

/** The parts of a code object that libraries ask for: names and places. */
function codeOf(f: FunctionValue): Value {
  const code = new Instance(objectClass);
  const names = [...f.args.positionalOnly, ...f.args.positional, ...f.args.keywordOnly].map((p) => p.name);
  const entries: Readonly<Record<string, Value>> = {
    co_name: f.name,
    co_varnames: new Tuple(names),
    co_argcount: f.args.positionalOnly.length + f.args.positional.length,
    co_kwonlyargcount: f.args.keywordOnly.length,
    co_filename: f.scope.module.file,
    co_firstlineno: 1,
    co_flags: 0,
  };
  for (const [name, value] of Object.entries(entries)) code.names.set(name, value);
  functionsOfCode.set(code, f);
  return code;
}

const functionsOfCode = new WeakMap<Instance, FunctionValue>();

/** `types.FunctionType(code, …)`: the function that the code was taken from, once more. */
export function functionFromCode(code: Value, name: Value): FunctionValue | undefined {
  const f = code instanceof Instance ? functionsOfCode.get(code) : undefined;
  return f && new FunctionValue(typeof name === 'string' ? name : f.name, f.scope, f.defaults, f.node, f.owner);
}

function defaultsOf(f: FunctionValue): Value {
  const values = [...f.args.positionalOnly, ...f.args.positional].flatMap((p) => {
    const v = f.defaults.get(p.name);
    return v === undefined ? [] : [v];
  });
  return values.length === 0 ? null : new Tuple(values);
}

/** What functions tell of themselves. */
const FUNCTION: Readonly<Record<string, (f: FunctionValue) => Value>> = {
  __name__: (f) => f.name,
  __qualname__: (f) => {
    // Decorators ask before the class is made; its body knows the name.
    const owner = f.owner?.name ?? (f.scope.isClass ? f.scope.names.get('__qualname__') : undefined);
    return typeof owner === 'string' ? `${owner}.${f.name}` : f.name;
  },
  __closure__: () => null,
  __module__: (f) => f.scope.module.name,
  __doc__: docOf,
  __code__: codeOf,
  __defaults__: defaultsOf,
  __kwdefaults__: (f) =>
    Dict.from(
      f.args.keywordOnly.flatMap((p) => {
        const v = f.defaults.get(p.name);
        return v === undefined ? [] : [[p.name, v] as const];
      }),
    ),
  __annotations__: () => new Dict(),
  __dict__: (f) => Dict.from([...f.attributes.entries()]),
  __globals__: (f) => Dict.from([...f.scope.module.names.entries()]),
};

/** Attributes of functions, methods, modules and classes that stand in no table of names. */
export function callableAttribute(value: Value, name: string): Value | undefined {
  if (value instanceof FunctionValue) return value.attributes.get(name) ?? FUNCTION[name]?.(value);
  if (value instanceof NativeFunction) {
    if (name === '__name__' || name === '__qualname__') return value.name;
    if (name === '__module__') return 'builtins';
    return name === '__doc__' ? null : undefined;
  }
  if (value instanceof BoundMethod) return name === '__self__' ? value.self : callableAttribute(value.func, name);
  if (value instanceof ModuleValue || value instanceof ClassValue) return name === '__doc__' ? null : undefined;
  return undefined;
}
