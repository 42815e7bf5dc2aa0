import { native } from '../../values/native.js';
import { ClassValue, Dict, Instance, Tuple, type Value } from '../../values/index.js';
import { keywords } from '../support/arguments.js';
import { builtinClass } from '../support/classes.js';
import { moduleOf, notEvaluated, submodules } from '../support/modules.js';
import { slot } from '../support/quiet.js';
import { asClass, newInstance, objectClass } from '../types/object.js';
import { MISSING, fieldClass } from './dataclass-fields.js';

/** `attr.Factory(list)` as a default. */
const factoryClass = builtinClass('Factory', [objectClass], 'attr', [
  native('__init__', 'self, factory, takes_self=False', ({ self, factory }) => {
    if (self instanceof Instance) self.names.set('factory', factory);
    return null;
  }),
]);

/** `attr.ib(…)` and `attrs.field(…)`: a dataclass field by other names. */
const attribute = native('field', '*args, **options', ({ args, options }, runtime) => {
  const given = keywords(options);
  const [first] = args instanceof Tuple ? args.items : [];
  const standard = given.get('default') ?? first ?? (given.has('default') ? null : MISSING);
  const isFactory = standard instanceof Instance && standard.cls === factoryClass;
  const field = newInstance(fieldClass, runtime);
  const names: Record<string, Value> = {
    default: isFactory ? MISSING : standard,
    default_factory: isFactory ? slot(standard, 'factory') : (given.get('factory') ?? MISSING),
    init: given.get('init') ?? true,
    repr: given.get('repr') ?? true,
    compare: given.get('eq') ?? true,
    kw_only: given.get('kw_only') ?? MISSING,
    metadata: given.get('metadata') ?? new Dict(),
    converter: given.get('converter') ?? null,
    hash: null,
  };
  for (const [name, v] of Object.entries(names)) field.names.set(name, v);
  return field;
});

/** Turns a class into a dataclass; fields without annotation count too, in the order of the body. */
function define(cls: Value, options: Map<string, Value>, runtime: Parameters<Parameters<typeof native>[2]>[1]): Value {
  if (!(cls instanceof ClassValue)) return cls;
  const annotated = cls.names.get('__annotations__');
  const types = new Dict();
  for (const [name, value] of [...cls.names.entries()]) {
    if (value instanceof Instance && value.cls === factoryClass)
      cls.names.set(name, runtime.call(attribute, [], new Map([['default', value]])));
  }
  for (const [name, value] of cls.names.entries()) {
    if (value instanceof Instance && value.cls === fieldClass)
      types.set(name, annotated instanceof Dict ? (annotated.get(name) ?? null) : null);
  }
  // The modern form goes by the annotations as long as every attribute has one; the old one by the attributes alone.
  const isAnnotated = types.keys().every((name) => annotated instanceof Dict && annotated.has(name));
  const byAnnotation = options.get('auto_attribs') === true || (options.has('modern') && isAnnotated);
  if (!byAnnotation) cls.names.set('__annotations__', types);
  const passed = new Map(
    [...options].filter(([k]) => ['init', 'repr', 'eq', 'order', 'frozen', 'kw_only'].includes(k)),
  );
  const dataclass = runtime.getAttr(runtime.importModule('dataclasses'), 'dataclass');
  runtime.call(runtime.call(dataclass, [], passed), [cls]);
  const post = cls.names.get('__attrs_post_init__');
  if (post !== undefined) cls.names.set('__post_init__', post);
  return cls;
}

const decorator = (name: string, fixed: Readonly<Record<string, Value>> = {}) =>
  native(name, 'maybe_cls=None, /, **options', ({ maybe_cls: cls, options }, runtime) => {
    const all = new Map([...Object.entries(fixed), ...keywords(options)]);
    if (cls !== null) return define(cls, all, runtime);
    return native(name, 'cls', ({ cls: decorated }, rt) => define(decorated, all, rt));
  });

const table: Readonly<Record<string, Value>> = {
  s: decorator('s'),
  attrs: decorator('attrs'),
  attributes: decorator('attributes'),
  define: decorator('define', { modern: true }),
  mutable: decorator('mutable', { modern: true }),
  frozen: decorator('frozen', { frozen: true, modern: true }),
  dataclass: decorator('dataclass', { auto_attribs: true }),
  ib: attribute,
  attrib: attribute,
  field: attribute,
  Factory: factoryClass,
  NOTHING: MISSING,
  asdict: native('asdict', 'obj, *rest, **kwargs', ({ obj }, runtime) =>
    runtime.call(runtime.getAttr(runtime.importModule('dataclasses'), 'asdict'), [obj]),
  ),
  evolve: native('evolve', 'obj, /, **changes', ({ obj, changes }, runtime) =>
    runtime.call(runtime.getAttr(runtime.importModule('dataclasses'), 'replace'), [obj], keywords(changes)),
  ),
  fields: native('fields', 'cls', ({ cls }, runtime) =>
    runtime.call(runtime.getAttr(runtime.importModule('dataclasses'), 'fields'), [asClass(cls, runtime)]),
  ),
};

const module = (name: string) => moduleOf(name, () => [table], submodules(name, [], notEvaluated(name)));
export const attr = module('attr');
export const attrs = module('attrs');
