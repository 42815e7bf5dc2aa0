export * as ast from './ast.js';
export { parseModule, parseExpression, parseStatements, type ParsedModule } from './parse.js';
export { LineIndex } from './lines.js';
