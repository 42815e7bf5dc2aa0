import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import {
  ClassValue,
  Dict,
  FunctionValue,
  Instance,
  NativeObject,
  StaticMethod,
  Tuple,
  type NativeFunction,
  type Value,
} from '../../values/index.js';
import { builtinClass } from '../support/classes.js';
import { keywords } from '../support/arguments.js';
import { moduleOf, type Missing } from '../support/modules.js';
import { defaultDictClass, dictClass, orderedDictClass, pairsOf } from '../types/dict.js';
import { listClass, tupleClass } from '../types/list.js';
import { asClass, constructor, objectClass } from '../types/object.js';
import { frozenSetClass, setClass } from '../types/set.js';
import { strClass } from '../types/str.js';
import { typeClass, makeClass } from '../types/type.js';
import { abstractClasses } from './abstract.js';
import { namedTupleClass } from './namedtuple.js';
import { TypingForm, form, unionOf } from './typing-form.js';
import { dequeClass } from './deque.js';

/** Names that stand for a built-in class. */
const ALIASES: Readonly<Record<string, ClassValue>> = {
  List: listClass,
  Dict: dictClass,
  Set: setClass,
  FrozenSet: frozenSetClass,
  Tuple: tupleClass,
  Type: typeClass,
  DefaultDict: defaultDictClass,
  OrderedDict: orderedDictClass,
  Deque: dequeClass,
  AbstractSet: abstractClasses['Set'] ?? objectClass,
  ...abstractClasses,
};

/** `T = TypeVar('T')` and its relatives. */
class TypeVariable extends NativeObject {
  constructor(
    readonly typeName: string,
    readonly name: string,
  ) {
    super();
  }
  override getAttribute(name: string): Value | undefined {
    if (name === '__name__') return this.name;
    return name === 'args' || name === 'kwargs' || name === '__bound__' ? null : undefined;
  }
  override getItem(): Value {
    return this;
  }
  override binary(op: string, other: Value, reflected: boolean): Value | undefined {
    return op === '|' ? unionOf(reflected ? [other, this] : [this, other]) : undefined;
  }
  override repr(): string {
    return `~${this.name}`;
  }
}

function typeVariable(kind: string): ClassValue {
  return builtinClass(kind, [objectClass], 'typing', [
    constructor('cls, name, *args, **kwargs', ({ name }) => new TypeVariable(kind, String(name))),
  ]);
}

const genericClass = builtinClass('Generic', [objectClass], 'typing');

/** What a protocol asks for: the names and annotations of its own body. */
function memberNames(cls: ClassValue): string[] {
  const names = new Set<string>();
  for (const c of cls.mro) {
    if (c === protocolClass || c === objectClass || c === genericClass) continue;
    for (const name of c.names.keys())
      if (!name.startsWith('__') || name === '__call__' || name === '__len__') names.add(name);
    const annotations = c.names.get('__annotations__');
    if (annotations instanceof Dict) for (const k of annotations.keys()) if (typeof k === 'string') names.add(k);
  }
  return [...names];
}

const protocolClass: ClassValue = builtinClass('Protocol', [genericClass], 'typing', [
  native('__initscope_instancecheck__', 'cls, value', ({ cls, value }, runtime) => {
    const wanted = asClass(cls, runtime);
    if (runtime.classOf(value).isSubclassOf(wanted)) return true;
    return (
      wanted.bases.includes(protocolClass) &&
      memberNames(wanted).every((name) => runtime.findAttr(value, name) !== undefined)
    );
  }),
]);

/** Calling a TypedDict makes a plain dict; calling TypedDict itself makes such a class. */
const typedDictClass: ClassValue = builtinClass('TypedDict', [objectClass], 'typing', [
  constructor('cls, /, *args, **kwargs', ({ cls, args, kwargs }, runtime) => {
    const given = args instanceof Tuple ? args.items : [];
    if (cls !== typedDictClass) return Dict.from([...(pairsOf(given[0] ?? null, runtime) ?? []), ...keywords(kwargs)]);
    const fields = Dict.from(pairsOf(given[1] ?? kwargs, runtime) ?? []);
    return makeClass(String(given[0]), [typedDictClass], [['__annotations__', fields]], runtime);
  }),
  native('__initscope_instancecheck__', 'cls, value', ({ value }) => value instanceof Dict),
]);

function typeHints(value: Value, runtime: Runtime): Value {
  const classes =
    value instanceof ClassValue
      ? [...value.mro].reverse()
      : value instanceof Instance
        ? [...value.cls.mro].reverse()
        : [];
  if (value instanceof FunctionValue)
    return runtime.unknown('annotations of functions are not evaluated', 'get_type_hints()');
  const hints = new Dict();
  for (const cls of classes) {
    const own = cls.names.get('__annotations__');
    if (own instanceof Dict) for (const [k, v] of own.pairs()) hints.set(k, v);
  }
  return hints;
}

/** Decorators and functions that give back what they are given. */
const IDENTITY = [
  'overload',
  'final',
  'no_type_check',
  'runtime_checkable',
  'runtime',
  'override',
  'type_check_only',
  'assert_type',
  'reveal_type',
];

const FUNCTIONS: readonly NativeFunction[] = [
  ...IDENTITY.map((name) => native(name, 'value, *rest', ({ value }) => value)),
  native('cast', 'typ, val', ({ val }) => val),
  native('NewType', 'name, tp', ({ name }) => native(String(name), 'value', ({ value }) => value)),
  native('get_type_hints', 'obj, *args, **kwargs', ({ obj }, runtime) => typeHints(obj, runtime)),
  native('get_origin', 'tp', ({ tp }, runtime) =>
    tp instanceof TypingForm && tp.args ? (tp.getAttribute('__origin__', runtime) ?? null) : null,
  ),
  native('get_args', 'tp', ({ tp }) => new Tuple(tp instanceof TypingForm ? (tp.args ?? []) : [])),
  native('dataclass_transform', '*args, **kwargs', () => native('dataclass_transform', 'value', ({ value }) => value)),
  native('deprecated', '*args, **kwargs', () => native('deprecated', 'value', ({ value }) => value)),
  native('assert_never', 'arg', (_args, runtime) => runtime.raise('AssertionError', 'Expected code to be unreachable')),
  native('is_typeddict', 'tp', ({ tp }) => tp instanceof ClassValue && tp.isSubclassOf(typedDictClass)),
  native('ForwardRef', 'arg', ({ arg }) => arg),
];

/** Any other name that starts with a capital is a form: typing grows from version to version. */
const anyForm: Missing = (name) => (/^[A-Z]/.test(name) ? form(name) : undefined);

const module = (name: string) =>
  moduleOf(
    name,
    () => [
      Object.fromEntries(Object.entries(ALIASES).map(([alias, cls]) => [alias, new TypingForm(alias, cls)])),
      FUNCTIONS,
      {
        TYPE_CHECKING: false,
        Generic: genericClass,
        Protocol: protocolClass,
        NamedTuple: namedTupleClass,
        TypedDict: typedDictClass,
        TypeVar: typeVariable('TypeVar'),
        ParamSpec: typeVariable('ParamSpec'),
        TypeVarTuple: typeVariable('TypeVarTuple'),
        AnyStr: new TypeVariable('TypeVar', 'AnyStr'),
        Text: strClass,
      },
    ],
    anyForm,
  );

export const typing = module('typing');
export const typingExtensions = module('typing_extensions');

/** `SomeClass[T]` gives the class itself. */
genericClass.names.set(
  '__class_getitem__',
  new StaticMethod(native('__class_getitem__', 'cls, item', ({ cls }) => cls)),
);
