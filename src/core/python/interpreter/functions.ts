import { builtinClasses } from '../library/index.js';
import type * as ast from '../syntax/ast.js';
import type { FunctionValue } from '../values/index.js';
import {
  BoundMethod,
  Dict,
  Instance,
  Iterator,
  PyException,
  Stopped,
  Tuple,
  Unknown,
  ClassValue,
  SuperValue,
  type Value,
} from '../values/index.js';
import { evaluate } from './expressions.js';
import { runGenerator } from './generators.js';
import type { Interpreter } from './interpreter.js';
import { LocalScope } from './scope.js';
import { execute, Return } from './statements.js';
import { merge } from './uncertainty.js';

/** Calls a function written in Python. */
export function callFunction(
  it: Interpreter,
  fn: FunctionValue,
  args: readonly Value[],
  kwargs: ReadonlyMap<string, Value> | undefined,
): Value {
  return fn.around === undefined ? run(it, fn, args, kwargs) : fn.around(() => run(it, fn, args, kwargs));
}

function run(
  it: Interpreter,
  fn: FunctionValue,
  args: readonly Value[],
  kwargs: ReadonlyMap<string, Value> | undefined,
): Value {
  const scope = new LocalScope(fn.scope, fn.scope.module, false, fn, args[0]);
  bindArguments(it, fn, args, kwargs, scope);
  if (fn.node.type === 'Lambda') {
    const body = fn.body as ast.Expression;
    return it.inFrame(scope.module, () => evaluate(it, body, scope));
  }
  const body = fn.body as readonly ast.Statement[];
  if (fn.node.isGenerator) {
    const steps = runGenerator(it, body, scope);
    return new Iterator(() => {
      const step = it.inFrame(scope.module, () => steps.next());
      return step.done === true ? undefined : step.value;
    }, 'generator');
  }
  return it.inFrame(scope.module, () => {
    let done;
    try {
      done = execute(it, body, scope);
    } catch (e) {
      // A side that was left early under an unknown condition is the way out when the rest can't happen.
      const early = scope.earlyReturns?.[0];
      if (e instanceof PyException && early !== undefined) return early;
      throw e;
    }
    const value = done instanceof Return ? done.value : null;
    if (!scope.earlyReturns) return value;
    const why = it.unknown('which return is taken depends on a condition that is not known', fn.name);
    return scope.earlyReturns.reduceRight(
      (result: Value, early) => (result === null ? early : merge(result, early, why)),
      value,
    );
  });
}

function bindArguments(
  it: Interpreter,
  fn: FunctionValue,
  args: readonly Value[],
  kwargs: ReadonlyMap<string, Value> | undefined,
  scope: LocalScope,
): void {
  const { positionalOnly, positional, varargs, keywordOnly, kwargs: rest } = fn.args;
  const names = scope.names;
  const all = positionalOnly.length === 0 ? positional : [...positionalOnly, ...positional];
  const given = Math.min(args.length, all.length);
  for (let i = 0; i < given; i++) names.set(all[i]!.name, args[i] as Value);
  if (varargs) names.set(varargs.name, new Tuple(args.slice(all.length)));
  else if (args.length > all.length) {
    it.raise(
      'TypeError',
      `${fn.name}() takes ${String(all.length)} positional argument${all.length === 1 ? '' : 's'} but ${String(args.length)} were given`,
    );
  }
  let extra: Dict | undefined;
  if (kwargs) {
    for (const [k, v] of kwargs) {
      const index = positional.findIndex((p) => p.name === k);
      if (index >= 0 || keywordOnly.some((p) => p.name === k)) {
        if (index >= 0 && index + positionalOnly.length < given)
          it.raise('TypeError', `${fn.name}() got multiple values for argument '${k}'`);
        names.set(k, v);
      } else if (rest) (extra ??= new Dict()).set(k, v);
      else it.raise('TypeError', `${fn.name}() got an unexpected keyword argument '${k}'`);
    }
  }
  if (rest) names.set(rest.name, extra ?? new Dict());
  for (const p of given === all.length ? keywordOnly : [...all.slice(given), ...keywordOnly]) {
    if (names.has(p.name)) continue;
    const d = fn.defaults.get(p.name);
    if (d === undefined) it.raise('TypeError', `${fn.name}() missing required argument: '${p.name}'`);
    names.set(p.name, d);
  }
}

/** Calls a class: `__new__`, then `__init__`. */
export function instantiate(
  it: Interpreter,
  cls: ClassValue,
  args: Value[],
  kwargs: ReadonlyMap<string, Value> | undefined,
): Value {
  if (cls === builtinClasses.super) return superOf(it, args);
  const metaCall = cls.find('__initscope_class_call__');
  if (metaCall !== undefined) return it.call(metaCall, [cls, ...args], kwargs);
  const make = cls.find('__new__');
  let object: Value;
  if (make === undefined) {
    const fresh = new Instance(cls);
    fresh.constructedAt = it.here;
    object = fresh;
  } else {
    object = it.call(it.unwrapStatic(make), [cls, ...args], kwargs);
    if (object instanceof Instance) object.constructedAt ??= it.here;
  }
  if (!(object instanceof Instance) || !object.cls.isSubclassOf(cls)) return object;
  const init = object.cls.find('__init__');
  if (init !== undefined) it.call(new BoundMethod(object, init), args, kwargs);
  return object;
}

/** `super(Class, self)`. */
function superOf(it: Interpreter, [after, self]: readonly Value[]): Value {
  if (after instanceof ClassValue && (self instanceof Instance || self instanceof ClassValue))
    return new SuperValue(after, self);
  return it.unknown('super() of something that is not known', 'super(…)');
}

/** Calls anything that can be called; what can't be known gives an Unknown. */
export function callUnknown(it: Interpreter, callee: Unknown, args: readonly Value[]): Value {
  // A wrapper that isn't known, put round one module or class, is taken to give it back: models are wrapped far more often than replaced.
  const only = args[0];
  if (args.length === 1 && only instanceof Instance && it.isWrappable(only)) {
    it.note(`${callee.symbol}(…) is not known (${callee.reason}); taken to return the module it is given`);
    return only;
  }
  if (args.some((a) => it.isTraced(a)))
    it.note(`forward cannot be followed through ${callee.symbol}, which is not known: ${callee.reason}`);
  return new Unknown(callee.reason, callee.range ?? it.here, `${callee.symbol}(…)`);
}

export function tooDeep(it: Interpreter, depth: number): never {
  throw new Stopped(
    'depth',
    `calls nest deeper than ${String(depth)}: this looks like a recursion that does not end`,
    it.here,
  );
}
