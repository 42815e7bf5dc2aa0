import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import {
  ClassMethod,
  Dict,
  FunctionValue,
  Property,
  Tuple,
  Unknown,
  type ClassValue,
  type NativeFunction,
  type Value,
} from '../../values/index.js';
import { reprOf } from '../format/repr.js';
import { keywords, rest } from '../support/arguments.js';
import { builtinClass } from '../support/classes.js';
import { collect } from '../support/collect.js';
import { tupleOf } from '../support/receivers.js';
import { tupleClass } from '../types/list.js';
import { asClass, constructor, newInstance, objectClass } from '../types/object.js';
import { makeClass } from '../types/type.js';

/** Values for the fields, by position, name or default. */
function bind(
  name: string,
  fields: readonly string[],
  defaults: ReadonlyMap<string, Value>,
  args: readonly Value[],
  named: Map<string, Value>,
  runtime: Runtime,
): Tuple {
  if (args.length > fields.length) {
    runtime.raise(
      'TypeError',
      `${name}.__new__() takes ${fields.length + 1} positional arguments but ${args.length + 1} were given`,
    );
  }
  const values = fields.map((field, i) => {
    const given = i < args.length ? args[i] : (named.get(field) ?? defaults.get(field));
    named.delete(field);
    return given === undefined
      ? runtime.raise('TypeError', `${name}.__new__() missing required argument: '${field}'`)
      : given;
  });
  const [extra] = named.keys();
  if (extra !== undefined)
    runtime.raise('TypeError', `${name}.__new__() got an unexpected keyword argument '${extra}'`);
  return new Tuple(values);
}

function methods(name: string, fields: readonly string[], defaults: ReadonlyMap<string, Value>): NativeFunction[] {
  return [
    constructor('cls, /, *args, **kwargs', ({ cls, args, kwargs }, runtime) =>
      newInstance(asClass(cls, runtime), runtime, bind(name, fields, defaults, rest(args), keywords(kwargs), runtime)),
    ),
    native('_asdict', 'self', ({ self }, runtime) => {
      const values = tupleOf(self, runtime);
      return Dict.from(fields.map((f, i) => [f, values[i] ?? null]));
    }),
    native('_replace', 'self, /, **changes', ({ self, changes }, runtime) => {
      const named = keywords(changes);
      const values = tupleOf(self, runtime).map((v, i) => named.get(fields[i] ?? '') ?? v);
      const extra = [...named.keys()].find((k) => !fields.includes(k));
      if (extra !== undefined) runtime.raise('ValueError', `Got unexpected field names: ['${extra}']`);
      return newInstance(runtime.classOf(self), runtime, new Tuple(values));
    }),
    native('__repr__', 'self', ({ self }, runtime) => {
      const values = tupleOf(self, runtime);
      return `${runtime.classOf(self).name}(${fields.map((f, i) => `${f}=${reprOf(values[i] ?? null, runtime)}`).join(', ')})`;
    }),
    native('__getnewargs__', 'self', ({ self }, runtime) => new Tuple(tupleOf(self, runtime))),
  ];
}

/** A tuple class with named fields. */
export function makeNamedTuple(
  name: string,
  fields: readonly string[],
  defaults: ReadonlyMap<string, Value>,
  extra: Iterable<readonly [string, Value]>,
  runtime: Runtime,
): ClassValue {
  const names: [string, Value][] = methods(name, fields, defaults).map((m) => [m.name, m]);
  for (const [i, field] of fields.entries()) {
    names.push([field, new Property(native(field, 'self', ({ self }, rt) => tupleOf(self, rt)[i] ?? null))]);
  }
  names.push(['_fields', new Tuple(fields)], ['_field_defaults', Dict.from(defaults)]);
  names.push([
    '_make',
    new ClassMethod(
      native('_make', 'cls, iterable', ({ cls, iterable }, rt) =>
        newInstance(asClass(cls, rt), rt, new Tuple(collect(iterable, rt))),
      ),
    ),
  ]);
  return makeClass(name, [tupleClass], [...names, ...extra], runtime);
}

function fieldNames(value: Value, runtime: Runtime): string[] | Unknown {
  if (value instanceof Unknown) return value;
  const names = typeof value === 'string' ? value.replaceAll(',', ' ').split(/\s+/) : collect(value, runtime);
  const unknown = (names as readonly Value[]).find((n) => n instanceof Unknown);
  if (unknown instanceof Unknown) return unknown;
  return names.map(String).filter((n) => n !== '');
}

/** `collections.namedtuple`. */
export const namedTuple = native(
  'namedtuple',
  'typename, field_names, *, rename=False, defaults=None, module=None',
  ({ typename, field_names, defaults }, runtime) => {
    const fields = fieldNames(field_names, runtime);
    if (fields instanceof Unknown || typeof typename !== 'string')
      return runtime.unknown('the fields of this namedtuple', 'namedtuple()');
    const last = defaults === null ? [] : collect(defaults, runtime);
    const first = fields.length - last.length;
    return makeNamedTuple(typename, fields, new Map(last.map((v, i) => [fields[first + i] ?? '', v])), [], runtime);
  },
);

/** `typing.NamedTuple`: as a base class, and called with a list of fields. */
export const namedTupleClass: ClassValue = builtinClass('NamedTuple', [objectClass], 'typing', [
  constructor('cls, typename, fields=None, /, **kwargs', ({ typename, fields, kwargs }, runtime) => {
    const names =
      fields === null
        ? [...keywords(kwargs).keys()]
        : collect(fields, runtime).map((f) => String(runtime.getItem(f, 0)));
    return makeNamedTuple(String(typename), names, new Map(), [], runtime);
  }),
  native('__initscope_class__', 'cls', ({ cls }, runtime) => fromAnnotations(asClass(cls, runtime), runtime)),
]);

/** The named tuple that a class statement with annotations describes. */
function fromAnnotations(cls: ClassValue, runtime: Runtime): ClassValue {
  const annotations = cls.names.get('__annotations__');
  const fields = annotations instanceof Dict ? annotations.keys().map(String) : [];
  const defaults = new Map<string, Value>();
  const extra: [string, Value][] = [];
  for (const [name, value] of cls.names.entries()) {
    if (fields.includes(name)) defaults.set(name, value);
    else extra.push([name, value]);
    // Methods now belong to the class that takes this one's place.
    if (value instanceof FunctionValue) value.owner = null;
  }
  return makeNamedTuple(cls.name, fields, defaults, extra, runtime);
}
