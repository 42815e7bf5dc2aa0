import type { Runtime } from '../../values/runtime.js';
import type { PyObject } from '../../values/index.js';
import {
  BoundMethod,
  Bytes,
  ClassMethod,
  ClassValue,
  Complex,
  Dict,
  Float,
  FunctionValue,
  Instance,
  Iterator,
  List,
  ModuleValue,
  NativeFunction,
  NativeObject,
  Property,
  PySet,
  Range,
  Singleton,
  Slice,
  StaticMethod,
  Tuple,
  Unknown,
  View,
  identity,
  type Value,
} from '../../values/index.js';
import { floatRepr } from './decimal.js';
import { characters } from '../support/characters.js';

/** Containers being written: one that holds itself is written `[...]`. */
const open = new Set<PyObject>();

/** `repr(value)`. */
export function reprOf(value: Value, runtime: Runtime): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return quoted(value);
  if (open.has(value)) return value instanceof Dict ? '{...}' : value instanceof List ? '[...]' : '(...)';
  runtime.spend(1);
  open.add(value);
  try {
    return reprOfObject(value, runtime);
  } finally {
    open.delete(value);
  }
}

/** `str(value)`. */
export function strOf(value: Value, runtime: Runtime): string {
  if (typeof value === 'string') return value;
  if (value instanceof Instance) {
    const method = value.cls.find('__str__');
    if (method !== undefined) return textOf(runtime.callMethod(value, '__str__'), value, runtime);
  }
  if (value instanceof NativeObject) {
    const method = value.getAttribute('__str__', runtime);
    if (method !== undefined) return textOf(runtime.call(method, []), value, runtime);
  }
  return reprOf(value, runtime);
}

/** What a `__str__` or `__repr__` gave: text, or, when that isn't known, its symbol. */
function textOf(result: Value, object: Value, runtime: Runtime): string {
  if (typeof result === 'string') return result;
  if (result instanceof Unknown) return result.symbol;
  if (result instanceof Instance && typeof result.payload === 'string') return result.payload;
  return runtime.raise(
    'TypeError',
    `__repr__ returned non-string (type ${runtime.classOf(result).name}) for ${runtime.classOf(object).name}`,
  );
}

function list(items: Iterable<Value>, runtime: Runtime): string {
  return [...items].map((item) => reprOf(item, runtime)).join(', ');
}

function dict(value: Dict, runtime: Runtime): string {
  return `{${value
    .pairs()
    .map(([k, v]) => `${reprOf(k, runtime)}: ${reprOf(v, runtime)}`)
    .join(', ')}}`;
}

function reprOfDict(value: Dict, runtime: Runtime): string {
  if (value.typeName === 'defaultdict')
    return `defaultdict(${reprOf(value.factory, runtime)}, ${dict(value, runtime)})`;
  if (value.typeName === 'Counter') return reprOfCounter(value, runtime);
  if (value.typeName !== 'OrderedDict') return dict(value, runtime);
  const pairs = value.pairs().map(([k, v]) => `(${reprOf(k, runtime)}, ${reprOf(v, runtime)})`);
  return pairs.length === 0 ? 'OrderedDict()' : `OrderedDict([${pairs.join(', ')}])`;
}

/** The most frequent first. */
function reprOfCounter(value: Dict, runtime: Runtime): string {
  const count = (v: Value) => (typeof v === 'number' ? v : 0);
  const sorted = Dict.from(value.pairs().sort((a, b) => count(b[1]) - count(a[1])));
  return value.size === 0 ? 'Counter()' : `Counter(${dict(sorted, runtime)})`;
}

function reprOfSet(value: PySet, runtime: Runtime): string {
  if (value.size === 0) return `${value.typeName}()`;
  const items = list(value.values(), runtime);
  return value.frozen ? `frozenset({${items}})` : `{${items}}`;
}

