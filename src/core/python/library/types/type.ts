import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import {
  BoundMethod,
  ClassMethod,
  ClassValue,
  Dict,
  FunctionValue,
  Instance,
  Property,
  StaticMethod,
  Tuple,
  Unknown,
  type Value,
} from '../../values/index.js';
import { builtinClass, linearize } from '../support/classes.js';
import { constructor, objectClass } from './object.js';

/** Functions of a class body know their class, for zero-argument `super()`. */
function claim(value: Value, cls: ClassValue): void {
  if (value instanceof FunctionValue) value.owner ??= cls;
  else if (value instanceof StaticMethod || value instanceof ClassMethod) claim(value.func, cls);
  else if (value instanceof Property) {
    claim(value.getter, cls);
    claim(value.setter, cls);
  }
}

/** A class made by a call instead of a statement: `type(name, bases, names)`, `make_dataclass`, `namedtuple`. */
export function makeClass(
  name: string,
  bases: readonly ClassValue[],
  names: Iterable<readonly [string, Value]>,
  runtime: Runtime,
  unknownBase: Unknown | null = null,
): ClassValue {
  const parents = bases.length === 0 ? [objectClass] : bases;
  const order = linearize(parents);
  if (!order) runtime.raise('TypeError', `Cannot create a consistent method resolution order (MRO) for ${name}`);
  const cls = new ClassValue(name, parents, order, null, runtime.here, unknownBase);
  cls.names.set('__module__', '__main__');
  for (const [key, value] of names) {
    cls.names.set(key, value);
    claim(value, cls);
  }
  for (const [key, value] of cls.names.entries()) {
    const hook = value instanceof Instance ? value.cls.find('__set_name__') : undefined;
    if (hook !== undefined) runtime.call(new BoundMethod(value, hook), [cls, key]);
  }
  const finish = cls.find('__initscope_class__');
  const result = finish === undefined ? cls : runtime.call(finish, [cls]);
  const inherited = parents.flatMap((p) => p.mro).find((c) => c.names.has('__init_subclass__'));
  const init = inherited?.names.get('__init_subclass__');
  if (init !== undefined) runtime.call(new BoundMethod(cls, init instanceof ClassMethod ? init.func : init), []);
  return result instanceof ClassValue ? result : cls;
}

export const typeClass: ClassValue = builtinClass('type', [objectClass], 'builtins', [
  constructor('cls, object, *rest, **kwargs', ({ object, rest }, runtime) => {
    const [bases, names] = rest instanceof Tuple ? rest.items : [];
    if (bases === undefined) {
      return object instanceof Unknown ? object.as(`type(${object.symbol})`) : runtime.classOf(object);
    }
    if (typeof object !== 'string') return runtime.unknown('the name of this class is not known', 'type()');
    const parents = runtime.toArray(bases);
    const unknown = parents.find((p) => p instanceof Unknown);
    return makeClass(
      object,
      parents.filter((p) => p instanceof ClassValue),
      names instanceof Dict ? names.pairs().map(([k, v]) => [String(k), v] as const) : [],
      runtime,
      unknown instanceof Unknown ? unknown : null,
    );
  }),
  native('__call__', 'cls, *args, **kwargs', ({ cls, args, kwargs }, runtime) => {
    const named = kwargs instanceof Dict ? kwargs.pairs().map(([k, v]) => [String(k), v] as const) : [];
    return runtime.call(cls, args instanceof Tuple ? [...args.items] : [], new Map(named));
  }),
]);
