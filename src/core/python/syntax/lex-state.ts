const BACKSLASH = 92;
const HASH = 35;
const LF = 10;
const CR = 13;
const DOUBLE_QUOTE = 34;
const SINGLE_QUOTE = 39;

/** What of Python's lexical structure reaches over a line end: brackets, triple-quoted strings, backslashes. */
export class LexState {
  private depth = 0;
  /** Quote of the triple-quoted string that is open, or 0. */
  private triple = 0;
  /** The last line ended with a backslash. */
  escaped = false;
  /** The last line ended with a colon outside of brackets. */
  endsWithColon = false;

  /** @param onComment gets the start and the end of each comment */
  constructor(private readonly onComment?: (start: number, end: number) => void) {}

  get inString(): boolean {
    return this.triple !== 0;
  }

  /** The statement goes on in the next line. */
  get continues(): boolean {
    return this.depth > 0 || this.triple !== 0 || this.escaped;
  }

  /** Reads the physical line at `position`; returns the start of the next one. */
  readLine(text: string, position: number): number {
    this.escaped = false;
    if (this.triple === 0) this.endsWithColon = false;
    let i = position;
    while (i < text.length) {
      const code = text.charCodeAt(i);
      if (code === LF) return i + 1;
      if (code === CR) return text.charCodeAt(i + 1) === LF ? i + 2 : i + 1;
      i = this.triple === 0 ? this.readCode(text, i, code) : this.readString(text, i, code);
    }
    return i;
  }

  private readString(text: string, i: number, code: number): number {
    if (code === BACKSLASH) return isLineEnd(text.charCodeAt(i + 1)) ? i + 1 : i + 2;
    if (code === this.triple && isTriple(text, i, code)) {
      this.triple = 0;
      return i + 3;
    }
    return i + 1;
  }

  private readCode(text: string, i: number, code: number): number {
    if (code === 32 || code === 9 || code === 12) return i + 1;
    if (code === HASH) return this.readComment(text, i);
    if (code === BACKSLASH) {
      this.escaped = isLineEnd(text.charCodeAt(i + 1));
      return i + 1;
    }
    this.endsWithColon = false;
    if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) {
      if (!isTriple(text, i, code)) return this.skipString(text, i + 1, code);
      this.triple = code;
      return i + 3;
    }
    // ( [ { and ) ] }
    if (code === 40 || code === 91 || code === 123) this.depth++;
    else if (code === 41 || code === 93 || code === 125) this.depth = Math.max(0, this.depth - 1);
    else if (code === 58) this.endsWithColon = this.depth === 0;
    return i + 1;
  }

  private readComment(text: string, start: number): number {
    const end = lineEnd(text, start);
    this.onComment?.(start, end);
    return end;
  }

  /** A string in single quotes ends with its line even where its quote is missing, unless a backslash carries it on. */
  private skipString(text: string, from: number, quote: number): number {
    let i = from;
    while (i < text.length) {
      const code = text.charCodeAt(i);
      if (code === quote) return i + 1;
      if (isLineEnd(code)) return i;
      if (code !== BACKSLASH) i++;
      else i += text.charCodeAt(i + 1) === CR && text.charCodeAt(i + 2) === LF ? 3 : 2;
    }
    return Math.min(i, text.length);
  }
}

function isLineEnd(code: number): boolean {
  return code === LF || code === CR;
}

function isTriple(text: string, i: number, quote: number): boolean {
  return text.charCodeAt(i + 1) === quote && text.charCodeAt(i + 2) === quote;
}

function lineEnd(text: string, from: number): number {
  let i = from;
  while (i < text.length && !isLineEnd(text.charCodeAt(i))) i++;
  return i;
}
