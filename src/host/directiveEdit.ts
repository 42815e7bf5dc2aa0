import {
  calledBy,
  findDirectives,
  formatDirective,
  parseShapes,
  type Directive,
  type DirectiveParts,
} from '../core/read/directive.js';
import type { Answer } from '../protocol/question.js';

/** A change of a text, and the comment that it puts there. */
export interface DirectiveEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly line: string;
}

/**
 * Where and how an answer is written down: in the place of the directive that speaks of the same model, else in a line of
 * its own below the last directive, else at the top, after what must stand first.
 */
export function directiveEdit(text: string, about: string, answer: Answer, eol: string): DirectiveEdit {
  const all = findDirectives(text);
  const old =
    all.find((d) => d.entry !== undefined && speaksOf(d, about, answer)) ?? all.find((d) => d.entry === undefined);
  const line = formatDirective(merged(old, answer));
  if (old !== undefined) {
    const indent = /^[ \t]*/.exec(text.slice(old.start))?.[0] ?? '';
    return { start: old.start, end: old.end, text: indent + line, line };
  }
  const last = all.at(-1);
  if (last !== undefined) return { start: last.end, end: last.end, text: eol + line, line };
  const at = afterPreamble(text);
  const before = at > 0 && text[at - 1] !== '\n' ? eol : '';
  return { start: at, end: at, text: `${before}${line}${eol}`, line };
}

function speaksOf({ entry = '' }: Directive, about: string, answer: Answer): boolean {
  return entry === about || (calledBy(entry) !== undefined && calledBy(entry) === calledBy(answer.entry ?? about));
}

function merged(old: DirectiveParts | undefined, { entry, input }: Answer): DirectiveParts {
  const shapes = input === undefined || input.trim() === '' ? undefined : parseShapes(input);
  return {
    ...(old?.entry !== undefined && { entry: old.entry }),
    ...(entry !== undefined && { entry: entry.trim() }),
    ...(shapes !== undefined && { input: shapes }),
    ...(old?.setup !== undefined && { setup: old.setup }),
  };
}

/** Behind the interpreter's line, the encoding, and the module's docstring. */
function afterPreamble(text: string): number {
  const head = /^\uFEFF?(?:#!.*(?:\r?\n|$))?(?:[ \t]*#.*coding[:=].*(?:\r?\n|$))?/.exec(text)?.[0].length ?? 0;
  const docstring =
    /^(?:[ \t]*(?:#.*)?\r?\n)*[ \t]*[rRuU]?("""[\s\S]*?"""|'''[\s\S]*?'''|"[^"\r\n]*"|'[^'\r\n]*')[ \t]*(?:\r?\n|$)/.exec(
      text.slice(head),
    );
  return head + (docstring?.[0].length ?? 0);
}
