import type { Constant, FormattedValue, JoinedStr } from './ast.js';
import type { Conversion, PyExpr, PyPlace } from './convert-context.js';
import { convertExpression } from './convert-expressions.js';
import { LexState } from './lex-state.js';

const NUMBER = /^(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:[\d_]+\.?[\d_]*|\.[\d_]+)(?:[eE][+-]?[\d_]+)?[jJ]?)$/;
const INTEGER = /^(?:0[xob][\da-f]+|0+|[1-9]\d*)$/;

/** py-ast gives 1 for both `1` and `1.0` and a plain string for `b''`: the source tells them apart. */
export function convertConstant(c: Conversion, node: PyExpr<'Constant'>): Constant {
  const value: unknown = node.value;
  if (typeof value === 'boolean')
    return { type: 'Constant', start: c.start(node), end: c.end(node), kind: 'bool', value };
  if (value === null || value === undefined)
    return { type: 'Constant', start: c.start(node), end: c.end(node), kind: 'none', value: null };
  const source = c.slice(node);
  if (typeof value === 'string') {
    if (source === '...')
      return { type: 'Constant', start: c.start(node), end: c.end(node), kind: 'ellipsis', value: null };
    return {
      type: 'Constant',
      start: c.start(node),
      end: c.end(node),
      kind: stringKind(c, node, source),
      value: value === '' ? docstringOf(source) : value,
    };
  }
  return { type: 'Constant', start: c.start(node), end: c.end(node), ...parseNumber(c, node, source) };
}

const DOCSTRING = /^([rRuU]?)(?:"""|''')([^]*)(?:"""|''')$/;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', '\n': '' };

/** The text of a docstring that an outline left out; '' for a string that is empty. */
function docstringOf(source: string): string {
  const [, prefix = '', body = ''] = DOCSTRING.exec(source) ?? [];
  return /r/i.test(prefix) ? body : body.replace(/\\([nt\n\\'"])/g, (_, ch: string) => ESCAPES[ch] ?? ch);
}

function stringKind(c: Conversion, node: PyExpr<'Constant'>, source: string): 'str' | 'bytes' {
  checkTerminated(c, node);
  return /^(?:b|[^'"]b)/i.test(source) ? 'bytes' : 'str';
}

/** py-ast accepts a prefixed string that is still open at the end of the text. */
function checkTerminated(c: Conversion, node: PyPlace): void {
  if (c.localEnd(node) < c.text.length) return;
  const source = c.slice(node);
  const state = new LexState();
  for (let position = 0; position < source.length;) position = state.readLine(source, position);
  if (state.inString || !/["']$/.test(source)) throw c.error('Unterminated string literal', node);
}

function parseNumber(c: Conversion, node: PyExpr<'Constant'>, source: string): Pick<Constant, 'kind' | 'value'> {
  if (!NUMBER.test(source)) throw c.error('Invalid number', node);
  const digits = source.replaceAll('_', '').toLowerCase();
  if (digits.endsWith('j')) return { kind: 'complex', value: Number(digits.slice(0, -1)) };
  if (/^[\d.]*[.e]/.test(digits)) return { kind: 'float', value: Number(digits) };
  if (!INTEGER.test(digits)) throw c.error('Leading zeros are not allowed in an integer', node);
  const value = Number(digits);
  return { kind: 'int', value: Number.isSafeInteger(value) ? value : BigInt(digits) };
}

/** An f-string, alone or joined to its neighbours; a template string is read the same way. */
export function convertJoinedStr(c: Conversion, node: PyExpr<'JoinedStr' | 'TemplateStr'>): JoinedStr {
  checkTerminated(c, node);
  const parts: (string | FormattedValue)[] = [];
  for (const item of node.values) {
    if (item.nodeType === 'Constant') {
      const text: unknown = item.value;
      const last = parts.at(-1);
      if (typeof text !== 'string') throw c.error('Invalid f-string', item);
      if (typeof last === 'string') parts[parts.length - 1] = last + text;
      else if (text !== '') parts.push(text);
    } else if (item.nodeType === 'FormattedValue' || item.nodeType === 'Interpolation') {
      parts.push(convertField(c, item));
    } else if (item.nodeType === 'JoinedStr' || item.nodeType === 'TemplateStr') {
      parts.push(...convertJoinedStr(c, item).parts);
    } else {
      throw c.error('Invalid f-string', item);
    }
  }
  return { type: 'JoinedStr', start: c.start(node), end: c.end(node), parts };
}

function convertField(c: Conversion, node: PyExpr<'FormattedValue' | 'Interpolation'>): FormattedValue {
  const letter = node.conversion > 0 ? String.fromCharCode(node.conversion) : '';
  const spec = node.format_spec;
  return {
    value: convertExpression(c, node.value),
    conversion: letter === 's' || letter === 'r' || letter === 'a' ? letter : null,
    format: spec?.nodeType === 'JoinedStr' || spec?.nodeType === 'TemplateStr' ? convertJoinedStr(c, spec) : null,
  };
}
