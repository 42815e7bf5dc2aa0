import { hashKey, type HashKey } from './hashing.js';
import { touch, type Mutable } from './journal.js';
import { PyObject, Unknown, type Value } from './values.js';

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
  /** What is known of items beyond `items`: how many there are isn't; undefined when these are all. */
  rest: Unknown | undefined;
  constructor(public items: Value[]) {
    super();
  }
  change(): Value[] {
    touch(this);
    return this.items;
  }
  save(): () => void {
    const [copy, rest] = [this.items.slice(), this.rest];
    return () => {
      this.items = copy;
      this.rest = rest;
    };
  }
}

/** A dict in insertion order. Keys are hashed by `hashKey`; unhashable and unknown keys are the caller's to refuse. */
export class Dict extends PyObject implements Mutable {
  readonly typeName: string;
  private entries = new Map<HashKey, [Value, Value]>();
  /** `defaultdict`'s factory. */
  factory: Value = null;
  /** There may be further entries, for this reason. */
  rest: Unknown | undefined;

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
  /** An entry was set under a key that isn't known. */
  mayHaveMore(why: Unknown): void {
    touch(this);
    this.rest ??= why;
  }
  delete(key: Value): boolean {
    touch(this);
    return this.entries.delete(hashKey(key));
  }
  clear(): void {
    touch(this);
    this.entries = new Map();
    this.rest = undefined;
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
    const [copy, rest] = [new Map(this.entries), this.rest];
    return () => {
      this.entries = copy;
      this.rest = rest;
    };
  }
}

export class PySet extends PyObject implements Mutable {
  readonly typeName: string;
  /** There may be further items, for this reason. */
  rest: Unknown | undefined;
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
    this.rest = undefined;
  }
  values(): Value[] {
    return [...this.entries.values()];
  }
  save(): () => void {
    const [copy, rest] = [new Map(this.entries), this.rest];
    return () => {
      this.entries = copy;
      this.rest = rest;
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
    /** What is known of further items: how many there are isn't. */
    readonly rest?: Unknown,
  ) {
    super();
  }
}

/** A re-iterable view of a container: dict views, `Sequential.children()` and the like. */
export class View extends PyObject {
  constructor(
    readonly typeName: string,
    readonly items: () => Value[],
    /** What it is a view of. */
    readonly source?: List | Dict | PySet,
  ) {
    super();
  }
}

/** Why an iterable has, or may have, more items than are known. */
export function unknownRest(value: Value): Unknown | undefined {
  if (value instanceof Unknown) return value;
  if (value instanceof View) return value.source?.rest;
  const isHolder =
    value instanceof List || value instanceof Dict || value instanceof PySet || value instanceof Iterator;
  return isHolder ? value.rest : undefined;
}

/** The same of the first of several iterables that has an unknown rest. */
export function unknownRestOf(values: readonly Value[]): Unknown | undefined {
  return values.map(unknownRest).find((rest) => rest !== undefined);
}
