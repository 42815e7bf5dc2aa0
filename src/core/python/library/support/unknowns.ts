import { native, type Bound } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import { Dict, Float, List, PySet, Tuple, Unknown, type NativeFunction, type Value } from '../../values/index.js';

/** How a value is written inside the symbol of an Unknown. */
export function symbolOf(value: Value): string {
  if (value instanceof Unknown) return value.symbol;
  if (value === null) return 'None';
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value instanceof Float) return String(value.value);
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (value instanceof Tuple) return value.items.length > 4 ? '…' : `(${value.items.map(symbolOf).join(', ')})`;
  return '…';
}

/** The lack of knowledge in `source`, as the result of calling `name` with `args`. */
export function callSymbol(source: Unknown, name: string, args: readonly Value[]): Unknown {
  return source.as(`${name}(${args.map(symbolOf).join(', ')})`);
}

/** The first Unknown among `values`, looking inside tuples. */
export function firstUnknown(values: Iterable<Value>): Unknown | undefined {
  for (const v of values) {
    if (v instanceof Unknown) return v;
    if (v instanceof Tuple) {
      const inner = v.items.find((item) => item instanceof Unknown);
      if (inner) return inner;
    }
  }
  return undefined;
}

/** An Unknown anywhere inside plain containers: what makes their text unknown. */
export function unknownWithin(value: Value, depth = 4): Unknown | undefined {
  if (value instanceof Unknown) return value;
  if (depth === 0) return undefined;
  let items: readonly Value[] = [];
  if (value instanceof Tuple || value instanceof List) items = value.items;
  else if (value instanceof PySet) items = value.values();
  else if (value instanceof Dict) items = value.values();
  for (const item of items) {
    const found = unknownWithin(item, depth - 1);
    if (found) return found;
  }
  return undefined;
}

/** A function of its arguments' values alone: an Unknown among them makes the result Unknown. */
export function pure<S extends string>(
  name: string,
  signature: S,
  body: (args: Bound<S>, runtime: Runtime) => Value,
  module = '',
): NativeFunction {
  return native(name, signature, (args, runtime) => {
    const values = Object.values<Value>(args);
    const unknown = firstUnknown(values);
    return unknown ? callSymbol(unknown, module === '' ? name : `${module}.${name}`, values) : body(args, runtime);
  });
}

/** A method that reads its receiver and arguments only: an Unknown among them makes the result Unknown. */
export function pureMethod<S extends string>(
  name: string,
  signature: S,
  body: (args: Bound<S>, runtime: Runtime) => Value,
): NativeFunction {
  return native(name, signature, (args, runtime) => {
    const values = Object.values<Value>(args);
    const unknown = firstUnknown(values);
    if (!unknown) return body(args, runtime);
    return callSymbol(unknown, `${symbolOf(values[0] ?? null)}.${name}`, values.slice(1, 2));
  });
}
