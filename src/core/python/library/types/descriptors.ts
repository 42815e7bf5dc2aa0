import { native } from '../../values/native.js';
import { ClassMethod, Property, StaticMethod, type ClassValue } from '../../values/index.js';
import { builtinClass } from '../support/classes.js';
import { constructor, objectClass } from './object.js';

const getter = (self: unknown) => (self instanceof Property ? self.getter : null);
const setter = (self: unknown) => (self instanceof Property ? self.setter : null);

export const propertyClass: ClassValue = builtinClass('property', [objectClass], 'builtins', [
  constructor('cls, fget=None, fset=None, fdel=None, doc=None', ({ fget, fset }) => new Property(fget, fset)),
  native('getter', 'self, fget', ({ self, fget }) => new Property(fget, setter(self))),
  native('setter', 'self, fset', ({ self, fset }) => new Property(getter(self), fset)),
  native('deleter', 'self, fdel', ({ self }) => self),
  native('__get__', 'self, object, owner=None', ({ self, object }, runtime) =>
    object === null ? self : runtime.call(getter(self), [object]),
  ),
]);

export const staticMethodClass: ClassValue = builtinClass('staticmethod', [objectClass], 'builtins', [
  constructor('cls, function', ({ function: f }) => new StaticMethod(f)),
]);

export const classMethodClass: ClassValue = builtinClass('classmethod', [objectClass], 'builtins', [
  constructor('cls, function', ({ function: f }) => new ClassMethod(f)),
]);
