import type * as ast from '../syntax/ast.js';

/** The last import at the top, or else the first deeper down, that binds a name. */
export function importing(body: readonly ast.Statement[], name: string): ast.ImportFrom | undefined {
  const binds = (s: ast.Statement): s is ast.ImportFrom =>
    s.type === 'ImportFrom' && s.names.some((n) => (n.asName ?? n.name) === name);
  const top = body.filter(binds).at(-1);
  if (top) return top;
  for (const s of body) {
    const blocks =
      s.type === 'If'
        ? [s.body, s.orelse]
        : s.type === 'Try'
          ? [s.body, s.orelse, ...s.handlers.map((h) => h.body)]
          : s.type === 'With'
            ? [s.body]
            : [];
    for (const b of blocks) {
      const found = importing(b, name);
      if (found) return found;
    }
  }
  return undefined;
}

/** Names that a statement at the top of a module would bind. */
export function boundNames(s: ast.Statement): string[] {
  switch (s.type) {
    case 'FunctionDef':
    case 'ClassDef':
      return [s.name];
    case 'Assign':
      return s.targets.flatMap(targetNames);
    case 'AnnAssign':
      return targetNames(s.target);
    case 'ImportFrom':
    case 'Import':
      return s.names.map((n) => n.asName ?? n.name.split('.')[0]!);
    case 'Try':
      return s.body.flatMap(boundNames);
    case 'If':
      return [...s.body, ...s.orelse].flatMap(boundNames);
    case 'With':
      return s.body.flatMap(boundNames);
    default:
      return [];
  }
}

function targetNames(e: ast.Expression): string[] {
  if (e.type === 'Name') return [e.id];
  if (e.type === 'Tuple' || e.type === 'List') return e.elements.flatMap(targetNames);
  if (e.type === 'Starred') return targetNames(e.value);
  return [];
}
