import type { Finding, SourceRange } from '../model/index.js';
import { commentsIn, type Comment } from '../python/syntax/comments.js';
import { endOfLine, logicalLines, matchesAt, type LogicalLine } from '../python/syntax/logical.js';

/** Tells of comments that leave nothing out. */
export const UNUSED_IGNORE = { code: 'IS009', name: 'unused-ignore', severity: 'hint' } as const;

/** A comment that findings are to be left out by. */
export interface Ignore {
  /** Of rules; empty for all. */
  readonly codes: readonly string[];
  readonly at: SourceRange;
  /** What it speaks of: offsets as `at` counts them, a whole line at least. */
  readonly start: number;
  readonly end: number;
}

/** A text whose comments are looked at, and the places to show for its offsets. */
export interface IgnoreSource {
  /** The Python text; for a notebook, that of its cells put together. */
  readonly source: string;
  readonly places: (node: { readonly start: number; readonly end: number }) => SourceRange;
}

const COMMENT = /#[ \t]*initscope:[ \t]*ignore(-file)?\b(?:[ \t]*\[([^\]]*)\])?/;
const DEFINITION = /(?:class|(?:async[ \t]+)?def)\b/my;

/**
 * Finds `# initscope: ignore[IS101, IS102]`: behind code, or alone in the line above, it speaks of that line; on the line
 * of a `class` or `def`, of the whole body; `ignore-file`, or an `ignore` before the first statement, of the file.
 * Without codes it speaks of all rules.
 */
export function findIgnores({ source, places }: IgnoreSource): Ignore[] {
  if (!/#[ \t]*initscope:[ \t]*ignore/.test(source)) return [];
  const comments = commentsIn(source);
  const lines = logicalLines(source, false);
  return comments.flatMap((comment): Ignore[] => {
    // Other tools' comments may stand before it: `# noqa: E501  # initscope: ignore`.
    const match = COMMENT.exec(source.slice(comment.start, comment.end));
    if (match === null) return [];
    const [text, file, list] = match;
    const codes = list === undefined ? [] : list.split(',').map((code) => code.trim());
    const start = comment.start + match.index;
    const at = places({ start, end: start + text.length });
    const isAtTop = comment.alone && (lines[0]?.start ?? Infinity) > comment.start;
    const isFile = file !== undefined || isAtTop;
    const scope = isFile ? { start: -Infinity, end: Infinity } : scopeOf(source, comment, lines);
    const offset = at.start - start;
    return [{ codes: codes.filter((c) => c !== ''), at, start: scope.start + offset, end: scope.end + offset }];
  });
}

/** Whether a comment leaves a finding out. */
export function leavesOut({ codes, at, start, end }: Ignore, { code, range }: Finding): boolean {
  if (range?.file !== at.file || (codes.length > 0 && !codes.includes(code))) return false;
  const wholeFile = start === -Infinity;
  return wholeFile || (range.cell === at.cell && start <= range.start && range.start < end);
}

interface Scope {
  readonly start: number;
  readonly end: number;
}

function scopeOf(source: string, comment: Comment, lines: readonly LogicalLine[]): Scope {
  if (comment.alone) {
    const start = firstCodeFrom(source, endOfLine(source, comment.end));
    return { start, end: endOfLine(source, start) };
  }
  const index = lines.findIndex(({ start, end }) => start <= comment.start && comment.start < end);
  const line = lines[index];
  const own = { start: startOfLine(source, comment.start), end: endOfLine(source, comment.end) };
  if (line === undefined) return own;
  if (line.opensBlock && matchesAt(DEFINITION, source, line.first)) {
    const after = lines.slice(index + 1).findIndex(({ indent }) => indent <= line.indent);
    const last = lines[after < 0 ? lines.length - 1 : index + after];
    return { start: withDecorators(source, lines, index).start, end: last?.end ?? line.end };
  }
  // Formatters leave the comment behind the last bracket of a statement that they break into lines.
  const closes = /^[ \t]*[)\]}][)\]},; \t]*$/.test(source.slice(own.start, comment.start));
  return closes ? { start: line.start, end: line.end } : own;
}

function withDecorators(source: string, lines: readonly LogicalLine[], index: number): LogicalLine {
  let first = index;
  while (first > 0 && source[lines[first - 1]!.first] === '@') first--;
  return lines[first]!;
}

/** The first line from `position` on that holds more than a comment. */
function firstCodeFrom(source: string, position: number): number {
  let start = position;
  while (start < source.length && /^[ \t]*(?:#.*)?$/.test(source.slice(start, endOfLine(source, start)).trimEnd()))
    start = endOfLine(source, start);
  return start;
}

function startOfLine(source: string, offset: number): number {
  return Math.max(source.lastIndexOf('\n', offset - 1), source.lastIndexOf('\r', offset - 1)) + 1;
}
