export { DenseMap, type DenseOptions } from './dense.js';
export { GaussianMap, type GaussianOptions } from './gaussian.js';
export { HaarMap, type HaarOptions } from './haar.js';
export type { LinearMap, LinearMapOptions } from './types.js';
