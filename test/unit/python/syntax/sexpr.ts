import type { ast } from '../../../../src/core/python/syntax/index.js';

type Field = string | number | boolean | null | undefined | readonly Field[];

/** `[…]` for lists, `(Type field…)` for nodes, `_` for what is absent. */
function show(field: Field): string {
  if (field === null || field === undefined) return '_';
  if (Array.isArray(field)) return `[${field.map(show).join(' ')}]`;
  return String(field);
}

function node(type: string, ...fields: Field[]): string {
  return fields.length === 0 ? `(${type})` : `(${type} ${fields.map(show).join(' ')})`;
}

export function moduleText(body: readonly ast.Statement[]): string {
  return body.map(statementText).join('\n');
}

function block(body: readonly ast.Statement[]): Field {
  return body.map(statementText);
}

function list(nodes: readonly ast.Expression[]): Field {
  return nodes.map(expressionText);
}

function optional(value: ast.Expression | null): string | null {
  return value && expressionText(value);
}

function keywords(items: readonly ast.Keyword[]): Field {
  return items.map((item) => `${item.name ?? '**'}=${expressionText(item.value)}`);
}

function names(items: readonly ast.ImportName[]): Field {
  return items.map((item) => (item.asName === null ? item.name : `${item.name}:${item.asName}`));
}

function flag(name: string, on: boolean): Field[] {
  return on ? [name] : [];
}

export function statementText(s: ast.Statement): string {
  switch (s.type) {
    case 'FunctionDef': {
      const flags = [...flag('async', s.isAsync), ...flag('generator', s.isGenerator)];
      const fields = [argumentsText(s.args), list(s.decorators), optional(s.returns), block(s.body)];
      return node(s.type, s.name, ...flags, ...fields);
    }
    case 'ClassDef':
      return node(s.type, s.name, list(s.bases), keywords(s.keywords), list(s.decorators), block(s.body));
    case 'Return':
      return node(s.type, optional(s.value));
    case 'Delete':
      return node(s.type, list(s.targets));
    case 'Assign':
      return node(s.type, list(s.targets), expressionText(s.value));
    case 'AugAssign':
      return node(s.type, expressionText(s.target), `${s.op}=`, expressionText(s.value));
    case 'AnnAssign':
      return node(s.type, expressionText(s.target), expressionText(s.annotation), optional(s.value));
    case 'For':
      return node(s.type, expressionText(s.target), expressionText(s.iter), block(s.body), block(s.orelse));
    case 'While':
    case 'If':
      return node(s.type, expressionText(s.test), block(s.body), block(s.orelse));
    case 'With': {
      const items = s.items.map((item) => [expressionText(item.context), optional(item.target)]);
      return node(s.type, items, block(s.body));
    }
    case 'Match': {
      const cases = s.cases.map((item) => [patternText(item.pattern), optional(item.guard), block(item.body)]);
      return node(s.type, expressionText(s.subject), cases);
    }
    case 'Raise':
      return node(s.type, optional(s.exception));
    case 'Try': {
      const handlers = s.handlers.map((handler) => [optional(handler.exception), handler.name, block(handler.body)]);
      return node(s.type, block(s.body), handlers, block(s.orelse), block(s.finalbody));
    }
    case 'Assert':
      return node(s.type, expressionText(s.test), optional(s.message));
    case 'Import':
      return node(s.type, names(s.names));
    case 'ImportFrom':
      return node(s.type, `${'.'.repeat(s.level)}${s.module ?? ''}`, names(s.names));
    case 'Global':
    case 'Nonlocal':
      return node(s.type, s.names);
    case 'Expr':
      return expressionText(s.value);
    case 'Pass':
    case 'Break':
    case 'Continue':
      return node(s.type);
    case 'TypeAlias':
      return node(s.type, s.name);
    case 'Broken':
      return node(s.type, s.defines);
  }
}

function argumentsText(args: ast.Arguments): string {
  const one = (p: ast.Parameter, stars = '') => {
    const annotation = p.annotation ? `:${expressionText(p.annotation)}` : '';
    return `${stars}${p.name}${annotation}${p.default ? `=${expressionText(p.default)}` : ''}`;
  };
  const parts = args.positionalOnly.map((p) => one(p));
  if (parts.length > 0) parts.push('/');
  parts.push(...args.positional.map((p) => one(p)));
  if (args.varargs) parts.push(one(args.varargs, '*'));
  else if (args.keywordOnly.length > 0) parts.push('*');
  parts.push(...args.keywordOnly.map((p) => one(p)));
  if (args.kwargs) parts.push(one(args.kwargs, '**'));
  return `<${parts.join(' ')}>`;
}

