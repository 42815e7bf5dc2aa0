export { DenseMap, type DenseOptions } from './dense.js';
export type { LinearMap, LinearMapOptions } from './types.js';
