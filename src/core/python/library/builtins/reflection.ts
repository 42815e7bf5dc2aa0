import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import {
  BoundMethod,
  ClassValue,
  FunctionValue,
  Instance,
  List,
  ModuleValue,
  NativeFunction,
  NativeObject,
  StaticMethod,
  Tuple,
  Unknown,
  PyObject,
  type Value,
} from '../../values/index.js';
import { asciiOf } from '../format/repr.js';
import { formatValue } from '../format/formatting.js';
import { callSymbol, firstUnknown, pure, unknownWithin } from '../support/unknowns.js';
import { checkKey } from '../types/dict.js';
import { directory, hashOf, idOf } from '../types/object.js';

/** Whether an object has an attribute; Unknown where only a base class that can't be read could have it. */
export function hasAttribute(object: Value, name: string, runtime: Runtime): boolean | Unknown {
  if (object instanceof Unknown) return callSymbol(object, 'hasattr', [object, name]);
  const found = runtime.findAttr(object, name);
  if (found === undefined) return false;
  const cls = object instanceof Instance ? object.cls : object instanceof ClassValue ? object : undefined;
  const unknown = cls?.unknownBase;
  if (!unknown || !(found instanceof Unknown) || found.reason !== unknown.reason) return true;
  const known = cls.find(name) !== undefined || (object instanceof Instance && object.names.has(name));
  return known || callSymbol(unknown, 'hasattr', [unknown, name]);
}

export function isCallable(value: Value): boolean {
  if (value instanceof Instance) return value.cls.find('__call__') !== undefined;
  return (
    value instanceof FunctionValue ||
    value instanceof NativeFunction ||
    value instanceof BoundMethod ||
    value instanceof ClassValue ||
    value instanceof StaticMethod
  );
}

/** `issubclass`; `undefined` where it isn't known. */
export function isSubclass(cls: Value, parent: Value, runtime: Runtime): boolean | undefined {
  if (parent instanceof Tuple) {
    const answers = parent.items.map((p) => isSubclass(cls, p, runtime));
    if (answers.includes(true)) return true;
    return answers.includes(undefined) ? undefined : false;
  }
  if (!(cls instanceof ClassValue)) {
    return cls instanceof Unknown ? undefined : runtime.raise('TypeError', 'issubclass() arg 1 must be a class');
  }
  if (!(parent instanceof ClassValue)) return undefined;
  if (cls.isSubclassOf(parent)) return true;
  const hook = parent.find('__initscope_subclasscheck__');
  if (hook !== undefined) return runtime.isTrue(runtime.call(hook, [parent, cls]));
  return cls.unknownBase ? undefined : false;
}

export const reflectionBuiltins: readonly NativeFunction[] = [
  native('isinstance', 'obj, cls', ({ obj, cls }, runtime) => {
    const is = runtime.isInstance(obj, cls);
    if (is !== undefined) return is;
    const unknown = firstUnknown([obj, cls]);
    return unknown
      ? callSymbol(unknown, 'isinstance', [obj, cls])
      : runtime.unknown('this type is not known', 'isinstance()');
  }),
  native('issubclass', 'cls, parent', ({ cls, parent }, runtime) => {
    const is = isSubclass(cls, parent, runtime);
    if (is !== undefined) return is;
    const unknown = firstUnknown([cls, parent]);
    return unknown
      ? callSymbol(unknown, 'issubclass', [cls, parent])
      : runtime.unknown('this type is not known', 'issubclass()');
  }),
  native('getattr', 'obj, name, *default', ({ obj, name, default: standard }, runtime) => {
    if (name instanceof Unknown) return callSymbol(name, 'getattr', [obj, name]);
    if (typeof name !== 'string') return runtime.raise('TypeError', 'attribute name must be string');
    const [given] = standard instanceof Tuple ? standard.items : [];
    if (given === undefined) return runtime.getAttr(obj, name);
    return runtime.findAttr(obj, name) ?? given;
  }),
  native('hasattr', 'obj, name', ({ obj, name }, runtime) => {
    if (name instanceof Unknown) return callSymbol(name, 'hasattr', [obj, name]);
    return typeof name === 'string'
      ? hasAttribute(obj, name, runtime)
      : runtime.raise('TypeError', 'attribute name must be string');
  }),
  native('setattr', 'obj, name, value', ({ obj, name, value }, runtime) => {
    if (typeof name === 'string') runtime.setAttr(obj, name, value);
    else if (name instanceof Unknown) runtime.note(`the attribute that is set is not known: ${name.reason}`);
    else runtime.raise('TypeError', 'attribute name must be string');
    return null;
  }),
  native('delattr', 'obj, name', ({ obj, name }, runtime) => {
    if (typeof name === 'string') runtime.delAttr(obj, name);
    return null;
  }),
  native('callable', 'obj', ({ obj }, runtime) => {
    if (obj instanceof Unknown) return callSymbol(obj, 'callable', [obj]);
    if (obj instanceof NativeObject) return runtime.findAttr(obj, '__call__') !== undefined;
    return isCallable(obj);
  }),
  native('id', 'obj', ({ obj }) => (obj instanceof PyObject ? idOf(obj) : hashOf(obj))),
  pure('hash', 'obj', ({ obj }, runtime) => {
    checkKey(obj, runtime);
    if (obj instanceof Instance) {
      const own = obj.cls.find('__hash__');
      if (own !== undefined && own !== null) return runtime.call(new BoundMethod(obj, own), []);
    }
    return hashOf(obj);
  }),
  native('vars', '*args', ({ args }, runtime) => {
    const [obj] = args instanceof Tuple ? args.items : [];
    if (obj === undefined) return runtime.unknown('vars() is not known here', 'vars()');
    if (obj instanceof Unknown) return callSymbol(obj, 'vars', [obj]);
    return (
      runtime.findAttr(obj, '__dict__') ?? runtime.raise('TypeError', 'vars() argument must have __dict__ attribute')
    );
  }),
  native('dir', '*args', ({ args }, runtime) => {
    const [obj] = args instanceof Tuple ? args.items : [];
    if (obj === undefined) return runtime.unknown('dir() is not known here', 'dir()');
    if (obj instanceof Unknown) return callSymbol(obj, 'dir', [obj]);
    if (obj instanceof ModuleValue) return new List([...obj.names.keys()].sort());
    return new List(directory(obj instanceof Instance || obj instanceof ClassValue ? obj : runtime.classOf(obj)));
  }),
  native('repr', 'obj', ({ obj }, runtime) => {
    const unknown = obj instanceof Instance ? undefined : unknownWithin(obj);
    return unknown ? callSymbol(unknown, 'repr', [obj]) : runtime.repr(obj);
  }),
  native('ascii', 'obj', ({ obj }, runtime) => {
    const unknown = unknownWithin(obj);
    return unknown ? callSymbol(unknown, 'ascii', [obj]) : asciiOf(obj, runtime);
  }),
  native('format', 'value, spec=""', ({ value, spec }, runtime) =>
    formatValue(value, typeof spec === 'string' ? spec : '', runtime),
  ),
];
