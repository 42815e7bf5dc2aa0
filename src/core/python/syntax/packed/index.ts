export type { PackedModule } from './format.js';
export { unpackLines, unpackStatements } from './unpack.js';
