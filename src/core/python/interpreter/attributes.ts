import { findBuiltinAttribute } from '../library/index.js';
import {
  BoundMethod,
  ClassMethod,
  ClassValue,
  Dict,
  FunctionValue,
  Instance,
  ModuleValue,
  NativeFunction,
  NativeObject,
  Property,
  PyObject,
  StaticMethod,
  SuperValue,
  touch,
  Tuple,
  Unknown,
  type Value,
} from '../values/index.js';
import type { Interpreter } from './interpreter.js';
import { NamespaceDict } from './namespace-dict.js';

/** Python's attribute look-up. `undefined` where Python raises AttributeError. */
export function findAttribute(it: Interpreter, object: Value, name: string): Value | undefined {
  if (object instanceof Instance) return findOnInstance(it, object, name);
  if (object instanceof Unknown) return object.as(`${object.symbol}.${name}`);
  if (object instanceof ModuleValue) return findOnModule(it, object, name);
  if (object instanceof ClassValue) return findOnClass(it, object, name);
  if (object instanceof NativeObject) {
    const v = object.getAttribute(name, it);
    if (v !== undefined) return v;
    if (name === '__class__') return object.classOf(it);
    return findBuiltinAttribute(object, name, it);
  }
  if (object instanceof SuperValue) return findOnSuper(it, object, name);
  if (object instanceof FunctionValue) {
    const own = object.attributes.get(name);
    return own !== undefined ? own : findBuiltinAttribute(object, name, it);
  }
  if (object instanceof BoundMethod) {
    if (name === '__self__') return object.self;
    if (name === '__func__') return object.func;
    return findAttribute(it, object.func, name);
  }
  if (object instanceof Property) return propertyAttribute(it, object, name);
  if (object instanceof StaticMethod || object instanceof ClassMethod)
    return name === '__func__' ? object.func : findAttribute(it, object.func, name);
  if (name === '__class__') return it.classOf(object);
  if (object instanceof Tuple) {
    const named = object.attributes?.get(name);
    if (named !== undefined) return named;
  }
  return findBuiltinAttribute(object, name, it);
}

const hooks = new WeakMap<ClassValue, FunctionValue | null>();

/** `__getattribute__` written in Python, which then answers for every attribute. */
function attributeHook(cls: ClassValue): FunctionValue | null {
  let hook = hooks.get(cls);
  if (hook === undefined) {
    const found = cls.find('__getattribute__');
    hooks.set(cls, (hook = found instanceof FunctionValue ? found : null));
  }
  return hook;
}

function findOnInstance(it: Interpreter, object: Instance, name: string): Value | undefined {
  const hook = attributeHook(object.cls);
  if (hook === null || name.startsWith('__')) return findPlainly(it, object, name);
  return it.catchAttributeError(() => it.call(hook, [object, name]));
}

/** object.__getattribute__ */
function plainGetter(it: Interpreter, self: Value | undefined): NativeFunction {
  return new NativeFunction(
    '__getattribute__',
    (_rt, args) => {
      const [object, name] = self === undefined ? args : [self, args[0]];
      const found = object instanceof Instance && typeof name === 'string' ? findPlainly(it, object, name) : undefined;
      return found !== undefined ? found : it.raise('AttributeError', typeof name === 'string' ? name : '?');
    },
    true,
  );
}

function findPlainly(it: Interpreter, object: Instance, name: string): Value | undefined {
  const inClass = object.cls.find(name);
  if (inClass instanceof Property) return it.call(inClass.getter, [object]);
  if (inClass instanceof Instance && inClass.cls.find('__set__') !== undefined)
    return callGet(it, inClass, object, object.cls);
  const own = object.names.get(name);
  if (own !== undefined) return own;
  if (object.attributesInPayload && object.payload instanceof Dict) {
    const item = object.payload.get(name);
    if (item !== undefined) return item;
  }
  if (inClass !== undefined) return bind(it, inClass, object, object.cls);
  if (name === '__class__') return object.cls;
  if (name === '__dict__') return new NamespaceDict(object.names);
  if (object.payload !== undefined) {
    const v = findBuiltinAttribute(object.payload, name, it);
    if (v !== undefined) return v;
  }
  const fallback = object.cls.find('__getattr__');
  if (fallback !== undefined) {
    const v = it.catchAttributeError(() => it.call(fallback, [object, name]));
    if (v !== undefined) return v;
  }
  const common = findBuiltinAttribute(object, name, it);
  if (common !== undefined) return common;
  if (name === '__getattribute__') return plainGetter(it, object);
  const unknown = object.cls.unknownBase;
  return unknown ? unknown.as(`self.${name}`) : undefined;
}

