import { ClassValue, Instance, PyObject, Tuple, Unknown, type Value } from '../values/index.js';
import type { Interpreter } from './interpreter.js';

/** `isinstance(value, cls)`; `undefined` where it isn't known. */
export function isInstance(it: Interpreter, value: Value, cls: Value): boolean | undefined {
  if (cls instanceof Tuple) {
    let sure: boolean | undefined = false;
    for (const c of cls.items) {
      const is = isInstance(it, value, c);
      if (is === true) return true;
      if (is === undefined) sure = undefined;
    }
    return sure;
  }
  if (value instanceof Unknown) return undefined;
  if (!(cls instanceof ClassValue)) {
    // A type from a library that isn't here: an object of the user's own can hardly be one.
    if (cls instanceof Unknown) return value instanceof Instance && value.cls.unknownBase ? undefined : false;
    const check = cls instanceof PyObject ? it.findAttr(cls, '__instancecheck__') : undefined;
    return check === undefined ? undefined : it.isTrue(it.call(check, [value]));
  }
  const hook = cls.find('__initscope_instancecheck__');
  if (hook !== undefined) {
    const t = it.truth(it.call(it.unwrapStatic(hook), [cls, value]));
    return t instanceof Unknown ? undefined : t;
  }
  return it.classOf(value).isSubclassOf(cls);
}
