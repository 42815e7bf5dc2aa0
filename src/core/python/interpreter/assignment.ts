import type * as ast from '../syntax/ast.js';
import { List, Unknown, type Scope, type Value } from '../values/index.js';
import { evaluate } from './expressions.js';
import type { Interpreter } from './interpreter.js';
import { assignName, deleteName } from './scope.js';

/** Binds `value` to a target: a name, attribute, item, or a pattern of them. */
export function assignTarget(it: Interpreter, target: ast.Expression, value: Value, scope: Scope): void {
  switch (target.type) {
    case 'Name':
      assignName(target.id, value, scope);
      return;
    case 'Attribute':
      it.at(target);
      it.setAttr(evaluate(it, target.value, scope), target.attr, value);
      return;
    case 'Subscript': {
      const object = evaluate(it, target.value, scope);
      const index = evaluate(it, target.index, scope);
      it.at(target);
      it.setItem(object, index, value);
      return;
    }
    case 'Tuple':
    case 'List':
      unpack(it, target.elements, value, scope, target);
      return;
    case 'Starred':
      assignTarget(it, target.value, new List(it.toArray(value)), scope);
      return;
    default:
      it.raise('SyntaxError', 'cannot assign to this expression');
  }
}

function unpack(
  it: Interpreter,
  targets: readonly ast.Expression[],
  value: Value,
  scope: Scope,
  at: ast.Expression,
): void {
  if (value instanceof Unknown) {
    for (const [i, t] of targets.entries())
      assignTarget(it, t.type === 'Starred' ? t.value : t, value.as(`${value.symbol}[${String(i)}]`), scope);
    return;
  }
  it.at(at);
  const items = it.toArray(value);
  const star = targets.findIndex((t) => t.type === 'Starred');
  const fixed = star < 0 ? targets.length : targets.length - 1;
  if (star < 0 ? items.length !== fixed : items.length < fixed) {
    it.raise(
      'ValueError',
      items.length > fixed
        ? `too many values to unpack (expected ${String(fixed)})`
        : `not enough values to unpack (expected ${String(fixed)}, got ${String(items.length)})`,
    );
  }
  const extra = items.length - fixed;
  for (const [i, t] of targets.entries()) {
    if (t.type === 'Starred') assignTarget(it, t.value, new List(items.slice(i, i + extra)), scope);
    else assignTarget(it, t, items[star >= 0 && i > star ? i + extra - 1 : i] ?? null, scope);
  }
}

export function deleteTarget(it: Interpreter, target: ast.Expression, scope: Scope): void {
  switch (target.type) {
    case 'Name':
      deleteName(target.id, scope);
      return;
    case 'Attribute':
      it.delAttr(evaluate(it, target.value, scope), target.attr);
      return;
    case 'Subscript':
      it.delItem(evaluate(it, target.value, scope), evaluate(it, target.index, scope));
      return;
    case 'Tuple':
    case 'List':
      for (const t of target.elements) deleteTarget(it, t, scope);
      return;
    default:
      return;
  }
}
