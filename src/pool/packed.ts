import type { Packed } from '../protocol/worker.js';

const KEY = '$number';

/** JSON, with the numbers that JSON lacks written as objects. */
export function pack(data: unknown): Packed {
  const text = JSON.stringify(data, (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? { [KEY]: String(value) } : value,
  );
  return new TextEncoder().encode(text);
}

/** To be told what it is: bytes only come from `pack`. */
export function unpack(bytes: Packed): unknown {
  const text = new TextDecoder().decode(bytes);
  // A reviver takes most of the time; nearly nothing needs it.
  return JSON.parse(text, text.includes(`"${KEY}"`) ? revived : undefined);
}

function revived(_: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && KEY in value ? Number(value[KEY]) : value;
}
