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
  Dict,
  FunctionValue,
  Instance,
  List,
  ModuleValue,
  NativeFunction,
  NativeObject,
  PyException,
  PyObject,
  Range,
  StaticMethod,
  Stopped,
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
import { compare, equals } from './comparison.js';
import { callFunction, callUnknown, instantiate, tooDeep } from './functions.js';
import { deleteItem, getItem, setItem } from './items.js';
import { iterate, iterator, length } from './iteration.js';
import { Loader } from './loader.js';
import { Modules } from './modules.js';
import { NamespaceDict } from './namespace-dict.js';
import { binary, binaryInPlace, truth, unary } from './operators.js';
import { lookUp } from './scope.js';
import { Branches } from './uncertainty.js';
import type { Workspace } from '../../inspect.js';

/** Library modules written for InitScope, by dotted name; made anew for each evaluation. */
export type ModuleFactory = (it: Interpreter, name: string) => ModuleValue;

/** What the interpreter asks of the frameworks. */
export interface FrameworkHooks {
  readonly modules: ReadonlyMap<string, ModuleFactory>;
  /** Top-level packages among them that give way to the workspace's own copy (torchvision's source opened in torchvision). */
  readonly replaceable: ReadonlySet<string>;
  /** The class that an unknown base class is read as (nn.Module). */
  baseForUnknown(it: Interpreter): ClassValue | undefined;
  /** Whether an object is part of a model, so that an unknown wrapper round it is taken to return it. */
  isModule(object: Instance): boolean;
  /** Whether a value is part of what is traced, so that losing it is news. */
  isTraced?(value: Value): boolean;
}

export interface Limits {
  /** Statements and calls in one evaluation. */
  readonly steps: number;
  readonly depth: number;
  readonly milliseconds: number;
  /** After so many milliseconds no further file of the workspace is read: what it gives is unknown. */
  readonly importMilliseconds: number;
  /** After so many, what is at the top of modules is only given time enough for a definition. */
  readonly definitionMilliseconds: number;
  readonly isCancelled?: (() => boolean) | undefined;
}
export const DEFAULT_LIMITS: Limits = {
  steps: 4_000_000,
  depth: 400,
  milliseconds: 8_000,
  importMilliseconds: 5_000,
  definitionMilliseconds: 6_000,
};
/** Items of all large sequences together in one evaluation: 64 MB at 8 bytes. */
const MOST_ALLOCATED = 8_000_000;
const A_SMALL_SEQUENCE = 1000;
/** Milliseconds that define any class or function. */
const A_DEFINITION = 20;

/** One thing that stayed unknown, as noted during an evaluation. */
export interface Note {
  readonly reason: string;
  readonly range: SourceRange | undefined;
}

