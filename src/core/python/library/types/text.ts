/** Cutting text into pieces as Python does. */

const SPACE = /\s/u;

export function strip(text: string, chars: string | undefined, left: boolean, right: boolean): string {
  const drop = chars === undefined ? (ch: string) => SPACE.test(ch) : (ch: string) => chars.includes(ch);
  let start = 0;
  let end = text.length;
  if (left) while (start < end && drop(text.charAt(start))) start++;
  if (right) while (end > start && drop(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/** `split` and `rsplit`; without a separator at runs of white space. */
export function split(text: string, separator: string | undefined, limit: number, fromRight: boolean): string[] {
  if (separator === undefined) return fromRight ? splitSpaceRight(text, limit) : splitSpace(text, limit);
  const pieces = text.split(separator);
  if (pieces.length - 1 <= limit) return pieces;
  if (fromRight) {
    const kept = pieces.length - limit;
    return [pieces.slice(0, kept).join(separator), ...pieces.slice(kept)];
  }
  return [...pieces.slice(0, limit), pieces.slice(limit).join(separator)];
}

function splitSpace(text: string, limit: number): string[] {
  const out: string[] = [];
  let rest = strip(text, undefined, true, false);
  while (rest !== '' && out.length < limit) {
    const word = /^\S+/u.exec(rest)?.[0] ?? rest;
    out.push(word);
    rest = strip(rest.slice(word.length), undefined, true, false);
  }
  if (rest !== '') out.push(strip(rest, undefined, false, out.length < limit));
  return out;
}

function splitSpaceRight(text: string, limit: number): string[] {
  const out: string[] = [];
  let rest = strip(text, undefined, false, true);
  while (rest !== '' && out.length < limit) {
    const word = /\S+$/u.exec(rest)?.[0] ?? rest;
    out.unshift(word);
    rest = strip(rest.slice(0, rest.length - word.length), undefined, false, true);
  }
  if (rest !== '') out.unshift(strip(rest, undefined, out.length < limit, false));
  return out;
}

export function splitLines(text: string, keepEnds: boolean): string[] {
  const lines = text.match(/[^\r\n\v\f\x85\u2028\u2029]*(?:\r\n|[\r\n\v\f\x85\u2028\u2029]|$)/gu) ?? [];
  const full = lines.filter((line, i) => line !== '' || i < lines.length - 1);
  return keepEnds ? full : full.map((line) => line.replace(/(?:\r\n|[\r\n\v\f\x85\u2028\u2029])$/u, ''));
}

/** The parts before, at and behind the first (or last) separator. */
export function partition(text: string, separator: string, fromRight: boolean): [string, string, string] {
  const at = fromRight ? text.lastIndexOf(separator) : text.indexOf(separator);
  if (at < 0) return fromRight ? ['', '', text] : [text, '', ''];
  return [text.slice(0, at), separator, text.slice(at + separator.length)];
}
