import { LexState } from './lex-state.js';

/** A logical line: a physical line with all that its brackets, strings and backslashes carry along. */
export interface LogicalLine {
  /** Start of its first physical line. */
  readonly start: number;
  /** Its first character that is not blank. */
  readonly first: number;
  /** Exclusive, with the line end. */
  readonly end: number;
  /** Width of its indentation, a tab counting 8 as in the parser. */
  readonly indent: number;
  /** It ends with a colon outside of brackets: a block has to follow. */
  readonly opensBlock: boolean;
  /** It ends while a bracket or a string is open. */
  readonly open: boolean;
}

/** Nothing but a new statement starts like this. */
const STATEMENT_START =
  /(?:(?:class|def|async[ \t]+def|return|raise|assert|del|global|while|with|try|import)\b(?![ \t]*=)|@[\w.]+|if\b.*:[ \t]*(?:#.*)?$|from[ \t]+[\w.]+[ \t]+import\b|[A-Za-z_][\w.]*[ \t]+=[ \t])/my;
/** No expression holds these, so they end a bracket however deep they stand. */
const KEYWORD_START = /(?:class|def|return|raise|assert|del|while|with|try|import)\b(?![ \t]*[=,)\]}])/my;
/** Strings hold prose and examples, so only these end one. */
const DEFINITION_START = /(?:(?:class|def|async[ \t]+def)[ \t]+\w+[ \t]*[(:[]|@[A-Za-z_][\w.]*)/my;

/**
 * Splits `text` into logical lines, without blank and comment lines.
 * @param resync take a line that can only start a statement, no deeper than the one before it, as the end of any
 *   bracket or string still open. For source that is known to be broken.
 */
export function logicalLines(text: string, resync: boolean): LogicalLine[] {
  const result: LogicalLine[] = [];
  let line = readLogicalLine(text, 0, resync);
  while (line) {
    result.push(line);
    line = readLogicalLine(text, line.end, resync);
  }
  return result;
}

/** The first logical line from `from` on, which has to be the start of a line. */
export function readLogicalLine(text: string, from: number, resync: boolean): LogicalLine | undefined {
  let position = from;
  for (;;) {
    const { first, indent } = measureIndent(text, position);
    if (first >= text.length) return undefined;
    const code = text.charCodeAt(first);
    if (code === 10 || code === 13) position = first + 1;
    else if (code === 35) position = endOfLine(text, first);
    else if (!IPYTHON.has(code)) return scanLine(text, position, first, indent, resync);
    else return { start: position, first, end: endOfShellLine(text, first), indent, opensBlock: false, open: false };
  }
}

/** `%`, `!` and `?` start no statement of Python; what follows is not in its quotes and brackets. */
const IPYTHON = new Set([37, 33, 63]);

/** A shell command goes on in the next line after a backslash. */
function endOfShellLine(text: string, from: number): number {
  let end = endOfLine(text, from);
  while (end < text.length && /\\\r?\n?$/.test(text.slice(end - 3, end))) end = endOfLine(text, end);
  return end;
}

function scanLine(text: string, start: number, first: number, indent: number, resync: boolean): LogicalLine {
  const state = new LexState();
  let end = first;
  for (;;) {
    end = state.readLine(text, end);
    if (!state.continues || end >= text.length) break;
    if (resync && !state.escaped && startsStatement(text, end, indent, state.inString)) break;
  }
  return { start, first, end, indent, opensBlock: state.endsWithColon, open: state.continues };
}

function startsStatement(text: string, lineStart: number, limit: number, inString: boolean): boolean {
  const { first, indent } = measureIndent(text, lineStart);
  if (indent > limit) return !inString && matchesAt(KEYWORD_START, text, first);
  return matchesAt(inString ? DEFINITION_START : STATEMENT_START, text, first);
}

/**
 * Offsets of the lines inside of `text` that look like the start of a top-level statement although a string or a
 * bracket is open: where a chunk that does not parse is cut.
 */
export function hiddenStarts(text: string): number[] {
  const state = new LexState();
  const result: number[] = [];
  let position = 0;
  while (position < text.length) {
    position = state.readLine(text, position);
    if (!state.continues || state.escaped || position >= text.length) continue;
    if (matchesAt(state.inString ? DEFINITION_START : STATEMENT_START, text, position)) result.push(position);
  }
  return result;
}

export function matchesAt(pattern: RegExp, text: string, offset: number): boolean {
  pattern.lastIndex = offset;
  return pattern.test(text);
}

export function measureIndent(text: string, lineStart: number): { first: number; indent: number } {
  let first = lineStart;
  let indent = 0;
  for (; first < text.length; first++) {
    const code = text.charCodeAt(first);
    if (code === 32) indent++;
    else if (code === 9) indent += 8;
    else break;
  }
  return { first, indent };
}

/** Start of the line after the one that holds `offset`. */
export function endOfLine(text: string, offset: number): number {
  for (let i = offset; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10) return i + 1;
    if (code === 13) return text.charCodeAt(i + 1) === 10 ? i + 2 : i + 1;
  }
  return text.length;
}
