/** Flags of Python's `re`, with their short names. */
export const FLAGS: Readonly<Record<string, number>> = {
  I: 2, IGNORECASE: 2, L: 4, LOCALE: 4, M: 8, MULTILINE: 8, S: 16, DOTALL: 16, U: 32, UNICODE: 32, X: 64, VERBOSE: 64, A: 256, ASCII: 256,
}; // prettier-ignore

const INLINE: Readonly<Record<string, number>> = { i: 2, L: 4, m: 8, s: 16, u: 32, x: 64, a: 256 };

export interface Translated {
  readonly body: string;
  readonly flags: string;
  readonly groups: readonly string[];
}

/** A Python pattern as one of JavaScript (in `u` mode): group names, anchors, verbose mode and inline flags differ. */
export function translate(source: string, given: number): Translated {
  let bits = given;
  let text = source;
  const inline = /^\(\?([aiLmsux]+)\)/.exec(text);
  if (inline) {
    for (const ch of inline[1] ?? '') bits |= INLINE[ch] ?? 0;
    text = text.slice(inline[0].length);
  }
  const groups: string[] = [];
  let body = '';
  let inClass = false;
  const verbose = (bits & 64) !== 0;
  for (let i = 0; i < text.length;) {
    const rest = text.slice(i);
    const ch = text.charAt(i);
    const step = inClass ? classPart(rest) : part(rest, groups, verbose, (bits & 8) !== 0);
    if (!inClass && ch === '[') inClass = true;
    else if (inClass && ch === ']') inClass = false;
    body += step.out;
    i += step.length;
  }
  const flags = `u${bits & 2 ? 'i' : ''}${bits & 8 ? 'm' : ''}${bits & 16 ? 's' : ''}`;
  return { body, flags, groups };
}

interface Step {
  readonly out: string;
  readonly length: number;
}

/** Letters that JavaScript refuses to see escaped in `u` mode. */
const NEEDLESS = /^\\([^\w^$\\.*+?()[\]{}|/])/;

function classPart(rest: string): Step {
  const dash = /^\\-/.exec(rest);
  if (dash) return { out: '\\-', length: 2 };
  const needless = NEEDLESS.exec(rest);
  if (needless) return { out: needless[1] ?? '', length: 2 };
  if (rest.startsWith('\\')) return { out: rest.slice(0, 2), length: 2 };
  // An opening bracket inside a class stands for itself.
  return rest.startsWith('[') ? { out: '\\[', length: 1 } : { out: rest.charAt(0), length: 1 };
}

function part(rest: string, groups: string[], verbose: boolean, multiline: boolean): Step {
  if (verbose) {
    const space = /^(?:\s|#[^\n]*)+/.exec(rest);
    if (space) return { out: '', length: space[0].length };
  }
  const named = /^\(\?P<(\w+)>/.exec(rest);
  if (named) {
    groups.push(named[1] ?? '');
    return { out: '(', length: named[0].length };
  }
  const back = /^\(\?P=(\w+)\)/.exec(rest);
  if (back) return { out: `\\${groups.indexOf(back[1] ?? '') + 1}`, length: back[0].length };
  const comment = /^\(\?#[^)]*\)/.exec(rest);
  if (comment) return { out: '', length: comment[0].length };
  if (rest.startsWith('\\A')) return { out: '(?<![^])', length: 2 };
  if (rest.startsWith('\\Z')) return { out: '(?![^])', length: 2 };
  const needless = NEEDLESS.exec(rest);
  if (needless) return { out: needless[1] ?? '', length: 2 };
  if (rest.startsWith('\\')) return { out: rest.slice(0, 2), length: 2 };
  if (rest.startsWith('(') && !rest.startsWith('(?')) groups.push('');
  // A first `]` or a leading `^]` belongs to the class.
  const opening = /^\[\^?\]?/.exec(rest);
  if (opening) return { out: opening[0].replace(']', '\\]'), length: opening[0].length };
  // `$` also matches before a newline at the end.
  if (rest.startsWith('$') && !multiline) return { out: '(?=\\n?(?![^]))', length: 1 };
  const brace = /^\{(?!\d*,?\d*\})|^\{,(\d+)\}/.exec(rest);
  if (brace)
    return brace[1] === undefined ? { out: '\\{', length: 1 } : { out: `{0,${brace[1]}}`, length: brace[0].length };
  if (rest.startsWith('}')) return { out: '\\}', length: 1 };
  const quantifier = /^\{\d*,?\d*\}/.exec(rest);
  if (quantifier) return { out: quantifier[0], length: quantifier[0].length };
  return { out: rest.charAt(0), length: 1 };
}

/** `\1`, `\g<name>` and escapes of a replacement. */
export function expandTemplate(template: string, found: RegExpExecArray, groups: readonly string[]): string {
  return template.replace(/\\(?:g<(\w+)>|(\d{1,2})|(.))/gs, (all, name?: string, digits?: string, letter?: string) => {
    const which = name ?? digits;
    if (which !== undefined) {
      const index = /^\d+$/.test(which) ? Number(which) : groups.indexOf(which) + 1;
      return found[index] ?? '';
    }
    return letter === 'n' ? '\n' : letter === 't' ? '\t' : letter === '\\' ? '\\' : all;
  });
}
