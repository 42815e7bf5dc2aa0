/** Nodes directly below a node. */
export function children(node: object): object[] {
  return Object.values(node).flatMap((child: unknown) =>
    (Array.isArray(child) ? child : [child]).filter((c: unknown): c is object => typeof c === 'object' && c !== null),
  );
}
