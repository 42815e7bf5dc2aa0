import type { ast } from '../../../python/syntax/index.js';

/** Adds what an import calls each name: `F` → `torch.nn.functional`. */
export function addImports(names: Map<string, string>, node: ast.Import | ast.ImportFrom): void {
  if (node.type === 'Import') {
    for (const { name, asName } of node.names) names.set(asName ?? topOf(name), asName ? name : topOf(name));
  } else if (node.level === 0 && node.module !== null) {
    for (const { name, asName } of node.names) names.set(asName ?? name, `${node.module}.${name}`);
  }
}

function topOf(dotted: string): string {
  return dotted.split('.', 1)[0] ?? dotted;
}

/** `nn.init.zeros_` as `torch.nn.init.zeros_`; what is no chain of names begins with a question mark. */
export function nameOf(e: ast.Expression, imports: ReadonlyMap<string, string>): string {
  if (e.type === 'Name') return imports.get(e.id) ?? e.id;
  return e.type === 'Attribute' ? `${nameOf(e.value, imports)}.${e.attr}` : '?';
}

/** The argument of a call at a position or of a name. */
export function argument({ args, keywords }: ast.Call, index: number, name: string): ast.Expression | undefined {
  const given = keywords.find((k) => k.name === name)?.value ?? args[index];
  return given?.type === 'Starred' ? undefined : given;
}

/** A number as it is written: `2`, `-2.0`. */
export function numberIn(e: ast.Expression | undefined): number | undefined {
  if (e?.type === 'UnaryOp' && e.op === '-') {
    const inner = numberIn(e.operand);
    return inner === undefined ? undefined : -inner;
  }
  return e?.type === 'Constant' && typeof e.value === 'number' ? e.value : undefined;
}
