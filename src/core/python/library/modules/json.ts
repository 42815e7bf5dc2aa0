import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import { Bytes, Dict, Float, List, Tuple, Unknown, type Value } from '../../values/index.js';
import { floatRepr } from '../format/decimal.js';
import { moduleOf, notEvaluated, nothing, unknowable } from '../support/modules.js';
import { normal, unwrap } from '../support/numbers.js';
import { quietClass } from '../support/quiet.js';
import { unknownWithin } from '../support/unknowns.js';
import { raiseAs } from '../support/raise.js';
import { builtinClass } from '../support/classes.js';
import { exceptionClass } from '../types/exceptions.js';

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\p{Cc}]|\\.)*"/uy;

/** A JSON reader of our own: JSON.parse can't tell 1 from 1.0. */
class Reader {
  private at = 0;
  constructor(private readonly text: string) {}

  document(): Value | undefined {
    const value = this.value();
    this.skip();
    return this.at === this.text.length ? value : undefined;
  }

  private value(): Value | undefined {
    this.skip();
    if (this.take('{')) return this.object();
    if (this.take('[')) return this.array();
    if (this.text.charAt(this.at) === '"') return this.string();
    for (const [word, value] of WORDS) if (this.take(word)) return value;
    NUMBER.lastIndex = this.at;
    const m = NUMBER.exec(this.text);
    if (!m) return undefined;
    this.at = NUMBER.lastIndex;
    return m[1] === undefined && m[2] === undefined ? normal(BigInt(m[0])) : new Float(Number(m[0]));
  }

  private string(): string | undefined {
    this.skip();
    STRING.lastIndex = this.at;
    const m = STRING.exec(this.text);
    if (!m) return undefined;
    this.at = STRING.lastIndex;
    return JSON.parse(m[0]) as string;
  }

  private array(): Value | undefined {
    const items: Value[] = [];
    if (this.take(']')) return new List(items);
    for (;;) {
      const item = this.value();
      if (item === undefined) return undefined;
      items.push(item);
      if (this.take(']')) return new List(items);
      if (!this.take(',')) return undefined;
    }
  }

  private object(): Value | undefined {
    const dict = new Dict();
    if (this.take('}')) return dict;
    for (;;) {
      const key = this.string();
      if (key === undefined || !this.take(':')) return undefined;
      const value = this.value();
      if (value === undefined) return undefined;
      dict.set(key, value);
      if (this.take('}')) return dict;
      if (!this.take(',')) return undefined;
    }
  }

  private take(token: string): boolean {
    this.skip();
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  private skip(): void {
    while (/[ \t\r\n]/.test(this.text.charAt(this.at))) this.at++;
  }
}

const WORDS: readonly (readonly [string, Value])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', new Float(NaN)],
  ['Infinity', new Float(Infinity)],
  ['-Infinity', new Float(-Infinity)],
];

interface Style {
  readonly indent: string | undefined;
  readonly sortKeys: boolean;
  readonly standard: Value;
}

function dump(value: Value, style: Style, depth: number, runtime: Runtime): string {
  const v = unwrap(value);
  if (v === null) return 'null';
  if (typeof v === 'boolean') return v ? 'true' : 'false';
  if (typeof v === 'number' || typeof v === 'bigint') return String(v);
  if (v instanceof Float) return floatRepr(v.value).replace('inf', 'Infinity').replace('nan', 'NaN');
  if (typeof v === 'string') return quote(v);
  const wrap = (open: string, parts: string[], close: string): string => {
    if (parts.length === 0) return open + close;
    if (style.indent === undefined) return open + parts.join(', ') + close;
    const line = `\n${style.indent.repeat(depth + 1)}`;
    return `${open}${line}${parts.join(`,${line}`)}\n${style.indent.repeat(depth)}${close}`;
  };
  if (v instanceof List || v instanceof Tuple)
    return wrap(
      '[',
      v.items.map((item) => dump(item, style, depth + 1, runtime)),
      ']',
    );
  if (v instanceof Dict) {
    const pairs = v.pairs().map(([k, item]) => [typeof k === 'string' ? k : dump(k, style, 0, runtime), item] as const);
    if (style.sortKeys) pairs.sort(([a], [b]) => (a < b ? -1 : 1));
    return wrap(
      '{',
      pairs.map(([k, item]) => `${quote(k)}: ${dump(item, style, depth + 1, runtime)}`),
      '}',
    );
  }
  if (style.standard !== null) return dump(runtime.call(style.standard, [value]), style, depth, runtime);
  return runtime.raise('TypeError', `Object of type ${runtime.classOf(value).name} is not JSON serializable`);
}

function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (ch) => `\\u${ch.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const decodeError = builtinClass('JSONDecodeError', [exceptionClass('ValueError')], 'json');

export const json = moduleOf(
  'json',
  () => [
    {
      loads: native('loads', 's, **kwargs', ({ s }, runtime) => {
        if (s instanceof Unknown) return s.as(`loads(${s.symbol})`);
        const text = s instanceof Bytes ? s.value : s;
        const value = typeof text === 'string' ? new Reader(text).document() : undefined;
        return value === undefined ? raiseAs(decodeError, 'Expecting value: line 1 column 1 (char 0)', runtime) : value;
      }),
      dumps: native(
        'dumps',
        'obj, *, indent=None, sort_keys=False, default=None, **kwargs',
        ({ obj, indent, sort_keys: sort, default: standard }, runtime) => {
          const unknown = unknownWithin(obj);
          if (unknown) return unknown.as(`dumps(${unknown.symbol})`);
          const text =
            typeof indent === 'number' ? ' '.repeat(indent) : typeof indent === 'string' ? indent : undefined;
          return dump(obj, { indent: text, sortKeys: sort === true, standard }, 0, runtime);
        },
      ),
      load: unknowable('load', 'what is in a JSON file is not known'),
      dump: nothing('dump'),
      JSONDecodeError: decodeError,
      JSONEncoder: quietClass('JSONEncoder', 'json', ['default', 'encode']),
      JSONDecoder: quietClass('JSONDecoder', 'json', ['decode']),
    },
  ],
  notEvaluated('json'),
);
