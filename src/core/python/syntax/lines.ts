const LF = 10;
const CR = 13;

/** 1-based line that holds `offset`, in a text whose lines start at `starts`. */
export function lineIn(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}

/**
 * Where the lines of a text start. Line ends are those of Python and of VS Code: `\n`, `\r\n` and a lone `\r`
 * (a form feed, U+0085 and U+2028 are not).
 */
export class LineIndex {
  private readonly starts: number[] = [0];
  /** One entry per line: 1 where the line holds a character beyond ASCII; absent when none does. */
  private readonly wide: Uint8Array | undefined;

  constructor(private readonly text: string) {
    const wideLines: number[] = [];
    let lastWide = -1;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === LF) this.starts.push(i + 1);
      else if (code === CR) {
        if (text.charCodeAt(i + 1) === LF) i++;
        this.starts.push(i + 1);
      } else if (code > 127 && lastWide !== this.starts.length - 1) {
        lastWide = this.starts.length - 1;
        wideLines.push(lastWide);
      }
    }
    if (wideLines.length > 0) {
      this.wide = new Uint8Array(this.starts.length);
      for (const line of wideLines) this.wide[line] = 1;
    }
  }

  get lineCount(): number {
    return this.starts.length;
  }

  /** 1-based line that holds `offset`. */
  lineAt(offset: number): number {
    return lineIn(this.starts, offset);
  }

  /** 0-based column in UTF-16 code units. */
  columnAt(offset: number): number {
    return offset - this.lineStart(this.lineAt(offset));
  }

  /** Offset of the first character of a 1-based line; the text's length beyond the last one. */
  lineStart(line: number): number {
    return this.starts[line - 1] ?? this.text.length;
  }

  /** Offset just before the line's line end. */
  lineEnd(line: number): number {
    let end = line < this.starts.length ? this.lineStart(line + 1) : this.text.length;
    const start = this.lineStart(line);
    while (end > start && (this.text.charCodeAt(end - 1) === LF || this.text.charCodeAt(end - 1) === CR)) end--;
    return end;
  }

  /** UTF-16 offset of a place given as CPython gives it: 1-based line, 0-based column counted in UTF-8 bytes. */
  offsetAt(line: number, utf8Column: number): number {
    const start = this.lineStart(line);
    if (this.wide?.[line - 1] !== 1) return Math.min(start + utf8Column, this.text.length);
    let offset = start;
    for (let bytes = 0; bytes < utf8Column && offset < this.text.length; offset++) {
      const code = this.text.charCodeAt(offset);
      // A surrogate pair is 4 bytes: 2 for each half.
      if (code < 0x80) bytes += 1;
      else if (code < 0x800 || this.isPaired(offset, code)) bytes += 2;
      else bytes += 3;
    }
    return offset;
  }

  private isPaired(offset: number, code: number): boolean {
    if (code >= 0xd800 && code < 0xdc00) return isSurrogate(this.text.charCodeAt(offset + 1), 0xdc00);
    if (code >= 0xdc00 && code < 0xe000) return isSurrogate(this.text.charCodeAt(offset - 1), 0xd800);
    return false;
  }
}

/** `first` is the first code unit of the half looked for: 0xD800 for high surrogates, 0xDC00 for low ones. */
function isSurrogate(code: number, first: number): boolean {
  return code >= first && code < first + 0x400;
}
