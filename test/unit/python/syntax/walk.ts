import type { ast } from '../../../../src/core/python/syntax/index.js';

/** Any object with a place and a type, found by looking into every field. */
export type Node = ast.Located & { readonly type?: string; readonly [field: string]: unknown };

export function* nodesOf(value: unknown): Generator<Node> {
  if (Array.isArray(value)) {
    for (const item of value) yield* nodesOf(item);
  } else if (typeof value === 'object' && value !== null) {
    if ('start' in value && 'end' in value) yield value as Node;
    for (const field of Object.values(value)) yield* nodesOf(field);
  }
}
