import type { CmpOpNode, OperatorNode, UnaryOpNode } from 'py-ast';
import type { BinaryOperator, CompareOperator, UnaryOp } from './ast.js';

export const BINARY_OPERATORS: Readonly<Record<OperatorNode['nodeType'], BinaryOperator>> = {
  Add: '+',
  Sub: '-',
  Mult: '*',
  MatMult: '@',
  Div: '/',
  Mod: '%',
  Pow: '**',
  LShift: '<<',
  RShift: '>>',
  BitOr: '|',
  BitXor: '^',
  BitAnd: '&',
  FloorDiv: '//',
};

export const UNARY_OPERATORS: Readonly<Record<UnaryOpNode['nodeType'], UnaryOp['op']>> = {
  Invert: '~',
  Not: 'not',
  UAdd: '+',
  USub: '-',
};

export const COMPARE_OPERATORS: Readonly<Record<CmpOpNode['nodeType'], CompareOperator>> = {
  Eq: '==',
  NotEq: '!=',
  Lt: '<',
  LtE: '<=',
  Gt: '>',
  GtE: '>=',
  Is: 'is',
  IsNot: 'is not',
  In: 'in',
  NotIn: 'not in',
};
