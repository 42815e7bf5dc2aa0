import { Bytes, Complex, Dict, Float, List, PySet, Tuple, type Value } from '../../values/index.js';
import { normal } from './numbers.js';

/** Reads a Python literal: what `ast.literal_eval` takes. `undefined` for anything else. */
export function parseLiteral(text: string): Value | undefined {
  const reader = new Reader(text.trim());
  try {
    const value = reader.expression();
    return reader.atEnd ? value : undefined;
  } catch (e) {
    if (e instanceof NotLiteral) return undefined;
    throw e;
  }
}

class NotLiteral extends Error {}

const NUMBER = /^(?:0x[\da-f_]+|0o[0-7_]+|0b[01_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[+-]?\d[\d_]*)?j?)/i;
const WORDS: Readonly<Record<string, Value>> = { None: null, True: true, False: false };
const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\n': '',
};

class Reader {
  private at = 0;
  constructor(private readonly text: string) {}

  get atEnd(): boolean {
    this.skip();
    return this.at === this.text.length;
  }

  expression(): Value {
    let value = this.signed();
    for (;;) {
      this.skip();
      const op = this.text.charAt(this.at);
      if (op !== '+' && op !== '-') return value;
      // Only a real and an imaginary part may be added.
      this.at++;
      const right = this.signed();
      if (!(right instanceof Complex) || value instanceof Complex) throw new NotLiteral();
      const re = value instanceof Float ? value.value : typeof value === 'number' ? value : NaN;
      value = new Complex(re, op === '+' ? right.im : -right.im);
    }
  }

  private signed(): Value {
    this.skip();
    if (this.take('-')) {
      const v = this.signed();
      if (v instanceof Float) return new Float(-v.value);
      if (v instanceof Complex) return new Complex(-v.re, -v.im);
      if (typeof v === 'number') return v === 0 ? 0 : -v;
      if (typeof v === 'bigint') return -v;
      throw new NotLiteral();
    }
    if (this.take('+')) return this.signed();
    return this.atom();
  }

  private atom(): Value {
    const rest = this.text.slice(this.at);
    const string = /^(?:[rbu]|br|rb)?(?='|")/i.exec(rest);
    if (string) return this.strings();
    const word = /^[A-Za-z_]\w*/.exec(rest)?.[0];
    if (word !== undefined) {
      const value = WORDS[word];
      this.at += word.length;
      if (value !== undefined) return value;
      if (word === 'set' && this.take('(') && this.take(')')) return new PySet();
      throw new NotLiteral();
    }
    const number = NUMBER.exec(rest)?.[0];
    if (number !== undefined && number !== '') return this.number(number);
    if (this.take('[')) return new List(this.items(']'));
    if (this.take('(')) return this.parenthesis();
    if (this.take('{')) return this.braces();
    throw new NotLiteral();
  }

  private number(written: string): Value {
    this.at += written.length;
    const plain = written.replaceAll('_', '').toLowerCase();
    if (plain.endsWith('j')) return new Complex(0, Number(plain.slice(0, -1)));
    return /^(?:0[xob]|\d+$)/.test(plain) ? normal(BigInt(plain)) : new Float(Number(plain));
  }

  private items(close: string): Value[] {
    const out: Value[] = [];
    while (!this.take(close)) {
      out.push(this.expression());
      if (!this.take(',')) {
        if (!this.take(close)) throw new NotLiteral();
        break;
      }
    }
    return out;
  }

  private parenthesis(): Value {
    const before = this.at;
    const items = this.items(')');
    const inside = this.text.slice(before, this.at - 1).trimEnd();
    const [only] = items;
    return items.length === 1 && only !== undefined && !inside.endsWith(',') ? only : new Tuple(items);
  }

  private braces(): Value {
    const dict = new Dict();
    const set: Value[] = [];
    while (!this.take('}')) {
      const key = this.expression();
      if (this.take(':')) dict.set(key, this.expression());
      else set.push(key);
      if (!this.take(',')) {
        if (!this.take('}')) throw new NotLiteral();
        break;
      }
    }
    return set.length > 0 ? new PySet(set) : dict;
  }

  /** One string or several side by side. */
  private strings(): Value {
    let text = '';
    let isBytes = false;
    for (;;) {
      const m = /^([rbu]{0,2})('''|"""|'|")/i.exec(this.text.slice(this.at));
      if (!m) break;
      const [open = '', prefix = '', quote = ''] = m;
      this.at += open.length;
      isBytes ||= /b/i.test(prefix);
      text += this.body(quote, /r/i.test(prefix));
      this.skip();
    }
    return isBytes ? new Bytes(text) : text;
  }

  private body(quote: string, raw: boolean): string {
    let out = '';
    while (!this.text.startsWith(quote, this.at)) {
      if (this.at >= this.text.length) throw new NotLiteral();
      const ch = this.text.charAt(this.at++);
      if (ch !== '\\' || raw) out += ch;
      else out += this.escape();
    }
    this.at += quote.length;
    return out;
  }

  private escape(): string {
    const hex = /^(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8}))/i.exec(this.text.slice(this.at));
    if (hex) {
      this.at += hex[0].length;
      return String.fromCodePoint(parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '0', 16));
    }
    const ch = this.text.charAt(this.at++);
    if (ch === '\\' || ch === "'" || ch === '"') return ch;
    return SIMPLE_ESCAPES[ch] ?? `\\${ch}`;
  }

  private take(token: string): boolean {
    this.skip();
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    this.skip();
    return true;
  }

  private skip(): void {
    const m = /^(?:\s|#[^\n]*|\\\n)+/.exec(this.text.slice(this.at));
    if (m) this.at += m[0].length;
  }
}
