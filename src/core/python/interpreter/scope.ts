import {
  Namespace,
  type FunctionValue,
  type ModuleValue,
  type Runtime,
  type Scope,
  type Value,
} from '../values/index.js';

/** The scope of one function call, class body, comprehension or module. */
export class LocalScope implements Scope {
  readonly names: Namespace;
  declared: Map<string, 'global' | 'nonlocal'> | null = null;
  /** Values of `return`s behind conditions that could not be known, while the other side goes on. */
  earlyReturns: Value[] | null = null;
  constructor(
    readonly parent: Scope | null,
    readonly module: ModuleValue,
    readonly isClass = false,
    /** The function being run, and its first argument, for zero-argument `super()`. */
    readonly fn: FunctionValue | null = null,
    readonly self?: Value,
    names?: Namespace,
  ) {
    this.names = names ?? new Namespace();
  }
}

export function moduleScope(module: ModuleValue): LocalScope {
  return new LocalScope(null, module, false, null, undefined, module.names);
}

/** Value of a name: this scope, enclosing functions (never class bodies), the module, then the builtins. */
export function lookUp(
  name: string,
  scope: Scope,
  builtins: ReadonlyMap<string, Value>,
  runtime: Runtime,
): Value | undefined {
  for (let s: Scope | null = scope; s; s = s.parent) {
    if (s.isClass && s !== scope) continue;
    if (s.declared?.get(name) === 'global') break;
    const v = s.names.get(name);
    if (v !== undefined) return v;
  }
  // None is a value like any other here, so `??` would not do.
  const own = scope.module.names.get(name);
  if (own !== undefined) return own;
  const builtin = builtins.get(name);
  return builtin !== undefined ? builtin : scope.module.fallback?.(name, runtime);
}

export function assignName(name: string, value: Value, scope: Scope): void {
  ownerOf(name, scope).set(name, value);
}

export function deleteName(name: string, scope: Scope): boolean {
  return ownerOf(name, scope).delete(name);
}

/** The namespace that an assignment to `name` in `scope` goes to. */
function ownerOf(name: string, scope: Scope): Namespace {
  const how = scope.declared?.get(name);
  if (how === 'global') return scope.module.names;
  if (how === 'nonlocal') {
    for (let s = scope.parent; s; s = s.parent) if (!s.isClass && s.names.has(name)) return s.names;
  }
  return scope.names;
}
