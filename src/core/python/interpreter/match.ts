import type * as ast from '../syntax/ast.js';
import { ClassValue, Dict, Instance, List, Tuple, Unknown, type Scope, type Value } from '../values/index.js';
import { evaluate } from './expressions.js';
import type { Interpreter } from './interpreter.js';
import { assignName } from './scope.js';
import { execute, type Completion } from './statements.js';

export function matchStatement(it: Interpreter, n: ast.Match, scope: Scope): Completion {
  const subject = evaluate(it, n.subject, scope);
  if (subject instanceof Unknown) {
    it.note(`what is matched here is not known (${subject.reason}); no case was followed`);
    return undefined;
  }
  for (const c of n.cases) {
    if (!matches(it, c.pattern, subject, scope)) continue;
    if (c.guard && !it.isTrue(evaluate(it, c.guard, scope), true)) continue;
    return execute(it, c.body, scope);
  }
  return undefined;
}

/** Whether a value fits a pattern; binds the names in it. */
function matches(it: Interpreter, p: ast.Pattern, v: Value, scope: Scope): boolean {
  switch (p.type) {
    case 'MatchValue':
      return it.equals(v, evaluate(it, p.value, scope)) === true;
    case 'MatchSingleton':
      return v === p.value;
    case 'MatchAs':
      if (p.pattern && !matches(it, p.pattern, v, scope)) return false;
      if (p.name !== null) assignName(p.name, v, scope);
      return true;
    case 'MatchOr':
      return p.patterns.some((q) => matches(it, q, v, scope));
    case 'MatchSequence':
      return sequence(it, p.patterns, v, scope);
    case 'MatchMapping':
      return mapping(it, p, v, scope);
    case 'MatchClass':
      return classPattern(it, p, v, scope);
    case 'MatchStar':
      return true;
  }
}

function sequence(it: Interpreter, patterns: readonly ast.Pattern[], v: Value, scope: Scope): boolean {
  if (!(v instanceof List || v instanceof Tuple)) return false;
  const star = patterns.findIndex((p) => p.type === 'MatchStar');
  if (star < 0 ? v.items.length !== patterns.length : v.items.length < patterns.length - 1) return false;
  const extra = v.items.length - patterns.length + 1;
  return patterns.every((p, i) => {
    if (p.type === 'MatchStar') {
      if (p.name !== null) assignName(p.name, new List(v.items.slice(i, i + extra)), scope);
      return true;
    }
    return matches(it, p, v.items[star >= 0 && i > star ? i + extra - 1 : i] as Value, scope);
  });
}

function mapping(it: Interpreter, p: Extract<ast.Pattern, { type: 'MatchMapping' }>, v: Value, scope: Scope): boolean {
  if (!(v instanceof Dict)) return false;
  const rest = Dict.from(v.pairs());
  for (const [i, key] of p.keys.entries()) {
    const k = evaluate(it, key, scope);
    const item = v.get(k);
    if (item === undefined || !matches(it, p.patterns[i]!, item, scope)) return false;
    rest.delete(k);
  }
  if (p.rest !== null) assignName(p.rest, rest, scope);
  return true;
}

function classPattern(
  it: Interpreter,
  p: Extract<ast.Pattern, { type: 'MatchClass' }>,
  v: Value,
  scope: Scope,
): boolean {
  const cls = evaluate(it, p.cls, scope);
  if (it.isInstance(v, cls) !== true) return false;
  if (p.patterns.length > 0) {
    // int(x), str(x), …: the one positional pattern stands for the value itself.
    if (!(v instanceof Instance)) return p.patterns.length === 1 && matches(it, p.patterns[0]!, v, scope);
    const fields = cls instanceof ClassValue ? cls.find('__match_args__') : undefined;
    const names = fields === undefined ? [] : it.toArray(fields);
    for (const [i, q] of p.patterns.entries()) {
      const field = names[i];
      const item = typeof field === 'string' ? it.findAttr(v, field) : undefined;
      if (item === undefined || !matches(it, q, item, scope)) return false;
    }
  }
  return p.keywords.every((k) => {
    const item = it.findAttr(v, k.name);
    return item !== undefined && matches(it, k.pattern, item, scope);
  });
}
