import type { NativeFunction } from '../../values/index.js';
import { ClassValue, type Value } from '../../values/index.js';

/**
 * Method resolution order of a class with these bases (C3), without the class itself; `undefined` when there is
 * no consistent order.
 */
export function linearize(bases: readonly ClassValue[]): ClassValue[] | undefined {
  const sequences = [...bases.map((base) => [...base.mro]), [...bases]];
  const order: ClassValue[] = [];
  for (;;) {
    const left = sequences.filter((s) => s.length > 0);
    if (left.length === 0) return order;
    const next = left.map((s) => s[0]).find((head) => head && !left.some((s) => s.indexOf(head, 1) > 0));
    if (!next) return undefined;
    order.push(next);
    for (const s of left) if (s[0] === next) s.shift();
  }
}

/** Natives in the order in which they were written; each goes by its own name unless `aliases` gives it another. */
export type Entries = readonly NativeFunction[] | Readonly<Record<string, Value>>;

/** Fills a namespace-like object from a table. */
export function fill(target: { set(name: string, value: Value): void }, entries: Entries): void {
  if (Array.isArray(entries)) {
    for (const entry of entries as readonly NativeFunction[]) target.set(entry.name, entry);
  } else
    for (const [name, value] of Object.entries(entries as Readonly<Record<string, Value>>)) target.set(name, value);
}

/** A class written in TypeScript. `moduleName` is what its repr and `__module__` show. */
export function builtinClass(
  name: string,
  bases: readonly ClassValue[],
  moduleName: string,
  ...tables: readonly Entries[]
): ClassValue {
  const mro = linearize(bases);
  if (!mro) throw new Error(`no method resolution order for ${name}`);
  const cls = new ClassValue(name, bases, mro, null, undefined);
  cls.names.set('__module__', moduleName);
  for (const table of tables) fill(cls.names, table);
  return cls;
}
