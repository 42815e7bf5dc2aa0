import {
  FunctionValue,
  native,
  NativeFunction,
  NativeObject,
  BoundMethod,
  ClassValue,
  type Runtime,
  type Value,
} from '../../../../python/values/index.js';

/**
 * A context manager and decorator that changes nothing here: `autocast`, `profile`. Calling it with
 * a function gives the function back, with anything else (or nothing) the manager itself.
 */
export class PassThrough extends NativeObject {
  readonly typeName: string;
  constructor(name: string) {
    super();
    this.typeName = name;
  }
  override call(args: Value[]): Value {
    const [first] = args;
    return args.length === 1 && isFunction(first) ? (first as Value) : this;
  }
  override getAttribute(name: string): Value | undefined {
    switch (name) {
      case '__enter__':
        return native('__enter__', '', () => this, { isStatic: true });
      case '__exit__':
        return native('__exit__', '*args', () => null, { isStatic: true });
      case '__call__':
        return native(
          '__call__',
          '*args, **kwargs',
          (a) => this.call([...(a.args as unknown as { items: Value[] }).items]),
          { isStatic: true },
        );
      case 'clone':
        return native('clone', '', () => this, { isStatic: true });
      default:
        return undefined;
    }
  }
  override repr(_runtime: Runtime): string {
    return this.typeName;
  }
}

function isFunction(v: Value | undefined): boolean {
  return (
    v instanceof FunctionValue || v instanceof NativeFunction || v instanceof BoundMethod || v instanceof ClassValue
  );
}

export const passThrough = (...names: string[]): Record<string, Value> =>
  Object.fromEntries(names.map((n) => [n, new PassThrough(n)]));

/** A decorator that gives its function back, whether it is written with arguments or without. */
export const decorator = (name: string): Value =>
  new NativeFunction(
    name,
    (_rt, args) => {
      const [first] = args;
      return isFunction(first) ? (first as Value) : new NativeFunction(name, (_r, inner) => inner[0] ?? null);
    },
    true,
  );

/** Functions that do nothing and return `value`. */
export const answers = (value: Value, ...names: string[]): Record<string, Value> =>
  Object.fromEntries(names.map((n) => [n, new NativeFunction(n, () => value, true)]));

/** Functions that return their first argument. */
export const identities = (...names: string[]): Record<string, Value> =>
  Object.fromEntries(names.map((n) => [n, new NativeFunction(n, (_rt, args) => args[0] ?? null, true)]));
