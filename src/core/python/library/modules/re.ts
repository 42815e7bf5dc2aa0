import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import type { ClassValue } from '../../values/index.js';
import { Dict, List, NativeObject, Tuple, Unknown, type NativeFunction, type Value } from '../../values/index.js';
import { builtinClass } from '../support/classes.js';
import { iteratorOf } from '../support/collect.js';
import { moduleOf, notEvaluated, nothing } from '../support/modules.js';
import { realOf } from '../support/numbers.js';
import { textOf } from '../support/receivers.js';
import { firstUnknown } from '../support/unknowns.js';
import { exceptionClass } from '../types/exceptions.js';
import { objectClass } from '../types/object.js';
import { isAffordable, isExplosive } from './re-cost.js';
import { FLAGS, expandTemplate, translate } from './re-syntax.js';

const patternClass = builtinClass('Pattern', [objectClass], 're');
const matchClass = builtinClass('Match', [objectClass], 're');

/** `re.Match`. */
class Match extends NativeObject {
  readonly typeName = 'Match';
  constructor(
    private readonly found: RegExpExecArray,
    private readonly pattern: Pattern,
    private readonly input: string,
  ) {
    super();
  }
  override classOf(): ClassValue {
    return matchClass;
  }
  group(which: Value, runtime: Runtime): Value {
    const index = typeof which === 'string' ? this.pattern.groups.indexOf(which) + 1 : (realOf(which) ?? -1);
    if (index < 0 || index >= this.found.length || (typeof which === 'string' && index === 0))
      runtime.raise('IndexError', 'no such group');
    return this.found[index] ?? null;
  }
  private span(which: Value): readonly [number, number] {
    const index = typeof which === 'string' ? this.pattern.groups.indexOf(which) + 1 : (realOf(which) ?? 0);
    const range = (this.found as { readonly indices?: readonly (readonly [number, number] | undefined)[] }).indices?.[
      index
    ];
    return range ?? [-1, -1];
  }
  override getItem(index: Value, runtime: Runtime): Value {
    return this.group(index, runtime);
  }
  override getAttribute(name: string): Value | undefined {
    const groups = () => this.found.slice(1);
    const table: Readonly<Record<string, () => Value>> = {
      group: () =>
        native('group', '*which', ({ which }, runtime) => {
          const asked = which instanceof Tuple ? which.items : [];
          if (asked.length <= 1) return this.group(asked[0] ?? 0, runtime);
          return new Tuple(asked.map((w) => this.group(w, runtime)));
        }),
      groups: () =>
        native(
          'groups',
          'default=None',
          ({ default: standard }) => new Tuple(groups().map((g) => (g as string | undefined) ?? standard)),
        ),
      groupdict: () =>
        native('groupdict', 'default=None', ({ default: standard }) =>
          Dict.from(this.pattern.groups.flatMap((g, i) => (g === '' ? [] : [[g, groups()[i] ?? standard] as const]))),
        ),
      start: () => native('start', 'group=0', ({ group }) => this.span(group)[0]),
      end: () => native('end', 'group=0', ({ group }) => this.span(group)[1]),
      span: () => native('span', 'group=0', ({ group }) => new Tuple(this.span(group))),
      expand: () =>
        native('expand', 'template', ({ template }, runtime) =>
          expandTemplate(textOf(template, runtime), this.found, this.pattern.groups),
        ),
      string: () => this.input,
      re: () => this.pattern,
      lastindex: () => groups().length || null,
    };
    return table[name]?.();
  }
  override repr(runtime: Runtime): string {
    const [start, end] = this.span(0);
    return `<re.Match object; span=(${start}, ${end}), match=${runtime.repr(this.found[0])}>`;
  }
}

/** A compiled pattern. */
class Pattern extends NativeObject {
  readonly typeName = 'Pattern';
  constructor(
    readonly source: string,
    readonly flags: number,
    private readonly body: string,
    private readonly jsFlags: string,
    /** Names of the groups in order, '' for those without one. */
    readonly groups: readonly string[],
  ) {
    super();
  }
  override classOf(): ClassValue {
    return patternClass;
  }
  get isExplosive(): boolean {
    return isExplosive(this.body);
  }
  private regExp(prefix: string, suffix: string, extra: string): RegExp {
    return new RegExp(`${prefix}(?:${this.body})${suffix}`, this.jsFlags + extra);
  }
  match(text: string, how: 'match' | 'fullmatch' | 'search', from = 0): Value {
    const sticky = how === 'search' ? 'g' : 'y';
    const r = this.regExp('', how === 'fullmatch' ? '(?![^])' : '', `d${sticky}`);
    r.lastIndex = from;
    const found = r.exec(text);
    return found ? new Match(found, this, text) : null;
  }
  all(text: string): RegExpExecArray[] {
    return [...text.matchAll(this.regExp('', '', 'dg'))] as RegExpExecArray[];
  }
  wrap(found: RegExpExecArray, text: string): Match {
    return new Match(found, this, text);
  }
  substitute(replacement: Value, text: string, count: number, runtime: Runtime): [Value, number] {
    let out = '';
    let at = 0;
    let n = 0;
    for (const found of this.all(text)) {
      if (count > 0 && n >= count) break;
      n++;
      const by =
        typeof replacement === 'string'
          ? expandTemplate(replacement, found, this.groups)
          : runtime.call(replacement, [this.wrap(found, text)]);
      if (by instanceof Unknown) return [by, n];
      out += text.slice(at, found.index) + textOf(by, runtime);
      at = found.index + found[0].length;
    }
    return [out + text.slice(at), n];
  }
  split(text: string, limit: number): Value {
    const parts: Value[] = [];
    let at = 0;
    for (const found of this.all(text)) {
      if (limit > 0 && parts.length >= limit * found.length) break;
      parts.push(text.slice(at, found.index), ...found.slice(1).map((g) => (g as string | undefined) ?? null));
      at = found.index + found[0].length;
    }
    return new List([...parts, text.slice(at)]);
  }
  override getAttribute(name: string): Value | undefined {
    if (name === 'pattern') return this.source;
    if (name === 'flags') return this.flags;
    if (name === 'groups') return this.groups.length;
    const method = METHODS[name];
    return (
      method &&
      native(name, '*args, **kwargs', ({ args, kwargs }, runtime) => {
        const given = args instanceof Tuple ? [...args.items] : [];
        if (kwargs instanceof Dict) for (const [, v] of kwargs.pairs()) given.push(v);
        return firstUnknown(given)?.as(`${name}()`) ?? apply(method, this, given, runtime);
      })
    );
  }
  override repr(runtime: Runtime): string {
    return `re.compile(${runtime.repr(this.source)})`;
  }
}

