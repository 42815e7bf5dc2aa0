export { ownFailure } from './own-failure.js';
export {
  Interpreter,
  DEFAULT_LIMITS,
  type FrameworkHooks,
  type Limits,
  type ModuleFactory,
  type Note,
} from './interpreter.js';
export { parseCached } from './loader.js';
