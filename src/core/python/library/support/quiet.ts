import { native } from '../../values/native.js';
import { Instance, NativeFunction, NativeObject, type ClassValue, type Value } from '../../values/index.js';
import { objectClass } from '../types/object.js';
import { builtinClass, type Entries } from './classes.js';

/**
 * An object that only has effects outside the program (a logger, a progress bar, a stream): every attribute is a
 * function that does nothing.
 */
export class Quiet extends NativeObject {
  constructor(
    readonly typeName: string,
    private readonly known: Readonly<Record<string, Value>> = {},
  ) {
    super();
  }
  override getAttribute(name: string): Value | undefined {
    const own = this.known[name];
    if (own !== undefined) return own;
    if (name === '__enter__') return native('__enter__', '', () => this);
    if (name === '__exit__') return native('__exit__', '*args', () => null);
    return name.startsWith('__') ? undefined : silent(name);
  }
  override setAttribute(): boolean {
    return true;
  }
  override call(): Value {
    return this;
  }
}

/** A function that takes anything and returns None. */
export function silent(name: string): NativeFunction {
  return new NativeFunction(name, () => null, true);
}

/** A class that user code may extend and whose methods only have effects outside. */
export function quietClass(name: string, module: string, methods: readonly string[], ...more: Entries[]): ClassValue {
  return builtinClass(
    name,
    [objectClass],
    module,
    [
      native('__init__', 'self, *args, **kwargs', () => null),
      native('__enter__', 'self', ({ self }) => self),
      native('__exit__', 'self, *args', () => null),
      ...methods.map((m) => native(m, 'self, *args, **kwargs', () => null)),
    ],
    ...more,
  );
}

/** An attribute of an object made here; null where it isn't set. */
export function slot(self: Value, name: string): Value {
  return self instanceof Instance ? (self.names.get(name) ?? null) : null;
}