type Method = (pattern: Pattern, args: readonly Value[], runtime: Runtime) => Value;

function apply(method: Method, pattern: Pattern, args: readonly Value[], runtime: Runtime): Value {
  const longest = Math.max(0, ...args.map((v) => (typeof v === 'string' ? v.length : 0)));
  if (!isAffordable(longest, pattern.isExplosive))
    return runtime.unknown(
      `matching ${pattern.source} against a text of ${String(longest)} characters may take too long`,
      're',
    );
  return method(pattern, args, runtime);
}

function findAll(pattern: Pattern, text: string): Value {
  return new List(
    pattern.all(text).map((m) => {
      const groups = m.slice(1).map((g) => (g as string | undefined) ?? '');
      return groups.length === 0 ? m[0] : groups.length === 1 ? (groups[0] ?? '') : new Tuple(groups);
    }),
  );
}

const number = (value: Value | undefined) => (value === undefined ? 0 : (realOf(value) ?? 0));

/** What patterns do; the functions of the module are the same with the pattern as first argument. */
const METHODS: Readonly<Record<string, Method>> = {
  match: (p, [text = '', from], runtime) => p.match(textOf(text, runtime), 'match', number(from)),
  fullmatch: (p, [text = ''], runtime) => p.match(textOf(text, runtime), 'fullmatch'),
  search: (p, [text = '', from], runtime) => p.match(textOf(text, runtime), 'search', number(from)),
  findall: (p, [text = ''], runtime) => findAll(p, textOf(text, runtime)),
  finditer: (p, [text = ''], runtime) => {
    const input = textOf(text, runtime);
    return iteratorOf(
      p.all(input).map((m) => p.wrap(m, input)),
      'callable_iterator',
    );
  },
  sub: (p, [by = '', text = '', count], runtime) => p.substitute(by, textOf(text, runtime), number(count), runtime)[0],
  subn: (p, [by = '', text = '', count], runtime) =>
    new Tuple(p.substitute(by, textOf(text, runtime), number(count), runtime)),
  split: (p, [text = '', limit], runtime) => p.split(textOf(text, runtime), number(limit)),
};

/** Arguments of the module's functions in front of `flags`. */
const POSITIONALS: Readonly<Record<string, string>> = {
  match: 'pattern, string, flags=0',
  fullmatch: 'pattern, string, flags=0',
  search: 'pattern, string, flags=0',
  findall: 'pattern, string, flags=0',
  finditer: 'pattern, string, flags=0',
  sub: 'pattern, repl, string, count=0, flags=0',
  subn: 'pattern, repl, string, count=0, flags=0',
  split: 'pattern, string, maxsplit=0, flags=0',
};

function compile(source: Value, flags: Value, runtime: Runtime): Pattern | Unknown {
  if (source instanceof Pattern) return source;
  if (source instanceof Unknown) return source;
  const text = textOf(source, runtime);
  const bits = realOf(flags) ?? 0;
  const translated = translate(text, bits);
  try {
    new RegExp(translated.body, translated.flags);
  } catch {
    return runtime.unknown(`this regular expression can't be read: ${text}`, 're.compile()');
  }
  return new Pattern(text, bits, translated.body, translated.flags, translated.groups);
}

const FUNCTIONS: readonly NativeFunction[] = [
  native('compile', 'pattern, flags=0', ({ pattern, flags }, runtime) => compile(pattern, flags, runtime)),
  native('escape', 'pattern', ({ pattern }, runtime) =>
    textOf(pattern, runtime).replace(/[\s!"#$%&'()*+,\-./:;<=>?@[\\\]^`{|}~]/g, (c) =>
      /[!"%',/:;<=>@`]/.test(c) ? c : `\\${c}`,
    ),
  ),
  ...Object.entries(METHODS).map(([name, method]) =>
    native(name, POSITIONALS[name] ?? '', (args: Readonly<Record<string, Value>>, runtime) => {
      const { pattern = null, flags = 0, ...others } = args;
      const compiled = compile(pattern, flags, runtime);
      const given = Object.values(others);
      const unknown = firstUnknown([compiled, ...given]);
      if (unknown) return unknown.as(`re.${name}()`);
      return compiled instanceof Unknown ? compiled : apply(method, compiled, given, runtime);
    }),
  ),
];

const error = builtinClass('error', [exceptionClass('Exception')], 're');
const table = { ...FLAGS, Pattern: patternClass, Match: matchClass, error, purge: nothing('purge') };
export const re = moduleOf('re', () => [FUNCTIONS, table], notEvaluated('re'));
