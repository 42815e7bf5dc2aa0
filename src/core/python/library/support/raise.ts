import { PyException, type Runtime } from '../../values/runtime.js';
import { Instance, type ClassValue } from '../../values/index.js';

/** Raises an exception of a class that isn't built in. */
export function raiseAs(cls: ClassValue, message: string, runtime: Runtime): never {
  const exception = runtime.call(cls, [message]);
  if (!(exception instanceof Instance)) return runtime.raise('Exception', message);
  throw new PyException(exception, cls.name, message, runtime.here);
}
