import type { Runtime } from '../../values/runtime.js';
import type { PyObject } from '../../values/index.js';
import {
  BoundMethod,
  Bytes,
  ClassMethod,
  ClassValue,
  Complex,
  Dict,
  ELLIPSIS,
  Float,
  FunctionValue,
  Instance,
  Iterator,
  List,
  ModuleValue,
  NativeFunction,
  NativeObject,
  Property,
  PySet,
  Range,
  Singleton,
  Slice,
  StaticMethod,
  SuperValue,
  Tuple,
  Unknown,
  View,
  type Value,
} from '../../values/index.js';
import { builtinClass } from '../support/classes.js';
import { bytesClass } from './bytes.js';
import { classMethodClass, propertyClass, staticMethodClass } from './descriptors.js';
import { defaultDictClass, dictClass, orderedDictClass } from './dict.js';
import { complexClass, floatClass } from './float.js';
import {
  callableAttribute,
  functionClass,
  methodClass,
  moduleClass,
  nativeFunctionClass,
  noneClass,
  superClass,
} from './functions.js';
import { boolClass, intClass } from './int.js';
import { iteratorClass, rangeClass, sliceClass, viewClass } from './iterators.js';
import { listClass, tupleClass } from './list.js';
import { objectClass } from './object.js';
import { frozenSetClass, setClass } from './set.js';
import { strClass } from './str.js';
import { typeClass } from './type.js';

/** Dict types that the values tell apart by name; `Counter` is added by the module that defines it. */
const dictClasses = new Map<string, ClassValue>([
  ['dict', dictClass],
  ['OrderedDict', orderedDictClass],
  ['defaultdict', defaultDictClass],
]);

export function registerDictClass(typeName: string, cls: ClassValue): void {
  dictClasses.set(typeName, cls);
}

const ellipsisClass = builtinClass('ellipsis', [objectClass], 'builtins');
const notImplementedClass = builtinClass('NotImplementedType', [objectClass], 'builtins');

type Kind = abstract new (...args: never[]) => PyObject;

/** Class by kind of value, the frequent ones first. */
const CLASSES: readonly (readonly [Kind, Entry])[] = [
  [Float, floatClass],
  [List, listClass],
  [Tuple, tupleClass],
  [Dict, (v: Dict) => dictClasses.get(v.typeName) ?? dictClass],
  [PySet, (v: PySet) => (v.frozen ? frozenSetClass : setClass)],
  [ClassValue, typeClass],
  [FunctionValue, functionClass],
  [BoundMethod, methodClass],
  [NativeFunction, nativeFunctionClass],
  [Range, rangeClass],
  [Slice, sliceClass],
  [Iterator, (v: Iterator) => iteratorClass(v.typeName)],
  [View, (v: View) => viewClass(v.typeName)],
  [ModuleValue, moduleClass],
  [Bytes, bytesClass],
  [Complex, complexClass],
  [Property, propertyClass],
  [StaticMethod, staticMethodClass],
  [ClassMethod, classMethodClass],
  [SuperValue, superClass],
  [Singleton, (v: Singleton) => (v === ELLIPSIS ? ellipsisClass : notImplementedClass)],
];

type Entry = ClassValue | ((value: never) => ClassValue);
const entries = new Map<unknown, Entry>();

/** The entry of `CLASSES` for a value, remembered by the value's own TypeScript class. */
function classEntry(value: PyObject): Entry {
  let entry = entries.get(value.constructor);
  if (!entry)
    entries.set(value.constructor, (entry = CLASSES.find(([kind]) => value instanceof kind)?.[1] ?? objectClass));
  return entry;
}

/** Classes of native objects that name none themselves, by type name. */
const nativeClasses = new Map<string, ClassValue>();

/** `type(value)`. For an Unknown it is `object`: ask for Unknowns before. */
export function classOfBuiltin(value: Value): ClassValue {
  if (typeof value === 'string') return strClass;
  if (typeof value === 'number' || typeof value === 'bigint') return intClass;
  if (typeof value === 'boolean') return boolClass;
  if (value === null) return noneClass;
  if (value instanceof Instance) return value.cls;
  if (value instanceof NativeObject) {
    let cls = nativeClasses.get(value.typeName);
    if (!cls) nativeClasses.set(value.typeName, (cls = builtinClass(value.typeName, [objectClass], 'builtins')));
    return cls;
  }
  const cls = classEntry(value);
  return cls instanceof ClassValue ? cls : (cls as (value: PyObject) => ClassValue)(value);
}

/** An attribute that a value of a built-in type has, methods bound to it; `undefined` when there is none. */
export function findBuiltinAttribute(value: Value, name: string, runtime: Runtime): Value | undefined {
  if (value instanceof Unknown) return value.as(`${value.symbol}.${name}`);
  const own = callableAttribute(value, name);
  if (own !== undefined) return own;
  const cls = classOfBuiltin(value);
  const found = cls.find(name);
  if (found === undefined) return common(value, cls, name);
  if (found instanceof NativeFunction) return found.isStatic ? found : new BoundMethod(value, found);
  if (found instanceof Property) return runtime.call(found.getter, [value]);
  if (found instanceof ClassMethod) return new BoundMethod(cls, found.func);
  return found instanceof StaticMethod ? found.func : found;
}

function common(value: Value, cls: ClassValue, name: string): Value | undefined {
  if (name === '__class__') return cls;
  if (name === '__doc__') return null;
  if (name === '__call__' && (value instanceof ClassValue || value instanceof BoundMethod)) return value;
  return undefined;
}
