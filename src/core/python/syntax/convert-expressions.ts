import type { Comprehension as PyComprehension, ExprNode, Keyword as PyKeyword } from 'py-ast';
import type { Comprehension, Dict, Expression, Keyword, Lambda, NamedExpr } from './ast.js';
import { identifier, type Conversion, type PyExpr } from './convert-context.js';
import { convertConstant, convertJoinedStr } from './convert-literals.js';
import { BINARY_OPERATORS, COMPARE_OPERATORS, UNARY_OPERATORS } from './convert-operators.js';
import { convertArguments } from './convert-arguments.js';

export function convertExpression(c: Conversion, node: ExprNode): Expression {
  switch (node.nodeType) {
    case 'Name':
      return { type: 'Name', start: c.start(node), end: c.end(node), id: c.privateName(identifier(node.id)) };
    case 'Attribute':
      return {
        type: 'Attribute',
        start: c.start(node),
        end: c.end(node),
        value: convertExpression(c, node.value),
        attr: c.privateName(identifier(node.attr)),
      };
    case 'Call':
      return {
        type: 'Call',
        start: c.start(node),
        end: c.end(node),
        func: convertExpression(c, node.func),
        args: convertAll(c, node.args),
        keywords: convertKeywords(c, node.keywords),
      };
    case 'Constant':
      return convertConstant(c, node);
    case 'Subscript':
      return {
        type: 'Subscript',
        start: c.start(node),
        end: c.end(node),
        value: convertExpression(c, node.value),
        index: convertExpression(c, node.slice),
      };
    case 'Slice':
      return {
        type: 'Slice',
        start: c.start(node),
        end: c.end(node),
        lower: convertOptional(c, node.lower),
        upper: convertOptional(c, node.upper),
        step: convertOptional(c, node.step),
      };
    case 'BinOp':
      return {
        type: 'BinOp',
        start: c.start(node),
        end: c.end(node),
        op: BINARY_OPERATORS[node.op.nodeType],
        left: convertExpression(c, node.left),
        right: convertExpression(c, node.right),
      };
    case 'UnaryOp':
      return {
        type: 'UnaryOp',
        start: c.start(node),
        end: c.end(node),
        op: UNARY_OPERATORS[node.op.nodeType],
        operand: convertExpression(c, node.operand),
      };
    case 'BoolOp':
      return {
        type: 'BoolOp',
        start: c.start(node),
        end: c.end(node),
        op: node.op.nodeType === 'And' ? 'and' : 'or',
        values: convertAll(c, node.values),
      };
    case 'Compare':
      return {
        type: 'Compare',
        start: c.start(node),
        end: c.end(node),
        left: convertExpression(c, node.left),
        ops: node.ops.map((op) => COMPARE_OPERATORS[op.nodeType]),
        comparators: convertAll(c, node.comparators),
      };
    case 'IfExp':
      return {
        type: 'IfExp',
        start: c.start(node),
        end: c.end(node),
        test: convertExpression(c, node.test),
        body: convertExpression(c, node.body),
        orelse: convertExpression(c, node.orelse),
      };
    case 'List':
      return { type: 'List', start: c.start(node), end: c.end(node), elements: convertAll(c, node.elts) };
    case 'Tuple':
      return { type: 'Tuple', start: c.start(node), end: c.end(node), elements: convertAll(c, node.elts) };
    case 'Set':
      return { type: 'Set', start: c.start(node), end: c.end(node), elements: convertAll(c, node.elts) };
    case 'Dict':
      return convertDict(c, node);
    case 'ListComp':
      return convertComprehension(c, node, 'list', null, node.elt);
    case 'SetComp':
      return convertComprehension(c, node, 'set', null, node.elt);
    case 'GeneratorExp':
      return convertComprehension(c, node, 'generator', null, node.elt);
    case 'DictComp':
      return convertComprehension(c, node, 'dict', node.key, node.value);
    case 'Lambda':
      return convertLambda(c, node);
    case 'NamedExpr':
      return convertNamedExpr(c, node);
    case 'Starred':
      return { type: 'Starred', start: c.start(node), end: c.end(node), value: convertExpression(c, node.value) };
    case 'Await':
      return { type: 'Await', start: c.start(node), end: c.end(node), value: convertExpression(c, node.value) };
    case 'Yield':
      c.sawYield = true;
      return { type: 'Yield', start: c.start(node), end: c.end(node), value: convertOptional(c, node.value) };
    case 'YieldFrom':
      c.sawYield = true;
      return { type: 'YieldFrom', start: c.start(node), end: c.end(node), value: convertExpression(c, node.value) };
    case 'JoinedStr':
    case 'TemplateStr':
      return convertJoinedStr(c, node);
    case 'FormattedValue':
    case 'Interpolation':
      throw c.error('Invalid f-string', node);
  }
}

export function convertAll(c: Conversion, nodes: readonly ExprNode[]): Expression[] {
  return nodes.map((node) => convertExpression(c, node));
}

export function convertOptional(c: Conversion, node: ExprNode | null | undefined): Expression | null {
  return node ? convertExpression(c, node) : null;
}

export function convertKeywords(c: Conversion, nodes: readonly PyKeyword[]): Keyword[] {
  return nodes.map((node) => ({
    start: c.start(node),
    end: c.end(node),
    name: node.arg === undefined ? null : identifier(node.arg),
    value: convertExpression(c, node.value),
  }));
}

function convertDict(c: Conversion, node: PyExpr<'Dict'>): Dict {
  const entries = node.values.map((value, i) => ({
    key: convertOptional(c, node.keys[i]),
    value: convertExpression(c, value),
  }));
  return { type: 'Dict', start: c.start(node), end: c.end(node), entries };
}

function convertComprehension(
  c: Conversion,
  node: PyExpr<'ListComp' | 'SetComp' | 'GeneratorExp' | 'DictComp'>,
  kind: Comprehension['kind'],
  key: ExprNode | null,
  element: ExprNode,
): Comprehension {
  return {
    type: 'Comprehension',
    start: c.start(node),
    end: c.end(node),
    kind,
    key: convertOptional(c, key),
    element: convertExpression(c, element),
    generators: node.generators.map((generator: PyComprehension) => ({
      target: convertExpression(c, generator.target),
      iter: convertExpression(c, generator.iter),
      conditions: convertAll(c, generator.ifs),
    })),
  };
}

function convertLambda(c: Conversion, node: PyExpr<'Lambda'>): Lambda {
  const args = convertArguments(c, node.args);
  const outer = c.sawYield;
  const body = convertExpression(c, node.body);
  c.sawYield = outer;
  return { type: 'Lambda', start: c.start(node), end: c.end(node), args, body };
}

function convertNamedExpr(c: Conversion, node: PyExpr<'NamedExpr'>): NamedExpr {
  if (node.target.nodeType !== 'Name') throw c.error('Cannot assign to this expression with :=', node.target);
  return {
    type: 'NamedExpr',
    start: c.start(node),
    end: c.end(node),
    target: identifier(node.target.id),
    value: convertExpression(c, node.value),
  };
}
