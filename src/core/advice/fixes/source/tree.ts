import { children } from '../../../python/syntax/children.js';
import type { ast } from '../../../python/syntax/index.js';

export type Node = ast.Statement | ast.Expression;

/** The statements and expressions directly below a node; keywords and the like, which have no type, give what they hold. */
function childrenOf(node: object): Node[] {
  return children(node).flatMap((c) => ('type' in c && 'start' in c ? [c as Node] : childrenOf(c)));
}

/** The nodes that hold [start, end), outermost first. */
export function pathTo(body: readonly ast.Statement[], start: number, end: number): Node[] {
  const path: Node[] = [];
  let among: readonly Node[] = body;
  for (;;) {
    const next = among.find((n) => n.start <= start && end <= n.end);
    if (next === undefined) return path;
    path.push(next);
    among = childrenOf(next);
  }
}

/** Every node below some nodes, outermost first. */
export function* below(nodes: readonly Node[]): Generator<Node> {
  for (const n of nodes) {
    yield n;
    yield* below(childrenOf(n));
  }
}

const COMPOUND: ReadonlySet<string> = new Set([
  'FunctionDef',
  'ClassDef',
  'For',
  'While',
  'If',
  'With',
  'Match',
  'Try',
]);

export function isStatement(node: Node): node is ast.Statement {
  return COMPOUND.has(node.type) || SIMPLE.has(node.type);
}

const SIMPLE: ReadonlySet<string> = new Set([
  'Return',
  'Delete',
  'Assign',
  'AugAssign',
  'AnnAssign',
  'Raise',
  'Assert',
  'Import',
  'ImportFrom',
  'Global',
  'Nonlocal',
  'Expr',
  'Pass',
  'Break',
  'Continue',
]);

/** `a.b.c` of a chain of names; undefined for anything else. */
export function dotted(e: ast.Expression): string | undefined {
  if (e.type === 'Name') return e.id;
  if (e.type !== 'Attribute') return undefined;
  const value = dotted(e.value);
  return value === undefined ? undefined : `${value}.${e.attr}`;
}
