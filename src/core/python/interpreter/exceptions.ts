import type * as ast from '../syntax/ast.js';
import {
  ClassValue,
  Instance,
  PyException,
  PyObject,
  Tuple,
  Unknown,
  type Scope,
  type Value,
} from '../values/index.js';
import { evaluate } from './expressions.js';
import type { Interpreter } from './interpreter.js';
import { assignName, deleteName } from './scope.js';
import { execute, type Completion } from './statements.js';

export function raiseStatement(it: Interpreter, n: ast.Raise, scope: Scope): Completion {
  if (!n.exception) {
    const current = it.handling;
    if (current) throw current;
    return it.raise('RuntimeError', 'No active exception to reraise');
  }
  const value = evaluate(it, n.exception, scope);
  it.at(n);
  throw toException(it, value);
}

export function toException(it: Interpreter, value: Value): PyException {
  const instance = value instanceof ClassValue ? it.call(value, []) : value;
  if (instance instanceof Instance) return new PyException(instance, instance.cls.name, it.str(instance), it.here);
  const u = instance instanceof PyObject ? instance : it.unknown('an exception that is not known');
  return new PyException(u, 'Exception', u instanceof Unknown ? u.symbol : 'exception', it.here);
}

/** `try`: with a handler for ImportError, modules that aren't there are missing rather than unknown. */
export function tryStatement(it: Interpreter, n: ast.Try, scope: Scope): Completion {
  let done: Completion;
  try {
    const catches = (names: readonly string[]): boolean => n.handlers.some((h) => isCaught(h.exception, names));
    done = it.expectations.missingModules(catches(IMPORT_ERRORS), () =>
      it.expectations.missingKeys(catches(KEY_ERRORS), () => execute(it, n.body, scope)),
    );
    done ??= execute(it, n.orelse, scope);
  } catch (e) {
    if (!(e instanceof PyException)) throw e;
    let handled: ReturnType<typeof handle>;
    try {
      handled = handle(it, n, e, scope);
    } catch (again) {
      // The handler gives up ("please install …"): then the module must be there, and what it gives is unknown.
      if (e.className !== 'ModuleNotFoundError' || !(again instanceof PyException)) throw again;
      handled = { done: it.expectations.none(() => execute(it, n.body, scope)) };
    }
    if (!handled) {
      execute(it, n.finalbody, scope);
      throw e;
    }
    done = handled.done;
  }
  return execute(it, n.finalbody, scope) ?? done;
}

const IMPORT_ERRORS = ['ImportError', 'ModuleNotFoundError', 'Exception', 'BaseException'];
const KEY_ERRORS = ['KeyError', 'LookupError', 'Exception', 'BaseException'];

/** Whether a handler, by what stands in it, takes one of these. */
function isCaught(e: ast.Expression | null, names: readonly string[]): boolean {
  if (!e) return true;
  if (e.type === 'Tuple') return e.elements.some((x) => isCaught(x, names));
  return names.includes(e.type === 'Name' ? e.id : e.type === 'Attribute' ? e.attr : '');
}

/** Runs the handler that takes the exception; `undefined` when there is none. */
export function handle(
  it: Interpreter,
  n: ast.Try,
  e: PyException,
  scope: Scope,
): { readonly done: Completion } | undefined {
  for (const h of n.handlers) {
    if (h.exception && !matches(it, e, evaluate(it, h.exception, scope))) continue;
    if (h.name !== null) assignName(h.name, e.value, scope);
    const before = it.handling;
    it.handling = e;
    try {
      return { done: execute(it, h.body, scope) };
    } finally {
      it.handling = before;
      if (h.name !== null) deleteName(h.name, scope);
    }
  }
  return undefined;
}

function matches(it: Interpreter, e: PyException, cls: Value): boolean {
  if (cls instanceof Tuple) return cls.items.some((c) => matches(it, e, c));
  if (cls instanceof Unknown || e.value instanceof Unknown) return true;
  return it.isInstance(e.value, cls) ?? true;
}
