/** Nodes directly below a node. */
export function children(node: object): object[] {
  const all: object[] = [];
  for (const key in node) {
    const child: unknown = node[key as keyof typeof node];
    if (typeof child !== 'object' || child === null) continue;
    if (!Array.isArray(child)) all.push(child);
    else for (const c of child as unknown[]) if (typeof c === 'object' && c !== null) all.push(c);
  }
  return all;
}

/** Every node below and including one, outermost first, without a list of children for each. */
export function eachNode(node: object, visit: (node: object) => void): void {
  visit(node);
  for (const key in node) {
    const child: unknown = node[key as keyof typeof node];
    if (typeof child !== 'object' || child === null) continue;
    if (!Array.isArray(child)) eachNode(child, visit);
    else for (const c of child as unknown[]) if (typeof c === 'object' && c !== null) eachNode(c, visit);
  }
}