function findOnModule(it: Interpreter, module: ModuleValue, name: string): Value | undefined {
  initialize(module);
  const own = module.names.get(name);
  if (own !== undefined) return own;
  const lazy = module.fallback?.(name, it);
  if (lazy !== undefined) return lazy;
  if (name === '__name__') return module.name;
  if (name === '__file__') return module.file;
  if (name === '__dict__') return new NamespaceDict(module.names, (key) => findOnModule(it, module, key));
  const hook = module.names.get('__getattr__');
  if (hook !== undefined) {
    const v = it.catchAttributeError(() => it.call(hook, [name]));
    if (v !== undefined) return v;
  }
  return it.submodule(module, name);
}

function findOnClass(it: Interpreter, cls: ClassValue, name: string): Value | undefined {
  const v = cls.find(name);
  if (v instanceof ClassMethod) return new BoundMethod(cls, v.func);
  if (v instanceof StaticMethod) return v.func;
  if (v instanceof Instance && v.cls.find('__get__') !== undefined) return callGet(it, v, null, cls);
  if (v !== undefined) return v;
  switch (name) {
    case '__name__':
    case '__qualname__':
      return cls.name;
    case '__module__':
      return cls.module?.name ?? 'builtins';
    case '__mro__':
      return new Tuple(cls.mro);
    case '__bases__':
      return new Tuple(cls.bases);
    case '__base__':
      return cls.bases[0] ?? null;
    case '__dict__':
      return Dict.from([...cls.names.entries()]);
    case '__getattribute__':
      return plainGetter(it, undefined);
    case '__class__':
      return it.builtin('type');
    case '__doc__':
      return null;
    case '__annotations__':
      return new Dict();
    case 'mro':
      return new NativeFunction('mro', () => it.list(cls.mro), true);
    case '__subclasses__':
      return new NativeFunction('__subclasses__', () => it.list([]), true);
    default: {
      const common = findBuiltinAttribute(cls, name, it);
      if (common !== undefined) return common;
      return cls.unknownBase?.as(`${cls.name}.${name}`);
    }
  }
}

function findOnSuper(it: Interpreter, s: SuperValue, name: string): Value | undefined {
  const cls = s.self instanceof ClassValue ? s.self : s.self.cls;
  const mro = cls.mro;
  const from = mro.indexOf(s.after) + 1;
  for (const c of mro.slice(from)) {
    const v = c.names.get(name);
    if (v === undefined) continue;
    if (s.self instanceof ClassValue)
      return v instanceof ClassMethod ? new BoundMethod(s.self, v.func) : it.unwrapStatic(v);
    if (v instanceof Property) return it.call(v.getter, [s.self]);
    return bind(it, v, s.self, cls);
  }
  if (name === '__class__') return cls;
  if (name === '__getattribute__') return plainGetter(it, s.self);
  if (s.self instanceof Instance && s.self.payload !== undefined) {
    const v = findBuiltinAttribute(s.self.payload, name, it);
    if (v !== undefined) return v;
  }
  if (s.self instanceof Instance) {
    const fallback = mro
      .slice(from)
      .find((c) => c.names.has('__getattr__'))
      ?.names.get('__getattr__');
    if (fallback !== undefined) {
      const self = s.self;
      const v = it.catchAttributeError(() => it.call(fallback, [self, name]));
      if (v !== undefined) return v;
    }
  }
  const unknown = cls.unknownBase;
  if (unknown)
    return name.startsWith('__') ? new NativeFunction(name, () => null, true) : unknown.as(`super().${name}`);
  return findBuiltinAttribute(s.self, name, it);
}

