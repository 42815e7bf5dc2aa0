import type { TextEdit } from '../../../model/index.js';
import type { ast } from '../../../python/syntax/index.js';
import type { Document, Standing } from './document.js';

/** Lines to write, each with its level of indentation as leading tabs. */
export type Lines = readonly string[];

/** Lines with the file's own indentation and line ends, each begun by a line end. */
export function written(document: Document, lines: Lines, indent: string): string {
  const { eol } = document;
  const unit = document.unitBelow(indent);
  return lines
    .map((line) => (line === '' ? eol : eol + indent + line.replace(/^\t+/, (tabs) => unit.repeat(tabs.length))))
    .join('');
}

/** Statements on the same line as one: `a = 1; b = 2`, or the body in `if x: a = 1; b = 2`. */
function sharing(document: Document, { statement, siblings }: Standing): readonly ast.Statement[] {
  const line = document.lineStart(statement.start);
  return siblings.filter((s) => document.lineStart(s.start) === line);
}

/** Whether the body of a compound statement follows its colon in the same line. */
function isInline(document: Document, at: Standing): boolean {
  const [first = at.statement] = sharing(document, at);
  return document.text.slice(document.lineStart(first.start), first.start).trim() !== '';
}

/** Writes lines behind a statement, in its block; behind the line's comment too. */
export function insertAfter(document: Document, at: Standing, lines: Lines): TextEdit | undefined {
  const { statement } = at;
  if (isInline(document, at)) {
    // Behind a colon only simple statements can follow.
    if (lines.some((line) => line.startsWith('\t') || line.endsWith(':'))) return undefined;
    return document.edit(statement.end, statement.end, lines.map((line) => `; ${line}`).join(''));
  }
  const end = document.lineEnd(statement.end);
  return document.edit(end, end, written(document, lines, document.indentAt(statement.start)));
}

/** Writes lines in front of a statement, in its block. */
export function insertBefore(document: Document, at: Standing, lines: Lines): TextEdit | undefined {
  if (isInline(document, at)) return undefined;
  const { start } = at.statement;
  const indent = document.indentAt(start);
  const text = written(document, lines, indent).slice(document.eol.length + indent.length);
  return document.edit(start, start, `${text}${document.eol}${indent}`);
}

/** Takes a statement out with its line; undefined where it shares that with others. */
export function removal(document: Document, at: Standing): TextEdit | undefined {
  const { statement } = at;
  if (isInline(document, at) || sharing(document, at).length > 1) return undefined;
  const start = document.lineStart(statement.start);
  const end = document.lineEnd(statement.end);
  // With the line end in front, so that the last line of a cell can go too.
  const isFirst = start === 0;
  const before = isFirst ? 0 : document.eol.length;
  return document.edit(start - before, isFirst ? end + document.eol.length : end, '');
}

/** Puts a statement below a header such as `if m.bias is not None:`, on lines of its own. */
export function wrap(document: Document, at: Standing, header: string): TextEdit {
  const { statement } = at;
  const { eol } = document;
  const unit = document.unitBelow(document.indentAt(statement.start));
  const shared = sharing(document, at);
  const inline = isInline(document, at);
  const indent = document.indentAt(statement.start) + (inline ? unit : '');
  const block = (s: ast.Statement): string =>
    s === statement
      ? `${indent}${header}${eol}${indent}${unit}${deeper(document, s, unit)}`
      : `${indent}${document.slice(s)}`;
  const first = shared[0] ?? statement;
  const last = shared.at(-1) ?? statement;
  const text = shared.map(block).join(eol);
  return inline
    ? document.edit(blanksBefore(document, first.start), last.end, `${eol}${text}`)
    : document.edit(first.start, last.end, text.slice(indent.length));
}

/** A statement's text with its further lines one level deeper. */
function deeper(document: Document, s: ast.Statement, unit: string): string {
  return document.slice(s).replace(/(\r\n|\n|\r)(?=[ \t]*\S)/g, `$1${unit}`);
}

function blanksBefore(document: Document, offset: number): number {
  let start = offset;
  while (document.text[start - 1] === ' ' || document.text[start - 1] === '\t') start--;
  return start;
}

/** Puts a comment at the end of a statement's line, unless one is there. */
export function commentAt(document: Document, offset: number, comment: string): TextEdit[] {
  const end = document.lineEnd(offset);
  const rest = document.text.slice(offset, end);
  return rest.includes('#') || rest.trimEnd().endsWith('\\') ? [] : [document.edit(end, end, `  # ${comment}`)];
}
