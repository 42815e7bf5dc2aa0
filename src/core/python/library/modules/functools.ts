import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import type { NativeFunction } from '../../values/index.js';
import {
  ClassValue,
  Dict,
  FunctionValue,
  Instance,
  NOT_IMPLEMENTED,
  NativeObject,
  Tuple,
  Unknown,
  type Value,
} from '../../values/index.js';
import { keywords, rest } from '../support/arguments.js';
import { builtinClass } from '../support/classes.js';
import { moduleOf } from '../support/modules.js';
import { asClass, constructor, newInstance, objectClass } from '../types/object.js';

/** `functools.partial(f, …)`. */
export class Partial extends NativeObject {
  readonly typeName = 'partial';
  constructor(
    readonly func: Value,
    readonly args: readonly Value[],
    readonly named: Dict,
  ) {
    super();
  }

  override call(args: Value[], kwargs: ReadonlyMap<string, Value> | undefined, runtime: Runtime): Value {
    const all = keywords(this.named);
    if (kwargs) for (const [k, v] of kwargs) all.set(k, v);
    return runtime.call(this.func, [...this.args, ...args], all);
  }
  override getAttribute(name: string, runtime: Runtime): Value | undefined {
    switch (name) {
      case 'func':
        return this.func;
      case 'args':
        return new Tuple(this.args);
      case 'keywords':
        return this.named;
      case '__call__':
        return this;
      case '__deepcopy__':
        return native('__deepcopy__', 'memo', ({ memo }) => {
          const copy = (v: Value) => runtime.call(runtime.getAttr(runtime.importModule('copy'), 'deepcopy'), [v, memo]);
          return new Partial(
            this.func,
            this.args.map(copy),
            Dict.from(this.named.pairs().map(([k, v]) => [k, copy(v)])),
          );
        });
      default:
        return undefined;
    }
  }
  override repr(runtime: Runtime): string {
    const parts = [this.func, ...this.args].map((v) => runtime.repr(v));
    for (const [k, v] of this.named.pairs()) parts.push(`${String(k)}=${runtime.repr(v)}`);
    return `functools.partial(${parts.join(', ')})`;
  }
  override classOf(): ClassValue {
    return partialClass;
  }
}

export const partialClass: ClassValue = builtinClass('partial', [objectClass], 'functools', [
  constructor('cls, func, /, *args, **kwargs', ({ func, args, kwargs }) => {
    const named = kwargs instanceof Dict ? kwargs : new Dict();
    if (!(func instanceof Partial)) return new Partial(func, rest(args), named);
    // A partial of a partial is one partial.
    return new Partial(func.func, [...func.args, ...rest(args)], Dict.from([...func.named.pairs(), ...named.pairs()]));
  }),
]);

/** A method with some of its arguments given. */
const partialMethodClass = builtinClass('partialmethod', [objectClass], 'functools', [
  constructor('cls, func, /, *args, **kwargs', ({ cls, func, args, kwargs }, runtime) =>
    newInstance(
      asClass(cls, runtime),
      runtime,
      new Partial(func, rest(args), kwargs instanceof Dict ? kwargs : new Dict()),
    ),
  ),
  native('__get__', 'self, object, owner=None', ({ self, object }) => {
    const inner = self instanceof Instance ? self.payload : undefined;
    if (!(inner instanceof Partial) || object === null) return self;
    return new Partial(inner.func, [object, ...inner.args], inner.named);
  }),
]);

const cachedPropertyClass = builtinClass('cached_property', [objectClass], 'functools', [
  native('__init__', 'self, func', ({ self, func }) => {
    if (self instanceof Instance) self.names.set('func', func);
    return null;
  }),
  native('__set_name__', 'self, owner, name', ({ self, name }) => {
    if (self instanceof Instance) self.names.set('attrname', name);
    return null;
  }),
  native('__get__', 'self, object, owner=None', ({ self, object }, runtime) => {
    if (!(self instanceof Instance) || object === null) return self;
    const value = runtime.call(self.names.get('func') ?? null, [object]);
    const name = self.names.get('attrname');
    if (object instanceof Instance && typeof name === 'string') object.names.set(name, value);
    return value;
  }),
]);

const WRAPPER_ASSIGNMENTS = ['__module__', '__name__', '__qualname__', '__doc__'];

/** Makes `wrapper` look like `wrapped`. */
function updateWrapper(wrapper: Value, wrapped: Value, runtime: Runtime): Value {
  if (!(wrapper instanceof FunctionValue)) return wrapper;
  for (const name of WRAPPER_ASSIGNMENTS) {
    const v = runtime.findAttr(wrapped, name);
    if (v !== undefined) wrapper.attributes.set(name, v);
  }
  if (wrapped instanceof FunctionValue) for (const [k, v] of wrapped.attributes.entries()) wrapper.attributes.set(k, v);
  wrapper.attributes.set('__wrapped__', wrapped);
  return wrapper;
}

/** Caching changes nothing in what a function gives, so the function itself is what the decorator returns. */
function cached(f: Value): Value {
  if (f instanceof FunctionValue) {
    for (const name of ['cache_clear', 'cache_info'])
      f.attributes.set(
        name,
        native(name, '*args', () => null, { isStatic: true }),
      );
    f.attributes.set('__wrapped__', f);
  }
  return f;
}

