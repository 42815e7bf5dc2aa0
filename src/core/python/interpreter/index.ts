export { ownFailure } from './own-failure.js';
export { Interpreter } from './interpreter.js';
export { DEFAULT_LIMITS, type Limits } from './budget.js';
export type { FrameworkHooks, ModuleFactory } from './hooks.js';
export type { Note } from './notes.js';
export { parseCached, type SourceFile } from './loader.js';
export { evaluateIn, executeIn, runStatements } from './run-module.js';
