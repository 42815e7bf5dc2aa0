import { matchesAt, readLogicalLine, type LogicalLine } from './logical.js';
import { parseText } from './parse-text.js';
import { describeFailure } from './problems.js';

const AT_SIGN = 64;

/** Clauses go with the statement before them, if it is one that can have them. */
const CLAUSE = /(?:elif|else|except|finally)\b/my;
const WITH_CLAUSES = /(?:if|elif|else|for|async|while|try|except|finally)\b/my;

export function isClause(text: string, line: LogicalLine): boolean {
  return matchesAt(CLAUSE, text, line.first);
}

export function takesClauses(text: string, line: LogicalLine): boolean {
  return matchesAt(WITH_CLAUSES, text, line.first);
}

/** Where the top-level statement at `from` ends: with its block, its clauses and, for decorators, the definition. */
export function chunkEnd(text: string, from: number): number {
  let line = readLogicalLine(text, from, false);
  let open = false;
  while (line) {
    if (line.indent === 0) open = takesClauses(text, line);
    const decorated = line.indent === 0 && text.charCodeAt(line.first) === AT_SIGN;
    const next = readLogicalLine(text, line.end, false);
    if (!next) return text.length;
    const goesOn =
      next.indent > 0 || decorated || (open && isClause(text, next)) || (line.indent > 0 && isStray(text, next));
    if (!goesOn) return next.start;
    line = next;
  }
  return text.length;
}

/** A broken line that lost its indentation: what follows is deeper, although it opens no block. */
function isStray(text: string, line: LogicalLine): boolean {
  if (line.opensBlock) return false;
  const next = readLogicalLine(text, line.end, false);
  return next !== undefined && next.indent > line.indent && failureAlone(text, line) !== undefined;
}

/** What is wrong with a line taken by itself. */
export function failureAlone(text: string, line: LogicalLine): string | undefined {
  let source = text.slice(line.first, line.end).trimEnd();
  if (source.startsWith('@')) source += '\ndef f(): pass';
  else if (line.opensBlock) source = `${source.replace(/#.*$/, '')} pass`;
  try {
    parseText(source, 0);
    return undefined;
  } catch (error) {
    return describeFailure(error, source).message;
  }
}
