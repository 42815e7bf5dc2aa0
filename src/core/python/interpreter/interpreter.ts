import type { SourceRange } from '../../model/source.js';
import {
  builtinClasses,
  classOfBuiltin,
  createBuiltins,
  replaceableModules,
  reprOf,
  standardModules,
  strOf,
} from '../library/index.js';
import type * as ast from '../syntax/ast.js';
import {
  BoundMethod,
  ClassMethod,
  ClassValue,
  FunctionValue,
  Instance,
  List,
  ModuleValue,
  NativeFunction,
  NativeObject,
  PyException,
  PyObject,
  StaticMethod,
  Tuple,
  Unknown,
  type BinaryOp,
  type CompareOp,
  type Iterator,
  type Runtime,
  type Scope,
  type Value,
} from '../values/index.js';
import { deleteAttribute, findAttribute, setAttribute } from './attributes.js';
import { Budget, DEFAULT_LIMITS, type Limits } from './budget.js';
import { compare, equals } from './comparison.js';
import { Expectations } from './expectations.js';
import { callFunction, callUnknown, instantiate, tooDeep } from './functions.js';
import type { FrameworkHooks } from './hooks.js';
import { deleteItem, getItem, setItem } from './items.js';
import { isInstance } from './instance-check.js';
import { iterate, iterator, length, mappingPairs, toArray } from './iteration.js';
import { Loader } from './loader.js';
import { Modules } from './modules.js';
import { NamespaceDict } from './namespace-dict.js';
import { Notes } from './notes.js';
import { binary, binaryInPlace, truth, unary } from './operators.js';
import { lookUp } from './scope.js';
import { Branches } from './uncertainty.js';
import type { Workspace } from '../../inspect.js';

interface Frame {
  readonly module: ModuleValue;
  node: ast.Located | null;
}

/** JavaScript's own stack ran out. Without a regular expression: compiling one here would overflow again, as a SyntaxError. */
function isStackOverflow(e: unknown): boolean {
  if (e instanceof RangeError) return e.message.includes('call stack');
  return e instanceof SyntaxError && e.message.includes('tack overflow');
}

/** A partial evaluator for Python: executes what it can, and lets Unknown flow through the rest. One instance an evaluation. */
export class Interpreter implements Runtime {
  readonly branches = new Branches(this);
  readonly builtins: ReadonlyMap<string, Value> = createBuiltins();
  readonly loader: Loader;
  readonly modules: Modules;
  readonly objectClass: ClassValue = builtinClasses.object;
  readonly objectSetAttr = builtinClasses.object.find('__setattr__');
  readonly objectDelAttr = builtinClasses.object.find('__delattr__');
  readonly notes = new Notes();
  readonly budget: Budget;
  readonly expectations = new Expectations();
  /** The exception that the running `except` block handles. */
  handling: PyException | undefined;

  private readonly frames: Frame[] = [];
  private readonly comprehensions = new WeakSet<Scope>();
  private readonly places = new Map<string, (node: ast.Located) => SourceRange>();

  constructor(
    workspace: Workspace,
    readonly hooks: FrameworkHooks,
    readonly limits: Limits = DEFAULT_LIMITS,
    /** A clock in milliseconds. */
    now: () => number = () => Date.now(),
  ) {
    this.budget = new Budget(limits, now, () => this.here);
    this.loader = new Loader(workspace);
    this.modules = new Modules(
      this,
      new Map([...standardModules, ...hooks.modules]),
      new Set([...replaceableModules, ...hooks.replaceable]),
    );
  }

  // ---------------------------------------------------------------- places and budget

  /** Says which node is being evaluated, for places in messages. */
  at(node: ast.Located): void {
    const top = this.frames[this.frames.length - 1];
    if (top) top.node = node;
  }

  get here(): SourceRange | undefined {
    for (let i = this.frames.length - 1; i >= 0; i--) {
      const f = this.frames[i]!;
      if (!f.module.isLibrary && f.node) return this.rangeIn(f.module, f.node);
    }
    return undefined;
  }

  /** True while the innermost running code is one of InitScope's own library modules. */
  get inLibrary(): boolean {
    return this.frames[this.frames.length - 1]?.module.isLibrary ?? false;
  }

  /** The range of a node of the running module. */
  rangeOf(node: ast.Located): SourceRange | undefined {
    const top = this.frames[this.frames.length - 1];
    return top && !top.module.isLibrary ? this.rangeIn(top.module, node) : this.here;
  }

  rangeIn(module: ModuleValue, node: ast.Located): SourceRange {
    const places = this.places.get(module.file);
    return places ? places(node) : { file: module.file, start: node.start, end: node.end, line: 0 };
  }

