/** Node's assert isn't there in a browser. */
export function ok(value: unknown, message: string): asserts value {
  if (value === false || value === undefined || value === null) throw new Error(message);
}

export function equal<T>(actual: T, expected: T): void {
  if (actual !== expected) throw new Error(`expected ${String(expected)}, got ${String(actual)}`);
}

export function match(text: string, pattern: RegExp): void {
  if (!pattern.test(text)) throw new Error(`expected ${String(pattern)} in:\n${text}`);
}
