import type { Runtime } from '../../values/runtime.js';
import { Complex, Dict, Float, Instance, NativeObject, Tuple, Unknown, type Value } from '../../values/index.js';
import { isInt, realOf, toBig, toIndex, normal, unwrap } from '../support/numbers.js';
import { unknownWithin } from '../support/unknowns.js';
import { asciiOf, complexRepr, reprOf, strOf } from './repr.js';
import { formatFloat, formatInt, formatText, parseSpec } from './spec.js';

export { reprOf, strOf } from './repr.js';

/** `format(value, spec)`: what f-strings and `str.format` do with one value. */
export function formatValue(value: Value, spec: string, runtime: Runtime): string | Unknown {
  const unknown = unknownWithin(value);
  if (unknown) return unknown.as(`f'{${unknown.symbol}}'`);
  if (value instanceof Instance) {
    const method = value.cls.find('__format__');
    if (method !== undefined) {
      const text = runtime.callMethod(value, '__format__', [spec]);
      return text instanceof Unknown ? text : strOf(text, runtime);
    }
  }
  return formatPlain(value, spec, runtime);
}

/** The formatting of built-in types; for an object of a class that extends one, that of the value inside. */
export function formatPlain(value: Value, spec: string, runtime: Runtime): string {
  if (spec === '') return strOf(value, runtime);
  const v = unwrap(value);
  if (typeof v === 'string') return formatText(v, parseSpec(spec, runtime), runtime);
  if (isInt(v)) return formatInt(typeof v === 'boolean' ? Number(v) : v, parseSpec(spec, runtime), runtime);
  if (v instanceof Float) return formatFloat(v.value, parseSpec(spec, runtime), runtime);
  if (v instanceof Complex) return formatComplex(v, spec, runtime);
  if (v instanceof NativeObject) return strOf(v, runtime);
  return runtime.raise('TypeError', `unsupported format string passed to ${runtime.classOf(value).name}.__format__`);
}

function formatComplex(v: Complex, text: string, runtime: Runtime): string {
  const spec = parseSpec(text, runtime);
  const part = { ...spec, width: 0 };
  const body =
    spec.type === '' && spec.precision === undefined
      ? complexRepr(v)
      : `${formatFloat(v.re, part, runtime)}${formatFloat(v.im, { ...part, sign: '+' }, runtime)}j`;
  return formatText(body, { ...spec, type: '', precision: undefined, align: spec.align || '>' }, runtime);
}

const CONVERSION = /%(?:\(([^)]*)\))?([#0\- +]*)(\*|\d+)?(?:\.(\*|\d*))?[hlL]?([a-zA-Z%])/g;

/** `format % args`. */
export function percentFormat(format: string, args: Value, runtime: Runtime): string | Unknown {
  const unknown = unknownWithin(args);
  if (unknown) return unknown.as(`'${format}' % ${unknown.symbol}`);
  const plain = unwrap(args);
  const positional: readonly Value[] = plain instanceof Tuple ? plain.items : [args];
  let next = 0;
  const take = (): Value => {
    if (next >= positional.length) runtime.raise('TypeError', 'not enough arguments for format string');
    return positional[next++] ?? null;
  };
  const seen = { named: false };
  const text = format.replace(
    CONVERSION,
    (_match, key?: string, flags = '', width?: string, precision?: string, type = 's') => {
      if (type === '%') return '%';
      const w = width === '*' ? takeIndex(take(), runtime) : Number(width ?? 0);
      const p =
        precision === undefined ? undefined : precision === '*' ? takeIndex(take(), runtime) : Number(precision);
      let value: Value;
      if (key !== undefined) {
        seen.named = true;
        value = runtime.getItem(args, key);
      } else value = take();
      return convertOne(value, { flags: flags as string, width: w, precision: p, type: type as string }, runtime);
    },
  );
  if (next < positional.length && !seen.named && !(plain instanceof Dict)) {
    runtime.raise('TypeError', 'not all arguments converted during string formatting');
  }
  return text;
}

function takeIndex(value: Value, runtime: Runtime): number {
  const index = toIndex(value, runtime);
  return index instanceof Unknown ? 0 : index;
}

interface Conversion {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly type: string;
}

function convertOne(value: Value, c: Conversion, runtime: Runtime): string {
  const left = c.flags.includes('-');
  const spec = {
    fill: ' ',
    align: left ? '<' : '>',
    sign: c.flags.includes('+') ? '+' : c.flags.includes(' ') ? ' ' : '',
    alternate: c.flags.includes('#'),
    width: c.width,
    grouping: '',
    precision: c.precision,
    type: '',
  } as const;
  const texts: Readonly<Record<string, (v: Value, r: Runtime) => string>> = { s: strOf, r: reprOf, a: asciiOf };
  const text = texts[c.type];
  if (text) return formatText(text(value, runtime), spec, runtime);
  const zero = c.flags.includes('0') && !left ? ({ fill: '0', align: '=' } as const) : {};
  if (c.type === 'c')
    return formatText(typeof value === 'string' ? value : String.fromCodePoint(realOf(value) ?? 0), spec, runtime);
  const real = realOf(value);
  if (real === undefined) {
    runtime.raise('TypeError', `%${c.type} format: a real number is required, not ${runtime.classOf(value).name}`);
  }
  if ('eEfFgG'.includes(c.type)) return formatFloat(real, { ...spec, ...zero, type: c.type }, runtime);
  const v = unwrap(value);
  const whole = isInt(v) ? normal(toBig(v)) : normal(BigInt(Math.trunc(real)));
  const digits = { ...spec, ...zero, precision: undefined, type: 'diu'.includes(c.type) ? 'd' : c.type };
  if (c.precision === undefined) return formatInt(whole, digits, runtime);
  // A precision asks for that many digits at least.
  const body = formatInt(
    whole < 0 ? -whole : whole,
    { ...digits, width: c.precision, fill: '0', align: '=', sign: '' },
    runtime,
  );
  return formatText((whole < 0 ? '-' : spec.sign) + body, { ...spec, precision: undefined }, runtime);
}
