export * as ast from './ast.js';
export {
  parseModule,
  parseExpression,
  parseStatements,
  type ParsedExpression,
  type ParsedModule,
  type ParsedStatements,
  type ParseOptions,
  type SyntaxProblem,
} from './parse.js';
export { LineIndex } from './lines.js';
export type { PackedModule } from './packed/index.js';
