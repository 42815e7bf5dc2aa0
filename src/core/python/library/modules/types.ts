import { native } from '../../values/native.js';
import { BoundMethod, ClassValue, Dict, Instance, ModuleValue, type Value } from '../../values/index.js';
import { keywords } from '../support/arguments.js';
import { builtinClass } from '../support/classes.js';
import { moduleOf, notEvaluated } from '../support/modules.js';
import { dictClass } from '../types/dict.js';
import {
  functionClass,
  functionFromCode,
  methodClass,
  moduleClass,
  nativeFunctionClass,
  noneClass,
} from '../types/functions.js';
import { generatorClass } from '../types/iterators.js';
import { asClass, constructor, newInstance, objectClass } from '../types/object.js';
import { propertyClass } from '../types/descriptors.js';
import { makeClass } from '../types/type.js';

export const simpleNamespaceClass = builtinClass('SimpleNamespace', [objectClass], 'types', [
  native('__init__', 'self, /, *args, **kwargs', ({ self, kwargs }, runtime) => {
    for (const [k, v] of keywords(kwargs)) runtime.setAttr(self, k, v);
    return null;
  }),
  native('__repr__', 'self', ({ self }, runtime) => {
    const names = self instanceof Instance ? [...self.names.entries()] : [];
    return `namespace(${names.map(([k, v]) => `${k}=${runtime.repr(v)}`).join(', ')})`;
  }),
  native('__eq__', 'self, other', ({ self, other }, runtime) => {
    if (!(self instanceof Instance && other instanceof Instance)) return false;
    return runtime.compare('==', Dict.from(self.names.entries()), Dict.from(other.names.entries()));
  }),
]);

const methodType = builtinClass('MethodType', [methodClass], 'types', [
  constructor('cls, function, instance', ({ function: f, instance }) => new BoundMethod(instance, f)),
]);

const functionType = builtinClass('FunctionType', [functionClass], 'types', [
  constructor(
    'cls, code, globals, name=None, argdefs=None, closure=None',
    ({ code, name }, runtime) =>
      functionFromCode(code, name) ?? runtime.unknown('a function made of code that is not known'),
  ),
]);

/** A class that extends it makes objects of its own: packages that load their parts when asked do so. */
const moduleType: ClassValue = builtinClass('ModuleType', [moduleClass], 'types', [
  constructor('cls, name, *args, **kwargs', ({ cls, name }, runtime) => {
    const target = asClass(cls, runtime);
    return target === moduleType ? new ModuleValue(String(name), '', false) : newInstance(target, runtime);
  }),
  native('__init__', 'self, name, doc=None', ({ self, name, doc }) => {
    if (!(self instanceof Instance)) return null;
    self.names.set('__name__', name);
    self.names.set('__doc__', doc);
    return null;
  }),
]);

/** `types.MethodType` and its like are asked about as well as called. */
function alsoFor(cls: ClassValue, actual: ClassValue): ClassValue {
  cls.names.set(
    '__initscope_instancecheck__',
    native('__initscope_instancecheck__', 'cls, value', ({ value }, runtime) =>
      runtime.classOf(value).isSubclassOf(actual),
    ),
  );
  return cls;
}

const TABLE: Readonly<Record<string, Value>> = {
  SimpleNamespace: simpleNamespaceClass,
  MethodType: alsoFor(methodType, methodClass),
  ModuleType: alsoFor(moduleType, moduleClass),
  FunctionType: alsoFor(functionType, functionClass),
  LambdaType: functionType,
  BuiltinFunctionType: nativeFunctionClass,
  BuiltinMethodType: nativeFunctionClass,
  GeneratorType: generatorClass,
  NoneType: noneClass,
  MappingProxyType: dictClass,
  DynamicClassAttribute: propertyClass,
  new_class: native(
    'new_class',
    'name, bases=(), kwds=None, exec_body=None',
    ({ name, bases, exec_body: body }, runtime) => {
      const names = new Dict();
      if (body !== null) runtime.call(body, [names]);
      const parents = runtime.toArray(bases).filter((b) => b instanceof ClassValue);
      return makeClass(
        String(name),
        parents,
        names.pairs().map(([k, v]) => [String(k), v]),
        runtime,
      );
    },
  ),
};

export const types = moduleOf('types', () => [TABLE], notEvaluated('types'));
