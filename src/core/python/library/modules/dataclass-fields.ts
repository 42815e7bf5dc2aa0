import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import { ClassValue, Dict, Instance, List, PySet, Singleton, Tuple, Unknown, type Value } from '../../values/index.js';
import { builtinClass } from '../support/classes.js';
import { constructor, newInstance, objectClass } from '../types/object.js';
import { TypingForm } from './typing-form.js';

export const MISSING = new Singleton('_MISSING_TYPE', '<dataclasses.MISSING>');
export const KW_ONLY = new Singleton('_KW_ONLY_TYPE', '<dataclasses.KW_ONLY>');

/** One field of a dataclass, as the generated methods use it. */
export interface Field {
  readonly name: string;
  readonly type: Value;
  readonly default: Value | undefined;
  readonly factory: Value | undefined;
  readonly init: boolean;
  readonly repr: boolean;
  readonly compare: boolean;
  readonly keywordOnly: boolean;
  /** `InitVar`: an argument of `__init__` and `__post_init__` that isn't kept. */
  readonly isInitVar: boolean;
  /** `converter` of attrs: what each given value goes through. */
  readonly converter: Value;
  /** The `Field` object that Python code sees. */
  readonly object: Instance;
}

export const fieldClass: ClassValue = builtinClass('Field', [objectClass], 'dataclasses', [
  native('__repr__', 'self', ({ self }, runtime) => {
    const show = (name: string) => `${name}=${runtime.repr(runtime.findAttr(self, name) ?? null)}`;
    return `Field(${['name', 'type', 'default', 'default_factory', 'init', 'repr'].map(show).join(',')})`;
  }),
]);

function newField(args: Readonly<Record<string, Value>>, runtime: Runtime): Instance {
  const object = newInstance(fieldClass, runtime);
  for (const [name, value] of Object.entries(args)) object.names.set(name, value);
  object.names.set('metadata', args['metadata'] ?? new Dict());
  return object;
}

/** `dataclasses.field(…)`. None is a default like any other, so what was given is told from what wasn't. */
export const fieldFunction = native('field', '*args, **options', ({ options }, runtime) => {
  const given = options instanceof Dict ? options : new Dict();
  const of = (name: string, standard: Value): Value => given.get(name) ?? (given.has(name) ? null : standard);
  const standards: Record<string, Value> = {
    default: MISSING,
    default_factory: MISSING,
    init: true,
    repr: true,
    hash: null,
    compare: true,
    metadata: null,
    kw_only: MISSING,
  };
  for (const name of given.keys()) {
    if (!(String(name) in standards))
      runtime.raise('TypeError', `field() got an unexpected keyword argument '${String(name)}'`);
  }
  return newField(Object.fromEntries(Object.entries(standards).map(([name, v]) => [name, of(name, v)])), runtime);
});

const named = (annotation: Value, name: string): boolean => {
  if (annotation instanceof TypingForm) return annotation.name === name;
  // With `from __future__ import annotations` and in quotes it is text.
  if (typeof annotation === 'string') return new RegExp(`^(?:\\w+\\.)*${name}\\b`).test(annotation);
  if (annotation instanceof ClassValue) return annotation.name === name;
  return annotation instanceof Unknown && new RegExp(`(?:^|\\.)${name}\\b`).test(annotation.symbol);
};

/** The fields that a class body's annotations describe, in order. */
export function ownFields(cls: ClassValue, keywordOnly: boolean, runtime: Runtime): Field[] {
  const annotations = cls.names.get('__annotations__');
  const fields: Field[] = [];
  let onlyKeywords = keywordOnly;
  for (const [key, type] of annotations instanceof Dict ? annotations.pairs() : []) {
    if (type === KW_ONLY || named(type, 'KW_ONLY')) onlyKeywords = true;
    else if (typeof key === 'string' && !named(type, 'ClassVar'))
      fields.push(oneField(cls, key, type, onlyKeywords, runtime));
  }
  return fields;
}

function oneField(cls: ClassValue, name: string, type: Value, keywordOnly: boolean, runtime: Runtime): Field {
  const given = cls.names.get(name);
  if (given instanceof List || given instanceof Dict || given instanceof PySet) {
    runtime.raise(
      'ValueError',
      `mutable default <class '${given.typeName}'> for field ${name} is not allowed: use default_factory`,
    );
  }
  const isField = given instanceof Instance && given.cls === fieldClass;
  const object = isField
    ? given
    : newField(
        {
          default: given ?? MISSING,
          default_factory: MISSING,
          init: true,
          repr: true,
          hash: null,
          compare: true,
          kw_only: MISSING,
        },
        runtime,
      );
  if (!isField && given === null) object.names.set('default', null);
  object.names.set('name', name);
  object.names.set('type', type);
  const get = (key: string): Value => object.names.get(key) ?? null;
  const present = (key: string): Value | undefined => (get(key) === MISSING ? undefined : get(key));
  const standard = present('default');
  // The class keeps plain defaults as attributes.
  if (isField && standard === undefined) cls.names.delete(name);
  else if (standard !== undefined) cls.names.set(name, standard);
  const ownKeywordOnly = present('kw_only');
  return {
    name,
    type,
    default: standard,
    factory: present('default_factory'),
    init: get('init') !== false,
    repr: get('repr') !== false,
    compare: get('compare') !== false,
    keywordOnly: ownKeywordOnly === undefined ? keywordOnly : ownKeywordOnly === true,
    isInitVar: named(type, 'InitVar'),
    converter: get('converter'),
    object,
  };
}

const known = new WeakMap<ClassValue, readonly Field[]>();

export function rememberFields(cls: ClassValue, fields: readonly Field[]): void {
  known.set(cls, fields);
  cls.names.set('__dataclass_fields__', Dict.from(fields.filter((f) => !f.isInitVar).map((f) => [f.name, f.object])));
}

/** All fields of a dataclass (or of the nearest dataclass that it extends); `undefined` for other classes. */
export function fieldsOf(cls: ClassValue): readonly Field[] | undefined {
  for (const c of cls.mro) {
    const fields = known.get(c);
    if (fields) return fields;
  }
  return undefined;
}

/** `InitVar[int]` in an annotation. */
export const initVarClass = builtinClass('InitVar', [objectClass], 'dataclasses', [
  constructor('cls, type', () => new TypingForm('InitVar', null)),
]);

/** The values of the fields that an object is compared by. */
export function comparedValues(self: Value, fields: readonly Field[], runtime: Runtime): Tuple {
  return new Tuple(fields.filter((f) => f.compare && !f.isInitVar).map((f) => runtime.getAttr(self, f.name)));
}