  /** Says how offsets of a file become places to show. */
  registerPlaces(file: string, places: (node: ast.Located) => SourceRange): void {
    this.places.set(file, places);
  }

  spend(steps: number): void {
    this.budget.spend(steps);
  }

  allocate(items: number): void {
    if (!this.budget.allocate(items))
      this.raise('MemoryError', `no room for a sequence of ${String(Math.ceil(items))} items`);
  }

  inFrame<T>(module: ModuleValue, body: () => T): T {
    if (this.frames.length >= this.limits.depth) tooDeep(this, this.limits.depth);
    this.spend(1);
    this.frames.push({ module, node: null });
    try {
      return body();
    } catch (e) {
      return this.rethrow(e);
    } finally {
      this.frames.pop();
    }
  }

  /** Throws on, with JavaScript's own limits (on the stack, on the length of a text) as Python's. */
  rethrow(e: unknown): never {
    if (isStackOverflow(e)) tooDeep(this, this.frames.length);
    if (e instanceof RangeError) this.raise('MemoryError', e.message);
    throw e;
  }

  // ---------------------------------------------------------------- notes and unknowns

  note(reason: string, range: SourceRange | undefined = this.here): void {
    this.notes.add({ reason, range });
  }

  unknown(reason: string, symbol = '?'): Unknown {
    return new Unknown(reason, this.here, symbol);
  }

  /** A short text for a value in a symbol. */
  describe(v: Value): string {
    if (v instanceof Unknown) return v.symbol;
    const text = v instanceof PyObject && !(v instanceof Tuple) && !(v instanceof List) ? v.typeName : this.repr(v);
    return text.length > 24 ? (v instanceof PyObject ? v.typeName : '…') : text;
  }

  raise(exceptionName: string, message: string): never {
    const cls = this.builtins.get(exceptionName) ?? this.builtins.get('Exception');
    const value = cls instanceof ClassValue ? instantiate(this, cls, [message], undefined) : this.unknown(message);
    throw new PyException(value as PyObject, exceptionName, message, this.here);
  }

  /** Runs something for its effects; Python exceptions in it are dropped. */
  attempt(body: () => void): void {
    try {
      body();
    } catch (e) {
      if (!(e instanceof PyException)) throw e;
    }
  }

  catchAttributeError(body: () => Value): Value | undefined {
    try {
      return body();
    } catch (e) {
      if (e instanceof PyException && e.className === 'AttributeError') return undefined;
      throw e;
    }
  }

  // ---------------------------------------------------------------- names

  lookUp(node: ast.Name, scope: Scope): Value {
    const v = lookUp(node.id, scope, this.builtins, this);
    if (v !== undefined) return v;
    const star = this.modules.unknownStar(scope.module);
    if (star) return new Unknown(star.reason, star.range, node.id);
    this.at(node);
    return (
      this.modules.undefinedName(scope.module, node.id) ?? this.raise('NameError', `name '${node.id}' is not defined`)
    );
  }

  /** `locals`, `globals`, `vars` and `dir`, which without arguments tell of the scope they are called in. */
  isScopeFunction(f: NativeFunction): boolean {
    return (
      (f.name === 'locals' || f.name === 'globals' || f.name === 'vars' || f.name === 'dir') &&
      this.builtins.get(f.name) === f
    );
  }
  scopeAnswer(name: string, scope: Scope): Value {
    const names = new NamespaceDict(name === 'globals' ? scope.module.names : scope.names);
    return name === 'dir' ? new List(names.keys().sort()) : names;
  }

  markComprehension(scope: Scope): void {
    this.comprehensions.add(scope);
  }
  isComprehensionScope(scope: Scope): boolean {
    return this.comprehensions.has(scope);
  }

  builtin(name: string): Value {
    return this.builtins.get(name) ?? this.unknown(`${name} is not a builtin`, name);
  }

  // ---------------------------------------------------------------- modules

  importModule(name: string): Value {
    return this.modules.import(name);
  }
  findModule(name: string): Value | undefined {
    return this.modules.find(name);
  }
  submodule(module: ModuleValue, name: string): Value | undefined {
    return this.modules.submodule(module, name);
  }
  starImportFailed(module: ModuleValue, why: Unknown): void {
    this.modules.setUnknownStar(module, why);
  }
  libraryStar(into: ModuleValue, from: ModuleValue): void {
    this.modules.addLibraryStar(into, from);
  }
  get missingKeysRaise(): boolean {
    return this.expectations.missingKeysRaise;
  }

  // ---------------------------------------------------------------- calls

