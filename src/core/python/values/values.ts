import type { SourceRange } from '../../model/source.js';

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
