import type * as ast from '../../python/syntax/ast.js';
import { children } from '../../python/syntax/children.js';
import { blocksOf, isMainBlock } from './find-sites.js';

/**
 * The statements of a block that have a part in what the needed names are, in order: they bind one of them or change
 * it (`parser.add_argument(…)`, `args.width = 64`, `cfg['x'] = 1`). `needed` grows by the names that those use. A script
 * can so be asked what it builds its model with, and its data sets and training loops are never touched.
 */
export function slice(body: readonly ast.Statement[], needed: Set<string>): ast.Statement[] {
  const statements = body.flatMap((s) => (isMainBlock(s) ? s.body : [s]));
  const kept = new Map<ast.Statement, ast.Statement>();
  // A function may use what is defined below it, so once through isn't enough.
  for (let before = -1; before !== needed.size;) {
    before = needed.size;
    for (const s of [...statements].reverse()) {
      const part = relevant(s, needed);
      if (part !== undefined) kept.set(s, part);
    }
  }
  return statements.flatMap((s) => kept.get(s) ?? []);
}

/** A statement, or of a compound one what matters of it. */
function relevant(s: ast.Statement, needed: Set<string>): ast.Statement | undefined {
  const blocks = blocksOf(s);
  if (blocks.length > 0 && s.type !== 'Match') {
    const header = s.type === 'For' ? namesIn(s.target) : s.type === 'With' ? s.items.flatMap(targetOf) : [];
    const inner = blocks.map((b) => slice(b, needed));
    if (inner.every((b) => b.length === 0) && !header.some((n) => needed.has(n))) return undefined;
    const pruned = withBlocks(s, inner);
    for (const n of namesIn(withBlocks(s, []))) needed.add(n);
    return pruned;
  }
  if (![...changedBy(s)].some((n) => needed.has(n))) return undefined;
  for (const n of namesIn(s)) needed.add(n);
  return s;
}

function targetOf(item: { readonly target: ast.Expression | null }): string[] {
  return item.target === null ? [] : namesIn(item.target);
}

function withBlocks(s: ast.Statement, blocks: readonly (readonly ast.Statement[])[]): ast.Statement {
  const at = (i: number): readonly ast.Statement[] => blocks[i] ?? [];
  switch (s.type) {
    case 'If':
    case 'While':
    case 'For':
      return { ...s, body: at(0), orelse: at(1) };
    case 'With':
      return { ...s, body: at(0) };
    case 'Try': {
      const n = s.handlers.length;
      return {
        ...s,
        body: at(0),
        handlers: s.handlers.map((h, i) => ({ ...h, body: at(i + 1) })),
        orelse: at(n + 1),
        finalbody: at(n + 2),
      };
    }
    default:
      return s;
  }
}

/** Names that a simple statement or a definition binds or changes. */
function changedBy(s: ast.Statement): string[] {
  switch (s.type) {
    case 'FunctionDef':
    case 'ClassDef':
    case 'TypeAlias':
      return [s.name];
    case 'Import':
      return s.names.map((n) => n.asName ?? n.name.split('.')[0] ?? '');
    case 'ImportFrom':
      return s.names.map((n) => n.asName ?? n.name);
    case 'Assign':
      return s.targets.flatMap(rootsOf);
    case 'AugAssign':
    case 'AnnAssign':
      return rootsOf(s.target);
    case 'Match':
      return namesIn(s);
    case 'Expr':
      // A method may change its object, and any function its first argument (`setattr(args, …)`, `add_options(parser)`).
      return s.value.type === 'Call' ? [...rootsOf(s.value.func), ...rootsOf(s.value.args[0])] : [];
    default:
      return [];
  }
}

/** `args` of `args`, `args.model.width`, `args[0]`, `args, rest`. */
function rootsOf(e: ast.Expression | undefined): string[] {
  switch (e?.type) {
    case 'Name':
      return [e.id];
    case 'Attribute':
    case 'Subscript':
    case 'Starred':
      return rootsOf(e.value);
    case 'Call':
      return rootsOf(e.func);
    case 'Tuple':
    case 'List':
      return e.elements.flatMap(rootsOf);
    default:
      return [];
  }
}

/** Every name that stands anywhere below a node. */
export function namesIn(node: object): string[] {
  const names = new Set<string>();
  const visit = (n: object): void => {
    if ('type' in n && n.type === 'Name' && 'id' in n && typeof n.id === 'string') names.add(n.id);
    for (const c of children(n)) visit(c);
  };
  visit(node);
  return [...names];
}

/** Whether `from x import *` may bind names that nothing else does. */
export function starImports(body: readonly ast.Statement[]): ast.Statement[] {
  return body.filter((s) => s.type === 'ImportFrom' && s.names.some((n) => n.name === '*'));
}
