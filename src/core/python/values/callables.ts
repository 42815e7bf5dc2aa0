import type * as ast from '../syntax/ast.js';
import type { ClassValue, Instance } from './classes.js';
import { Namespace, type Scope } from './namespaces.js';
import type { Runtime } from './runtime.js';
import { PyObject, type Value } from './values.js';

export class FunctionValue extends PyObject {
  readonly typeName = 'function';
  readonly attributes = new Namespace();
  /** What a decorator has its body run in. */
  around: Surrounding | undefined;
  constructor(
    readonly name: string,
    readonly scope: Scope,
    /** Defaults evaluated at definition, by parameter name. */
    readonly defaults: ReadonlyMap<string, Value>,
    readonly node: ast.FunctionDef | ast.Lambda,
    /** The class whose body defined it: what zero-argument `super()` starts from. */
    public owner: ClassValue | null,
  ) {
    super();
  }

  get args(): ast.Arguments {
    return this.node.args;
  }

  /** Asked for as late as can be: reading it may mean parsing it. */
  get body(): readonly ast.Statement[] | ast.Expression {
    return this.node.body;
  }
}

/** Runs `body` with something of the runtime set otherwise. */
export type Surrounding = <T>(body: () => T) => T;

export type NativeCall = (runtime: Runtime, args: Value[], kwargs: ReadonlyMap<string, Value> | undefined) => Value;

/** A function written in TypeScript; made with `native()` of native.ts. Binds to an instance like a Python function unless `isStatic`. */
export class NativeFunction extends PyObject {
  readonly typeName = 'builtin_function_or_method';
  constructor(
    readonly name: string,
    readonly call: NativeCall,
    readonly isStatic = false,
  ) {
    super();
  }
}

export class BoundMethod extends PyObject {
  readonly typeName = 'method';
  constructor(
    readonly self: Value,
    readonly func: Value,
  ) {
    super();
  }
}

export class Property extends PyObject {
  readonly typeName = 'property';
  constructor(
    readonly getter: Value,
    readonly setter: Value = null,
  ) {
    super();
  }
}

export class StaticMethod extends PyObject {
  readonly typeName = 'staticmethod';
  constructor(readonly func: Value) {
    super();
  }
}

export class ClassMethod extends PyObject {
  readonly typeName = 'classmethod';
  constructor(readonly func: Value) {
    super();
  }
}

/** `super()`: attribute look-up starts behind `after` in the MRO of `self`'s class. */
export class SuperValue extends PyObject {
  readonly typeName = 'super';
  constructor(
    readonly after: ClassValue,
    readonly self: Instance | ClassValue,
  ) {
    super();
  }
}
