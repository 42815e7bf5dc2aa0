import type { StmtNode } from 'py-ast';
import type { Pattern } from './ast.js';
import { identifier, type Conversion } from './convert-context.js';
import { convertAll, convertExpression } from './convert-expressions.js';

/** py-ast does not export the type of its patterns. */
export type PyPattern = Extract<StmtNode, { nodeType: 'Match' }>['cases'][number]['pattern'];

export function convertPattern(c: Conversion, node: PyPattern): Pattern {
  switch (node.nodeType) {
    case 'MatchValue':
      return { type: 'MatchValue', start: c.start(node), end: c.end(node), value: convertExpression(c, node.value) };
    case 'MatchSingleton': {
      const value: unknown = node.value;
      return {
        type: 'MatchSingleton',
        start: c.start(node),
        end: c.end(node),
        value: typeof value === 'boolean' ? value : null,
      };
    }
    case 'MatchSequence':
      return {
        type: 'MatchSequence',
        start: c.start(node),
        end: c.end(node),
        patterns: convertPatterns(c, node.patterns),
      };
    case 'MatchMapping':
      return {
        type: 'MatchMapping',
        start: c.start(node),
        end: c.end(node),
        keys: convertAll(c, node.keys),
        patterns: convertPatterns(c, node.patterns),
        rest: optionalName(node.rest),
      };
    case 'MatchClass':
      return {
        type: 'MatchClass',
        start: c.start(node),
        end: c.end(node),
        cls: convertExpression(c, node.cls),
        patterns: convertPatterns(c, node.patterns),
        keywords: node.kwd_patterns.map((pattern, i) => ({
          name: identifier(node.kwd_attrs[i] ?? ''),
          pattern: convertPattern(c, pattern),
        })),
      };
    case 'MatchStar':
      return { type: 'MatchStar', start: c.start(node), end: c.end(node), name: optionalName(node.name) };
    case 'MatchAs':
      return {
        type: 'MatchAs',
        start: c.start(node),
        end: c.end(node),
        pattern: node.pattern ? convertPattern(c, node.pattern) : null,
        name: optionalName(node.name),
      };
    case 'MatchOr':
      return { type: 'MatchOr', start: c.start(node), end: c.end(node), patterns: convertPatterns(c, node.patterns) };
  }
}

function convertPatterns(c: Conversion, nodes: readonly PyPattern[]): Pattern[] {
  return nodes.map((node) => convertPattern(c, node));
}

/** `_` binds nothing. */
function optionalName(name: string | null | undefined): string | null {
  return name === undefined || name === null || name === '_' ? null : identifier(name);
}
