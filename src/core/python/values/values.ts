import type { SourceRange } from '../../model/source.js';
import type * as ast from '../syntax/ast.js';
import { touch, type Mutable } from './journal.js';
import type { Runtime } from './runtime.js';

/**
 * A Python value. `int` is a JavaScript number holding an integer (a bigint once it leaves ±2^53), `float` is a
 * `Float`, `str`, `bool` and `None` are string, boolean and null; everything else is an object below.
 */
export type Value = null | boolean | number | bigint | string | PyObject;

/** Everything that isn't a JavaScript primitive. */
export abstract class PyObject {
  /** Name of the type as Python's `type(x).__name__` gives it. */
  abstract readonly typeName: string;
}

export class Float extends PyObject {
  readonly typeName = 'float';
  constructor(readonly value: number) {
    super();
  }
}

export class Complex extends PyObject {
  readonly typeName = 'complex';
  constructor(
    readonly re: number,
    readonly im: number,
  ) {
    super();
  }
}

export class Bytes extends PyObject {
  readonly typeName = 'bytes';
  constructor(readonly value: string) {
    super();
  }
}

/** `...` and `NotImplemented`. */
export class Singleton extends PyObject {
  constructor(
    readonly typeName: string,
    readonly text: string,
  ) {
    super();
  }
}
export const ELLIPSIS = new Singleton('ellipsis', 'Ellipsis');
export const NOT_IMPLEMENTED = new Singleton('NotImplementedType', 'NotImplemented');

/**
 * A value that can't be known, with the reason and the place where knowing ended. It flows through every operation;
 * `symbol` is what the user would write for it, so that a size can be shown as `hidden * 4`.
 */
export class Unknown extends PyObject {
  readonly typeName = 'unknown';
  constructor(
    readonly reason: string,
    readonly range: SourceRange | undefined,
    readonly symbol = '?',
  ) {
    super();
  }

  /** The same lack of knowledge, under another expression. */
  as(symbol: string): Unknown {
    return new Unknown(this.reason, this.range, symbol.length > 60 ? '?' : symbol);
  }
}

// ---------------------------------------------------------------- containers

export class Tuple extends PyObject {
  readonly typeName = 'tuple';
  constructor(
    readonly items: readonly Value[],
    /** Attributes of named results (`torch.max(x, 1).values`, `torch.Size.numel`). */
    readonly attributes?: { get(name: string): Value | undefined },
  ) {
    super();
  }
}

/** Read `items` freely; before changing it call `change()`. */
export class List extends PyObject implements Mutable {
  readonly typeName = 'list';
  constructor(public items: Value[]) {
    super();
  }
  change(): Value[] {
    touch(this);
    return this.items;
  }
  save(): () => void {
    const copy = this.items.slice();
    return () => {
      this.items = copy;
    };
  }
}

/** A dict in insertion order. Keys are hashed by `hashKey`; unhashable and unknown keys are the caller's to refuse. */
export class Dict extends PyObject implements Mutable {
  readonly typeName: string;
  private entries = new Map<HashKey, [Value, Value]>();
  /** `defaultdict`'s factory. */
  factory: Value = null;

  constructor(typeName = 'dict') {
    super();
    this.typeName = typeName;
  }
  static from(pairs: Iterable<readonly [Value, Value]>, typeName?: string): Dict {
    const d = new Dict(typeName);
    for (const [k, v] of pairs) d.entries.set(hashKey(k), [k, v]);
    return d;
  }
  get size(): number {
    return this.entries.size;
  }
  get(key: Value): Value | undefined {
    return this.entries.get(hashKey(key))?.[1];
  }
  has(key: Value): boolean {
    return this.entries.has(hashKey(key));
  }
  set(key: Value, value: Value): void {
    touch(this);
    const hash = hashKey(key);
    const old = this.entries.get(hash);
    if (old) this.entries.set(hash, [old[0], value]);
    else this.entries.set(hash, [key, value]);
  }
  delete(key: Value): boolean {
    touch(this);
    return this.entries.delete(hashKey(key));
  }
  clear(): void {
    touch(this);
    this.entries = new Map();
  }
  keys(): Value[] {
    return [...this.entries.values()].map((e) => e[0]);
  }
  values(): Value[] {
    return [...this.entries.values()].map((e) => e[1]);
  }
  pairs(): [Value, Value][] {
    return [...this.entries.values()];
  }
  save(): () => void {
    const copy = new Map(this.entries);
    return () => {
      this.entries = copy;
    };
  }
}