/** Runs a package's `__init__` that has been put off until now. */
export function initialize(module: ModuleValue): void {
  const run = module.pending;
  module.pending = null;
  run?.();
}

/** What an attribute found on the class becomes when read from an instance. */
export function bind(it: Interpreter, value: Value, self: Value, cls: ClassValue): Value {
  if (value instanceof FunctionValue) return new BoundMethod(self, value);
  if (value instanceof NativeFunction) return value.isStatic ? value : new BoundMethod(self, value);
  if (value instanceof ClassMethod) return new BoundMethod(cls, value.func);
  if (value instanceof StaticMethod) return value.func;
  if (value instanceof Property) return it.call(value.getter, [self]);
  if (value instanceof Instance && value.cls.find('__get__') !== undefined) return callGet(it, value, self, cls);
  return value;
}

function callGet(it: Interpreter, descriptor: Instance, self: Value, cls: ClassValue): Value {
  return it.call(new BoundMethod(descriptor, descriptor.cls.find('__get__') as Value), [self, cls]);
}

function propertyAttribute(it: Interpreter, p: Property, name: string): Value | undefined {
  switch (name) {
    case 'setter':
      return new NativeFunction('setter', (_rt, args) => new Property(p.getter, args[0] ?? null), true);
    case 'getter':
      return new NativeFunction('getter', (_rt, args) => new Property(args[0] ?? null, p.setter), true);
    case 'deleter':
      return new NativeFunction('deleter', () => p, true);
    case 'fget':
      return p.getter;
    case 'fset':
      return p.setter;
    default:
      return findBuiltinAttribute(p, name, it);
  }
}

export function setAttribute(it: Interpreter, object: Value, name: string, value: Value): void {
  if (object instanceof Instance) {
    const hook = object.cls.find('__setattr__');
    if (hook !== undefined && hook !== it.objectSetAttr) {
      it.call(new BoundMethod(object, hook), [name, value]);
      return;
    }
    setOnInstance(it, object, name, value);
  } else if (object instanceof ClassValue) object.names.set(name, value);
  else if (object instanceof ModuleValue) object.names.set(name, value);
  else if (object instanceof FunctionValue) object.attributes.set(name, value);
  else if (object instanceof NativeObject) object.setAttribute(name, value, it);
  else if (object instanceof SuperValue) {
    if (object.self instanceof Instance) setOnInstance(it, object.self, name, value);
  } else if (object instanceof PyObject)
    return; // Unknown and the like take anything
  else it.raise('AttributeError', `'${it.classOf(object).name}' object has no attribute '${name}'`);
}

/** object.__setattr__: properties and other data descriptors first, then the instance. */
export function setOnInstance(it: Interpreter, object: Instance, name: string, value: Value): void {
  const inClass = object.cls.find(name);
  if (inClass instanceof Property) {
    if (inClass.setter === null) it.raise('AttributeError', `can't set attribute '${name}'`);
    it.call(inClass.setter, [object, value]);
    return;
  }
  if (inClass instanceof Instance) {
    const set = inClass.cls.find('__set__');
    if (set !== undefined) {
      it.call(new BoundMethod(inClass, set), [object, value]);
      return;
    }
  }
  if (name === '__dict__' && value === object) object.attributesInPayload = true;
  else if (object.attributesInPayload && object.payload instanceof Dict) object.payload.set(name, value);
  else if (name === '__class__' && value instanceof ClassValue) {
    touch(object);
    object.cls = value;
  } else if (name === '__dict__' && value instanceof Dict)
    for (const [k, v] of value.pairs()) object.names.set(String(k), v);
  else object.names.set(name, value);
}

export function deleteAttribute(it: Interpreter, object: Value, name: string): void {
  if (object instanceof Instance) {
    const hook = object.cls.find('__delattr__');
    if (hook !== undefined && hook !== it.objectDelAttr) it.call(new BoundMethod(object, hook), [name]);
    else if (!object.names.delete(name)) it.raise('AttributeError', name);
  } else if (object instanceof ClassValue || object instanceof ModuleValue) object.names.delete(name);
}
