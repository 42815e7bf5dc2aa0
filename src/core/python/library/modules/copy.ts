import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import {
  BoundMethod,
  Dict,
  Instance,
  List,
  NativeObject,
  PyObject,
  PySet,
  Tuple,
  type Value,
} from '../../values/index.js';
import { moduleOf } from '../support/modules.js';
import { copyOf } from '../types/dict.js';
import { idOf } from '../types/object.js';

/** Copies made so far, by `id`, as user code that writes its own `__deepcopy__` keeps them too. */
function seen(memo: Dict, value: PyObject): Value | undefined {
  return memo.get(idOf(value));
}
function remember(memo: Dict, value: PyObject, copy: Value): void {
  memo.set(idOf(value), copy);
}

/** An object of the same class with the same attributes; the attributes go through `each`. */
function copyInstance(value: Instance, copy: Instance, each: (v: Value) => Value): Instance {
  copy.constructedAt = value.constructedAt;
  copy.attributesInPayload = value.attributesInPayload;
  copy.hashedBy = value.hashedBy;
  for (const [name, v] of value.names.entries()) copy.names.set(name, each(v));
  return copy;
}

/** `copy.deepcopy(value, memo)`. Functions, classes and modules are shared. */
export function deepCopy(value: Value, memo: Dict, runtime: Runtime): Value {
  if (!(value instanceof PyObject)) return value;
  const before = seen(memo, value);
  if (before !== undefined) return before;
  runtime.spend(1);
  const each = (v: Value): Value => deepCopy(v, memo, runtime);
  const keep = <T extends Value>(copy: T): T => {
    remember(memo, value, copy);
    return copy;
  };
  if (value instanceof List) {
    // Known before its items, which may hold it.
    const copy = keep(new List([]));
    copy.items = value.items.map(each);
    return copy;
  }
  if (value instanceof Tuple) {
    const items = value.items.map(each);
    return keep(items.every((v, i) => v === value.items[i]) ? value : new Tuple(items));
  }
  if (value instanceof Dict) {
    const copy = keep(new Dict(value.typeName));
    copy.factory = value.factory;
    for (const [k, v] of value.pairs()) copy.set(each(k), each(v));
    return copy;
  }
  if (value instanceof PySet) return keep(new PySet(value.values().map(each), value.frozen));
  if (value instanceof BoundMethod) return keep(new BoundMethod(each(value.self), value.func));
  if (value instanceof NativeObject) {
    const method = value.getAttribute('__deepcopy__', runtime);
    return method === undefined ? value : keep(runtime.call(method, [memo]));
  }
  return value instanceof Instance ? deepCopyInstance(value, memo, runtime) : value;
}

function deepCopyInstance(value: Instance, memo: Dict, runtime: Runtime): Value {
  const method = value.cls.find('__deepcopy__');
  if (method !== undefined) {
    const copy = runtime.call(new BoundMethod(value, method), [memo]);
    remember(memo, value, copy);
    return copy;
  }
  // Enum members are one of a kind.
  if (value.cls.names.get('__members__') !== undefined) return value;
  const copy = new Instance(value.cls);
  remember(memo, value, copy);
  if (value.payload !== undefined) copy.payload = deepCopy(value.payload, memo, runtime);
  return copyInstance(value, copy, (v) => deepCopy(v, memo, runtime));
}

/** `copy.copy(value)`: a new container with the same items. */
export function shallowCopy(value: Value, runtime: Runtime): Value {
  if (value instanceof List) return new List(value.items.slice());
  if (value instanceof Dict) return copyOf(value);
  if (value instanceof PySet) return value.frozen ? value : new PySet(value.values());
  if (value instanceof NativeObject) {
    const method = value.getAttribute('__copy__', runtime);
    return method === undefined ? value : runtime.call(method, []);
  }
  if (!(value instanceof Instance)) return value;
  const method = value.cls.find('__copy__');
  if (method !== undefined) return runtime.call(new BoundMethod(value, method), []);
  if (value.cls.names.get('__members__') !== undefined) return value;
  const copy = new Instance(value.cls);
  if (value.payload !== undefined) copy.payload = shallowCopy(value.payload, runtime);
  return copyInstance(value, copy, (v) => v);
}

export const copy = moduleOf('copy', () => [
  [
    native('copy', 'x', ({ x }, runtime) => shallowCopy(x, runtime)),
    native('deepcopy', 'x, memo=None', ({ x, memo }, runtime) =>
      deepCopy(x, memo instanceof Dict ? memo : new Dict(), runtime),
    ),
    native('replace', 'obj, /, **changes', ({ obj, changes }, runtime) => {
      const result = shallowCopy(obj, runtime);
      if (changes instanceof Dict) for (const [k, v] of changes.pairs()) runtime.setAttr(result, String(k), v);
      return result;
    }),
  ],
]);
