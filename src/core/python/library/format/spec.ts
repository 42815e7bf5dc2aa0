import type { Runtime } from '../../values/runtime.js';
import { exponentText, fixedDigits, floatRepr, scientificDigits } from './decimal.js';
import { characters } from '../support/characters.js';

/** A format specifier: `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`. */
export interface Spec {
  readonly fill: string;
  readonly align: '<' | '>' | '=' | '^' | '';
  readonly sign: '' | '+' | '-' | ' ';
  readonly alternate: boolean;
  readonly width: number;
  readonly grouping: '' | ',' | '_';
  readonly precision: number | undefined;
  readonly type: string;
}

const PATTERN = /^(?:([^])?([<>=^]))?([+\- ])?(z)?(#)?(0)?(\d+)?([_,])?(?:\.(\d+))?([a-zA-Z%])?$/u;

export function parseSpec(text: string, runtime: Runtime): Spec {
  const m = PATTERN.exec(text);
  if (!m) runtime.raise('ValueError', `Invalid format specifier '${text}'`);
  const zero = m[6] !== undefined;
  return {
    fill: m[1] ?? (zero ? '0' : ' '),
    align: (m[2] as Spec['align'] | undefined) ?? (zero ? '=' : ''),
    sign: (m[3] as Spec['sign'] | undefined) ?? '',
    alternate: m[5] !== undefined,
    width: columns(m[7], runtime),
    grouping: (m[8] as Spec['grouping'] | undefined) ?? '',
    precision: m[9] === undefined ? undefined : columns(m[9], runtime),
    type: m[10] ?? '',
  };
}

/** A width or a number of digits. */
function columns(text: string | undefined, runtime: Runtime): number {
  const n = Number(text ?? 0);
  if (n > MOST_COLUMNS) runtime.raise('MemoryError', `a text of ${String(n)} characters is not made`);
  return n;
}
const MOST_COLUMNS = 10_000;

/** Puts `body` with its sign or prefix `head` into the width. */
export function pad(head: string, body: string, spec: Spec, standard: '<' | '>'): string {
  const length = characters(head).length + characters(body).length;
  const missing = spec.width - length;
  if (missing <= 0) return head + body;
  switch (spec.align || standard) {
    case '<':
      return head + body + spec.fill.repeat(missing);
    case '^':
      return spec.fill.repeat(missing >> 1) + head + body + spec.fill.repeat(missing - (missing >> 1));
    case '=':
      return head + spec.fill.repeat(missing) + body;
    default:
      return spec.fill.repeat(missing) + head + body;
  }
}

function signOf(negative: boolean, spec: Spec): string {
  if (negative) return '-';
  return spec.sign === '+' || spec.sign === ' ' ? spec.sign : '';
}

/** Separators in the whole part of `text`; with zero padding the padding takes part in the grouping. */
function group(text: string, spec: Spec, size: number, headLength: number): string {
  if (spec.grouping === '') return text;
  const end = /^[0-9a-fA-F]*/.exec(text)?.[0].length ?? 0;
  let whole = text.slice(0, end);
  const rest = text.slice(end);
  const grouped = (digits: string) => {
    const parts: string[] = [];
    for (let i = digits.length; i > 0; i -= size) parts.unshift(digits.slice(Math.max(0, i - size), i));
    return parts.join(spec.grouping);
  };
  if (spec.align === '=' && spec.fill === '0') {
    while (grouped(whole).length + rest.length + headLength < spec.width) whole = `0${whole}`;
  }
  return grouped(whole) + rest;
}

const RADIX: Readonly<Record<string, readonly [radix: number, prefix: string]>> = {
  b: [2, '0b'],
  o: [8, '0o'],
  x: [16, '0x'],
  X: [16, '0X'],
};

export function formatInt(value: number | bigint, spec: Spec, runtime: Runtime): string {
  if (spec.type !== '' && 'eEfFgG%'.includes(spec.type)) return formatFloat(Number(value), spec, runtime);
  if (spec.precision !== undefined) runtime.raise('ValueError', 'Precision not allowed in integer format specifier');
  if (spec.type === 'c') return pad('', String.fromCodePoint(Number(value)), spec, '<');
  const [radix, prefix] = RADIX[spec.type] ?? [10, ''];
  if (radix === 10 && !['', 'd', 'n'].includes(spec.type)) {
    runtime.raise('ValueError', `Unknown format code '${spec.type}' for object of type 'int'`);
  }
  const negative = value < 0;
  let digits = (negative ? -value : value).toString(radix);
  if (spec.type === 'X') digits = digits.toUpperCase();
  const head = signOf(negative, spec) + (spec.alternate ? prefix : '');
  return pad(head, group(digits, spec, radix === 10 ? 3 : 4, head.length), spec, '>');
}

function trimZeros(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
}

function scientific(x: number, precision: number, keepPoint: boolean): string {
  const { digits, exponent } = scientificDigits(x, precision);
  const rest = digits.slice(1);
  return `${digits.slice(0, 1)}${rest || keepPoint ? '.' : ''}${rest}${exponentText(exponent)}`;
}

/** `g`: fixed or scientific, whichever is shorter, without the zeros at the end. */
function general(x: number, precision: number, alternate: boolean, addPoint: boolean): string {
  const p = Math.max(precision, 1);
  const { digits, exponent } = scientificDigits(x, p - 1);
  if (exponent < -4 || exponent >= p - (addPoint ? 1 : 0)) {
    let mantissa = digits.length > 1 ? `${digits.slice(0, 1)}.${digits.slice(1)}` : digits;
    if (!alternate) mantissa = trimZeros(mantissa);
    return mantissa + exponentText(exponent);
  }
  const fixed = fixedDigits(x, Math.max(p - 1 - exponent, 0));
  const text = alternate ? fixed : trimZeros(fixed);
  return addPoint && !text.includes('.') ? `${text}.0` : text;
}

function floatBody(x: number, spec: Spec, runtime: Runtime): string {
  const type = spec.type.toLowerCase();
  const precision = spec.precision ?? 6;
  switch (type) {
    case 'f':
      return fixedDigits(x, precision) + (spec.alternate && precision === 0 ? '.' : '');
    case '%':
      return `${fixedDigits(x * 100, precision)}%`;
    case 'e':
      return scientific(x, precision, spec.alternate);
    case 'g':
    case 'n':
      return general(x, precision, spec.alternate, false);
    case '':
      return spec.precision === undefined ? floatRepr(Math.abs(x)) : general(x, precision, spec.alternate, true);
    default:
      return runtime.raise('ValueError', `Unknown format code '${spec.type}' for object of type 'float'`);
  }
}

export function formatFloat(x: number, spec: Spec, runtime: Runtime): string {
  const head = signOf(x < 0 || Object.is(x, -0), spec);
  let body: string;
  if (Number.isFinite(x)) body = group(floatBody(x, spec, runtime), spec, 3, head.length);
  else body = (Number.isNaN(x) ? 'nan' : 'inf') + (spec.type === '%' ? '%' : '');
  if ('EFG'.includes(spec.type) && spec.type !== '') body = body.toUpperCase();
  return pad(head, body, spec, '>');
}

export function formatText(text: string, spec: Spec, runtime: Runtime): string {
  if (spec.type !== '' && spec.type !== 's') {
    runtime.raise('ValueError', `Unknown format code '${spec.type}' for object of type 'str'`);
  }
  const cut = spec.precision === undefined ? text : characters(text).slice(0, spec.precision).join('');
  return pad('', cut, spec, '<');
}
