import type { FunctionDef, Statement } from './ast.js';

/** A function whose body is read when somebody asks for it; most functions of an imported file are never called. */
export function withLazyBody(fn: FunctionDef, read: () => readonly Statement[]): FunctionDef {
  let body: readonly Statement[] | undefined;
  return Object.defineProperty(fn, 'body', { enumerable: true, get: () => (body ??= read()) });
}
