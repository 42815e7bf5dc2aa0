import { characters } from '../support/characters.js';

/** Methods that turn text into text. */
export const MAPPINGS: Readonly<Record<string, (text: string) => string>> = {
  lower: (s) => s.toLowerCase(),
  casefold: (s) => s.toLowerCase().replaceAll('ß', 'ss'),
  upper: (s) => s.toUpperCase(),
  capitalize: (s) => s.slice(0, 1).toUpperCase() + s.slice(1).toLowerCase(),
  title: (s) => s.replace(/\p{L}+/gu, (word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase()),
  swapcase: (s) =>
    characters(s)
      .map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()))
      .join(''),
};

/** Questions about text. */
export const TESTS: Readonly<Record<string, (text: string) => boolean>> = {
  isdigit: (s) => /^[\p{Nd}²³¹]+$/u.test(s),
  isdecimal: (s) => /^\p{Nd}+$/u.test(s),
  isnumeric: (s) => /^\p{N}+$/u.test(s),
  isalpha: (s) => /^\p{L}+$/u.test(s),
  isalnum: (s) => /^[\p{L}\p{N}]+$/u.test(s),
  isspace: (s) => /^\s+$/u.test(s),
  islower: (s) => s === s.toLowerCase() && s !== s.toUpperCase(),
  isupper: (s) => s === s.toUpperCase() && s !== s.toLowerCase(),
  istitle: (s) => MAPPINGS['title']?.(s) === s && /\p{L}/u.test(s),
  isidentifier: (s) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(s),
  isascii: (s) => characters(s).every((c) => (c.codePointAt(0) ?? 0) < 128),
  isprintable: (s) => !/[\p{C}]|(?! )\p{Z}/u.test(s),
};

/** Puts `text` in the middle or at one end of a field. */
export const JUSTIFY: Readonly<Record<string, (text: string, missing: number, fill: string) => string>> = {
  ljust: (s, n, fill) => s + fill.repeat(n),
  rjust: (s, n, fill) => fill.repeat(n) + s,
  center: (s, n, fill) => {
    // CPython puts the odd one on the left exactly when the width is odd.
    const left = (n >> 1) + (n & (s.length + n) & 1);
    return fill.repeat(left) + s + fill.repeat(n - left);
  },
};

export type Search = (text: string, part: string, start: number, stop: number) => number;

export const FIND: Search = (text, part, start, stop) => {
  const at = text.slice(0, stop).indexOf(part, start);
  return start > stop ? -1 : at;
};
export const RFIND: Search = (text, part, start, stop) => {
  const at = text.slice(start, Math.max(start, stop)).lastIndexOf(part);
  return at < 0 || start > stop ? -1 : at + start;
};
export const COUNT: Search = (text, part, start, stop) => {
  if (start > stop) return 0;
  const within = text.slice(start, stop);
  return part === '' ? within.length + 1 : within.split(part).length - 1;
};