const ORDER = ['__lt__', '__le__', '__gt__', '__ge__'] as const;

/** What `total_ordering` derives: each comparison from the one that the class defines and from `==`. */
function orderFrom(root: string, wanted: string): NativeFunction {
  return native(wanted, 'self, other', ({ self, other }, runtime) => {
    const result = runtime.callMethod(self, root, [other]);
    if (result === NOT_IMPLEMENTED) return result;
    const equal = runtime.equals(self, other);
    const holds = runtime.truth(result);
    if (holds instanceof Unknown) return holds;
    if (equal === undefined) return runtime.unknown('the order of values that are not known', wanted);
    const strict = root === '__lt__' || root === '__gt__';
    const less = root === '__lt__' || root === '__le__';
    const isLess = less ? holds && (strict || !equal) : !holds && !(strict && equal);
    const answers = { __lt__: isLess, __le__: isLess || equal, __gt__: !isLess && !equal, __ge__: !isLess || equal };
    return answers[wanted as (typeof ORDER)[number]];
  });
}

/** A function chosen by the class of its first argument. */
class SingleDispatch extends NativeObject {
  readonly typeName = 'function';
  private readonly registry = new Map<Value, Value>();
  constructor(private readonly standard: Value) {
    super();
  }
  override call(args: Value[], kwargs: ReadonlyMap<string, Value> | undefined, runtime: Runtime): Value {
    return runtime.call(this.dispatch(runtime.classOf(args[0] ?? null)), args, kwargs);
  }
  private dispatch(cls: ClassValue): Value {
    for (const c of cls.mro) {
      const found = this.registry.get(c);
      if (found !== undefined) return found;
    }
    return this.standard;
  }
  override getAttribute(name: string, runtime: Runtime): Value | undefined {
    if (name === 'register') {
      return native('register', 'cls, func=None', ({ cls, func }) => {
        if (func !== null) return this.register(cls, func);
        // A plain function says its class in an annotation, which isn't evaluated.
        if (cls instanceof FunctionValue)
          return this.register(runtime.unknown('the class that this function is registered for'), cls);
        return native('register', 'func', ({ func: f }) => this.register(cls, f));
      });
    }
    if (name === 'dispatch')
      return native('dispatch', 'cls', ({ cls }) => (cls instanceof ClassValue ? this.dispatch(cls) : this.standard));
    return name === '__call__' ? this : runtime.findAttr(this.standard, name);
  }
  private register(cls: Value, f: Value): Value {
    this.registry.set(cls, f);
    return f;
  }
}

const FUNCTIONS: readonly NativeFunction[] = [
  native('reduce', 'function, iterable, *initial', ({ function: f, iterable, initial }, runtime) => {
    if (iterable instanceof Unknown) return iterable.as(`reduce(${iterable.symbol})`);
    let [total] = rest(initial);
    for (const v of runtime.iterate(iterable)) total = total === undefined ? v : runtime.call(f, [total, v]);
    return (
      total ?? (total === null ? null : runtime.raise('TypeError', 'reduce() of empty iterable with no initial value'))
    );
  }),
  native('update_wrapper', 'wrapper, wrapped, *rest, **kwargs', ({ wrapper, wrapped }, runtime) =>
    updateWrapper(wrapper, wrapped, runtime),
  ),
  native('wraps', 'wrapped, *rest, **kwargs', ({ wrapped }) =>
    native('wraps', 'wrapper', ({ wrapper }, runtime) => updateWrapper(wrapper, wrapped, runtime)),
  ),
  native('lru_cache', 'maxsize=128, typed=False', ({ maxsize }) =>
    typeof maxsize === 'number' || maxsize === null
      ? native('lru_cache', 'function', ({ function: f }) => cached(f))
      : cached(maxsize),
  ),
  native('cache', 'function', ({ function: f }) => cached(f)),
  native('total_ordering', 'cls', ({ cls }) => {
    if (!(cls instanceof ClassValue)) return cls;
    const root = ORDER.find((name) => cls.names.has(name));
    if (root) for (const name of ORDER) if (!cls.names.has(name)) cls.names.set(name, orderFrom(root, name));
    return cls;
  }),
  native('cmp_to_key', 'function', ({ function: f }) => {
    const key = builtinClass('K', [objectClass], 'functools', [
      native('__init__', 'self, obj', ({ self, obj }) => {
        if (self instanceof Instance) self.names.set('obj', obj);
        return null;
      }),
      native('__lt__', 'self, other', ({ self, other }, runtime) =>
        runtime.compare('<', runtime.call(f, [runtime.getAttr(self, 'obj'), runtime.getAttr(other, 'obj')]), 0),
      ),
    ]);
    return key;
  }),
  native('singledispatch', 'function', ({ function: f }) => new SingleDispatch(f)),
  native('singledispatchmethod', 'function', ({ function: f }, runtime) => {
    runtime.note('methods that are chosen by the class of an argument: the general one is taken');
    return f;
  }),
];

export const functools = moduleOf('functools', () => [
  FUNCTIONS,
  {
    partial: partialClass,
    partialmethod: partialMethodClass,
    cached_property: cachedPropertyClass,
    WRAPPER_ASSIGNMENTS: new Tuple(WRAPPER_ASSIGNMENTS),
    WRAPPER_UPDATES: new Tuple(['__dict__']),
  },
]);
