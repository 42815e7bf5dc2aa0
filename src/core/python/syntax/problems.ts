import { ConversionError } from './convert-context.js';
import { LineIndex } from './lines.js';

/** A stretch of source that could not be read, and why. */
export interface SyntaxProblem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/** Where and why a parse failed; the place is missing where the parser ran out of stack. */
export interface Failure {
  readonly message: string;
  readonly start: number | undefined;
  readonly end: number | undefined;
}

const PLACE = / at line (\d+)(?:, column (\d+))?$/;

/** What an error thrown by the parser or the conversion says about `text`. */
export function describeFailure(error: unknown, text: string): Failure {
  if (error instanceof ConversionError) return { message: error.message, start: error.start, end: error.end };
  if (error instanceof RangeError) return { message: 'Nested too deeply to be read', start: undefined, end: undefined };
  const raw = error instanceof Error ? error.message : String(error);
  const place = PLACE.exec(raw);
  const message = cleanMessage(raw.replace(PLACE, ''));
  if (!place) return { message, start: undefined, end: undefined };
  const lines = new LineIndex(text);
  const line = Math.min(Number(place[1]), lines.lineCount);
  const start = place[2] === undefined ? lines.lineStart(line) : lines.offsetAt(line, Number(place[2]));
  return { message, start, end: Math.max(start, lines.lineEnd(line)) };
}

/** The parser quotes the character that it does not expect; one that cannot be seen is named by its code. */
function cleanMessage(message: string): string {
  const quoted = message.replace(/'([^\x20-\x7e])'/u, (_, character: string) => {
    const code = character.codePointAt(0) ?? 0;
    return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  });
  return quoted.charAt(0).toUpperCase() + quoted.slice(1);
}
