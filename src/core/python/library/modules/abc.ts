import { native } from '../../values/native.js';
import { ClassMethod, Property, StaticMethod, type NativeFunction } from '../../values/index.js';
import { builtinClass } from '../support/classes.js';
import { moduleOf } from '../support/modules.js';
import { objectClass } from '../types/object.js';
import { typeClass } from '../types/type.js';
import { abstractClasses, numberClasses, register } from './abstract.js';

export const abcMetaClass = builtinClass('ABCMeta', [typeClass], 'abc');
const abcClass = builtinClass('ABC', [objectClass], 'abc', { register: new ClassMethod(register) });

const DECORATORS: readonly NativeFunction[] = [
  native('abstractmethod', 'function', ({ function: f }) => f),
  native('abstractproperty', 'function', ({ function: f }) => new Property(f)),
  native('abstractclassmethod', 'function', ({ function: f }) => new ClassMethod(f)),
  native('abstractstaticmethod', 'function', ({ function: f }) => new StaticMethod(f)),
  native('update_abstractmethods', 'cls', ({ cls }) => cls),
];

export const abc = moduleOf('abc', () => [DECORATORS, { ABC: abcClass, ABCMeta: abcMetaClass }]);
export const collectionsAbc = moduleOf('collections.abc', () => [abstractClasses]);
export const numbers = moduleOf('numbers', () => [numberClasses]);
