import type { Runtime } from '../../values/runtime.js';
import { Unknown, type Value } from '../../values/index.js';
import { formatValue } from './formatting.js';
import { asciiOf, reprOf, strOf } from './repr.js';

/** Where a template's values come from. */
export interface Arguments {
  readonly positional: readonly Value[];
  named(name: string): Value;
}

/** Thrown through the template when a field's text can't be known. */
class UnknownField extends Error {
  constructor(readonly unknown: Unknown) {
    super(unknown.reason);
  }
}

/** `template.format(*positional, **named)`. */
export function formatTemplate(template: string, args: Arguments, runtime: Runtime): string | Unknown {
  const state = { next: 0 };
  try {
    return expand(template, args, state, runtime, 2);
  } catch (e) {
    if (e instanceof UnknownField) return e.unknown;
    throw e;
  }
}

function expand(template: string, args: Arguments, state: { next: number }, runtime: Runtime, depth: number): string {
  if (depth < 0) runtime.raise('ValueError', 'Max string recursion exceeded');
  let out = '';
  let i = 0;
  while (i < template.length) {
    const ch = template.charAt(i);
    if ((ch === '{' || ch === '}') && template.charAt(i + 1) === ch) {
      out += ch;
      i += 2;
    } else if (ch === '{') {
      const end = closing(template, i, runtime);
      out += field(template.slice(i + 1, end), args, state, runtime, depth);
      i = end + 1;
    } else if (ch === '}') {
      runtime.raise('ValueError', "Single '}' encountered in format string");
    } else {
      out += ch;
      i++;
    }
  }
  return out;
}

function closing(template: string, start: number, runtime: Runtime): number {
  let level = 0;
  for (let i = start; i < template.length; i++) {
    const ch = template.charAt(i);
    if (ch === '{') level++;
    else if (ch === '}' && --level === 0) return i;
  }
  return runtime.raise('ValueError', "expected '}' before end of string");
}

function field(text: string, args: Arguments, state: { next: number }, runtime: Runtime, depth: number): string {
  const m = /^([^!:[]*(?:\[[^\]]*\][^!:[]*)*)(?:!([rsa]))?(?::([^]*))?$/.exec(text);
  if (!m) runtime.raise('ValueError', `unexpected format field '${text}'`);
  let value = lookUp(m[1] ?? '', args, state, runtime);
  const spec = expand(m[3] ?? '', args, state, runtime, depth - 1);
  if (value instanceof Unknown) throw new UnknownField(value);
  if (m[2] === 'r') value = reprOf(value, runtime);
  else if (m[2] === 's') value = strOf(value, runtime);
  else if (m[2] === 'a') value = asciiOf(value, runtime);
  const formatted = formatValue(value, spec, runtime);
  if (formatted instanceof Unknown) throw new UnknownField(formatted);
  return formatted;
}

function lookUp(name: string, args: Arguments, state: { next: number }, runtime: Runtime): Value {
  const first = /^[^.[]*/.exec(name)?.[0] ?? '';
  let value: Value;
  if (first === '' || /^\d+$/.test(first)) {
    const index = first === '' ? state.next++ : Number(first);
    const given = args.positional[index];
    if (given === undefined) {
      runtime.raise('IndexError', `Replacement index ${index} out of range for positional args tuple`);
    }
    value = given;
  } else value = args.named(first);
  for (const step of name.slice(first.length).matchAll(/\.([^.[]+)|\[([^\]]*)\]/g)) {
    const [, attribute, index = ''] = step;
    if (attribute !== undefined) value = runtime.getAttr(value, attribute);
    else value = runtime.getItem(value, /^\d+$/.test(index) ? Number(index) : index);
  }
  return value;
}
