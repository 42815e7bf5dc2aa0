import type { SourceRange } from '../../model/source.js';
import type { Mutable } from './journal.js';
import { Namespace, type ModuleValue } from './namespaces.js';
import { PyObject, type Unknown, type Value } from './values.js';

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
