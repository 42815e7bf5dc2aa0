import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import type { NativeFunction } from '../../values/index.js';
import { ClassValue, Dict, Instance, List, NOT_IMPLEMENTED, Tuple, Unknown, type Value } from '../../values/index.js';
import { keywords, rest } from '../support/arguments.js';
import { raiseAs } from '../support/raise.js';
import { builtinClass } from '../support/classes.js';
import { moduleOf } from '../support/modules.js';
import { exceptionClass } from '../types/exceptions.js';
import { hashOf } from '../types/object.js';
import { makeClass } from '../types/type.js';
import { deepCopy } from './copy.js';
import {
  KW_ONLY,
  MISSING,
  comparedValues,
  fieldClass,
  fieldFunction,
  fieldsOf,
  initVarClass,
  ownFields,
  rememberFields,
  type Field,
} from './dataclass-fields.js';
import { TypingForm } from './typing-form.js';

const frozenError = builtinClass('FrozenInstanceError', [exceptionClass('AttributeError')], 'dataclasses');

/** The options of `@dataclass(…)`. */
interface Options {
  readonly init: boolean;
  readonly repr: boolean;
  readonly eq: boolean;
  readonly order: boolean;
  readonly frozen: boolean;
  readonly keywordOnly: boolean;
}

function optionsFrom(given: ReadonlyMap<string, Value>, runtime: Runtime): Options {
  const flag = (name: string, standard: boolean): boolean => {
    const v = given.get(name);
    return v === undefined ? standard : runtime.isTrue(v);
  };
  return {
    init: flag('init', true),
    repr: flag('repr', true),
    eq: flag('eq', true),
    order: flag('order', false),
    frozen: flag('frozen', false),
    keywordOnly: flag('kw_only', false),
  };
}

/** The generated `__init__`. */
function initializer(cls: ClassValue, fields: readonly Field[], frozen: boolean): NativeFunction {
  const positional = fields.filter((f) => f.init && !f.keywordOnly);
  return native('__init__', 'self, /, *args, **kwargs', ({ self, args, kwargs }, runtime) => {
    const given = rest(args);
    const named = keywords(kwargs);
    if (given.length > positional.length) {
      runtime.raise(
        'TypeError',
        `${cls.name}.__init__() takes ${positional.length + 1} positional arguments but ${given.length + 1} were given`,
      );
    }
    const set = (name: string, value: Value): void => {
      // A frozen class refuses setattr; its own __init__ goes round it, as Python's does.
      if (frozen && self instanceof Instance) self.names.set(name, value);
      else runtime.setAttr(self, name, value);
    };
    const forPostInit: Value[] = [];
    for (const f of fields) {
      const at = positional.indexOf(f);
      let value: Value | undefined = f.init
        ? at >= 0 && at < given.length
          ? given[at]
          : named.get(f.name)
        : undefined;
      if (f.init) named.delete(f.name);
      value ??= value === null ? null : f.factory !== undefined ? runtime.call(f.factory, []) : f.default;
      if (value === undefined) {
        if (f.init) runtime.raise('TypeError', `${cls.name}.__init__() missing required argument: '${f.name}'`);
      } else if (f.isInitVar) forPostInit.push(value);
      else set(f.name, f.converter === null ? value : runtime.call(f.converter, [value]));
    }
    const [extra] = named.keys();
    if (extra !== undefined)
      runtime.raise('TypeError', `${cls.name}.__init__() got an unexpected keyword argument '${extra}'`);
    const post = self instanceof Instance ? self.cls.find('__post_init__') : undefined;
    if (post !== undefined) runtime.callMethod(self, '__post_init__', forPostInit);
    // Frozen objects are hashed by their fields, which can't change any more.
    if (frozen && self instanceof Instance) self.hashedBy = new Tuple([cls, comparedValues(self, fields, runtime)]);
    return null;
  });
}

function reprMethod(fields: readonly Field[]): NativeFunction {
  return native('__repr__', 'self', ({ self }, runtime) => {
    const shown = fields
      .filter((f) => f.repr && !f.isInitVar)
      .map((f) => `${f.name}=${runtime.repr(runtime.getAttr(self, f.name))}`);
    return `${runtime.classOf(self).name}(${shown.join(', ')})`;
  });
}

/** `==` and the orders compare the fields as tuples, between objects of one class only. */
function comparison(name: string, op: '==' | '<' | '<=' | '>' | '>=', fields: readonly Field[]): NativeFunction {
  return native(name, 'self, other', ({ self, other }, runtime) => {
    if (!(self instanceof Instance && other instanceof Instance) || self.cls !== other.cls) return NOT_IMPLEMENTED;
    return runtime.compare(op, comparedValues(self, fields, runtime), comparedValues(other, fields, runtime));
  });
}

function refuse(name: string): NativeFunction {
  return native(name, 'self, name, *value', ({ name: attribute }, runtime) => {
    const message = `cannot ${name === '__setattr__' ? 'assign to' : 'delete'} field '${String(attribute)}'`;
    return raiseAs(frozenError, message, runtime);
  });
}

