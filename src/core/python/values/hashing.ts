import { Instance } from './classes.js';
import { PySet, Tuple } from './containers.js';
import { Bytes, Float, PyObject, type Value } from './values.js';

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
