import type { SourceRange } from '../../model/source.js';
import type { ClassValue } from './classes.js';
import type { Iterator } from './containers.js';
import type { PyObject, Unknown, Value } from './values.js';

export type BinaryOp = '+' | '-' | '*' | '/' | '//' | '%' | '**' | '@' | '<<' | '>>' | '&' | '|' | '^';
export type CompareOp = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'is' | 'is not' | 'in' | 'not in';

/** What functions written in TypeScript may ask of the interpreter. Python exceptions come out as `PyException`. */
export interface Runtime {
  call(callee: Value, args?: Value[], kwargs?: ReadonlyMap<string, Value>): Value;
  /** Calls a method by name. */
  callMethod(self: Value, name: string, args?: Value[], kwargs?: ReadonlyMap<string, Value>): Value;
  /** Attribute, by the full protocol; raises AttributeError. */
  getAttr(object: Value, name: string): Value;
  /** The same, but `undefined` where Python would raise AttributeError. */
  findAttr(object: Value, name: string): Value | undefined;
  setAttr(object: Value, name: string, value: Value): void;
  delAttr(object: Value, name: string): void;
  getItem(object: Value, index: Value): Value;
  setItem(object: Value, index: Value, value: Value): void;
  /** Items of an iterable; nothing (and a note) for an Unknown; raises TypeError for what can't be iterated. */
  iterate(value: Value): Iterable<Value>;
  /** All items at once. */
  toArray(value: Value): Value[];
  iterator(value: Value): Iterator;
  length(value: Value): Value;
  truth(value: Value): boolean | Unknown;
  /** Truth, taking `assumed` where it is unknown. */
  isTrue(value: Value, assumed?: boolean): boolean;
  binary(op: BinaryOp, left: Value, right: Value): Value;
  compare(op: CompareOp, left: Value, right: Value): Value;
  /** `==`; `undefined` where it isn't known. */
  equals(left: Value, right: Value): boolean | undefined;
  unary(op: '-' | '+' | '~' | 'not', value: Value): Value;
  str(value: Value): string;
  repr(value: Value): string;
  classOf(value: Value): ClassValue;
  /** isinstance; `undefined` where it isn't known. */
  isInstance(value: Value, cls: Value): boolean | undefined;
  /** Throws a Python exception of a built-in class. */
  raise(exceptionName: string, message: string): never;
  /** An Unknown that ends at the place being evaluated. */
  unknown(reason: string, symbol?: string): Unknown;
  /** Tells the user something that stayed unknown or was assumed (shown once per place and reason). */
  note(reason: string, range?: SourceRange): void;
  /** The innermost place in the user's own files that is being evaluated. */
  readonly here: SourceRange | undefined;
  /** A built-in by name. */
  builtin(name: string): Value;
  /** A module by dotted name, imported if need be. Raises ModuleNotFoundError; Unknown when it can't be known. */
  importModule(name: string): Value;
  /** The same without a word: `undefined` for a module that isn't there. */
  findModule(name: string): Value | undefined;
  /** A `try` around what runs has a handler for keys that aren't there. */
  readonly missingKeysRaise: boolean;
  /** Counts `steps` against the budget; throws when it is used up. */
  spend(steps: number): void;
  /** To be asked before a sequence of so many items (8 characters of a text count as one) is made: raises MemoryError where it would fill memory. */
  allocate(items: number): void;
}

/** A Python exception on its way. `value` is the exception instance (or Unknown when that isn't known). */
export class PyException extends Error {
  constructor(
    readonly value: PyObject,
    readonly className: string,
    message: string,
    /** Where it was raised, in the user's files. */
    readonly range: SourceRange | undefined,
  ) {
    super(message);
    this.name = 'PyException';
  }
}

/** The evaluation was stopped from outside or ran out of its budget. Python code can't catch it. */
export class Stopped extends Error {
  constructor(
    override readonly cause: 'budget' | 'depth' | 'cancelled' | 'needs',
    message: string,
    readonly range: SourceRange | undefined,
  ) {
    super(message);
    this.name = 'Stopped';
  }
}
