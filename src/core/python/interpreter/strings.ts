import type * as ast from '../syntax/ast.js';
import { formatValue } from '../library/index.js';
import { Unknown, type Scope, type Value } from '../values/index.js';
import { evaluate } from './expressions.js';
import type { Interpreter } from './interpreter.js';

/** An f-string. One unknown part makes the whole unknown, except that what is only printed never matters. */
export function formatJoined(it: Interpreter, n: ast.JoinedStr, scope: Scope): Value {
  let text = '';
  let unknown: Unknown | undefined;
  for (const p of n.parts) {
    if (typeof p === 'string') {
      text += p;
      continue;
    }
    let v = evaluate(it, p.value, scope);
    if (v instanceof Unknown) {
      unknown ??= v;
      continue;
    }
    if (p.conversion === 'r' || p.conversion === 'a') v = it.repr(v);
    else if (p.conversion === 's') v = it.str(v);
    const spec = p.format ? formatJoined(it, p.format, scope) : '';
    const formatted = formatValue(v, typeof spec === 'string' ? spec : '', it);
    if (typeof formatted === 'string') text += formatted;
    else unknown ??= it.unknown('text with a value that is not known', "f'…'");
  }
  return unknown ? unknown.as("f'…'") : text;
}
