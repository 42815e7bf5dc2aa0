import type { Alias, StmtNode, WithItem } from 'py-ast';
import type { ImportName, Statement, Try, With } from './ast.js';
import { identifier, type Conversion, type PyStmt } from './convert-context.js';
import { convertClass, convertFunction } from './convert-definitions.js';
import { convertAll, convertExpression, convertOptional } from './convert-expressions.js';
import { BINARY_OPERATORS } from './convert-operators.js';
import { convertPattern } from './convert-patterns.js';

export function convertBody(c: Conversion, nodes: readonly StmtNode[]): Statement[] {
  return nodes.map((node) => convertStatement(c, node));
}

function convertStatement(c: Conversion, node: StmtNode): Statement {
  const statement = convertOwn(c, node);
  // What stands for a hole is shorter than the hole.
  return c.holesEnd > statement.end ? { ...statement, end: c.holesEnd } : statement;
}

function convertOwn(c: Conversion, node: StmtNode): Statement {
  switch (node.nodeType) {
    case 'Expr':
      return (
        c.holeAt(node) ?? {
          type: 'Expr',
          start: c.start(node),
          end: c.end(node),
          value: convertExpression(c, node.value),
        }
      );
    case 'Assign':
      return {
        type: 'Assign',
        start: c.start(node),
        end: c.end(node),
        targets: convertAll(c, node.targets),
        value: convertExpression(c, node.value),
      };
    case 'AugAssign':
      return {
        type: 'AugAssign',
        start: c.start(node),
        end: c.end(node),
        target: convertExpression(c, node.target),
        op: BINARY_OPERATORS[node.op.nodeType],
        value: convertExpression(c, node.value),
      };
    case 'AnnAssign':
      return {
        type: 'AnnAssign',
        start: c.start(node),
        end: c.end(node),
        target: convertExpression(c, node.target),
        annotation: convertExpression(c, node.annotation),
        value: convertOptional(c, node.value),
      };
    case 'FunctionDef':
    case 'AsyncFunctionDef':
      return convertFunction(c, node);
    case 'ClassDef':
      return convertClass(c, node);
    case 'Return':
      return { type: 'Return', start: c.start(node), end: c.end(node), value: convertOptional(c, node.value) };
    case 'Delete':
      return { type: 'Delete', start: c.start(node), end: c.end(node), targets: convertAll(c, node.targets) };
    case 'For':
    case 'AsyncFor':
      return {
        type: 'For',
        start: c.start(node),
        end: c.end(node),
        target: convertExpression(c, node.target),
        iter: convertExpression(c, node.iter),
        body: convertBody(c, node.body),
        orelse: convertBody(c, node.orelse),
      };
    case 'While':
    case 'If':
      return {
        type: node.nodeType,
        start: c.start(node),
        end: c.end(node),
        test: convertExpression(c, node.test),
        body: convertBody(c, node.body),
        orelse: convertBody(c, node.orelse),
      };
    case 'With':
    case 'AsyncWith':
      return convertWith(c, node);
    case 'Try':
    case 'TryStar':
      return convertTry(c, node);
    case 'Match':
      return {
        type: 'Match',
        start: c.start(node),
        end: c.end(node),
        subject: convertExpression(c, node.subject),
        cases: node.cases.map((item) => ({
          pattern: convertPattern(c, item.pattern),
          guard: convertOptional(c, item.guard),
          body: convertBody(c, item.body),
        })),
      };
    case 'Raise':
      return { type: 'Raise', start: c.start(node), end: c.end(node), exception: convertOptional(c, node.exc) };
    case 'Assert':
      return {
        type: 'Assert',
        start: c.start(node),
        end: c.end(node),
        test: convertExpression(c, node.test),
        message: convertOptional(c, node.msg),
      };
    case 'Import':
      return { type: 'Import', start: c.start(node), end: c.end(node), names: convertAliases(c, node.names) };
    case 'ImportFrom':
      return {
        type: 'ImportFrom',
        start: c.start(node),
        end: c.end(node),
        module: node.module ? dottedName(node.module) : null,
        names: convertAliases(c, node.names),
        level: node.level ?? 0,
      };
    case 'Global':
    case 'Nonlocal':
      return { type: node.nodeType, start: c.start(node), end: c.end(node), names: node.names.map(identifier) };
    case 'TypeAlias':
      if (node.name.nodeType !== 'Name') throw c.error('Invalid name of a type alias', node.name);
      return { type: 'TypeAlias', start: c.start(node), end: c.end(node), name: identifier(node.name.id) };
    case 'Pass':
    case 'Break':
    case 'Continue':
      return { type: node.nodeType, start: c.start(node), end: c.end(node) };
    case 'Comment':
      // py-ast is never asked for comments.
      throw c.error('Unexpected comment', node);
  }
}

function convertWith(c: Conversion, node: PyStmt<'With' | 'AsyncWith'>): With {
  const items = node.items.map((item: WithItem) => ({
    context: convertExpression(c, item.context_expr),
    target: convertOptional(c, item.optional_vars),
  }));
  return { type: 'With', start: c.start(node), end: c.end(node), items, body: convertBody(c, node.body) };
}

function convertTry(c: Conversion, node: PyStmt<'Try' | 'TryStar'>): Try {
  return {
    type: 'Try',
    start: c.start(node),
    end: c.end(node),
    body: convertBody(c, node.body),
    handlers: node.handlers.map((handler) => ({
      exception: convertOptional(c, handler.type),
      name: handler.name ? identifier(handler.name) : null,
      body: convertBody(c, handler.body),
    })),
    orelse: convertBody(c, node.orelse),
    finalbody: convertBody(c, node.finalbody),
  };
}

function convertAliases(c: Conversion, nodes: readonly Alias[]): ImportName[] {
  return nodes.map((node) => ({
    start: c.start(node),
    end: c.end(node),
    name: dottedName(node.name),
    asName: node.asname ? identifier(node.asname) : null,
  }));
}

/** `import a . b` is `import a.b`. */
function dottedName(name: string): string {
  return identifier(name.replace(/\s+/g, ''));
}
