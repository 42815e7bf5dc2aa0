import { linearize } from '../library/index.js';
import type * as ast from '../syntax/ast.js';
import type { Namespace } from '../values/index.js';
import {
  BoundMethod,
  ClassMethod,
  ClassValue,
  Dict,
  FunctionValue,
  Instance,
  Property,
  PyObject,
  StaticMethod,
  SuperValue,
  Unknown,
  type Scope,
  type Value,
} from '../values/index.js';
import { elements, evaluate } from './expressions.js';
import type { Interpreter } from './interpreter.js';
import { LocalScope } from './scope.js';
import { execute } from './statements.js';

/** Runs a class statement. */
export function defineClass(it: Interpreter, n: ast.ClassDef, scope: Scope): Value {
  const bases: ClassValue[] = [];
  let unknownBase: Unknown | null = null;
  for (const base of elements(it, n.bases, scope)) {
    const resolved = resolveBase(it, base);
    if (resolved instanceof ClassValue) bases.push(resolved);
    else if (resolved instanceof Unknown) unknownBase ??= resolved;
  }
  const keywords = new Map<string, Value>();
  for (const k of n.keywords) if (k.name !== null) keywords.set(k.name, evaluate(it, k.value, scope));
  it.at(n);
  if (unknownBase) {
    it.note(`the base class of ${n.name} is not known: ${unknownBase.reason}; it is read as if it were a plain module`);
    const assumed = it.baseForUnknown();
    if (assumed && !bases.some((b) => b.isSubclassOf(assumed))) bases.push(assumed);
  }
  const body = new LocalScope(scope, scope.module, true);
  body.names.set('__module__', scope.module.name);
  body.names.set('__qualname__', n.name);
  const [first] = n.body;
  if (first?.type === 'Expr' && first.value.type === 'Constant' && typeof first.value.value === 'string')
    body.names.set('__doc__', first.value.value);
  execute(it, n.body, body);
  const cls = makeClass(it, n.name, bases, body.names, scope.module, it.rangeOf(n.nameRange), unknownBase);
  it.at(n);
  const metaclass = keywords.get('metaclass');
  keywords.delete('metaclass');
  return finishClass(it, cls, metaclass, keywords);
}

/** `Base[T]` and typing's aliases stand for the class behind them. */
function resolveBase(it: Interpreter, base: Value): Value {
  if (base instanceof ClassValue || base instanceof Unknown) return base;
  if (base instanceof PyObject) {
    const entries = it.findAttr(base, '__mro_entries__');
    if (entries !== undefined) {
      const first = it.toArray(it.call(entries, [it.builtin('tuple')]))[0];
      return first ?? null;
    }
  }
  return null;
}

export function makeClass(
  it: Interpreter,
  name: string,
  bases: readonly ClassValue[],
  names: Namespace,
  module: LocalScope['module'],
  range: ClassValue['range'],
  unknownBase: Unknown | null,
): ClassValue {
  const object = it.objectClass;
  const parents = bases.length > 0 ? bases : [object];
  const mro =
    linearize(parents) ?? it.raise('TypeError', `Cannot create a consistent method resolution order (MRO) for ${name}`);
  const cls = new ClassValue(name, parents, mro, module, range, unknownBase);
  for (const [key, value] of names.entries()) {
    cls.names.set(key, value);
    claim(value, cls);
  }
  return cls;
}

/** Functions of a class body know their class, for zero-argument `super()`. */
function claim(value: Value, cls: ClassValue): void {
  if (value instanceof FunctionValue) {
    value.owner ??= cls;
    const wrapped = value.attributes.get('__wrapped__');
    if (wrapped !== undefined && wrapped !== value) claim(wrapped, cls);
  } else if (value instanceof StaticMethod || value instanceof ClassMethod) claim(value.func, cls);
  else if (value instanceof Property) {
    claim(value.getter, cls);
    claim(value.setter, cls);
  }
}

function finishClass(
  it: Interpreter,
  cls: ClassValue,
  metaclass: Value | undefined,
  keywords: ReadonlyMap<string, Value>,
): Value {
  for (const [name, value] of cls.names.entries()) {
    if (!(value instanceof Instance)) continue;
    const hook = value.cls.find('__set_name__');
    if (hook !== undefined) it.call(new BoundMethod(value, hook), [cls, name]);
  }
  const hook = cls.find('__initscope_class__');
  let result: Value = hook === undefined ? cls : it.call(it.unwrapStatic(hook), [cls]);
  for (const base of cls.mro.slice(1)) {
    const init = base.names.get('__init_subclass__');
    if (init === undefined) continue;
    it.call(new BoundMethod(cls, it.unwrapStatic(init)), [], keywords);
    break;
  }
  // A metaclass written in Python: its __new__/__init__ may add attributes; run it on the finished class for its effects.
  if (metaclass instanceof ClassValue && metaclass.module && !metaclass.module.isLibrary) {
    const init = metaclass.find('__init__');
    if (init instanceof FunctionValue) {
      const names = Dict.from([...cls.names.entries()]);
      it.attempt(() => it.call(init, [cls, cls.name, it.tuple(cls.bases), names]));
    }
    const call = metaclass.find('__call__');
    if (call instanceof FunctionValue)
      it.note(`metaclass ${metaclass.name} is not followed when ${cls.name} is called`);
    result = cls;
  }
  return result;
}

/** `super()` without arguments: the class whose body holds the running method, and its first argument. */
export function zeroArgumentSuper(it: Interpreter, n: ast.Call, scope: Scope): Value {
  it.at(n);
  for (let s: Scope | null = scope; s; s = s.parent) {
    if (!(s instanceof LocalScope) || !s.fn?.owner) continue;
    const self = s.self;
    if (self instanceof Instance || self instanceof ClassValue) return new SuperValue(s.fn.owner, self);
  }
  return it.unknown('super() outside a method', 'super()');
}