  call(callee: Value, args: Value[] = [], kwargs?: ReadonlyMap<string, Value>): Value {
    if (callee instanceof FunctionValue) return callFunction(this, callee, args, kwargs);
    if (callee instanceof BoundMethod) return this.call(callee.func, [callee.self, ...args], kwargs);
    if (callee instanceof NativeFunction) {
      this.spend(1);
      return callee.call(this, args, kwargs);
    }
    if (callee instanceof ClassValue) return instantiate(this, callee, args, kwargs);
    if (callee instanceof Unknown) return callUnknown(this, callee, args);
    if (callee instanceof Instance) {
      const m = callee.cls.find('__call__');
      if (m !== undefined) return this.call(new BoundMethod(callee, m), args, kwargs);
      if (callee.cls.unknownBase) return callUnknown(this, callee.cls.unknownBase, args);
    }
    if (callee instanceof NativeObject) {
      const v = callee.call(args, kwargs, this);
      if (v !== undefined) return v;
    }
    if (callee instanceof StaticMethod || callee instanceof ClassMethod) return this.call(callee.func, args, kwargs);
    return this.raise('TypeError', `'${this.classOf(callee).name}' object is not callable`);
  }

  callMethod(self: Value, name: string, args: Value[] = [], kwargs?: ReadonlyMap<string, Value>): Value {
    return this.call(this.getAttr(self, name), args, kwargs);
  }

  unwrapStatic(v: Value): Value {
    return v instanceof StaticMethod || v instanceof ClassMethod ? v.func : v;
  }

  isTraced(v: Value): boolean {
    return this.hooks.isTraced?.(v) ?? false;
  }
  isWrappable(v: Instance): boolean {
    return this.hooks.isModule(v);
  }
  baseForUnknown(): ClassValue | undefined {
    return this.hooks.baseForUnknown(this);
  }

  // ---------------------------------------------------------------- attributes and items

  getAttr(object: Value, name: string): Value {
    const v = findAttribute(this, object, name);
    if (v !== undefined) return v;
    const what =
      object instanceof ModuleValue
        ? `module '${object.name}'`
        : object instanceof ClassValue
          ? `type object '${object.name}'`
          : `'${this.classOf(object).name}' object`;
    return this.raise('AttributeError', `${what} has no attribute '${name}'`);
  }
  findAttr(object: Value, name: string): Value | undefined {
    return findAttribute(this, object, name);
  }
  setAttr(object: Value, name: string, value: Value): void {
    setAttribute(this, object, name, value);
  }
  delAttr(object: Value, name: string): void {
    deleteAttribute(this, object, name);
  }
  getItem(object: Value, index: Value): Value {
    return getItem(this, object, index);
  }
  setItem(object: Value, index: Value, value: Value): void {
    setItem(this, object, index, value);
  }
  delItem(object: Value, index: Value): void {
    deleteItem(this, object, index);
  }

  // ---------------------------------------------------------------- iteration

  iterate(value: Value): Iterable<Value> {
    return iterate(this, value);
  }
  toArray(value: Value): Value[] {
    return toArray(this, value);
  }
  iterator(value: Value): Iterator {
    return iterator(this, value);
  }
  length(value: Value): Value {
    return length(this, value);
  }
  mappingPairs(value: Value): (readonly [Value, Value])[] {
    return mappingPairs(this, value);
  }

  // ---------------------------------------------------------------- operators

  truth(value: Value): boolean | Unknown {
    return truth(this, value);
  }
  isTrue(value: Value, assumed = false): boolean {
    const t = truth(this, value);
    return t instanceof Unknown ? assumed : t;
  }
  binary(op: BinaryOp, left: Value, right: Value): Value {
    return binary(this, op, left, right);
  }
  binaryInPlace(op: BinaryOp, left: Value, right: Value): Value {
    return binaryInPlace(this, op, left, right);
  }
  compare(op: CompareOp, left: Value, right: Value): Value {
    return compare(this, op, left, right);
  }
  equals(left: Value, right: Value): boolean | undefined {
    return equals(this, left, right);
  }
  unary(op: '-' | '+' | '~' | 'not', value: Value): Value {
    return unary(this, op, value);
  }
  str(value: Value): string {
    return strOf(value, this);
  }
  repr(value: Value): string {
    return reprOf(value, this);
  }
  classOf(value: Value): ClassValue {
    if (value instanceof Instance) return value.cls;
    if (value instanceof NativeObject) return value.classOf(this) ?? classOfBuiltin(value);
    return classOfBuiltin(value);
  }
  isInstance(value: Value, cls: Value): boolean | undefined {
    return isInstance(this, value, cls);
  }

  // ---------------------------------------------------------------- small makers

  tuple(items: readonly Value[]): Tuple {
    return new Tuple(items);
  }
  list(items: readonly Value[]): List {
    return new List([...items]);
  }
}
