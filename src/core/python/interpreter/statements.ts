import type * as ast from '../syntax/ast.js';
import {
  BoundMethod,
  Dict,
  NativeFunction,
  PyException,
  Unknown,
  unknownRest,
  type Scope,
  type Value,
} from '../values/index.js';
import { assignTarget, deleteTarget } from './assignment.js';
import { defineClass } from './classes.js';
import { raiseStatement, tryStatement } from './exceptions.js';
import { evaluate, makeFunction } from './expressions.js';
import { importFrom, importStatement } from './imports.js';
import type { Interpreter } from './interpreter.js';
import { markLoop } from './loops.js';
import { matchStatement } from './match.js';
import { assignName, LocalScope } from './scope.js';

/** How a statement ended, when not by falling through. */
export type Completion = undefined | 'break' | 'continue' | Return;
export class Return {
  constructor(readonly value: Value) {}
}

type Executor<T extends ast.Statement> = (it: Interpreter, node: T, scope: Scope) => Completion;
type Executors = { readonly [K in ast.Statement['type']]: Executor<Extract<ast.Statement, { type: K }>> };

const EXECUTORS: Executors = {
  Expr: (it, n, scope) => {
    evaluate(it, n.value, scope);
    return undefined;
  },
  Assign: (it, n, scope) => {
    const value = evaluate(it, n.value, scope);
    for (const t of n.targets) assignTarget(it, t, value, scope);
    return undefined;
  },
  AugAssign: (it, n, scope) => {
    const old = evaluate(it, n.target, scope);
    const operand = evaluate(it, n.value, scope);
    it.at(n);
    assignTarget(it, n.target, it.binaryInPlace(n.op, old, operand), scope);
    return undefined;
  },
  AnnAssign: (it, n, scope) => {
    if (scope.isClass && n.target.type === 'Name') annotate(it, n.target.id, n.annotation, scope);
    if (n.value) assignTarget(it, n.target, evaluate(it, n.value, scope), scope);
    return undefined;
  },
  Return: (it, n, scope) => new Return(n.value ? evaluate(it, n.value, scope) : null),
  If: (it, n, scope) => {
    const condition = evaluate(it, n.test, scope);
    it.at(n.test);
    const test = it.truth(condition);
    if (test instanceof Unknown)
      return it.branches.statement(
        test,
        n,
        scope,
        () => execute(it, n.body, scope),
        () => execute(it, n.orelse, scope),
      );
    return execute(it, test ? n.body : n.orelse, scope);
  },
  For: (it, n, scope) => {
    const source = evaluate(it, n.iter, scope);
    for (const item of it.iterate(source)) {
      it.spend(1);
      assignTarget(it, n.target, item, scope);
      const done = execute(it, n.body, scope);
      if (done === 'break') return undefined;
      if (done instanceof Return) return done;
    }
    const rest = unknownRest(source);
    if (rest) {
      it.at(n.iter);
      markLoop(it, rest, scope, () => {
        assignTarget(it, n.target, rest.as('?'), scope);
        execute(it, n.body, scope);
      });
    }
    return execute(it, n.orelse, scope);
  },
  While: (it, n, scope) => {
    for (;;) {
      it.spend(1);
      const test = it.truth(evaluate(it, n.test, scope));
      if (test instanceof Unknown) {
        it.at(n.test);
        it.note(`this loop's condition is not known (${test.reason}); it was left here`);
        markLoop(it, test, scope, () => execute(it, n.body, scope));
        return undefined;
      }
      if (!test) return execute(it, n.orelse, scope);
      const done = execute(it, n.body, scope);
      if (done === 'break') return undefined;
      if (done instanceof Return) return done;
    }
  },
  With: withStatement,
  Match: matchStatement,
  Try: tryStatement,
  Raise: raiseStatement,
  Assert: (it, n, scope) => {
    it.at(n);
    const test = it.truth(evaluate(it, n.test, scope));
    if (test === false)
      it.raise('AssertionError', n.message ? it.str(evaluate(it, n.message, scope)) : 'assertion failed');
    return undefined;
  },
  FunctionDef: (it, n, scope) => {
    const fn = makeFunction(it, n.name, n, scope);
    assignName(n.name, decorate(it, n.decorators, fn, scope), scope);
    return undefined;
  },
  ClassDef: (it, n, scope) => {
    assignName(n.name, decorate(it, n.decorators, defineClass(it, n, scope), scope), scope);
    return undefined;
  },
  Import: importStatement,
  ImportFrom: importFrom,
  Delete: (it, n, scope) => {
    for (const t of n.targets) deleteTarget(it, t, scope);
    return undefined;
  },
  Global: (_it, n, scope) => declare(scope, n.names, 'global'),
  Nonlocal: (_it, n, scope) => declare(scope, n.names, 'nonlocal'),
  Pass: () => undefined,
  Break: () => 'break',
  Continue: () => 'continue',
  TypeAlias: (it, n, scope) => {
    assignName(n.name, it.unknown('a type alias', n.name), scope);
    return undefined;
  },
  Broken: (it, n, scope) => {
    it.at(n);
    if (n.defines !== null)
      assignName(n.defines, it.unknown(`this part of the file has a syntax error: ${n.message}`, n.defines), scope);
    return undefined;
  },
};