function noteKey({ reason, range }: Note): string {
  return `${range?.file ?? ''}:${String(range?.start ?? -1)}:${reason}`;
}

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
  readonly notes: Note[] = [];
  /** The exception that the running `except` block handles. */
  handling: PyException | undefined;

  private readonly frames: Frame[] = [];
  private readonly noted = new Set<string>();
  private readonly comprehensions = new WeakSet<Scope>();
  private readonly places = new Map<string, (node: ast.Located) => SourceRange>();
  private steps = 0;
  private allocated = 0;
  private stepLimit: number;
  private readonly started: number;
  private deadline: number;
  private readonly importDeadline: number;
  private missing = 0;
  private missingKeys = 0;

  constructor(
    workspace: Workspace,
    readonly hooks: FrameworkHooks,
    readonly limits: Limits = DEFAULT_LIMITS,
    /** A clock in milliseconds. */
    readonly now: () => number = () => Date.now(),
  ) {
    this.stepLimit = limits.steps;
    this.started = now();
    this.deadline = this.started + limits.milliseconds;
    this.importDeadline = this.started + limits.importMilliseconds;
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
    const before = this.steps;
    if (before + steps > this.stepLimit) {
      // One huge thing that is refused leaves the budget for the rest.
      if (steps <= 1024) this.steps += steps;
      throw new Stopped('budget', `stopped after ${String(before + steps)} steps`, this.here);
    }
    this.steps += steps;
    // The clock is asked now and then only: a step takes microseconds, one that copies a large list a millisecond.
    if (before >> 6 !== this.steps >> 6) this.lookAtTheClock();
  }

  /** Counts what large sequences take, those that are garbage by now as well; small ones are bounded by the steps that make them. */
  allocate(items: number): void {
    if (items < A_SMALL_SEQUENCE) return;
    if (this.allocated + items > MOST_ALLOCATED)
      this.raise('MemoryError', `no room for a sequence of ${String(Math.ceil(items))} items`);
    this.allocated += items;
    this.spend(Math.ceil(items / 256));
  }

  private lookAtTheClock(): void {
    if (this.limits.isCancelled?.() === true) throw new Stopped('cancelled', 'cancelled', this.here);
    const now = this.now();
    if (now > this.deadline)
      throw new Stopped('budget', `stopped after ${((now - this.started) / 1000).toFixed(1)} s`, this.here);
  }

  /** Runs `body` for at most so many milliseconds of what is left. */
  within<T>(milliseconds: number, body: () => T): T {
    const before = this.deadline;
    this.deadline = Math.min(before, this.now() + milliseconds);
    try {
      return body();
    } finally {
      this.deadline = before;
    }
  }

  /** Milliseconds since the evaluation began. */
  get elapsed(): number {
    return this.now() - this.started;
  }

  /** Runs `body` with at most `steps` steps of what is left; running out of them is `Stopped` with cause 'budget'. */
  withBudget<T>(steps: number, body: () => T): T {
    const before = this.stepLimit;
    this.stepLimit = Math.min(before, this.steps + steps);
    try {
      return body();
    } finally {
      this.stepLimit = before;
    }
  }

  /** Milliseconds that a statement at the top of a module may take. */
  get timeForStatement(): number {
    return Math.max(A_DEFINITION, this.limits.definitionMilliseconds - this.elapsed);
  }

  /** Time for reading further files is used up. */
  get importsAreLate(): boolean {
    return this.now() > this.importDeadline;
  }

  get isExhausted(): boolean {
    return this.steps >= this.limits.steps || this.now() > this.deadline;
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
    const key = noteKey({ reason, range });
    if (this.noted.has(key) || this.notes.length >= 500) return;
    this.noted.add(key);
    this.notes.push({ reason, range });
  }

  /** Takes the notes since the first `kept` away, to stand elsewhere or nowhere; they may be made again. */
  takeNotes(kept: number): Note[] {
    const taken = this.notes.splice(kept);
    for (const note of taken) this.noted.delete(noteKey(note));
    return taken;
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
  get missingModulesRaise(): boolean {
    return this.missing > 0;
  }
  /** While `body` runs, importing a module that isn't there raises, as it would on a machine without it. */
  expectingMissingModules<T>(expecting: boolean, body: () => T): T {
    if (!expecting) return body();
    this.missing++;
    try {
      return body();
    } finally {
      this.missing--;
    }
  }
  get missingKeysRaise(): boolean {
    return this.missingKeys > 0;
  }
  /** While `body` runs, variables of the environment that nothing sets are taken not to be there. */
  expectingMissingKeys<T>(expecting: boolean, body: () => T): T {
    if (!expecting) return body();
    this.missingKeys++;
    try {
      return body();
    } finally {
      this.missingKeys--;
    }
  }
  /** The opposite: other modules' own imports are not the business of the `try` that imported them. */
  withoutMissingModules<T>(body: () => T): T {
    const before = [this.missing, this.missingKeys] as const;
    [this.missing, this.missingKeys] = [0, 0];
    try {
      return body();
    } finally {
      [this.missing, this.missingKeys] = before;
    }
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
    if (value instanceof List || value instanceof Tuple) {
      this.allocate(value.items.length);
      return value.items.slice();
    }
    if (value instanceof Range) this.allocate(value.length);
    const out: Value[] = [];
    for (const v of iterate(this, value)) {
      if (out.length % 1024 === 1023) this.allocate(1024);
      out.push(v);
    }
    return out;
  }
  iterator(value: Value): Iterator {
    return iterator(this, value);
  }
  length(value: Value): Value {
    return length(this, value);
  }
  /** Pairs of a mapping, for `**value` and dict displays. */
  mappingPairs(value: Value): (readonly [Value, Value])[] {
    if (value instanceof Dict) return value.pairs();
    if (value instanceof Instance && value.payload instanceof Dict) return value.payload.pairs();
    if (value instanceof Unknown) {
      this.note(`these keyword arguments are not known: ${value.reason}`);
      return [];
    }
    const keys = this.findAttr(value, 'keys');
    if (keys === undefined) return this.raise('TypeError', `'${this.classOf(value).name}' object is not a mapping`);
    return this.toArray(this.call(keys)).map((k) => [k, this.getItem(value, k)] as const);
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
    if (cls instanceof Tuple) {
      let sure: boolean | undefined = false;
      for (const c of cls.items) {
        const is = this.isInstance(value, c);
        if (is === true) return true;
        if (is === undefined) sure = undefined;
      }
      return sure;
    }
    if (value instanceof Unknown) return undefined;
    if (!(cls instanceof ClassValue)) {
      // A type from a library that isn't here: an object of the user's own can hardly be one.
      if (cls instanceof Unknown) return value instanceof Instance && value.cls.unknownBase ? undefined : false;
      const check = cls instanceof PyObject ? this.findAttr(cls, '__instancecheck__') : undefined;
      return check === undefined ? undefined : this.isTrue(this.call(check, [value]));
    }
    const hook = cls.find('__initscope_instancecheck__');
    if (hook !== undefined) {
      const t = this.truth(this.call(this.unwrapStatic(hook), [cls, value]));
      return t instanceof Unknown ? undefined : t;
    }
    return this.classOf(value).isSubclassOf(cls);
  }

  // ---------------------------------------------------------------- small makers

  tuple(items: readonly Value[]): Tuple {
    return new Tuple(items);
  }
  list(items: readonly Value[]): List {
    return new List([...items]);
  }
}