function reprOfObject(value: PyObject, runtime: Runtime): string {
  if (value instanceof Instance) {
    const method = value.cls.find('__repr__');
    if (method !== undefined) return textOf(runtime.callMethod(value, '__repr__'), value, runtime);
    return value.payload === undefined ? plainRepr(value) : reprOf(value.payload, runtime);
  }
  if (value instanceof Float) return floatRepr(value.value);
  if (value instanceof Tuple)
    return value.items.length === 1 ? `(${list(value.items, runtime)},)` : `(${list(value.items, runtime)})`;
  if (value instanceof List) return `[${list(value.items, runtime)}]`;
  if (value instanceof Dict) return reprOfDict(value, runtime);
  if (value instanceof PySet) return reprOfSet(value, runtime);
  if (value instanceof NativeObject) return value.repr(runtime);
  if (value instanceof Unknown) return value.symbol;
  if (value instanceof Complex) return complexRepr(value);
  if (value instanceof Bytes) return `b${quoted(value.value, true)}`;
  if (value instanceof Singleton) return value.text;
  if (value instanceof Range) {
    return `range(${value.start}, ${value.stop}${value.step === 1 ? '' : `, ${value.step}`})`;
  }
  if (value instanceof Slice) return `slice(${list([value.start, value.stop, value.step], runtime)})`;
  if (value instanceof View) return `${value.typeName}([${list(value.items(), runtime)}])`;
  return reprOfCallable(value, runtime);
}

function reprOfCallable(value: PyObject, runtime: Runtime): string {
  if (value instanceof ClassValue) return `<class '${qualified(value)}'>`;
  if (value instanceof FunctionValue) return `<function ${value.name} at ${address(value)}>`;
  if (value instanceof NativeFunction) return `<built-in function ${value.name}>`;
  if (value instanceof BoundMethod) {
    const name = value.func instanceof FunctionValue || value.func instanceof NativeFunction ? value.func.name : '?';
    return `<bound method ${name} of ${reprOf(value.self, runtime)}>`;
  }
  if (value instanceof ModuleValue) return `<module '${value.name}'>`;
  if (value instanceof Iterator || value instanceof Property) return `<${value.typeName} object at ${address(value)}>`;
  if (value instanceof StaticMethod || value instanceof ClassMethod) {
    return `<${value.typeName}(${reprOf(value.func, runtime)})>`;
  }
  return `<${value.typeName}>`;
}

/** Module and name of a class, as its repr shows them. */
export function qualified(cls: ClassValue): string {
  const module = moduleName(cls);
  return module === 'builtins' ? cls.name : `${module}.${cls.name}`;
}

export function moduleName(cls: ClassValue): string {
  const given = cls.names.get('__module__');
  return typeof given === 'string' ? given : (cls.module?.name ?? 'builtins');
}

function address(value: PyObject): string {
  return `0x${(0x7f0000000000 + identity(value) * 16).toString(16)}`;
}

/** What `object.__repr__` gives. */
export function plainRepr(value: Instance): string {
  return `<${qualified(value.cls)} object at ${address(value)}>`;
}

export function complexRepr(value: Complex): string {
  const short = (x: number) => floatRepr(x).replace(/\.0$/, '');
  if (value.re === 0 && !Object.is(value.re, -0)) return `${short(value.im)}j`;
  return `(${short(value.re)}${value.im < 0 || Object.is(value.im, -0) ? '' : '+'}${short(value.im)}j)`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function quoted(text: string, bytes = false): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = '';
  for (const ch of text) {
    const code = ch.codePointAt(0) ?? 0;
    if (ch === quote) out += `\\${ch}`;
    else if (ESCAPES[ch] !== undefined) out += ESCAPES[ch];
    else if (code < 32 || code === 127 || (bytes ? code > 126 : code > 127 && /[\p{C}\p{Z}]/u.test(ch)))
      out += escaped(code);
    else out += ch;
  }
  return quote + out + quote;
}

function escaped(code: number): string {
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}

/** `ascii(value)`: repr with everything beyond ASCII escaped. */
export function asciiOf(value: Value, runtime: Runtime): string {
  return characters(reprOf(value, runtime))
    .map((ch) => {
      const code = ch.codePointAt(0) ?? 0;
      return code > 126 ? escaped(code) : ch;
    })
    .join('');
}
