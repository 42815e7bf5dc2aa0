import { ELLIPSIS, NOT_IMPLEMENTED, NativeFunction, type ClassValue, type Value } from '../../values/index.js';
import { bytesClass } from '../types/bytes.js';
import { classMethodClass, propertyClass, staticMethodClass } from '../types/descriptors.js';
import { dictClass } from '../types/dict.js';
import { exceptionClass, exceptionClasses } from '../types/exceptions.js';
import { complexClass, floatClass } from '../types/float.js';
import { functionClass, methodClass, moduleClass, noneClass, superClass } from '../types/functions.js';
import { boolClass, intClass } from '../types/int.js';
import { generatorClass, rangeClass, sliceClass } from '../types/iterators.js';
import { listClass, tupleClass } from '../types/list.js';
import { objectClass } from '../types/object.js';
import { frozenSetClass, setClass } from '../types/set.js';
import { strClass } from '../types/str.js';
import { typeClass } from '../types/type.js';
import { unknowable } from '../support/modules.js';
import { environmentBuiltins } from './environment.js';
import { iterationBuiltins } from './iteration.js';
import { numericBuiltins } from './numeric.js';
import { reflectionBuiltins } from './reflection.js';

/** The built-in types that have a name in every module. */
const NAMED = {
  object: objectClass,
  type: typeClass,
  int: intClass,
  float: floatClass,
  complex: complexClass,
  bool: boolClass,
  str: strClass,
  bytes: bytesClass,
  list: listClass,
  tuple: tupleClass,
  dict: dictClass,
  set: setClass,
  frozenset: frozenSetClass,
  range: rangeClass,
  slice: sliceClass,
  property: propertyClass,
  staticmethod: staticMethodClass,
  classmethod: classMethodClass,
  super: superClass,
} as const;

/** Class objects of the built-in types, those without a name of their own included, and of every exception. */
export const builtinClasses = {
  ...NAMED,
  NoneType: noneClass,
  function: functionClass,
  method: methodClass,
  module: moduleClass,
  generator: generatorClass,
  BaseException: exceptionClass('BaseException'),
  Exception: exceptionClass('Exception'),
} as const;

const CONSTANTS: Readonly<Record<string, Value>> = {
  Ellipsis: ELLIPSIS,
  NotImplemented: NOT_IMPLEMENTED,
  __debug__: true,
  IOError: exceptionClass('OSError'),
  EnvironmentError: exceptionClass('OSError'),
};

/** What every module sees without importing it. A new table each time: user code may change it. */
export function createBuiltins(): Map<string, Value> {
  const table = new Map<string, Value>();
  const classes: Readonly<Record<string, ClassValue>> = { ...NAMED, ...exceptionClasses };
  for (const [name, cls] of Object.entries(classes)) table.set(name, cls);
  for (const [name, value] of Object.entries(CONSTANTS)) table.set(name, value);
  for (const f of [...numericBuiltins, ...iterationBuiltins, ...reflectionBuiltins]) table.set(f.name, f);
  for (const entry of environmentBuiltins) {
    if (entry instanceof NativeFunction) table.set(entry.name, entry);
    else table.set(entry[0], entry[1]);
  }
  for (const name of ['bytearray', 'memoryview']) table.set(name, unknowable(name, `${name} is not evaluated`));
  return table;
}
