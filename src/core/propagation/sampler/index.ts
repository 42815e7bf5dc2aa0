export { cheapestMap, linearMap, productCost, type ChosenMap, type MapKind, type WeightRequest } from './choose.js';
export { DenseMap, type DenseOptions } from './dense.js';
export { GaussianMap, type GaussianOptions } from './gaussian.js';
export { HaarMap, type HaarOptions } from './haar.js';
export { takeExponent } from './scale.js';
export { ShiftedMap } from './shifted.js';
export type { LinearMap, LinearMapOptions } from './types.js';
