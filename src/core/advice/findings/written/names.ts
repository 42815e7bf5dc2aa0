import { children } from '../../../python/syntax/children.js';
import type { ast } from '../../../python/syntax/index.js';

/** What the imports of a file, wherever they stand, call each name: `F` → `torch.nn.functional`. */
export function importedNames(module: ast.Module): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const visit = (node: object): void => {
    if ('type' in node && node.type === 'Import')
      for (const { name, asName } of (node as ast.Import).names)
        names.set(asName ?? topOf(name), asName ? name : topOf(name));
    if ('type' in node && node.type === 'ImportFrom') {
      const { module: from, names: all, level } = node as ast.ImportFrom;
      if (level === 0 && from !== null)
        for (const { name, asName } of all) names.set(asName ?? name, `${from}.${name}`);
    }
    for (const child of children(node)) visit(child);
  };
  visit(module);
  return names;
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
