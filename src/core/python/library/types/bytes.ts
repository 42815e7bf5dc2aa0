import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import { Bytes, List, StaticMethod, Unknown, type ClassValue, type Value } from '../../values/index.js';
import { builtinClass } from '../support/classes.js';
import { arithmeticMethods, comparisonMethods, ORDERED } from '../support/operators.js';
import { firstUnknown, pureMethod } from '../support/unknowns.js';
import { fromUtf8, toUtf8 } from '../support/utf8.js';
import { collect } from '../support/collect.js';
import { constructor, objectClass } from './object.js';
import { split, strip } from './text.js';
import { characters } from '../support/characters.js';

function bytesText(value: Value, runtime: Runtime): string {
  if (value instanceof Bytes) return value.value;
  return runtime.raise('TypeError', `a bytes-like object is required, not '${runtime.classOf(value).name}'`);
}

function make(source: Value, runtime: Runtime): Value {
  if (source instanceof Bytes) return source;
  if (typeof source === 'string') return new Bytes(toUtf8(source));
  if (typeof source === 'number') {
    runtime.allocate(source / 8);
    return new Bytes('\0'.repeat(Math.max(0, source)));
  }
  const items = collect(source, runtime);
  const unknown = firstUnknown(items);
  return unknown?.as('bytes(x)') ?? new Bytes(items.map((v) => String.fromCharCode(Number(v))).join(''));
}

/** Bytes are mostly names and magic numbers in model files: the methods that read such are here. */
export const bytesClass: ClassValue = builtinClass('bytes', [objectClass], 'builtins', [
  constructor('cls, source=None, encoding=None, errors=None', ({ source }, runtime) => {
    if (source instanceof Unknown) return source.as('bytes(x)');
    return source === null ? new Bytes('') : make(source, runtime);
  }),
  pureMethod('decode', 'self, encoding="utf-8", errors="strict"', ({ self }, runtime) =>
    fromUtf8(bytesText(self, runtime)),
  ),
  pureMethod('hex', 'self', ({ self }, runtime) =>
    characters(bytesText(self, runtime))
      .map((c) => c.charCodeAt(0).toString(16).padStart(2, '0'))
      .join(''),
  ),
  pureMethod('startswith', 'self, affix', ({ self, affix }, runtime) =>
    bytesText(self, runtime).startsWith(bytesText(affix, runtime)),
  ),
  pureMethod('endswith', 'self, affix', ({ self, affix }, runtime) =>
    bytesText(self, runtime).endsWith(bytesText(affix, runtime)),
  ),
  pureMethod('strip', 'self', ({ self }, runtime) => new Bytes(strip(bytesText(self, runtime), undefined, true, true))),
  pureMethod('lower', 'self', ({ self }, runtime) => new Bytes(bytesText(self, runtime).toLowerCase())),
  pureMethod('upper', 'self', ({ self }, runtime) => new Bytes(bytesText(self, runtime).toUpperCase())),
  pureMethod(
    'replace',
    'self, old, new',
    ({ self, old, new: to }, runtime) =>
      new Bytes(bytesText(self, runtime).replaceAll(bytesText(old, runtime), bytesText(to, runtime))),
  ),
  pureMethod(
    'split',
    'self, sep=None',
    ({ self, sep }, runtime) =>
      new List(
        split(bytesText(self, runtime), sep === null ? undefined : bytesText(sep, runtime), Infinity, false).map(
          (s) => new Bytes(s),
        ),
      ),
  ),
  pureMethod(
    'join',
    'self, items',
    ({ self, items }, runtime) =>
      new Bytes(
        runtime
          .toArray(items)
          .map((v) => bytesText(v, runtime))
          .join(bytesText(self, runtime)),
      ),
  ),
  ...arithmeticMethods(['add', 'mul']),
  ...comparisonMethods(ORDERED),
]);
bytesClass.names.set(
  'fromhex',
  new StaticMethod(
    native(
      'fromhex',
      'text',
      ({ text }) =>
        new Bytes(
          (String(text).replace(/\s/g, '').match(/../g) ?? [])
            .map((h) => String.fromCharCode(parseInt(h, 16)))
            .join(''),
        ),
    ),
  ),
);