export function executeOne(it: Interpreter, s: ast.Statement, scope: Scope): Completion {
  it.spend(1);
  it.at(s);
  return (EXECUTORS[s.type] as Executor<ast.Statement>)(it, s, scope);
}

export function execute(it: Interpreter, statements: readonly ast.Statement[], scope: Scope): Completion {
  for (const s of statements) {
    const done = executeOne(it, s, scope);
    if (done !== undefined) return done;
  }
  return undefined;
}

/** Applies decorators, innermost first. One that isn't known is taken to give back what it was given, as nearly all do. */
export function decorate(it: Interpreter, decorators: readonly ast.Expression[], value: Value, scope: Scope): Value {
  let result = value;
  for (const d of [...decorators].reverse()) {
    const decorator = evaluate(it, d, scope);
    it.at(d);
    if (decorator instanceof Unknown) continue;
    try {
      const decorated = it.call(decorator, [result]);
      if (!(decorated instanceof Unknown)) result = decorated;
    } catch (e) {
      // Decorators that register or document are no reason to lose what they decorate.
      if (!(e instanceof PyException)) throw e;
      it.note(`this decorator was left out: ${e.className}: ${e.message}`);
    }
  }
  return result;
}

function annotate(it: Interpreter, name: string, annotation: ast.Expression, scope: Scope): void {
  const known = scope.names.get('__annotations__');
  const all = known instanceof Dict ? known : new Dict();
  if (all !== known) scope.names.set('__annotations__', all);
  let value: Value;
  try {
    value = evaluate(it, annotation, scope);
  } catch (e) {
    if (!(e instanceof PyException)) throw e;
    value = it.unknown('a type that is not known', name);
  }
  all.set(name, value);
}

function declare(scope: Scope, names: readonly string[], how: 'global' | 'nonlocal'): Completion {
  if (scope instanceof LocalScope) {
    scope.declared ??= new Map();
    for (const n of names) scope.declared.set(n, how);
  }
  return undefined;
}

function withStatement(it: Interpreter, n: ast.With, scope: Scope): Completion {
  const exits: Value[] = [];
  for (const item of n.items) {
    const manager = evaluate(it, item.context, scope);
    it.at(item.context);
    const enter = manager instanceof Unknown ? undefined : it.findAttr(manager, '__enter__');
    const value =
      enter === undefined
        ? manager instanceof Unknown
          ? manager
          : it.unknown('a context manager that is not known', 'with')
        : it.call(enter, []);
    const exit = manager instanceof Unknown ? undefined : it.findAttr(manager, '__exit__');
    if (exit !== undefined) exits.push(exit);
    if (item.target) assignTarget(it, item.target, value, scope);
  }
  let thrown: PyException | undefined;
  let done: Completion;
  try {
    done = execute(it, n.body, scope);
  } catch (e) {
    if (!(e instanceof PyException)) throw e;
    thrown = e;
  }
  for (const exit of exits.reverse()) {
    const args: Value[] = thrown ? [it.classOf(thrown.value), thrown.value, null] : [null, null, null];
    const swallowed = exit instanceof BoundMethod || exit instanceof NativeFunction ? it.call(exit, args) : null;
    if (thrown && it.isTrue(swallowed, false)) thrown = undefined;
  }
  if (thrown) throw thrown;
  return done;
}
