import { matchesAt, readLogicalLine, type LogicalLine } from './logical.js';

/** A stretch of a text that is left out. */
export interface Cut {
  readonly start: number;
  readonly end: number;
  /** What stands there instead. */
  readonly standIn: string;
}

/**
 * A text without the bodies of its functions, its docstrings and comments: what it takes to run a module that is
 * imported. In the libraries that models import, that is a fifth of the text.
 */
export interface Outline {
  readonly text: string;
  /** Offset in the whole text of an offset in the outline's. */
  readonly original: (offset: number) => number;
  /** The bodies of functions, by the offset in the whole text where each begins. */
  readonly bodies: ReadonlyMap<number, Cut>;
}

const FUNCTION = /(?:async[ \t]+)?def\b/my;
/** A function that yields is a generator, which the outline has to show. */
const YIELD = /\byield\b/;
const DOCSTRING = /[rRuU]?("""|''')/my;
/** Shorter stretches are as quickly parsed as left out. */
const WORTH_CUTTING = 60;

/** `undefined` where there is nothing to leave out. */
export function outlineOf(text: string): Outline | undefined {
  const cuts = findCuts(text);
  if (cuts.length === 0) return undefined;
  /** Where pieces of the outline start, in the outline and in the whole text. */
  const here: number[] = [];
  const there: number[] = [];
  let outline = '';
  let position = 0;
  const add = (piece: string, start: number): void => {
    if (piece === '') return;
    here.push(outline.length);
    there.push(start);
    outline += piece;
  };
  for (const { start, end, standIn } of cuts) {
    add(text.slice(position, start), position);
    add(standIn, start);
    position = end;
  }
  here.push(outline.length);
  there.push(position);
  outline += text.slice(position);
  const bodies = new Map(cuts.filter((cut) => cut.standIn === BODY).map((cut) => [cut.start, cut]));
  return { text: outline, original: offsetMap(here, there), bodies };
}

const BODY = '0';

function findCuts(text: string): Cut[] {
  const cuts: Cut[] = [];
  const cut = (start: number, end: number, standIn: string): void => {
    if (end - start >= WORTH_CUTTING) cuts.push({ start, end, standIn });
  };
  /** End of what has been gone through. */
  let done = 0;
  let line = readLogicalLine(text, 0, false);
  while (line) {
    // Comments and blank lines.
    cut(done, line.start, '');
    done = line.end;
    let next = readLogicalLine(text, done, false);
    if (line.opensBlock && next && next.indent > line.indent && matchesAt(FUNCTION, text, line.first)) {
      const start = next.first;
      while (next && next.indent > line.indent) {
        done = next.end;
        next = readLogicalLine(text, done, false);
      }
      const end = withoutLineEnd(text, done);
      if (!YIELD.test(text.slice(start, end))) cut(start, end, BODY);
    } else if (isDocstring(text, line)) cut(line.first, withoutLineEnd(text, line.end), '""');
    line = next;
  }
  return cuts;
}

/** A triple-quoted string that is a statement by itself. */
function isDocstring(text: string, line: LogicalLine): boolean {
  DOCSTRING.lastIndex = line.first;
  const quote = DOCSTRING.exec(text)?.[1];
  if (quote === undefined) return false;
  const end = text.indexOf(quote, DOCSTRING.lastIndex);
  return end >= 0 && text[end - 1] !== '\\' && text.slice(end + quote.length, line.end).trim() === '';
}

function withoutLineEnd(text: string, end: number): number {
  let before = end;
  while (before > 0 && isLineEnd(text.charCodeAt(before - 1))) before--;
  return before;
}

function isLineEnd(code: number): boolean {
  return code === 10 || code === 13;
}

function offsetMap(here: readonly number[], there: readonly number[]): (offset: number) => number {
  return (offset) => {
    let low = 0;
    let high = here.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (here[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return there[low]! + offset - here[low]!;
  };
}
