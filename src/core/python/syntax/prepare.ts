import { endOfLine, logicalLines } from './logical.js';

/** Replaces stretches of a text by others of the same length, so that no place moves. */
export interface Mask {
  readonly start: number;
  readonly end: number;
  /** Written at `start`; the rest becomes blank. */
  readonly text: string;
}

export function applyMasks(text: string, masks: readonly Mask[]): string {
  let result = '';
  let position = 0;
  for (const mask of masks) {
    // Line ends stay: they carry the line numbers.
    const blank = text.slice(mask.start + mask.text.length, mask.end).replace(/[^\r\n]/g, ' ');
    result += text.slice(position, mask.start) + mask.text + blank;
    position = mask.end;
  }
  return result + text.slice(position);
}

/**
 * Makes a text fit for the parser without moving anything in it: a byte order mark and form feeds go, and so do
 * lines that only IPython understands where `magics` is set.
 */
export function prepare(text: string, magics: boolean): string {
  let source = text;
  if (source.startsWith('\ufeff')) source = `\n${source.slice(1)}`;
  if (source.includes('\f')) source = replaceFormFeeds(source);
  if (magics && /^[ \t]*[%!?]|\?[ \t]*$/m.test(source)) source = applyMasks(source, findMagics(source));
  return source;
}

/** A form feed at the start of a line sets the indentation back to zero, as a line end does; elsewhere it is a blank. */
function replaceFormFeeds(text: string): string {
  return text.replace(/^([ \t\f]*)\f|\f/gm, (match: string, leading: string | undefined) =>
    leading === undefined ? ' ' : `${' '.repeat(match.length - 1)}\n`,
  );
}

const MAGIC = /^[%!?]/;
const HELP = /^[\w.]+\?{1,2}\s*$/;

function findMagics(text: string): Mask[] {
  const masks: Mask[] = [];
  for (const { first, end, indent } of logicalLines(text, false)) {
    const content = text.slice(first, end);
    if (!MAGIC.test(content) && !HELP.test(content)) continue;
    // In a block something has to stay, or the block would be empty.
    const standIn = indent > 0 && endOfLine(text, first) - first > 4 ? 'pass' : '';
    masks.push({ start: first, end, text: standIn });
  }
  return masks;
}
