import { native } from '../../values/native.js';
import {
  Bytes,
  Dict,
  Instance,
  List,
  StaticMethod,
  Tuple,
  Unknown,
  type ClassValue,
  type NativeFunction,
} from '../../values/index.js';
import { strOf } from '../format/repr.js';
import { formatTemplate } from '../format/template.js';
import { builtinClass } from '../support/classes.js';
import { toIndex } from '../support/numbers.js';
import { arithmeticMethods, comparisonMethods, ORDERED } from '../support/operators.js';
import { textOf } from '../support/receivers.js';
import { searchRange } from '../support/sequences.js';
import { callSymbol, firstUnknown, pureMethod, unknownWithin } from '../support/unknowns.js';
import { fromUtf8, toUtf8 } from '../support/utf8.js';
import { asClass, constructor, newInstance, objectClass } from './object.js';
import { COUNT, FIND, JUSTIFY, MAPPINGS, RFIND, TESTS, type Search } from './str-tables.js';
import { partition, split, splitLines, strip } from './text.js';
import { characters } from '../support/characters.js';

function searchMethod(name: string, search: Search, missing?: string): NativeFunction {
  return pureMethod(name, 'self, part, start=None, stop=None', ({ self, part, start, stop }, runtime) => {
    const text = textOf(self, runtime);
    const range = searchRange(start, stop, text.length, runtime);
    if (range instanceof Unknown) return range;
    const at = search(text, textOf(part, runtime), range.start, range.stop);
    if (at < 0 && missing !== undefined) runtime.raise('ValueError', missing);
    return at;
  });
}

function affixMethod(name: string, holds: (text: string, affix: string) => boolean): NativeFunction {
  return pureMethod(name, 'self, affix, start=None, stop=None', ({ self, affix, start, stop }, runtime) => {
    const text = textOf(self, runtime);
    const range = searchRange(start, stop, text.length, runtime);
    if (range instanceof Unknown) return range;
    const within = text.slice(range.start, range.stop);
    const candidates = affix instanceof Tuple ? affix.items : [affix];
    return candidates.some((c) => holds(within, textOf(c, runtime, `${name} first arg must be str or a tuple of str`)));
  });
}

function stripMethod(name: string, left: boolean, right: boolean): NativeFunction {
  return pureMethod(name, 'self, chars=None', ({ self, chars }, runtime) =>
    strip(textOf(self, runtime), chars === null ? undefined : textOf(chars, runtime), left, right),
  );
}

function splitMethod(name: string, fromRight: boolean): NativeFunction {
  return pureMethod(name, 'self, sep=None, maxsplit=-1', ({ self, sep, maxsplit }, runtime) => {
    const limit = toIndex(maxsplit, runtime);
    if (limit instanceof Unknown) return limit;
    if (sep === '') runtime.raise('ValueError', 'empty separator');
    const separator = sep === null ? undefined : textOf(sep, runtime);
    return new List(split(textOf(self, runtime), separator, limit < 0 ? Infinity : limit, fromRight));
  });
}

