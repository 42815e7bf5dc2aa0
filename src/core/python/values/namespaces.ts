import { touch, type Mutable } from './journal.js';
import type { Runtime } from './runtime.js';
import { PyObject, type Value } from './values.js';

/** Attributes of an instance, class, module, or the variables of a scope. */
export class Namespace implements Mutable {
  private map = new Map<string, Value>();
  get(name: string): Value | undefined {
    return this.map.get(name);
  }
  has(name: string): boolean {
    return this.map.has(name);
  }
  set(name: string, value: Value): void {
    touch(this);
    this.map.set(name, value);
  }
  delete(name: string): boolean {
    touch(this);
    return this.map.delete(name);
  }
  keys(): IterableIterator<string> {
    return this.map.keys();
  }
  entries(): IterableIterator<[string, Value]> {
    return this.map.entries();
  }
  get size(): number {
    return this.map.size;
  }
  save(): () => void {
    const copy = new Map(this.map);
    return () => {
      this.map = copy;
    };
  }
}

/** A lexical scope. Class bodies are scopes that functions defined in them don't see. */
export interface Scope {
  readonly names: Namespace;
  readonly parent: Scope | null;
  readonly module: ModuleValue;
  readonly isClass: boolean;
  /** Names declared `global` or `nonlocal` here. */
  declared: Map<string, 'global' | 'nonlocal'> | null;
}

export class ModuleValue extends PyObject {
  readonly typeName = 'module';
  readonly names = new Namespace();
  /** Runs a package's `__init__` when the first name of it is asked for; null once it has. */
  pending: (() => void) | null = null;
  constructor(
    readonly name: string,
    /** Path of the file, for range and relative imports; '' for modules made in TypeScript. */
    readonly file: string,
    /** Code that ships with InitScope: its places are never shown to the user. */
    readonly isLibrary: boolean,
    /** Looks up names that aren't there yet (lazy library modules, submodules). */
    readonly fallback?: (name: string, runtime: Runtime) => Value | undefined,
    /** It is a package's __init__: relative imports start from itself. */
    readonly isPackage = false,
  ) {
    super();
  }
}
