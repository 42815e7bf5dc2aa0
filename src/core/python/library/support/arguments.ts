import { Dict, Tuple, type Value } from '../../values/index.js';

/** The items of a `*args` parameter. */
export function rest(value: Value): readonly Value[] {
  return value instanceof Tuple ? value.items : [];
}

/** A `**kwargs` parameter as the map that calls take. */
export function keywords(value: Value): Map<string, Value> {
  const out = new Map<string, Value>();
  if (value instanceof Dict) for (const [k, v] of value.pairs()) if (typeof k === 'string') out.set(k, v);
  return out;
}
