import { commentsIn } from '../python/syntax/comments.js';
import { endOfLine } from '../python/syntax/logical.js';

/** Text to put in. */
export interface Insertion {
  readonly at: number;
  readonly text: string;
}

/**
 * The edit that leaves a rule's finding out: one more code in the comment that is there, else a comment behind the line;
 * above it where the line goes on after a backslash, which nothing may follow.
 */
export function ignoreEdit(source: string, offset: number, code: string, eol = '\n'): Insertion {
  const lineStart = Math.max(source.lastIndexOf('\n', offset - 1), source.lastIndexOf('\r', offset - 1)) + 1;
  const line = source.slice(lineStart, endOfLine(source, offset)).replace(/[\r\n]+$/, '');
  const listed = /#[ \t]*initscope:[ \t]*ignore[ \t]*\[([^\]]*)\]/.exec(line);
  const comments = commentsIn(source);
  const isComment = (at: number): boolean => comments.some(({ start, end }) => start <= at && at < end);
  if (listed !== null && isComment(lineStart + listed.index)) {
    const at = lineStart + listed.index + listed[0].length - 1;
    return { at, text: `${listed[1]?.trim() === '' ? '' : ', '}${code}` };
  }
  const comment = `# initscope: ignore[${code}]`;
  if (line.endsWith('\\') && !isComment(lineStart + line.length - 1)) {
    const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
    return { at: lineStart, text: `${indent}${comment}${eol}` };
  }
  return { at: lineStart + line.trimEnd().length, text: `  ${comment}` };
}
