import type * as ast from '../syntax/ast.js';
import { Dict, Iterator, List, PySet, Unknown, unknownRest, type Scope, type Value } from '../values/index.js';
import { assignTarget } from './assignment.js';
import { evaluate } from './expressions.js';
import type { Interpreter } from './interpreter.js';
import { LocalScope } from './scope.js';

/** List, set, dict comprehensions and generator expressions. An unknown condition keeps the element, as a loop that builds layers would. */
export function comprehension(it: Interpreter, n: ast.Comprehension, scope: Scope): Value {
  const inner = new LocalScope(scope, scope.module, false, null);
  it.markComprehension(inner);
  const first = n.generators[0];
  if (!first) return new List([]);
  // As in Python, the first iterable is evaluated at once and in the scope outside.
  const source = evaluate(it, first.iter, scope);
  const rest = unknownRest(source);
  if (source instanceof Unknown && rest && n.kind !== 'generator') return rest.as(`[… for … in ${rest.symbol}]`);
  const rows = run(it, n, 0, inner, source);
  switch (n.kind) {
    case 'list':
      return withRest(new List([...rows].map(([v]) => v)), rest);
    case 'set':
      return withRest(new PySet([...rows].map(([v]) => v)), rest);
    case 'dict':
      return withRest(Dict.from([...rows].map(([v, k]) => [k, v] as const)), rest);
    case 'generator': {
      const next = rows[Symbol.iterator]();
      return new Iterator(
        () => {
          // A library's code may ask for the next one: what is made here stands here all the same.
          const step = it.inFrame(scope.module, () => next.next());
          return step.done === true ? undefined : step.value[0];
        },
        'generator',
        rest,
      );
    }
  }
}

/** What is made of a container that may have more items may have more as well. */
function withRest<T extends List | Dict | PySet>(made: T, rest: Unknown | undefined): T {
  made.rest = rest;
  return made;
}

function* run(
  it: Interpreter,
  n: ast.Comprehension,
  depth: number,
  scope: LocalScope,
  source: Value,
): Generator<readonly [Value, Value]> {
  const g = n.generators[depth];
  if (!g) return;
  for (const item of it.iterate(source)) {
    it.spend(1);
    assignTarget(it, g.target, item, scope);
    let keep = true;
    for (const c of g.conditions) {
      if (!it.isTrue(evaluate(it, c, scope), true)) {
        keep = false;
        break;
      }
    }
    if (!keep) continue;
    const next = n.generators[depth + 1];
    if (next) yield* run(it, n, depth + 1, scope, evaluate(it, next.iter, scope));
    else {
      const key = n.key ? evaluate(it, n.key, scope) : null;
      yield [evaluate(it, n.element, scope), key];
    }
  }
}