function process(cls: Value, options: Options, runtime: Runtime): Value {
  if (!(cls instanceof ClassValue)) return cls;
  const all = new Map<string, Field>();
  for (const base of [...cls.mro].reverse()) {
    if (base === cls) continue;
    for (const f of fieldsOf(base) ?? []) all.set(f.name, f);
  }
  for (const f of ownFields(cls, options.keywordOnly, runtime)) all.set(f.name, f);
  const fields = [...all.values()];
  checkOrder(fields, runtime);
  rememberFields(cls, fields);
  const add = (method: NativeFunction): void => {
    if (!cls.names.has(method.name)) cls.names.set(method.name, method);
  };
  if (options.init) add(initializer(cls, fields, options.frozen));
  if (options.repr) add(reprMethod(fields));
  if (options.eq) add(comparison('__eq__', '==', fields));
  if (options.order) {
    for (const [name, op] of [
      ['__lt__', '<'],
      ['__le__', '<='],
      ['__gt__', '>'],
      ['__ge__', '>='],
    ] as const)
      add(comparison(name, op, fields));
  }
  if (options.frozen) {
    add(refuse('__setattr__'));
    add(refuse('__delattr__'));
    add(native('__hash__', 'self', ({ self }, rt) => hashOf(comparedValues(self, fields, rt))));
  }
  cls.names.set('__match_args__', new Tuple(fields.filter((f) => f.init && !f.keywordOnly).map((f) => f.name)));
  return cls;
}

function checkOrder(fields: readonly Field[], runtime: Runtime): void {
  let optional = false;
  for (const f of fields) {
    if (!f.init || f.keywordOnly) continue;
    if (f.default !== undefined || f.factory !== undefined) optional = true;
    else if (optional) runtime.raise('TypeError', `non-default argument '${f.name}' follows default argument`);
  }
}

/** Goes through fields and containers; `make` builds what stands for a dataclass object. */
function convert(value: Value, make: (pairs: [string, Value][]) => Value, runtime: Runtime): Value {
  const each = (v: Value): Value => convert(v, make, runtime);
  const fields = value instanceof Instance ? fieldsOf(value.cls) : undefined;
  if (fields) {
    return make(fields.filter((f) => !f.isInitVar).map((f) => [f.name, each(runtime.getAttr(value, f.name))]));
  }
  if (value instanceof List) return new List(value.items.map(each));
  if (value instanceof Tuple) return new Tuple(value.items.map(each));
  if (value instanceof Dict)
    return Dict.from(
      value.pairs().map(([k, v]) => [each(k), each(v)]),
      value.typeName,
    );
  return deepCopy(value, new Dict(), runtime);
}

function requireFields(value: Value, runtime: Runtime): readonly Field[] {
  const cls = value instanceof ClassValue ? value : runtime.classOf(value);
  return fieldsOf(cls) ?? runtime.raise('TypeError', 'must be called with a dataclass type or instance');
}

const FUNCTIONS: readonly NativeFunction[] = [
  native('dataclass', 'cls=None, /, **options', ({ cls, options }, runtime) => {
    const parsed = optionsFrom(keywords(options), runtime);
    if (cls !== null) return process(cls, parsed, runtime);
    return native('dataclass', 'cls', ({ cls: decorated }, rt) => process(decorated, parsed, rt));
  }),
  fieldFunction,
  native('fields', 'class_or_instance', ({ class_or_instance: value }, runtime) =>
    value instanceof Unknown
      ? value.as(`fields(${value.symbol})`)
      : new Tuple(
          requireFields(value, runtime)
            .filter((f) => !f.isInitVar)
            .map((f) => f.object),
        ),
  ),
  native('asdict', 'obj, *, dict_factory=None', ({ obj, dict_factory: factory }, runtime) => {
    if (obj instanceof Unknown) return obj.as(`asdict(${obj.symbol})`);
    requireFields(obj, runtime);
    const make = (pairs: [string, Value][]): Value =>
      factory === null ? Dict.from(pairs) : runtime.call(factory, [new List(pairs.map((p) => new Tuple(p)))]);
    return convert(obj, make, runtime);
  }),
  native('astuple', 'obj, **kwargs', ({ obj }, runtime) => {
    if (obj instanceof Unknown) return obj.as(`astuple(${obj.symbol})`);
    requireFields(obj, runtime);
    return convert(obj, (pairs) => new Tuple(pairs.map((p) => p[1])), runtime);
  }),
  native('replace', 'obj, /, **changes', ({ obj, changes }, runtime) => {
    if (obj instanceof Unknown) return obj;
    const named = keywords(changes);
    for (const f of requireFields(obj, runtime)) {
      if (f.init && !f.isInitVar && !named.has(f.name)) named.set(f.name, runtime.getAttr(obj, f.name));
    }
    return runtime.call(runtime.classOf(obj), [], named);
  }),
  native('is_dataclass', 'obj', ({ obj }, runtime) => {
    if (obj instanceof Unknown) return obj.as(`is_dataclass(${obj.symbol})`);
    return fieldsOf(obj instanceof ClassValue ? obj : runtime.classOf(obj)) !== undefined;
  }),
  native(
    'make_dataclass',
    'cls_name, fields, *, bases=(), namespace=None, **options',
    ({ cls_name, fields, bases, namespace, options }, runtime) => {
      const annotations = new Dict();
      const names: [string, Value][] =
        namespace instanceof Dict ? namespace.pairs().map(([k, v]) => [String(k), v]) : [];
      for (const f of runtime.toArray(fields)) {
        const [name = f, type = new TypingForm('Any', null), standard] =
          typeof f === 'string' ? [] : runtime.toArray(f);
        annotations.set(name, type);
        if (standard !== undefined) names.push([String(name), standard]);
      }
      const parents = runtime.toArray(bases).filter((b) => b instanceof ClassValue);
      const cls = makeClass(String(cls_name), parents, [['__annotations__', annotations], ...names], runtime);
      return process(cls, optionsFrom(keywords(options), runtime), runtime);
    },
  ),
];

export const dataclasses = moduleOf('dataclasses', () => [
  FUNCTIONS,
  { MISSING, KW_ONLY, Field: fieldClass, InitVar: initVarClass, FrozenInstanceError: frozenError },
]);
