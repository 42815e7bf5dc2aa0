import type { Runtime } from '../../values/runtime.js';
import { Dict, Instance, List, PySet, Tuple, type PyObject, type Value } from '../../values/index.js';

type Kind<T> = abstract new (...args: never[]) => T;

/** The built-in object that a method works on: the receiver itself, or what an object of a subclass holds inside. */
function receiver<T extends PyObject>(
  self: Value,
  kind: Kind<T>,
  name: string,
  runtime: Runtime,
  fresh: (() => T) | undefined,
): T {
  if (self instanceof kind) return self;
  if (self instanceof Instance) {
    // A subclass whose __new__ went round ours has nothing inside yet.
    if (self.payload === undefined && fresh) self.payload = fresh();
    const { payload } = self;
    if (payload !== undefined && payload instanceof kind) return payload;
  }
  return runtime.raise(
    'TypeError',
    `descriptor requires a '${name}' object but received a '${runtime.classOf(self).name}'`,
  );
}

export function listOf(self: Value, runtime: Runtime): List {
  return receiver(self, List, 'list', runtime, () => new List([]));
}

export function dictOf(self: Value, runtime: Runtime): Dict {
  return receiver(self, Dict, 'dict', runtime, () => new Dict());
}

export function setOf(self: Value, runtime: Runtime): PySet {
  return receiver(self, PySet, 'set', runtime, () => new PySet());
}

export function tupleOf(self: Value, runtime: Runtime): readonly Value[] {
  return receiver(self, Tuple, 'tuple', runtime, undefined).items;
}

export function textOf(self: Value, runtime: Runtime, what = 'str'): string {
  if (typeof self === 'string') return self;
  if (self instanceof Instance && typeof self.payload === 'string') return self.payload;
  return runtime.raise('TypeError', `expected ${what}, got '${runtime.classOf(self).name}'`);
}
