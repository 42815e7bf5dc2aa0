import type { ClassValue } from './classes.js';
import type { Runtime } from './runtime.js';
import { PyObject, type Unknown, type Value } from './values.js';

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