export class PySet extends PyObject implements Mutable {
  readonly typeName: string;
  private entries = new Map<HashKey, Value>();
  constructor(
    items: Iterable<Value> = [],
    readonly frozen = false,
  ) {
    super();
    this.typeName = frozen ? 'frozenset' : 'set';
    for (const v of items) this.entries.set(hashKey(v), v);
  }
  get size(): number {
    return this.entries.size;
  }
  has(v: Value): boolean {
    return this.entries.has(hashKey(v));
  }
  add(v: Value): void {
    touch(this);
    const hash = hashKey(v);
    if (!this.entries.has(hash)) this.entries.set(hash, v);
  }
  delete(v: Value): boolean {
    touch(this);
    return this.entries.delete(hashKey(v));
  }
  clear(): void {
    touch(this);
    this.entries = new Map();
  }
  values(): Value[] {
    return [...this.entries.values()];
  }
  save(): () => void {
    const copy = new Map(this.entries);
    return () => {
      this.entries = copy;
    };
  }
}

export class Slice extends PyObject {
  readonly typeName = 'slice';
  constructor(
    readonly start: Value,
    readonly stop: Value,
    readonly step: Value,
  ) {
    super();
  }
}

export class Range extends PyObject {
  readonly typeName = 'range';
  constructor(
    readonly start: number,
    readonly stop: number,
    readonly step: number,
  ) {
    super();
  }
  get length(): number {
    return Math.max(0, Math.ceil((this.stop - this.start) / this.step));
  }
}

/** An iterator: `next` returns `undefined` at the end. Views (`dict.keys()`) and generators are iterators here too. */
export class Iterator extends PyObject {
  constructor(
    readonly next: () => Value | undefined,
    readonly typeName = 'iterator',
  ) {
    super();
  }
}

/** A re-iterable view of a container: dict views, `Sequential.children()` and the like. */
export class View extends PyObject {
  constructor(
    readonly typeName: string,
    readonly items: () => Value[],
  ) {
    super();
  }
}

// ---------------------------------------------------------------- namespaces and callables

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