export function expressionText(e: ast.Expression): string {
  switch (e.type) {
    case 'Name':
      return e.id;
    case 'Constant':
      return constantText(e);
    case 'Attribute':
      return node(e.type, expressionText(e.value), e.attr);
    case 'Call':
      return node(
        e.type,
        expressionText(e.func),
        list(e.args),
        ...(e.keywords.length > 0 ? [keywords(e.keywords)] : []),
      );
    case 'Subscript':
      return node(e.type, expressionText(e.value), expressionText(e.index));
    case 'Slice':
      return node(e.type, optional(e.lower), optional(e.upper), optional(e.step));
    case 'BinOp':
      return node(e.op, expressionText(e.left), expressionText(e.right));
    case 'UnaryOp':
      return node(e.op, expressionText(e.operand));
    case 'BoolOp':
      return node(e.op, ...e.values.map(expressionText));
    case 'Compare':
      return node(e.type, expressionText(e.left), ...e.ops.flatMap((op, i) => [op, expressionText(e.comparators[i]!)]));
    case 'IfExp':
      return node(e.type, expressionText(e.test), expressionText(e.body), expressionText(e.orelse));
    case 'List':
    case 'Tuple':
    case 'Set':
      return node(e.type, ...e.elements.map(expressionText));
    case 'Dict':
      return node(e.type, ...e.entries.map(({ key, value }) => `${optional(key) ?? '**'}:${expressionText(value)}`));
    case 'Comprehension': {
      const clauses = e.generators.map((g) =>
        node('for', expressionText(g.target), expressionText(g.iter), ...g.conditions.map(expressionText)),
      );
      const key = e.key ? `${expressionText(e.key)}:` : '';
      return node(`${e.type}.${e.kind}`, key + expressionText(e.element), ...clauses);
    }
    case 'Lambda':
      return node(e.type, argumentsText(e.args), expressionText(e.body));
    case 'NamedExpr':
      return node(e.type, e.target, expressionText(e.value));
    case 'Starred':
    case 'Await':
    case 'YieldFrom':
      return node(e.type, expressionText(e.value));
    case 'Yield':
      return node(e.type, optional(e.value));
    case 'JoinedStr':
      return joinedText(e);
  }
}

function joinedText(e: ast.JoinedStr): string {
  const parts = e.parts.map((part) => {
    if (typeof part === 'string') return JSON.stringify(part);
    const conversion = part.conversion === null ? '' : `!${part.conversion}`;
    return `{${expressionText(part.value)}${conversion}${part.format ? `:${joinedText(part.format)}` : ''}}`;
  });
  return node('JoinedStr', ...parts);
}

function constantText(e: ast.Constant): string {
  if (e.kind === 'none' || e.kind === 'ellipsis') return e.kind;
  if (typeof e.value === 'string') return node(e.kind, JSON.stringify(e.value));
  return node(e.kind, typeof e.value === 'bigint' ? `${e.value}n` : String(e.value));
}

function patternText(p: ast.Pattern): string {
  switch (p.type) {
    case 'MatchValue':
      return node(p.type, expressionText(p.value));
    case 'MatchSingleton':
      return node(p.type, p.value);
    case 'MatchSequence':
    case 'MatchOr':
      return node(p.type, ...p.patterns.map(patternText));
    case 'MatchMapping': {
      const entries = p.patterns.map((pattern, i) => `${expressionText(p.keys[i]!)}:${patternText(pattern)}`);
      return node(p.type, entries, p.rest);
    }
    case 'MatchClass': {
      const named = p.keywords.map(({ name, pattern }) => `${name}=${patternText(pattern)}`);
      return node(p.type, expressionText(p.cls), p.patterns.map(patternText), named);
    }
    case 'MatchStar':
      return node(p.type, p.name);
    case 'MatchAs':
      return node(p.type, p.pattern && patternText(p.pattern), p.name);
  }
}
