import type * as ast from '../syntax/ast.js';
import { PyException, Unknown, type Scope, type Value } from '../values/index.js';
import { assignTarget } from './assignment.js';
import { handle } from './exceptions.js';
import { evaluate } from './expressions.js';
import type { Interpreter } from './interpreter.js';
import { executeOne, Return, type Completion } from './statements.js';

/**
 * Runs the body of a generator function lazily. Only statements that hold a `yield` are walked here, step by step; all
 * others are executed as usual.
 */
export function* runGenerator(
  it: Interpreter,
  body: readonly ast.Statement[],
  scope: Scope,
): Generator<Value, Completion> {
  for (const s of body) {
    const done: Completion = yields(s) ? yield* step(it, s, scope) : executeOne(it, s, scope);
    if (done !== undefined) return done;
  }
  return undefined;
}

function* step(it: Interpreter, s: ast.Statement, scope: Scope): Generator<Value, Completion> {
  it.spend(1);
  it.at(s);
  switch (s.type) {
    case 'Expr':
      yield* yieldExpression(it, s.value, scope);
      return undefined;
    case 'Assign': {
      const v = yield* yieldExpression(it, s.value, scope);
      for (const t of s.targets) assignTarget(it, t, v, scope);
      return undefined;
    }
    case 'Return':
      return new Return(s.value ? yield* yieldExpression(it, s.value, scope) : null);
    case 'If': {
      const test = it.truth(evaluate(it, s.test, scope));
      if (test instanceof Unknown) {
        it.note(`this condition is not known (${test.reason}); the first side was followed`);
        return yield* runGenerator(it, s.body, scope);
      }
      return yield* runGenerator(it, test ? s.body : s.orelse, scope);
    }
    case 'For':
      for (const item of it.iterate(evaluate(it, s.iter, scope))) {
        it.spend(1);
        assignTarget(it, s.target, item, scope);
        const done = yield* runGenerator(it, s.body, scope);
        if (done === 'break') return undefined;
        if (done instanceof Return) return done;
      }
      return yield* runGenerator(it, s.orelse, scope);
    case 'While':
      for (;;) {
        it.spend(1);
        const test = it.truth(evaluate(it, s.test, scope));
        if (test instanceof Unknown) return undefined;
        if (!test) return yield* runGenerator(it, s.orelse, scope);
        const done = yield* runGenerator(it, s.body, scope);
        if (done === 'break') return undefined;
        if (done instanceof Return) return done;
      }
    case 'With':
      for (const item of s.items) {
        const v = evaluate(it, item.context, scope);
        if (item.target) assignTarget(it, item.target, v, scope);
      }
      return yield* runGenerator(it, s.body, scope);
    case 'Try':
      return yield* tryGenerator(it, s, scope);
    default:
      return executeOne(it, s, scope);
  }
}

function* tryGenerator(it: Interpreter, s: ast.Try, scope: Scope): Generator<Value, Completion> {
  let done: Completion;
  try {
    done = yield* runGenerator(it, s.body, scope);
    done ??= yield* runGenerator(it, s.orelse, scope);
  } catch (e) {
    if (!(e instanceof PyException)) throw e;
    const handled = handle(it, s, e, scope);
    if (!handled) throw e;
    done = handled.done;
  }
  return (yield* runGenerator(it, s.finalbody, scope)) ?? done;
}

function* yieldExpression(it: Interpreter, e: ast.Expression, scope: Scope): Generator<Value, Value> {
  if (e.type === 'Yield') {
    yield e.value ? evaluate(it, e.value, scope) : null;
    return null;
  }
  if (e.type === 'YieldFrom') {
    yield* it.iterate(evaluate(it, e.value, scope));
    return null;
  }
  return evaluate(it, e, scope);
}

const known = new WeakMap<ast.Statement, boolean>();

/** Whether a statement holds a `yield` of this function. */
function yields(s: ast.Statement): boolean {
  let v = known.get(s);
  if (v === undefined) known.set(s, (v = search(s)));
  return v;
}

function search(node: object): boolean {
  const type = (node as { type?: string }).type;
  if (type === 'Yield' || type === 'YieldFrom') return true;
  if (type === 'FunctionDef' || type === 'Lambda' || type === 'ClassDef') return false;
  return Object.values(node).some((child: unknown) =>
    Array.isArray(child)
      ? child.some((c: unknown) => typeof c === 'object' && c !== null && search(c))
      : typeof child === 'object' && child !== null && search(child),
  );
}
