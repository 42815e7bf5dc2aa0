import { LexState } from './lex-state.js';
import { measureIndent } from './logical.js';

export interface Comment {
  readonly start: number;
  /** Exclusive, without the line end. */
  readonly end: number;
  /** Nothing stands before it in its line. */
  readonly alone: boolean;
}

/** The comments of a text; what looks like one inside of a string is none. */
export function commentsIn(text: string): Comment[] {
  const comments: Comment[] = [];
  let lineStart = 0;
  const state = new LexState((start, end) => {
    comments.push({ start, end, alone: measureIndent(text, lineStart).first === start });
  });
  while (lineStart < text.length) lineStart = state.readLine(text, lineStart);
  return comments;
}