const TEXT: readonly NativeFunction[] = [
  ...Object.entries(MAPPINGS).map(([name, map]) =>
    pureMethod(name, 'self', ({ self }, runtime) => map(textOf(self, runtime))),
  ),
  ...Object.entries(TESTS).map(([name, test]) =>
    pureMethod(name, 'self', ({ self }, runtime) => test(textOf(self, runtime))),
  ),
  ...Object.entries(JUSTIFY).map(([name, justify]) =>
    pureMethod(name, 'self, width, fill=" "', ({ self, width, fill }, runtime) => {
      const text = textOf(self, runtime);
      const columns = toIndex(width, runtime);
      if (columns instanceof Unknown) return columns;
      runtime.allocate(columns / 8);
      return justify(text, Math.max(0, columns - text.length), textOf(fill, runtime));
    }),
  ),
  searchMethod('find', FIND),
  searchMethod('rfind', RFIND),
  searchMethod('index', FIND, 'substring not found'),
  searchMethod('rindex', RFIND, 'substring not found'),
  searchMethod('count', COUNT),
  affixMethod('startswith', (text, affix) => text.startsWith(affix)),
  affixMethod('endswith', (text, affix) => text.endsWith(affix)),
  stripMethod('strip', true, true),
  stripMethod('lstrip', true, false),
  stripMethod('rstrip', false, true),
  splitMethod('split', false),
  splitMethod('rsplit', true),
  pureMethod(
    'splitlines',
    'self, keepends=False',
    ({ self, keepends }, runtime) => new List(splitLines(textOf(self, runtime), keepends === true)),
  ),
  pureMethod(
    'partition',
    'self, sep',
    ({ self, sep }, runtime) => new Tuple(partition(textOf(self, runtime), textOf(sep, runtime), false)),
  ),
  pureMethod(
    'rpartition',
    'self, sep',
    ({ self, sep }, runtime) => new Tuple(partition(textOf(self, runtime), textOf(sep, runtime), true)),
  ),
  pureMethod('replace', 'self, old, new, count=-1', ({ self, old, new: replacement, count }, runtime) => {
    const [from, to] = [textOf(old, runtime), textOf(replacement, runtime)];
    const left = toIndex(count, runtime);
    if (left instanceof Unknown) return left;
    const longest = from === '' ? textOf(self, runtime).length + 1 : textOf(self, runtime).length / from.length;
    runtime.allocate((longest * Math.max(0, to.length - from.length)) / 8);
    if (left < 0) return textOf(self, runtime).replaceAll(from, () => to);
    let limit: number = left;
    return textOf(self, runtime).replaceAll(from, (found) => (limit-- > 0 ? to : found));
  }),
  pureMethod('removeprefix', 'self, prefix', ({ self, prefix }, runtime) => {
    const [text, affix] = [textOf(self, runtime), textOf(prefix, runtime)];
    return text.startsWith(affix) ? text.slice(affix.length) : text;
  }),
  pureMethod('removesuffix', 'self, suffix', ({ self, suffix }, runtime) => {
    const [text, affix] = [textOf(self, runtime), textOf(suffix, runtime)];
    return affix !== '' && text.endsWith(affix) ? text.slice(0, -affix.length) : text;
  }),
  pureMethod('zfill', 'self, width', ({ self, width }, runtime) => {
    const [, sign = '', digits = ''] = /^([+-]?)([^]*)$/.exec(textOf(self, runtime)) ?? [];
    const columns = toIndex(width, runtime);
    if (columns instanceof Unknown) return columns;
    runtime.allocate(columns / 8);
    return sign + digits.padStart(columns - sign.length, '0');
  }),
  pureMethod('expandtabs', 'self, tabsize=8', ({ self, tabsize }, runtime) => {
    const size = toIndex(tabsize, runtime);
    if (size instanceof Unknown) return size;
    runtime.allocate((textOf(self, runtime).length * size) / 8);
    let column = 0;
    return characters(textOf(self, runtime))
      .map((ch) => {
        if (ch === '\n') column = -1;
        const out = ch === '\t' ? ' '.repeat(size > 0 ? size - (column % size) : 0) : ch;
        column += out.length;
        return out;
      })
      .join('');
  }),
  pureMethod('translate', 'self, table', ({ self, table }, runtime) =>
    characters(textOf(self, runtime))
      .map((ch) => {
        const to = table instanceof Dict ? table.get(ch.codePointAt(0) ?? 0) : undefined;
        if (to === undefined) return ch;
        return to === null ? '' : typeof to === 'number' ? String.fromCodePoint(to) : textOf(to, runtime);
      })
      .join(''),
  ),
  pureMethod(
    'encode',
    'self, encoding="utf-8", errors="strict"',
    ({ self }, runtime) => new Bytes(toUtf8(textOf(self, runtime))),
  ),
  native('join', 'self, items', ({ self, items }, runtime) => {
    const unknown = firstUnknown([self, items]);
    if (unknown) return callSymbol(unknown, `${typeof self === 'string' ? `'${self}'` : '…'}.join`, [items]);
    const parts = runtime.toArray(items);
    const inside = firstUnknown(parts);
    if (inside) return callSymbol(inside, `'${textOf(self, runtime)}'.join`, [inside]);
    const texts = parts.map((p, i) => textOf(p, runtime, `sequence item ${i}: expected str instance`));
    const separator = textOf(self, runtime);
    runtime.allocate(texts.reduce((n, t) => n + t.length + separator.length, 0) / 8);
    return texts.join(separator);
  }),
  native('format', 'self, /, *args, **kwargs', ({ self, args, kwargs }, runtime) => {
    if (self instanceof Unknown) return self;
    const named = kwargs instanceof Dict ? kwargs : new Dict();
    const positional = args instanceof Tuple ? args.items : [];
    return formatTemplate(
      textOf(self, runtime),
      { positional, named: (name) => named.get(name) ?? runtime.raise('KeyError', name) },
      runtime,
    );
  }),
  native('format_map', 'self, mapping', ({ self, mapping }, runtime) =>
    formatTemplate(textOf(self, runtime), { positional: [], named: (name) => runtime.getItem(mapping, name) }, runtime),
  ),
];

const PROTOCOL: readonly NativeFunction[] = [
  pureMethod('__len__', 'self', ({ self }, runtime) => runtime.length(textOf(self, runtime))),
  pureMethod('__contains__', 'self, part', ({ self, part }, runtime) =>
    textOf(self, runtime).includes(textOf(part, runtime)),
  ),
  pureMethod('__getitem__', 'self, index', ({ self, index }, runtime) => runtime.getItem(textOf(self, runtime), index)),
  pureMethod('__iter__', 'self', ({ self }, runtime) => runtime.iterator(textOf(self, runtime))),
  pureMethod('__str__', 'self', ({ self }, runtime) => textOf(self, runtime)),
  ...arithmeticMethods(['add', 'mul', 'mod']),
  ...comparisonMethods(ORDERED),
];

export const strClass: ClassValue = builtinClass('str', [objectClass], 'builtins', TEXT, PROTOCOL, [
  constructor('cls, object="", encoding=None, errors=None', ({ cls, object, encoding }, runtime) => {
    const unknown = object instanceof Instance ? undefined : unknownWithin(object);
    if (unknown) return unknown.as(`str(${unknown.symbol})`);
    const target = asClass(cls, runtime);
    const text = object instanceof Bytes && encoding !== null ? fromUtf8(object.value) : strOf(object, runtime);
    return target === strClass ? text : newInstance(target, runtime, text);
  }),
]);

strClass.names.set(
  'maketrans',
  new StaticMethod(
    native('maketrans', 'x, y=None, z=None', ({ x, y, z }, runtime) => {
      const table = new Dict();
      if (x instanceof Dict) {
        for (const [k, v] of x.pairs()) table.set(typeof k === 'string' ? (k.codePointAt(0) ?? 0) : k, v);
      } else if (y !== null) {
        const to = characters(textOf(y, runtime));
        for (const [i, ch] of characters(textOf(x, runtime)).entries())
          table.set(ch.codePointAt(0) ?? 0, (to[i] ?? '').codePointAt(0) ?? null);
      }
      for (const ch of z === null ? '' : textOf(z, runtime)) table.set(ch.codePointAt(0) ?? 0, null);
      return table;
    }),
  ),
);