export class FunctionValue extends PyObject {
  readonly typeName = 'function';
  readonly attributes = new Namespace();
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

export class ClassValue extends PyObject {
  readonly typeName = 'type';
  readonly names = new Namespace();
  /** Method resolution order (C3), this class first. */
  readonly mro: readonly ClassValue[];
  /** A base could not be known: attributes that aren't found are Unknown for this reason. */
  readonly unknownBase: Unknown | null;
  constructor(
    readonly name: string,
    readonly bases: readonly ClassValue[],
    mro: readonly ClassValue[],
    readonly module: ModuleValue | null,
    readonly range: SourceRange | undefined,
    unknownBase: Unknown | null = null,
  ) {
    super();
    this.mro = [this, ...mro];
    this.unknownBase = unknownBase ?? bases.find((b) => b.unknownBase)?.unknownBase ?? null;
  }
  /** First definition of `name` along the MRO. */
  find(name: string): Value | undefined {
    for (const c of this.mro) {
      const v = c.names.get(name);
      if (v !== undefined) return v;
    }
    return undefined;
  }
  isSubclassOf(other: ClassValue): boolean {
    return this.mro.includes(other);
  }
}

/** An object of a class written in Python (or of a built-in class that Python code may extend, such as nn.Module). */
export class Instance extends PyObject implements Mutable {
  readonly names = new Namespace();
  /** The value inside, for subclasses of built-in types (`class Config(dict)`, `namedtuple`, `enum` members). */
  payload: Value | undefined;
  /** What it is hashed by, where equal objects are one dict key (`Path`, frozen dataclasses); otherwise by identity. */
  hashedBy: Value | undefined;
  /** `self.__dict__ = self` was run in a dict subclass: attributes are the dict's items. */
  attributesInPayload = false;
  /** Where it was constructed: the innermost call in the user's files. */
  constructedAt: SourceRange | undefined;
  constructor(public cls: ClassValue) {
    super();
  }
  get typeName(): string {
    return this.cls.name;
  }
  /** The class and what is inside; attributes have a namespace of their own. To be preceded by `touch` where they change. */
  save(): () => void {
    const { cls, payload } = this;
    return () => {
      this.cls = cls;
      this.payload = payload;
    };
  }
}

/**
 * An object whose behaviour is written in TypeScript (a tensor, a device, an einops pattern): each hook returns
 * `undefined` for "I don't have that".
 */
export abstract class NativeObject extends PyObject {
  getAttribute(_name: string, _runtime: Runtime): Value | undefined {
    return undefined;
  }
  setAttribute(_name: string, _value: Value, _runtime: Runtime): boolean {
    return false;
  }
  call(_args: Value[], _kwargs: ReadonlyMap<string, Value> | undefined, _runtime: Runtime): Value | undefined {
    return undefined;
  }
  getItem(_index: Value, _runtime: Runtime): Value | undefined {
    return undefined;
  }
  setItem(_index: Value, _value: Value, _runtime: Runtime): boolean {
    return false;
  }
  /** `op` is '+', '-', …, or a comparison; `reflected` when this object is the right operand. */
  binary(_op: string, _other: Value, _reflected: boolean, _runtime: Runtime): Value | undefined {
    return undefined;
  }
  unary(_op: '-' | '+' | '~', _runtime: Runtime): Value | undefined {
    return undefined;
  }
  iterate(_runtime: Runtime): Iterable<Value> | undefined {
    return undefined;
  }
  length(_runtime: Runtime): Value | undefined {
    return undefined;
  }
  truth(_runtime: Runtime): boolean | Unknown {
    return true;
  }
  repr(_runtime: Runtime): string {
    return `<${this.typeName}>`;
  }
  /** Class object that `type(x)` and `isinstance` see. */
  classOf(_runtime: Runtime): ClassValue | undefined {
    return undefined;
  }
}

// ---------------------------------------------------------------- hashing

export type HashKey = string | number | bigint | boolean | PyObject | null;

/** Equal keys give the same hash key: 1, 1.0 and True are one key; tuples by content; other objects by identity. */
export function hashKey(v: Value): HashKey {
  if (typeof v === 'string') return `s:${v}`;
  if (typeof v === 'boolean') return v ? 1 : 0;
  if (v === null || typeof v === 'number' || typeof v === 'bigint') return v;
  if (v instanceof Float) return v.value;
  if (v instanceof Bytes) return `b:${v.value}`;
  if (v instanceof Tuple) return tupleKey(v);
  if (v instanceof PySet && v.frozen) return `f:${v.values().map(keyText).sort().join('')}`;
  if (v instanceof Instance && v.hashedBy !== undefined) return hashKey(v.hashedBy);
  if (v instanceof Instance && v.payload !== undefined && v.payload !== null) return hashKey(v.payload);
  return v;
}

const tupleKeys = new WeakMap<Tuple, string>();
const LONGEST_KEY = 100_000;

/** Kept, since tuples inside tuples may hold the same one over and over. */
function tupleKey(v: Tuple): string {
  let key = tupleKeys.get(v);
  if (key === undefined) {
    key = `t:${v.items.map(keyText).join('')}`;
    if (key.length > LONGEST_KEY) throw new RangeError('no room for the hash of so large a tuple');
    tupleKeys.set(v, key);
  }
  return key;
}

const identities = new WeakMap<PyObject, number>();
let nextIdentity = 1;

/** Python's `id()`: a number that stays with the object. */
export function identity(v: PyObject): number {
  let id = identities.get(v);
  if (id === undefined) {
    id = nextIdentity++;
    identities.set(v, id);
  }
  return id;
}

function keyText(v: Value): string {
  const k = hashKey(v);
  const text = k instanceof PyObject ? `o${identity(k)}` : typeof k === 'string' ? k : `n${String(k)}`;
  return `${text.length}:${text}`;
}
